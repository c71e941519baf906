/* A minimal chat for speed: the part that both C peers share. */
#ifndef CHAT_H
#define CHAT_H

#include <stdbool.h>
#include <stddef.h>

#define LISTENER 3

struct room;

/* Bytes that several outboxes share. */
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
  size_t place; /* its index in the set of watched descriptors */
  bool closed, watches_out;
  struct room *room;
  size_t room_place, room_from; /* its index in the room; its first byte of this tick's chunk */
  char *line;                   /* an unfinished line */
  size_t line_length, line_capacity;
  struct piece *queue; /* the outbox: bytes that the kernel did not take */
  size_t queue_start, queue_count, queue_capacity, queue_bytes;
  char name[24];
  size_t name_length;
};

/* In chat.c. */
void chat_open(int count, char **words);
void chat_accept(void);
void chat_read(struct peer *peer);
void chat_write(struct peer *peer);
void chat_end_tick(void);

/* In epoll.c and poll.c. */
void wait_add(struct peer *peer);
void wait_out(struct peer *peer, bool out);
void wait_remove(struct peer *peer);

#endif
