/*
 * Decides when clients send lines: in a closed loop when their own lines come back, in an open loop
 * at a fixed rate.
 */
#include "load.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>

/* The step from one sender to the next: a prime, so that rooms take turns. */
#define STRIDE 1009

uint64_t lines_said;
static bool talking;
static uint64_t started_at, open_said;

static void say(struct client *client, unsigned lines) {
  if (client->state != READY) return;
  size_t length = (size_t)lines * options.bytes;
  char *at = socket_room(client, length);
  uint64_t now = now_ns();
  for (unsigned i = 0; i < lines; i++, at += options.bytes)
    line_make(at, client->index, client->said++, now);
  lines_said += lines;
  socket_said(client, length);
}

void talk_start(void) {
  talking = options.senders > 0;
  if (!talking) return;
  started_at = now_ns();
  if (options.window == 0) return;
  for (unsigned i = 0; i < options.clients; i++) talk_on(&clients[i]);
}

/* Sends further lines after a client has received some, perhaps its own. */
void talk_on(struct client *client) {
  if (!talking || options.window == 0 || client->slot >= client->group->slots) return;
  uint32_t under_way = client->said - client->own_heard;
  if (under_way < options.window) say(client, options.window - under_way);
}

void talk_tick(void) {
  if (!talking || options.window > 0) return;
  uint64_t due = (uint64_t)((double)(now_ns() - started_at) / 1e9 * options.rate);
  for (; open_said < due; open_said++) say(&clients[open_said * STRIDE % options.senders], 1);
}

void talk_stop(void) { talking = false; }
