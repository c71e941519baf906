/* Reads resource usage from the kernel. */
#include "load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GUARD_BYTES (1ull << 30)

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

/* Returns the CPU time of this thread, the only one of the generator. */
uint64_t own_cpu_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

static double seconds_of(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) return 0;
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Returns the CPU time of all threads of the server, including ended ones, to the nanosecond. */
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

/*
 * Returns the bytes of a module's memory that the module has touched. A WebAssembly host reserves
 * gigabytes of addresses behind each memory, so that no access can leave it: the mapping right
 * before such a gap is the module's memory.
 */
static uint64_t server_guest(void) {
  char path[64], line[512], rights[5];
  unsigned long long from, to, end = 0, resident = 0, sum = 0;
  bool usable = false;
  snprintf(path, sizeof path, "/proc/%d/smaps", options.pid);
  FILE *file = options.pid == 0 ? NULL : fopen(path, "r");
  if (file == NULL) return 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "%llx-%llx %4s ", &from, &to, rights) == 3) {
      bool is_gap = strcmp(rights, "---p") == 0 && to - from >= GUARD_BYTES;
      if (is_gap && usable && from == end) sum += resident;
      usable = strcmp(rights, "rw-p") == 0;
      end = to;
    } else {
      sscanf(line, "Rss: %llu kB", &resident);
    }
  }
  fclose(file);
  return sum * 1024;
}

/* Returns the CPU time of all cores for all processes: user, nice, system, irq, softirq, steal. */
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
  figures.server_guest = server_guest();
  figures.server_cpu = server_cpu();
  figures.own_cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  figures.idle_seconds = socket_idle_seconds();
  figures.at = now_ns();
  return figures;
}

/* Returns the generator's CPU time without its idle polling. */
double figures_working(struct figures from, struct figures to) {
  double working = to.own_cpu - from.own_cpu - (to.idle_seconds - from.idle_seconds);
  return working > 0 ? working : 0;
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
