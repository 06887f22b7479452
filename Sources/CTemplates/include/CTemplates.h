#ifndef HEEDAUDIT_CTEMPLATES_H
#define HEEDAUDIT_CTEMPLATES_H

#include <stddef.h>
#include <stdint.h>

/// A file of templates/, embedded when the tool was built.
typedef struct {
    const char *name;  // the path inside templates/
    const uint8_t *bytes;
    size_t count;
} heed_template;

/// How many files are embedded.
size_t heed_template_count(void);

/// The file at an index below the count.
heed_template heed_template_at(size_t index);

#endif
