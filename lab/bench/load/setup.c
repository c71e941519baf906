/*
 * Connects all clients: each connects, is greeted, and joins its room. If the server does not
 * greet, one client sends numbered lines until all clients have received the same last one.
 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_A_TIME 256
/*
 * After so long without a new client, setup ends: the kernel repeats a SYN after 1, 2 and 4
 * seconds.
 */
#define PATIENCE_NS (8 * NANOSECONDS)
#define SYNC_NS (NANOSECONDS / 5)
#define GREETING "* you are "
#define SYNC "sync "

static unsigned connecting, ready, synced_last;

static bool is_in(enum state state) { return state == READY; }

/* Takes the name after "* you are " in a greeting. */
static void on_greeting(struct client *client, const char *line, size_t length) {
  const char *name = line + strlen(GREETING);
  const char *end = memchr(name, ' ', length - strlen(GREETING));
  size_t name_length = end == NULL ? 0 : (size_t)(end - name);
  if (name_length == 0 || name_length >= NAME_BYTES_MOST) return;
  memcpy(client->name, name, name_length);
  client->name_length = (unsigned)name_length;
  if (client->state == GREETED_LATER && options.room > 0) {
    char join[32];
    int size = snprintf(join, sizeof join, "/join r%u\n", client->index / options.room);
    client->state = JOINING;
    socket_say(client, join, (size_t)size);
  } else {
    client->state = READY;
    client->ready_at = now_ns();
  }
}

static void on_line(struct client *client, const char *line, size_t length) {
  bool greets = length > strlen(GREETING) && memcmp(line, GREETING, strlen(GREETING)) == 0;
  if (greets && !is_in(client->state)) on_greeting(client, line, length);
  if (length > strlen(SYNC) && memcmp(line, SYNC, strlen(SYNC)) == 0)
    client->synced = (unsigned)strtoul(line + strlen(SYNC), NULL, 10);
}

void setup_heard(struct client *client, const char *bytes, size_t length) {
  if (client->own_length + length > client->own_capacity) {
    client->own_capacity = 2 * (client->own_length + length);
    client->own = realloc(client->own, client->own_capacity);
    if (client->own == NULL) fail("out of memory");
  }
  memcpy(client->own + client->own_length, bytes, length);
  client->own_length += length;
  size_t at = 0;
  for (;;) {
    const char *end = memchr(client->own + at, '\n', client->own_length - at);
    if (end == NULL) break;
    on_line(client, client->own + at, (size_t)(end - client->own) - at);
    at = (size_t)(end + 1 - client->own);
  }
  client->own_length -= at;
  memmove(client->own, client->own + at, client->own_length);
}

static void count_states(void) {
  connecting = ready = 0;
  for (unsigned i = 0; i < options.clients; i++) {
    struct client *client = &clients[i];
    if (client->state == CONNECTING) connecting++;
    if (!options.greets && client->state == GREETED_LATER && client->synced == synced_last &&
        synced_last > 0 && client->own_length == 0)
      ready++;
    if (client->state == READY || client->state == GONE) ready++;
  }
}

static void say_sync(void) {
  char line[65536];
  memset(line, '.', options.bytes);
  int size = snprintf(line, sizeof line, SYNC "%u ", ++synced_last);
  line[size] = '.';
  line[options.bytes - 1] = '\n';
  socket_say(&clients[0], line, options.bytes);
}

/* Connects all clients. Returns the duration in seconds. */
double setup_everybody(void) {
  uint64_t start = now_ns(), last_sync = 0, last_ready = start;
  unsigned next = 0, ready_before = 0;
  for (;;) {
    count_states();
    unsigned under_way = options.greets ? next - ready : connecting;
    while (next < options.clients && (options.storm || under_way < AT_A_TIME)) {
      socket_connect(&clients[next++]);
      under_way++;
    }
    if (next == options.clients && ready == options.clients) break;
    uint64_t now = now_ns();
    if (ready != ready_before) last_ready = now;
    ready_before = ready;
    if (now - last_ready > PATIENCE_NS) break;
    bool syncs = !options.greets && next == options.clients && connecting == 0;
    if (syncs && now - last_sync > SYNC_NS) {
      last_sync = now;
      say_sync();
    }
    socket_turn(10);
  }
  double seconds = (double)(now_ns() - start) / 1e9;
  for (unsigned i = 0; i < options.clients; i++) {
    struct client *client = &clients[i];
    bool late = client->state != READY && client->state != GONE;
    if (client->state == IDLE) {
      faults.refused++;
      client->state = GONE;
    } else if (late && (options.greets || client->synced != synced_last)) {
      faults.refused++;
      client->state = GONE;
      socket_leave(client->fd);
    } else if (late) {
      client->state = READY;
    }
    client->own_length = 0;
  }
  return seconds;
}
