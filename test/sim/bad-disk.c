/*
 * Preloaded into PostgreSQL, whose processes all work in its data directory. A file there, disk_fault, holds two numbers:
 * as many milliseconds every fsync and fdatasync waits, and unless the second is 0 no file can be made longer, as on a disk
 * that is full.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct fault {
  unsigned milliseconds;
  unsigned full;
};

static struct fault present_fault(void) {
  struct fault fault = {0, 0};
  int before = errno;
  int file = open("disk_fault", O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    char text[32] = {0};
    if (read(file, text, sizeof text - 1) > 0) sscanf(text, "%u %u", &fault.milliseconds, &fault.full);
    close(file);
  }
  errno = before;
  return fault;
}

static int has_room(int descriptor, off_t end) {
  struct stat now;
  return !present_fault().full || fstat(descriptor, &now) != 0 || !S_ISREG(now.st_mode) || end <= now.st_size;
}

static int after_waiting(const char *name, int descriptor) {
  unsigned milliseconds = present_fault().milliseconds;
  if (milliseconds > 0) usleep(milliseconds * 1000);
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(descriptor);
}

int fsync(int descriptor) { return after_waiting("fsync", descriptor); }

int fdatasync(int descriptor) { return after_waiting("fdatasync", descriptor); }

ssize_t pwrite(int descriptor, const void *from, size_t length, off_t at) {
  if (!has_room(descriptor, at + (off_t)length)) {
    errno = ENOSPC;
    return -1;
  }
  return ((ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite"))(descriptor, from, length, at);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t at) {
  off_t end = at;
  for (int part = 0; part < count; part += 1) end += (off_t)parts[part].iov_len;
  if (!has_room(descriptor, end)) {
    errno = ENOSPC;
    return -1;
  }
  return ((ssize_t(*)(int, const struct iovec *, int, off_t))dlsym(RTLD_NEXT, "pwritev"))(descriptor, parts, count, at);
}

int posix_fallocate(int descriptor, off_t at, off_t length) {
  if (!has_room(descriptor, at + length)) return ENOSPC;
  return ((int (*)(int, off_t, off_t))dlsym(RTLD_NEXT, "posix_fallocate"))(descriptor, at, length);
}
