/// Everything that templates are refused for, with the words that say so; `…` stands for a name or a text of the template.
///
/// docs/templates.md lists all of them, each with an example, and a test compares the two.
enum TemplateRule: String, Sendable, CaseIterable {
    // Names of files.
    case schemaName = "schemas are reserved: … goes with its document as it is"
    case reservedName = "the name is reserved for the bundle's own file"
    case strangeName = "a name with a backslash or a control character"
    case strangeFolder = "neither a partial (partials/) nor the words of a language (words/de.yaml)"
    case strangeExtension = "the extension does not say how to escape values: known are …"

    // Tags that can't be read, in any format.
    case notUTF8 = "not UTF-8"
    case nul = "a NUL character"
    case loneBrace = "a lone { ends the file"
    case notClosed = "{{#…}} is not closed"
    case notOpened = "{{/…}} closes a section that was not opened"
    case crossed = "{{/…}} where {{/…}} must come first"
    case tooDeep = "sections nested more than … deep"
    case numberAsCondition = "{{…}} is a number and no condition"
    case brokenTag = "a tag whose name is not on the same line"
    case noName = "a tag that is not a name between {{ and }}"
    case noFunction = "{{…}} is neither a name nor one of …"
    case openComment = "a comment that is not closed"
    case unescapedBraces = "{{{ }}} turns escaping off"
    case unescapedAmpersand = "{{& }} turns escaping off"
    case contentType = "{{% }} changes escaping"
    case delimiters = "{{= =}} changes what a tag looks like, so that the checks would miss some"
    case inheritance = "{{… }} (inheritance of templates) is not supported"

    // Partials, and names of values.
    case partialName = "a partial's name is missing or misspelt"
    case partialByValue = "a partial whose name is told by a value can't be checked"
    case noPartial = "there is no file partials/…"
    case partialInItself = "… includes itself"
    case tooManyPartials = "too many partials inside each other"
    case unknownName = "{{…}}: there is no value '…' here"
    case noVersion = "'…' is no version of the values"
    case newerVersion = "written for version … of the values; this heedaudit has version …"
    case olderVersion = "written for version … of the values, which has changed since: …"

    // Streamed lists.
    case wholeRow = "{{.}} is the whole row here"
    case listAsValue = "{{…}} is a list"
    case tableInRows = "{{…}} is a table, which can't be used inside the rows of another"
    case repeatedStream = "{{#…}} is streamed and can't be repeated inside {{#…}}"
    case indentedStream = "{{#…}} is streamed and stands in a partial that is indented"
    case listInItself = "{{#…}} inside its own elements"
    case tooLarge = "the section is too large"
    case policyInRows = "{{…}} inside a streamed section"

    // CSV.
    case csvIndentation = "white space before a partial would become part of a cell"
    case csvOpenCell = "a quoted cell is not closed"
    case csvBehindQuote = "{{…}} behind the closing quote of a cell"
    case csvTextBehindQuote = "text behind the closing quote of a cell"
    case csvQuoteInside = "a quote inside a cell that does not begin with one"
    case csvHalfQuoted = "{{#…}} holds one quote of a cell and not the other"
    case csvBegin = "{{#…}} must begin where a record begins"
    case csvEnd = "{{#…}} must end where a record ends"
    case csvTwice = "{{#…}} a second time: every row would stand in the table twice"
    case csvEmptyLine = "an empty line, which would be a record"

    // JSON.
    case jsonOpenText = "a string literal is not closed"
    case jsonHalfText = "a section that begins inside a string literal and ends outside, or reverse"

    // Markup: HTML and XML.
    case openMarkup = "the document ends inside a tag, script or comment"
    case sectionInMarkup = "{{…}} inside …"
    case sectionAcross = "the section {{#…}} ends in another context than it begins in"
    case valueInRaw = "{{…}} inside <…>"
    case valueInTag = "{{…}} in a tag's name"
    case valueInAttributeName = "{{…}} in an attribute's name"
    case valueUnquoted = "{{…}} in an attribute without quotes"
    case valueInComment = "{{…}} inside a comment or declaration"
    case encoding = "the encoding …: reports are UTF-8"
    case strayLess = "a < that begins no tag"
    case lessInAttribute = "a < in an attribute's value"
    case unquotedAttribute = "an attribute's value without quotes"
    case missingValue = "an attribute without its value"
    case missingBlank = "white space is missing before an attribute"
    case blankBeforeSign = "white space between an attribute's name and its ="

    // HTML alone.
    case valueInScript = "{{…}} in …: it is run as a script"
    case valueInStyle = "{{…}} in style: it is read as CSS"
    case valueInDocument = "{{…}} in srcdoc: it is read as a document"
    case valueInAddress = "{{…}} in …: an address that does not start with a literal #"
    case valueInAddresses = "{{…}} in …: a list of addresses, or of what may be done"
    case valueInAnimation = "{{…}} in <…>: it could change an address"
    case valueInLoader = "{{…}} in <…>: it could change what is loaded or run"
    case valueInMeta = "{{…}} in a <meta> elsewhere than in the content behind a literal name"
    case valueInHeader = "{{…}} in a <meta http-equiv>: it stands for a header of the page"
    case scriptComment = "<!-- inside a script changes where it ends"
    case strangeComment = "a comment that browsers end elsewhere"
    case markupInText = "a < inside <…>, which browsers may read as a tag"
    case foreignHTML = "<…> in <svg> or <math>, where the rules change"
    case policyMissing = "{{content_security_policy}} is missing"
    case policyMisplaced = "{{…}} outside its <meta>"
    case policyInSection = "{{…}} inside a section"
    case policyConditional = "{{…}} in a <meta> that is put together by sections"
    case policyNotAlone = "{{…}} is not all of its content"
    case policyBehind = "{{…}} behind …, where browsers may not obey it"

    /// The words, with texts in the places of `…`.
    func message(_ arguments: [String]) -> String {
        var parts = rawValue.split(separator: "…", omittingEmptySubsequences: false).map(String.init)[...]
        var text = parts.popFirst() ?? ""
        for (argument, part) in zip(arguments, parts) { text += argument + part }
        return text
    }
}
