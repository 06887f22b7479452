#include "CRelease.h"

#ifndef HEEDAUDIT_COMMIT
#define HEEDAUDIT_COMMIT ""
#endif

const char *heed_release_commit(void) { return HEEDAUDIT_COMMIT; }
