// Loaded before the C library (LD_PRELOAD): refuses what the variable REFUSE names, as some file systems do.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/file.h>
static int refuses(const char *what) { const char *all = getenv("REFUSE"); return all && strstr(all, what); }
int flock(int fd, int op) { static int (*real)(int,int); if (refuses("lock")) { errno = ENOLCK; return -1; } if (!real) real = dlsym(RTLD_NEXT, "flock"); return real(fd, op); }
int symlink(const char *a, const char *b) { static int (*real)(const char*,const char*); if (refuses("link")) { errno = EPERM; return -1; } if (!real) real = dlsym(RTLD_NEXT, "symlink"); return real(a, b); }
int chmod(const char *a, mode_t m) { static int (*real)(const char*,mode_t); if (refuses("rights")) { errno = EPERM; return -1; } if (!real) real = dlsym(RTLD_NEXT, "chmod"); return real(a, m); }
int fchmod(int a, mode_t m) { static int (*real)(int,mode_t); if (refuses("rights")) { errno = EPERM; return -1; } if (!real) real = dlsym(RTLD_NEXT, "fchmod"); return real(a, m); }
int fsync(int fd) { static int (*real)(int); struct stat s; if (refuses("sync") && fstat(fd, &s) == 0 && S_ISDIR(s.st_mode)) { errno = EINVAL; return -1; } if (!real) real = dlsym(RTLD_NEXT, "fsync"); return real(fd); }
