/* The C peer on poll: each wait examines all connections, as preview1's poll_oneoff does. */
#include "chat.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

static struct pollfd *polled;
static struct peer **peers;
static size_t count, capacity;

static void add(int fd, struct peer *peer) {
  if (count == capacity) {
    capacity = capacity == 0 ? 64 : 2 * capacity;
    polled = realloc(polled, capacity * sizeof *polled);
    peers = realloc(peers, capacity * sizeof(struct peer *));
    if (polled == NULL || peers == NULL) exit(70);
  }
  polled[count] = (struct pollfd){.fd = fd, .events = POLLIN};
  peers[count++] = peer;
}

void wait_add(struct peer *peer) {
  peer->place = count;
  add(peer->fd, peer);
}

void wait_out(struct peer *peer, bool out) {
  polled[peer->place].events = (short)(POLLIN | (out ? POLLOUT : 0));
}

/* Moves the last entry to its place; called only at the end of a tick. */
void wait_remove(struct peer *peer) {
  count--;
  polled[peer->place] = polled[count];
  peers[peer->place] = peers[count];
  peers[peer->place]->place = peer->place;
}

int main(int words_count, char **words) {
  chat_open(words_count, words);
  fcntl(LISTENER, F_SETFL, O_NONBLOCK);
  add(LISTENER, NULL);
  for (;;) {
    chat_end_tick();
    int ready = poll(polled, count, -1);
    if (ready < 0 && errno != EINTR) return 70;
    /* Connections accepted meanwhile are behind those that were polled. */
    for (size_t i = 0, polled_count = count; i < polled_count && ready > 0; i++) {
      short events = polled[i].revents;
      if (events == 0) continue;
      ready--;
      if (peers[i] == NULL) {
        chat_accept();
        continue;
      }
      if (events & POLLOUT) chat_write(peers[i]);
      if (events & ~POLLOUT) chat_read(peers[i]);
    }
  }
}
