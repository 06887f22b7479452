#ifndef HEEDAUDIT_CLIBXML2_SHIM_H
#define HEEDAUDIT_CLIBXML2_SHIM_H

// Where libxml2 was built with ICU, its header for encodings includes the system's ICU, which clashes with the copy
// that Foundation brings. The two fields it declares for ICU are none of our business.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/SAX2.h>

// The version that runs, such as `20914`, which need not be the one that was built with.
static inline const char *heed_xml_version(void) { return xmlParserVersion; }

#endif
