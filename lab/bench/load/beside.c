/*
 * Disturbances beside the clients: silent connections that never read, connections that come and
 * go, and the timer for the next line or connection.
 */
#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define CLOCK_TAG (1ull << 40)
#define SILENT_TAG (1ull << 41)
#define CHURN_TAG (1ull << 42)
#define COMING_MOST 2048

uint64_t churned, churn_failed, silent_closed;
static int clock_fd = -1;
static int *silent;
static unsigned coming;
static uint64_t started_at, churn_begun;
static bool running;

static void open_silent(unsigned index) {
  silent[index] = socket_open();
  if (silent[index] < 0) return;
  socket_watch(silent[index], EPOLLRDHUP, SILENT_TAG | index);
}

void beside_start(void) {
  running = true;
  started_at = now_ns();
  silent = calloc(options.silent + 1, sizeof *silent);
  for (unsigned i = 0; i < options.silent; i++) open_silent(i);
  double rate = options.window == 0 ? options.rate : 0;
  if (options.churn > rate) rate = options.churn;
  if (rate <= 0) return;
  uint64_t interval = (uint64_t)(1e9 / rate);
  struct timespec step = {(time_t)(interval / NANOSECONDS), (long)(interval % NANOSECONDS)};
  struct itimerspec both = {step, step};
  clock_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (clock_fd < 0 || timerfd_settime(clock_fd, 0, &both, NULL) != 0)
    fail("timerfd: %s", strerror(errno));
  socket_watch(clock_fd, EPOLLIN, CLOCK_TAG);
}

static void come(void) {
  churn_begun++;
  int fd = coming < COMING_MOST ? socket_open() : -1;
  if (fd < 0) {
    churn_failed++;
    return;
  }
  coming++;
  socket_watch(fd, options.greets ? EPOLLIN : EPOLLOUT, CHURN_TAG | (uint64_t)fd);
}

void beside_tick(void) {
  uint64_t due = (uint64_t)((double)(now_ns() - started_at) / 1e9 * options.churn);
  while (running && churn_begun < due) come();
}

/* Ends a connection that comes and goes: it was greeted, or it failed to connect. */
static void go(int fd) {
  char greeting[4096];
  bool was_in = !options.greets || recv(fd, greeting, sizeof greeting, 0) > 0;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (was_in && error == 0) churned++;
  else churn_failed++;
  coming--;
  close(fd);
}

void beside_event(uint64_t tag, uint32_t events) {
  uint64_t expired;
  if (tag == CLOCK_TAG) {
    if (read(clock_fd, &expired, sizeof expired) < 0) return;
    talk_tick();
    beside_tick();
  } else if (tag & CHURN_TAG) {
    go((int)(tag & 0xffffffff));
  } else if (tag & SILENT_TAG && events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
    unsigned index = (unsigned)(tag & 0xffffffff);
    silent_closed++;
    socket_leave(silent[index]);
    if (running) open_silent(index);
  }
}

/* Opens no further connections. */
void beside_stop(void) { running = false; }
