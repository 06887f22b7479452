#ifndef HEEDAUDIT_CLIBXML2_SHIM_H
#define HEEDAUDIT_CLIBXML2_SHIM_H

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

#endif
