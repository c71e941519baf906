/*
 * The chat in C. What is said in a tick is rendered once for each room, and sent once to each
 * member. If a member's socket does not take all of it, the rest is queued, up to a limit; only
 * then the server waits for writability.
 */
#define _GNU_SOURCE
#include "chat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES 65536
#define ACCEPTS 256
#define ROOMS 4096
#define CHUNK_BYTES 4096
#define PIECES 64

struct room {
  struct chunk *chunk; /* the bytes of this tick */
  struct peer **members;
  size_t size, members_capacity;
  bool dirty;
};

static size_t line_most, queue_most;
static unsigned long arrivals;
static struct room lobby, *rooms[ROOMS];
static struct room **dirty;
static size_t dirty_count, dirty_capacity;
static struct peer **ended;
static size_t ended_count, ended_capacity;
static char buffer[READ_BYTES];
static char stamp[16];
static time_t stamped;
static bool is_stamped;

static void *grown(void *memory, size_t *capacity, size_t needed, size_t each) {
  if (needed <= *capacity) return memory;
  *capacity = 2 * needed;
  memory = realloc(memory, *capacity * each);
  if (memory == NULL) exit(70);
  return memory;
}

static struct chunk *with_room(struct chunk *chunk, size_t length) {
  size_t used = chunk == NULL ? 0 : chunk->length;
  if (chunk != NULL && used + length <= chunk->capacity) return chunk;
  size_t capacity = 2 * (used + length) + CHUNK_BYTES;
  struct chunk *moved = realloc(chunk, sizeof *chunk + capacity);
  if (moved == NULL) exit(70);
  if (chunk == NULL) moved->holders = moved->length = 0;
  moved->capacity = capacity;
  return moved;
}

static void let_go(struct chunk *chunk) {
  if (--chunk->holders == 0) free(chunk);
}

void chat_open(int count, char **words) {
  if (count != 3) exit(64);
  line_most = strtoul(words[1], NULL, 10);
  queue_most = strtoul(words[2], NULL, 10);
}

static void close_peer(struct peer *peer) {
  if (peer->closed) return;
  peer->closed = true;
  ended = grown(ended, &ended_capacity, ended_count + 1, sizeof *ended);
  ended[ended_count++] = peer;
}

static void leave(struct peer *peer) {
  struct room *room = peer->room;
  struct peer *last = room->members[--room->size];
  room->members[peer->room_place] = last;
  last->room_place = peer->room_place;
}

static void join(struct peer *peer, struct room *room) {
  room->members =
      grown(room->members, &room->members_capacity, room->size + 1, sizeof *room->members);
  peer->room = room;
  peer->room_place = room->size;
  peer->room_from = room->chunk == NULL ? 0 : room->chunk->length;
  room->members[room->size++] = peer;
}

static void owe(struct peer *peer, struct chunk *chunk, size_t from) {
  if (peer->queue_bytes + chunk->length - from > queue_most) {
    close_peer(peer);
    return;
  }
  if (peer->queue_start > 0) {
    size_t bytes = peer->queue_count * sizeof *peer->queue;
    memmove(peer->queue, peer->queue + peer->queue_start, bytes);
    peer->queue_start = 0;
  }
  peer->queue =
      grown(peer->queue, &peer->queue_capacity, peer->queue_count + 1, sizeof *peer->queue);
  peer->queue[peer->queue_count++] = (struct piece){chunk, from};
  peer->queue_bytes += chunk->length - from;
  chunk->holders++;
}

static void watch_out(struct peer *peer) {
  bool out = peer->queue_count > 0;
  if (peer->closed || out == peer->watches_out) return;
  peer->watches_out = out;
  wait_out(peer, out);
}

static void give(struct peer *peer, struct chunk *chunk, size_t from) {
  if (peer->queue_count == 0) {
    ssize_t sent = send(peer->fd, chunk->bytes + from, chunk->length - from, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
      close_peer(peer);
      return;
    }
    if (sent > 0) from += (size_t)sent;
  }
  if (from < chunk->length) owe(peer, chunk, from);
  watch_out(peer);
}

static void took(struct peer *peer, size_t sent) {
  peer->queue_bytes -= sent;
  while (sent > 0) {
    struct piece *piece = &peer->queue[peer->queue_start];
    size_t length = piece->chunk->length - piece->from;
    if (sent < length) {
      piece->from += sent;
      return;
    }
    sent -= length;
    let_go(piece->chunk);
    peer->queue_start++;
    peer->queue_count--;
  }
}

void chat_write(struct peer *peer) {
  struct iovec parts[PIECES];
  if (peer->closed || peer->queue_count == 0) return;
  size_t count = peer->queue_count < PIECES ? peer->queue_count : PIECES;
  for (size_t i = 0; i < count; i++) {
    struct piece *piece = &peer->queue[peer->queue_start + i];
    struct chunk *chunk = piece->chunk;
    parts[i] = (struct iovec){chunk->bytes + piece->from, chunk->length - piece->from};
  }
  ssize_t sent = writev(peer->fd, parts, (int)count);
  if (sent < 0 && errno != EAGAIN) {
    close_peer(peer);
    return;
  }
  if (sent > 0) took(peer, (size_t)sent);
  watch_out(peer);
}

