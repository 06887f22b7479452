import CLibXML2

/// The library that validates reports.
public enum LibXML2 {
    /// Its version, such as `2.9.14`.
    public static var version: String { LIBXML_DOTTED_VERSION }
}
