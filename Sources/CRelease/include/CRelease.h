#ifndef HEEDAUDIT_CRELEASE_H
#define HEEDAUDIT_CRELEASE_H

/// The commit that the tool was built from, as `HEEDAUDIT_COMMIT` in the environment of the build gave it; empty where it gave none.
const char *heed_release_commit(void);

#endif
