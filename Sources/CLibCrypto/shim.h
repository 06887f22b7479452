#ifndef HEEDAUDIT_CLIBCRYPTO_SHIM_H
#define HEEDAUDIT_CLIBCRYPTO_SHIM_H

#include <openssl/evp.h>

#endif
