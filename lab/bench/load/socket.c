/* Sockets: connecting, reading, writing what is owed, and the turns of the loop. */
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

/* How long it was idle until idle_since, in which it still is unless that is 0. */
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

/* A socket that is connecting; -1 if it is refused at once. */
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

/* With a reset, so that its port can be used again at once. */
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

/* Room for so many bytes behind what is owed; `socket_said` tells how many were put there. */
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
  /* Any error but "no room" is told by the next read as well. */
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
 * Where it spins, nobody has to wake it: a wake is work that the kernel does within the server's
 * send, and how many of them there are depends on which of the two is a little faster. From the
 * first time that it asks in vain until there is something, it is idle.
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
