#ifndef HEEDAUDIT_CXLSXWRITER_SHIM_H
#define HEEDAUDIT_CXLSXWRITER_SHIM_H

#include <string.h>
#include <xlsxwriter.h>

// Structures whose members are pointers to lists and to texts that are not changed: C makes them where Swift would have to
// keep each alive by hand.

static inline lxw_workbook *heed_xlsx_begin(const char *path, const char *folder) {
    lxw_workbook_options options = {.constant_memory = 1, .tmpdir = (char *)folder, .use_zip64 = 0};
    return workbook_new_opt(path, &options);
}

static inline lxw_error heed_xlsx_describe(lxw_workbook *book, const char *title, const char *author, time_t created) {
    lxw_doc_properties properties;
    memset(&properties, 0, sizeof properties);
    properties.title = (char *)title;
    properties.author = (char *)author;
    properties.created = created;
    return workbook_set_properties(book, &properties);
}

// Two texts to choose from; another one is asked about, and taken.
static inline lxw_error heed_xlsx_offer(
    lxw_worksheet *sheet, lxw_row_t first, lxw_row_t last, lxw_col_t column, const char *one, const char *other
) {
    const char *texts[] = {one, other, NULL};
    lxw_data_validation validation;
    memset(&validation, 0, sizeof validation);
    validation.validate = LXW_VALIDATION_TYPE_LIST;
    validation.value_list = (void *)texts;
    validation.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
    return worksheet_data_validation_range(sheet, first, column, last, column, &validation);
}

#endif
