/* Preloaded into PostgreSQL: every fsync and fdatasync waits as many milliseconds as the file SLOW_DISK_FILE says. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef int (*sync_function)(int);

static int after_waiting(const char *name, int descriptor) {
  const char *file = getenv("SLOW_DISK_FILE");
  FILE *said = file == NULL ? NULL : fopen(file, "r");
  unsigned milliseconds = 0;
  if (said != NULL) {
    if (fscanf(said, "%u", &milliseconds) != 1) milliseconds = 0;
    fclose(said);
  }
  if (milliseconds > 0) usleep(milliseconds * 1000);
  return ((sync_function)dlsym(RTLD_NEXT, name))(descriptor);
}

int fsync(int descriptor) { return after_waiting("fsync", descriptor); }

int fdatasync(int descriptor) { return after_waiting("fdatasync", descriptor); }
