/* A disk that fails. Preloaded into a process, it counts what is written below a folder, and lets one call fail, or
   all from one on, or delays each of them. `fail_disk` switches it on. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[4096];
static atomic_long count;
static long first, last;
static int number, notes = -1;
static unsigned delay;

/* Lets the calls with the numbers first to last below a folder fail with an error number. Each call that is counted is
   a line of the open file `notes`, with "!" if it fails, and takes `delay` microseconds more. */
void fail_disk(const char *folder, long from, long to, int error, unsigned microseconds, int file) {
  count = 0, first = from, last = to, number = error, delay = microseconds, notes = file;
  strncpy(root, folder, sizeof root - 1);
}

static int strikes(const char *call, const char *path) {
  size_t length = strlen(root);
  if (strncmp(path, root, length) || (path[length] && path[length] != '/')) return 0;
  long at = atomic_fetch_add(&count, 1);
  int fails = first <= at && at <= last;
  char line[8192];
  int size = snprintf(line, sizeof line, "%s%s %s\n", fails ? "!" : "", call, path + length);
  syscall(SYS_write, notes, line, size);
  if (delay) usleep(delay);
  if (fails) errno = number;
  return fails;
}

static int at_file(const char *call, int file) {
  char link[64], path[4096];
  if (!root[0] || file == notes) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return strikes(call, path);
}

static int at_path(const char *call, int folder, const char *name) {
  char link[64], path[8192];
  if (!root[0] || !name) return 0;
  if (name[0] == '/') return strikes(call, name);
  snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
  ssize_t size = readlink(link, path, 4095);
  if (size < 0) return 0;
  snprintf(path + size, sizeof path - size, "/%s", name);
  return strikes(call, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define GUARDED(result, name, parameters, arguments, check, failure) \
  result name parameters {                                           \
    static result(*real) parameters;                                 \
    if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, #name);     \
    return check ? failure : real arguments;                         \
  }
#define OF_FILE(result, name, parameters, arguments) \
  GUARDED(result, name, parameters, arguments, at_file(#name, file), -1)

OF_FILE(ssize_t, write, (int file, const void *data, size_t size), (file, data, size))
OF_FILE(ssize_t, pwrite, (int file, const void *data, size_t size, off_t at), (file, data, size, at))
OF_FILE(ssize_t, pwrite64, (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
OF_FILE(ssize_t, writev, (int file, const struct iovec *data, int size), (file, data, size))
OF_FILE(ssize_t, sendfile, (int file, int source, off_t *at, size_t size), (file, source, at, size))
OF_FILE(ssize_t, sendfile64, (int file, int source, off64_t *at, size_t size), (file, source, at, size))
OF_FILE(int, fsync, (int file), (file))
OF_FILE(int, fdatasync, (int file), (file))
OF_FILE(int, ftruncate, (int file, off_t size), (file, size))
OF_FILE(int, ftruncate64, (int file, off64_t size), (file, size))

GUARDED(int, mkdir, (const char *path, mode_t mode), (path, mode),
        access(path, F_OK) && at_path("mkdir", AT_FDCWD, path), -1)
GUARDED(int, rename, (const char *old, const char *path), (old, path), at_path("rename", AT_FDCWD, path), -1)
GUARDED(int, link, (const char *old, const char *path), (old, path), at_path("link", AT_FDCWD, path), -1)
GUARDED(int, symlink, (const char *old, const char *path), (old, path), at_path("symlink", AT_FDCWD, path), -1)

#define OPENS(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & O_CREAT))
#define MODE                \
  va_list rest;             \
  va_start(rest, flags);    \
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
  va_end(rest);

int open(const char *path, int flags, ...) {
  MODE
  return OPENS(flags) && at_path("open", AT_FDCWD, path) ? -1 : REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE
  return OPENS(flags) && at_path("open", AT_FDCWD, path) ? -1 : REAL(open64)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  MODE
  return OPENS(flags) && at_path("open", folder, path) ? -1 : REAL(openat)(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
  MODE
  return OPENS(flags) && at_path("open", folder, path) ? -1 : REAL(openat64)(folder, path, flags, mode);
}

#define WRITES(mode) (strpbrk(mode, "wa+") != NULL)
GUARDED(FILE *, fopen, (const char *path, const char *mode), (path, mode),
        WRITES(mode) && at_path("open", AT_FDCWD, path), NULL)
GUARDED(FILE *, fopen64, (const char *path, const char *mode), (path, mode),
        WRITES(mode) && at_path("open", AT_FDCWD, path), NULL)

/* TensorFlow writes by these. */
GUARDED(size_t, fwrite, (const void *data, size_t size, size_t items, FILE *file), (data, size, items, file),
        at_file("write", fileno(file)), 0)
GUARDED(int, fflush, (FILE *file), (file), file && __fpending(file) && at_file("flush", fileno(file)), EOF)

int fclose(FILE *file) {
  if (!__fpending(file) || !at_file("close", fileno(file))) return REAL(fclose)(file);
  __fpurge(file);
  REAL(fclose)(file);
  errno = number;
  return EOF;
}
