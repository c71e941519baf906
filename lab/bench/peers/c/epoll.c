/* The C peer on epoll: the base of all ratios. */
#include "chat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>

#define EVENTS 1024

static int epoll;

static void control(int operation, int fd, struct peer *peer, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = peer};
  if (epoll_ctl(epoll, operation, fd, &event) != 0) exit(70);
}

void wait_add(struct peer *peer) { control(EPOLL_CTL_ADD, peer->fd, peer, EPOLLIN); }

void wait_out(struct peer *peer, bool out) {
  control(EPOLL_CTL_MOD, peer->fd, peer, EPOLLIN | (out ? EPOLLOUT : 0u));
}

/* Closing the descriptor removes it from epoll. */
void wait_remove(struct peer *peer) { (void)peer; }

int main(int count, char **words) {
  static struct epoll_event events[EVENTS];
  chat_open(count, words);
  fcntl(LISTENER, F_SETFL, O_NONBLOCK);
  epoll = epoll_create1(0);
  control(EPOLL_CTL_ADD, LISTENER, NULL, EPOLLIN);
  for (;;) {
    chat_end_tick();
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    if (ready < 0 && errno != EINTR) return 70;
    for (int i = 0; i < ready; i++) {
      struct peer *peer = events[i].data.ptr;
      if (peer == NULL) {
        chat_accept();
        continue;
      }
      if (events[i].events & EPOLLOUT) chat_write(peer);
      if (events[i].events & ~(unsigned)EPOLLOUT) chat_read(peer);
    }
  }
}
