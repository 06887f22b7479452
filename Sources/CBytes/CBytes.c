// fcntl.h names O_DIRECT for those who ask for GNU's names.
#define _GNU_SOURCE
#include "CBytes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
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

void heed_share_arenas(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 2);
#endif
}

void heed_give_memory_back(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static const char *crash_message;
static int crash_status;
static const int crash_signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS};
#define CRASH_SIGNALS (sizeof crash_signals / sizeof *crash_signals)
static struct sigaction crash_before[CRASH_SIGNALS];

// The addresses in use, from the kernel; calls nothing that is not safe in a signal handler.
static unsigned long long addresses_in_use(void) {
    char text[64];
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    // Without a descriptor to spare nothing is known, and the limit is taken for the cause.
    if (file < 0) return ~0ULL;
    ssize_t count = read(file, text, sizeof text);
    close(file);
    unsigned long long pages = 0;
    for (ssize_t at = 0; at < count && text[at] >= '0' && text[at] <= '9'; at++) pages = pages * 10 + (text[at] - '0');
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static void crashed(int number) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && addresses_in_use() > limit.rlim_cur / 2) {
        ssize_t ignored = write(STDERR_FILENO, crash_message, strlen(crash_message));
        (void)ignored;
        _exit(crash_status);
    }
    for (size_t at = 0; at < CRASH_SIGNALS; at++) sigaction(crash_signals[at], &crash_before[at], NULL);
    raise(number);
}

void heed_explain_crashes(const char *message, int status) {
    crash_message = message;
    crash_status = status;
    struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_NODEFER | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t at = 0; at < CRASH_SIGNALS; at++) sigaction(crash_signals[at], &action, &crash_before[at]);
}

void heed_keep_large_blocks_apart(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
#endif
}

void heed_keep_descriptors(void) {
#if defined(__linux__) && defined(SYS_close_range)
    // 4: CLOSE_RANGE_CLOEXEC, of Linux 5.11; older kernels refuse.
    if (syscall(SYS_close_range, 3U, ~0U, 4U) == 0) return;
#endif
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        int descriptor = atoi(entry->d_name);
        int flags = descriptor > 2 ? fcntl(descriptor, F_GETFD) : -1;
        if (flags >= 0) fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
    }
    closedir(folder);
}

const void *heed_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count) {
    return memmem(bytes, count, wanted, wanted_count);
}
