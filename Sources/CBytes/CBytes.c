// fcntl.h names O_DIRECT for those who ask for GNU's names.
#define _GNU_SOURCE
#include "CBytes.h"

#include <fcntl.h>
#include <sys/types.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif

_Bool heed_set_direct(int descriptor, _Bool wanted) {
#ifdef O_DIRECT
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return 0;
    return fcntl(descriptor, F_SETFL, wanted ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
#else
    (void)descriptor;
    return !wanted;
#endif
}

long heed_access_list(int descriptor, void *bytes, size_t count) {
#ifdef __linux__
    return (long)fgetxattr(descriptor, "system.posix_acl_access", bytes, count);
#else
    (void)descriptor; (void)bytes; (void)count;
    return -1;
#endif
}

#ifdef __GLIBC__
#include <malloc.h>
#endif

void heed_keep_large_blocks_apart(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
#endif
}
