/* A chat as small as it can be and as fast as it can be: what both C peers share. */
#ifndef CHAT_H
#define CHAT_H

#include <stdbool.h>
#include <stddef.h>

#define LISTENER 3

struct room;

/* Bytes that many are owed. */
struct chunk {
  size_t holders, length, capacity;
  char bytes[];
};

struct piece {
  struct chunk *chunk;
  size_t from;
};

struct peer {
  int fd;
  size_t place; /* in what it is waited for with */
  bool closed, watches_out;
  struct room *room;
  size_t room_place, room_from; /* among its members; from where in this tick's bytes it hears */
  char *line;                   /* begun and not ended */
  size_t line_length, line_capacity;
  struct piece *queue; /* owed: what the kernel did not take */
  size_t queue_start, queue_count, queue_capacity, queue_bytes;
  char name[24];
  size_t name_length;
};

/* Of chat.c. */
void chat_open(int count, char **words);
void chat_accept(void);
void chat_read(struct peer *peer);
void chat_write(struct peer *peer);
void chat_end_tick(void);

/* Of epoll.c and poll.c. */
void wait_add(struct peer *peer);
void wait_out(struct peer *peer, bool out);
void wait_remove(struct peer *peer);

#endif
