/*
 * native poll|epoll N: accepts N connections from the listener on descriptor 3, and times the
 * system calls of a chat. guest/cost.ts does the same in the sandbox. The first connection has 48
 * KiB to read; all others are silent and accept what they are sent.
 *
 * Each figure is nanoseconds per call in the cheapest batch.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LISTENER 3
#define BATCH 10
#define WAITS 40
#define READS 600
#define SENDS 2000
#define SENDS_EACH 8
#define LINE_BYTES 64

static int count, epoll;
static bool with_epoll;
static struct pollfd *polled;
static char line[LINE_BYTES];

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static int wait_none(int number) {
  static struct epoll_event events[64];
  (void)number;
  return with_epoll ? epoll_wait(epoll, events, 64, 0) : poll(polled, (nfds_t)count, 0);
}

static int read_one(int number) {
  (void)number;
  return (int)recv(polled[0].fd, line, LINE_BYTES, 0);
}

static int read_none(int number) {
  return (int)recv(polled[1 + number % (count - 1)].fd, line, LINE_BYTES, 0);
}

static int send_one(int number) {
  return (int)send(polled[number % count].fd, line, LINE_BYTES, MSG_NOSIGNAL);
}

static int take_one(int number) {
  int fd = accept4(LISTENER, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return fd;
  polled[number] = (struct pollfd){.fd = fd, .events = POLLIN};
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  return with_epoll ? epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) : 0;
}

static double least(int calls, int batch, int (*call)(int)) {
  double best = 1e18;
  for (int number = 0; number + batch <= calls;) {
    uint64_t start = now();
    for (int i = 0; i < batch; i++) call(number++);
    double each = (double)(now() - start) / batch;
    if (each < best) best = each;
  }
  return best;
}

int main(int words_count, char **words) {
  if (words_count < 3) return 64;
  with_epoll = strcmp(words[1], "epoll") == 0;
  count = atoi(words[2]);
  polled = calloc((size_t)count, sizeof *polled);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  memset(line, '.', sizeof line);
  if (polled == NULL) return 70;
  /* The clients connect first. */
  sleep(1);
  /*
   * More lines would stay in the send queue, since the window is still small: such sends are cheap.
   */
  int sends = count < SENDS / SENDS_EACH ? count * SENDS_EACH : SENDS;
  double taken = least(count, BATCH, take_one);
  sleep(1);
  double wake = least(WAITS, 1, wait_none);
  double got = least(READS, BATCH, read_one);
  while (read_one(0) > 0) continue;
  fprintf(stderr, "{\"accept\":%.0f,\"wake\":%.0f,\"read\":%.0f,\"vain\":%.0f,", taken, wake, got,
          least(READS, BATCH, read_none));
  fprintf(stderr, "\"idle\":%.0f,\"send\":%.0f}\n", least(WAITS, 1, wait_none),
          least(sends, BATCH, send_one));
  return 0;
}
