/* Sockets: connecting, reading, writing queued bytes, and the turns of the event loop. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (64u << 10)
#define EVENTS 512

/* CPU time spent idle until `idle_since`; the generator is idle now unless `idle_since` is 0. */
static uint64_t idle_ns, idle_since;
static int epoll;
static char buffer[READ_BYTES];
static struct sockaddr_in server;

void socket_prepare(void) {
  epoll = epoll_create1(EPOLL_CLOEXEC);
  server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
  if (inet_pton(AF_INET, options.host, &server.sin_addr) != 1) fail("no address: %s", options.host);
}

void socket_watch(int fd, uint32_t events, uint64_t tag) {
  struct epoll_event event = {.events = events, .data.u64 = tag};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl: %s", strerror(errno));
}

static void watch_out(struct client *client, bool out) {
  if (client->watches_out == out) return;
  struct epoll_event event = {.events = EPOLLIN | (out ? EPOLLOUT : 0), .data.u64 = client->index};
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, client->fd, &event) != 0)
    fail("epoll_ctl: %s", strerror(errno));
  client->watches_out = out;
}

/* Opens a connecting socket; returns -1 if the connection is refused at once. */
int socket_open(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket: %s", strerror(errno));
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  int connected = connect(fd, (struct sockaddr *)&server, sizeof server);
  if (connected == 0 || errno == EINPROGRESS) return fd;
  close(fd);
  return -1;
}

/* Closes with a reset, so that the port can be reused at once. */
void socket_leave(int fd) {
  struct linger now = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(fd);
}

void socket_connect(struct client *client) {
  client->fd = socket_open();
  client->state = client->fd < 0 ? GONE : CONNECTING;
  client->watches_out = true;
  if (client->fd < 0) faults.refused++;
  else socket_watch(client->fd, EPOLLIN | EPOLLOUT, client->index);
}

static void gone(struct client *client) {
  if (client->group != NULL) faults.closed++;
  else faults.refused++;
  client->state = GONE;
  close(client->fd);
}

/*
 * Returns a pointer to `length` free bytes behind the queued ones; `socket_said` then adds as many
 * as were written.
 */
char *socket_room(struct client *client, size_t length) {
  size_t needed = client->out_length + length;
  if (client->out_start + needed > client->out_capacity && client->out_start > 0) {
    memmove(client->out, client->out + client->out_start, client->out_length);
    client->out_start = 0;
  }
  if (needed > client->out_capacity) {
    client->out_capacity = 2 * needed;
    client->out = realloc(client->out, client->out_capacity);
    if (client->out == NULL) fail("out of memory");
  }
  return client->out + client->out_start + client->out_length;
}

void socket_said(struct client *client, size_t length) {
  client->out_length += length;
  const char *owed = client->out + client->out_start;
  ssize_t sent = send(client->fd, owed, client->out_length, MSG_NOSIGNAL);
  if (sent > 0) {
    client->out_start += (size_t)sent;
    client->out_length -= (size_t)sent;
  }
  /* The next read reports any error other than a full buffer. */
  if (client->out_length == 0) client->out_start = 0;
  watch_out(client, client->out_length > 0);
}

void socket_say(struct client *client, const char *bytes, size_t length) {
  memcpy(socket_room(client, length), bytes, length);
  socket_said(client, length);
}

static void on_connected(struct client *client) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    gone(client);
    return;
  }
  client->state = GREETED_LATER;
  client->connected_at = now_ns();
  watch_out(client, false);
}

static void on_event(struct client *client, uint32_t events) {
  if (client->state == CONNECTING) on_connected(client);
  if (client->state == GONE) return;
  if (events & EPOLLOUT && client->out_length > 0) socket_said(client, 0);
  if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR))) return;
  ssize_t length = recv(client->fd, buffer, sizeof buffer, 0);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length <= 0) {
    gone(client);
  } else if (client->group == NULL) {
    setup_heard(client, buffer, (size_t)length);
  } else {
    stream_hear(client, buffer, (size_t)length, now_ns());
    talk_on(client);
  }
}

/*
 * Waits for events. A spinning generator needs no wake-up: a wake-up is work of the kernel within
 * the server's send, and the number of wake-ups depends on which of the two processes is slightly
 * faster. The generator counts as idle from its first poll without events until one with events.
 */
static int ask(struct epoll_event *events, int timeout_ms) {
  if (!options.spins) return epoll_wait(epoll, events, EVENTS, timeout_ms);
  int count = epoll_wait(epoll, events, EVENTS, 0);
  bool idle = count <= 0, was_idle = idle_since > 0;
  if (idle && !was_idle) {
    idle_since = own_cpu_ns();
  } else if (!idle && was_idle) {
    idle_ns += own_cpu_ns() - idle_since;
    idle_since = 0;
  }
  return count;
}

void socket_turn(int timeout_ms) {
  struct epoll_event events[EVENTS];
  int count = ask(events, timeout_ms);
  for (int i = 0; i < count; i++) {
    uint64_t tag = events[i].data.u64;
    if (tag < options.clients) on_event(&clients[tag], events[i].events);
    else beside_event(tag, events[i].events);
  }
}

double socket_idle_seconds(void) {
  uint64_t now = idle_since > 0 ? own_cpu_ns() - idle_since : 0;
  return (double)(idle_ns + now) / 1e9;
}
