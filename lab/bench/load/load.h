/*
 * The load generator: clients on one thread and one epoll, each of which says lines, hears lines,
 * and holds what it hears against what was said.
 *
 * The parts: line.c makes and checks one line, stream.c checks what a client hears, latency.c counts
 * how late it came, socket.c connects, reads and writes, setup.c brings everybody in, talk.c says
 * lines, beside.c disturbs, figures.c asks the kernel what was used, nodelay.c whether the server has
 * TCP_NODELAY, main.c puts them in order and prints one JSON object.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NANOSECONDS 1000000000ull
/* Bytes of a line that are not filler: who, which, when, a checksum. */
#define HEAD_BYTES 36
#define NAME_BYTES_MOST 48
#define NO_SLOT UINT32_MAX

/* How a server passes a line on. */
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
  unsigned window;      /* closed loop: lines of each sender under way; 0: open loop */
  double rate;          /* open loop: lines a second of all senders together */
  unsigned bytes;       /* of a line, its end included */
  double warm, seconds; /* before the window, and of it */
  unsigned lines;       /* as many are said at least, however long it takes */
  double patience;      /* at the end, until what has not come is lost */
  unsigned room;        /* people in each room; 0: all in one */
  enum form form;
  bool greets; /* whether newcomers are told "* you are NAME" */
  bool storm;  /* everybody connects at once */
  unsigned silent;
  double churn; /* connections a second that come and go */
  bool spins;   /* asks for events again and again instead of sleeping until there are some */
  int pid;      /* of the server; 0: unknown */
};

struct faults {
  uint64_t lost, doubled, disordered, damaged, closed, refused;
};

/* A line in the stream that a group shares. */
struct heard {
  uint64_t end;    /* where it ends in the stream */
  uint64_t stamp;  /* when it was said */
  uint32_t slot;   /* its sender's, or NO_SLOT */
  uint32_t before; /* the number that was expected of that sender */
};

/* What is expected of one sender next, and which of the last 64 have come. */
struct expected {
  uint32_t next;
  uint64_t seen;
};

/*
 * A server sends everybody in a room the same bytes. So who hears them first checks them line by
 * line, and keeps them; all others compare. Who hears anything else checks for itself from there.
 */
struct group {
  char *bytes;
  size_t capacity;
  uint64_t base, head, parsed; /* places in the stream: of bytes[0], its end, its last whole line */
  struct heard *lines;
  size_t lines_capacity;
  uint64_t first_line, next_line; /* numbers of lines[0] and of the next one */
  struct expected *expected;      /* a slot for each sender */
  struct client **members;
  bool spoiled; /* it has a fault: from there on everybody counts for itself */
  unsigned size, slots;
};

struct client {
  int fd;
  enum state state;
  unsigned index, slot;
  struct group *group;
  bool shares;
  uint64_t at, line_at; /* how far it is in the group's stream, in bytes and in lines */
  struct expected *expected;
  char *own; /* what it hears for itself: an unfinished line */
  size_t own_length, own_capacity;
  char name[NAME_BYTES_MOST];
  unsigned name_length;
  char *out; /* said and not yet taken by the kernel */
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
