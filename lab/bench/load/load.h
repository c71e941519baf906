/*
 * The load generator: clients on one thread with one epoll instance. They send lines, receive
 * lines, and compare what they receive with what was sent.
 *
 * The parts: line.c creates and checks lines, stream.c checks what a client receives, latency.c
 * collects latencies, socket.c connects, reads and writes, setup.c connects all clients, talk.c
 * sends lines, beside.c makes disturbances, figures.c reads resource usage, nodelay.c finds out
 * whether the server sets TCP_NODELAY, and main.c runs all of it and prints one JSON object.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NANOSECONDS 1000000000ull
/* The bytes of a line before the filler: sender, number, time and checksum. */
#define HEAD_BYTES 36
#define NAME_BYTES_MOST 48
#define NO_SLOT UINT32_MAX

/* The forms in which servers send a message. */
enum form {
  FORM_LINE, /* "HH:MM:SS name: text" */
  FORM_TWO,  /* "YYYY/MM/DD HH:MM:SS name", then the text on a line of its own */
  FORM_RAW   /* the text alone */
};

enum state { IDLE, CONNECTING, GREETED_LATER, JOINING, READY, GONE };

struct options {
  const char *host;
  unsigned port;
  unsigned clients;
  unsigned senders;
  unsigned window;      /* closed loop: lines in flight per sender; 0: open loop */
  double rate;          /* open loop: lines a second of all senders together */
  unsigned bytes;       /* of a line, including its end */
  double warm, seconds; /* of the warm-up, and of the measured window */
  unsigned lines;       /* the least number to send, however long it takes */
  double patience;      /* seconds at the end, until missing lines count as lost */
  unsigned room;        /* clients in each room; 0: all in one room */
  enum form form;
  bool greets; /* the server sends a new client "* you are NAME" */
  bool storm;  /* all clients connect at once */
  unsigned silent;
  double churn; /* connections a second that come and go */
  bool spins;   /* polls for events without sleeping */
  int pid;      /* of the server; 0: unknown */
};

struct faults {
  uint64_t lost, doubled, disordered, damaged, closed, refused;
};

/* A line in the stream that a group shares. */
struct heard {
  uint64_t end;    /* its end, as an offset in the stream */
  uint64_t stamp;  /* when it was sent */
  uint32_t slot;   /* of its sender, or NO_SLOT */
  uint32_t before; /* the number that was expected from the sender */
};

/* The next expected number of a sender, and which of its last 64 lines have arrived. */
struct expected {
  uint32_t next;
  uint64_t seen;
};

/*
 * The clients of a room. A server sends all of them the same bytes: the client that receives bytes
 * first checks them line by line and keeps them, and the others only compare. A client that
 * receives anything else checks its own bytes from there on.
 */
struct group {
  char *bytes;
  size_t capacity;
  uint64_t base, head, parsed; /* offsets: of bytes[0], the end, the last whole line */
  struct heard *lines;
  size_t lines_capacity;
  uint64_t first_line, next_line; /* numbers of lines[0] and of the next one */
  struct expected *expected;      /* one for each sender */
  struct client **members;
  bool spoiled; /* a fault was found: from there on each member checks its own bytes */
  unsigned size, slots;
};

struct client {
  int fd;
  enum state state;
  unsigned index, slot;
  struct group *group;
  bool shares;
  uint64_t at, line_at; /* its position in the group's stream, in bytes and lines */
  struct expected *expected;
  char *own; /* its own bytes once it left the stream: an unfinished line */
  size_t own_length, own_capacity;
  char name[NAME_BYTES_MOST];
  unsigned name_length;
  char *out; /* bytes that the kernel has not taken yet */
  size_t out_start, out_length, out_capacity;
  bool watches_out;
  uint32_t said, own_heard; /* lines, by number */
  unsigned synced;
  uint64_t connected_at, ready_at;
};

extern struct options options;
extern struct client *clients;
extern struct faults faults;
extern uint64_t deliveries;

/* line.c */
void line_prepare(void);
void line_make(char *at, unsigned sender, uint32_t number, uint64_t stamp);
size_t line_record(const char *at, size_t length);
bool line_check(const char *text, size_t length, struct heard *heard, uint32_t *number,
                const struct group *group);
bool line_is_notice(const char *text, size_t length);

/* stream.c */
void stream_open(void);
void stream_hear(struct client *client, const char *bytes, size_t length, uint64_t now);
bool stream_all_heard(void);
void stream_settle(void);

/* latency.c */
extern bool latency_counts;
void latency_add(uint64_t nanoseconds);
double latency_at(double part);
double latency_most(void);

/* socket.c */
void socket_prepare(void);
void socket_connect(struct client *client);
void socket_say(struct client *client, const char *bytes, size_t length);
char *socket_room(struct client *client, size_t length);
void socket_said(struct client *client, size_t length);
void socket_turn(int timeout_ms);
double socket_idle_seconds(void);
void socket_watch(int fd, uint32_t events, uint64_t tag);
int socket_open(void);
void socket_leave(int fd);

/* setup.c */
double setup_everybody(void);
void setup_heard(struct client *client, const char *bytes, size_t length);

/* talk.c */
extern uint64_t lines_said;
void talk_start(void);
void talk_on(struct client *client);
void talk_tick(void);
void talk_stop(void);

/* beside.c */
extern uint64_t churned, churn_failed, silent_closed;
void beside_start(void);
void beside_tick(void);
void beside_event(uint64_t tag, uint32_t events);
void beside_stop(void);

/* figures.c */
struct figures {
  uint64_t at;
  double server_cpu, own_cpu, machine_cpu;
  double idle_seconds;                                /* of own_cpu */
  uint64_t server_rss, server_guest;
};
uint64_t now_ns(void);
uint64_t own_cpu_ns(void);
struct figures figures_now(void);
double figures_working(struct figures from, struct figures to);
/* nodelay.c */
int server_no_delay(void);

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
