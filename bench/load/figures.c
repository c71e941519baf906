/* What was used, by the kernel's books. */
#include "load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

static double seconds_of(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) return 0;
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Of all its threads, ended ones included: what utime + stime are, to the nanosecond. */
static double server_cpu(void) {
  clockid_t clock;
  if (options.pid == 0 || clock_getcpuclockid(options.pid, &clock) != 0) return 0;
  return seconds_of(clock);
}

static uint64_t server_rss(void) {
  char path[64];
  unsigned long size = 0, resident = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", options.pid);
  FILE *file = options.pid == 0 ? NULL : fopen(path, "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%lu %lu", &size, &resident) != 2) resident = 0;
  fclose(file);
  return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* What all cores did for anybody: user, nice, system, irq, softirq, and what was stolen. */
static double machine_cpu(void) {
  unsigned long long used[8] = {0};
  FILE *file = fopen("/proc/stat", "r");
  if (file == NULL) return 0;
  int read = fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &used[0], &used[1],
                    &used[2], &used[3], &used[4], &used[5], &used[6], &used[7]);
  fclose(file);
  if (read != 8) return 0;
  unsigned long long busy = used[0] + used[1] + used[2] + used[5] + used[6] + used[7];
  return (double)busy / (double)sysconf(_SC_CLK_TCK);
}

struct figures figures_now(void) {
  struct figures figures = {.machine_cpu = machine_cpu(), .server_rss = server_rss()};
  figures.server_cpu = server_cpu();
  figures.own_cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  figures.at = now_ns();
  return figures;
}

_Noreturn void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("load: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}