static void greet(struct peer *peer, const char *where) {
  struct chunk *chunk = with_room(NULL, 96);
  chunk->holders = 1;
  chunk->length = (size_t)snprintf(chunk->bytes, 96, "* you are %s in %s (%zu here)\n",
                                   peer->name, where, peer->room->size);
  give(peer, chunk, 0);
  let_go(chunk);
}

static void change_room(struct peer *peer, const char *name, size_t length) {
  unsigned number = 0;
  for (size_t i = 1; i < length; i++) number = number * 10 + (unsigned)(name[i] - '0');
  char where[24];
  number %= ROOMS;
  snprintf(where, sizeof where, "r%u", number);
  if (rooms[number] == NULL) rooms[number] = calloc(1, sizeof(struct room));
  if (rooms[number] == NULL) exit(70);
  leave(peer);
  join(peer, rooms[number]);
  greet(peer, where);
}

/* The clock is read once in each tick. */
static void restamp(void) {
  struct timespec now;
  struct tm parts;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  is_stamped = true;
  if (now.tv_sec == stamped) return;
  stamped = now.tv_sec;
  gmtime_r(&stamped, &parts);
  strftime(stamp, sizeof stamp, "%H:%M:%S ", &parts);
}

static void say(struct peer *peer, const char *text, size_t length) {
  struct room *room = peer->room;
  if (!is_stamped) restamp();
  if (!room->dirty) {
    room->dirty = true;
    dirty = grown(dirty, &dirty_capacity, dirty_count + 1, sizeof *dirty);
    dirty[dirty_count++] = room;
  }
  size_t needed = 9 + peer->name_length + 2 + length + 1;
  room->chunk = with_room(room->chunk, needed);
  char *at = room->chunk->bytes + room->chunk->length;
  memcpy(at, stamp, 9);
  at = mempcpy(at + 9, peer->name, peer->name_length);
  at = mempcpy(at, ": ", 2);
  at = mempcpy(at, text, length);
  *at = '\n';
  room->chunk->length += needed;
}

static void on_line(struct peer *peer, const char *text, size_t length) {
  if (length == 0 || length > line_most) return;
  if (length == 4 && memcmp(text, "quit", 4) == 0) close_peer(peer);
  else if (text[0] != '/') say(peer, text, length);
  else if (length > 7 && memcmp(text, "/join r", 7) == 0) change_room(peer, text + 6, length - 6);
}

/* Keeps the start of a line until its end arrives. */
static void keep(struct peer *peer, const char *bytes, size_t length) {
  if (peer->line_length + length > line_most + 1) {
    close_peer(peer);
    return;
  }
  peer->line = grown(peer->line, &peer->line_capacity, peer->line_length + length, 1);
  memcpy(peer->line + peer->line_length, bytes, length);
  peer->line_length += length;
}

void chat_read(struct peer *peer) {
  if (peer->closed) return;
  ssize_t length = recv(peer->fd, buffer, sizeof buffer, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) {
    close_peer(peer);
    return;
  }
  const char *at = buffer, *end = buffer + length;
  while (at < end && !peer->closed) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL) {
      keep(peer, at, (size_t)(end - at));
      return;
    }
    if (peer->line_length > 0) {
      keep(peer, at, (size_t)(stop - at));
      if (!peer->closed) on_line(peer, peer->line, peer->line_length);
      peer->line_length = 0;
    } else {
      on_line(peer, at, (size_t)(stop - at));
    }
    at = stop + 1;
  }
}

void chat_accept(void) {
  for (int i = 0; i < ACCEPTS; i++) {
    int fd = accept4(LISTENER, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    struct peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL) exit(70);
    peer->fd = fd;
    peer->name_length =
        (size_t)snprintf(peer->name, sizeof peer->name, "client-%lu", ++arrivals);
    wait_add(peer);
    join(peer, &lobby);
    greet(peer, "lobby");
  }
}

/* Sends what was said in this tick to all members, and frees closed clients. */
void chat_end_tick(void) {
  for (size_t i = 0; i < dirty_count; i++) {
    struct room *room = dirty[i];
    struct chunk *chunk = room->chunk;
    chunk->holders = 1;
    for (size_t j = 0; j < room->size; j++) {
      struct peer *peer = room->members[j];
      size_t from = peer->room_from;
      peer->room_from = 0;
      if (!peer->closed && from < chunk->length) give(peer, chunk, from);
    }
    /* Clients that still need the chunk keep it; the room begins another one. */
    if (chunk->holders > 1) room->chunk = NULL;
    if (chunk->holders > 1) let_go(chunk);
    else chunk->length = 0;
    room->dirty = false;
  }
  dirty_count = 0;
  for (size_t i = 0; i < ended_count; i++) {
    struct peer *peer = ended[i];
    leave(peer);
    wait_remove(peer);
    close(peer->fd);
    for (size_t j = 0; j < peer->queue_count; j++)
      let_go(peer->queue[peer->queue_start + j].chunk);
    free(peer->line);
    free(peer->queue);
    free(peer);
  }
  ended_count = 0;
  is_stamped = false;
}
