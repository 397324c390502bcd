/* Preloaded, this makes a disk slow: each read, write and sync of a file on it takes longer.

   SLOW_DISK names a file on the disk; its size is how many milliseconds longer. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

static void wait_if_slow(int file) {
  struct stat told, asked;
  int error = errno;
  const char *marker = getenv("SLOW_DISK");
  if (marker && !stat(marker, &told) && told.st_size && !fstat(file, &asked) && told.st_dev == asked.st_dev) {
    struct timespec longer = {told.st_size / 1000, told.st_size % 1000 * 1000000};
    nanosleep(&longer, NULL);
  }
  errno = error;
}

#define SLOW(type, name, parameters, arguments)                    \
  type name parameters {                                           \
    type(*real) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
    wait_if_slow(file);                                            \
    return real arguments;                                         \
  }

SLOW(ssize_t, read, (int file, void *to, size_t size), (file, to, size))
SLOW(ssize_t, pread, (int file, void *to, size_t size, off_t at), (file, to, size, at))
SLOW(ssize_t, pread64, (int file, void *to, size_t size, off64_t at), (file, to, size, at))
SLOW(ssize_t, write, (int file, const void *from, size_t size), (file, from, size))
SLOW(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at))
SLOW(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at))
SLOW(ssize_t, pwritev, (int file, const struct iovec *from, int count, off_t at), (file, from, count, at))
SLOW(ssize_t, pwritev64, (int file, const struct iovec *from, int count, off64_t at), (file, from, count, at))
SLOW(int, fsync, (int file), (file))
SLOW(int, fdatasync, (int file), (file))
