/*
 * The sequence of a run: connect all clients, warm up, measure, collect the rest, print one JSON
 * object.
 */
#include "load.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define SPARE_FILES 2200

struct options options = {
    .host = "127.0.0.1",
    .clients = 10,
    .senders = 1,
    .window = 1,
    .bytes = 64,
    .seconds = 1,
    .greets = true,
    .patience = 4,
};
struct client *clients;
struct faults faults;
uint64_t deliveries;

static void set_option(const char *word) {
  const char *equals = strchr(word, '=');
  if (equals == NULL) fail("NAME=VALUE, not %s", word);
  size_t length = (size_t)(equals - word);
  const char *value = equals + 1;
  double number = strtod(value, NULL);
#define IS(name) (length == strlen(name) && strncmp(word, name, length) == 0)
  if (IS("port")) options.port = (unsigned)number;
  else if (IS("clients")) options.clients = (unsigned)number;
  else if (IS("senders")) options.senders = (unsigned)number;
  else if (IS("window")) options.window = (unsigned)number;
  else if (IS("rate")) options.rate = number;
  else if (IS("bytes")) options.bytes = (unsigned)number;
  else if (IS("warm")) options.warm = number;
  else if (IS("seconds")) options.seconds = number;
  else if (IS("lines")) options.lines = (unsigned)number;
  else if (IS("patience")) options.patience = number;
  else if (IS("room")) options.room = (unsigned)number;
  else if (IS("greets")) options.greets = number > 0;
  else if (IS("storm")) options.storm = number > 0;
  else if (IS("silent")) options.silent = (unsigned)number;
  else if (IS("churn")) options.churn = number;
  else if (IS("spins")) options.spins = number > 0;
  else if (IS("pid")) options.pid = (int)number;
  else if (IS("form") && strcmp(value, "line") == 0) options.form = FORM_LINE;
  else if (IS("form") && strcmp(value, "two") == 0) options.form = FORM_TWO;
  else if (IS("form") && strcmp(value, "raw") == 0) options.form = FORM_RAW;
  else fail("there is no option %s", word);
#undef IS
}

static void check_options(void) {
  if (options.port == 0) fail("port=N is needed");
  if (options.bytes < HEAD_BYTES + 8 || options.bytes > 65536) fail("bytes must be 44 to 65536");
  if (options.clients == 0 || options.clients > 65535) fail("clients must be 1 to 65535");
  if (options.senders > options.clients) fail("more senders than clients");
  if (options.window == 0 && options.senders > 0 && options.rate <= 0) fail("a window or a rate");
}

static void raise_limit(void) {
  struct rlimit files;
  rlim_t needed = options.clients + options.silent + SPARE_FILES;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  if (files.rlim_max < needed)
    fail("%u clients need ulimit -n %lu; the hard limit is %lu", options.clients,
         (unsigned long)needed, (unsigned long)files.rlim_max);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

static void run_for(double seconds) {
  uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
  for (;;) {
    uint64_t now = now_ns();
    if (now >= end) return;
    socket_turn((int)((end - now) / 1000000) + 1);
  }
}

static bool enough_said(void) { return lines_said >= options.lines; }

/* Runs until `condition` returns true, or nothing has been delivered for `patience` seconds. */
static void run_until(bool (*condition)(void)) {
  uint64_t before = deliveries, last = now_ns();
  while (!condition() && (double)(now_ns() - last) < options.patience * 1e9) {
    socket_turn(10);
    if (deliveries != before) last = now_ns();
    before = deliveries;
  }
}

static unsigned sharing(void) {
  unsigned count = 0;
  for (unsigned i = 0; i < options.clients; i++) count += clients[i].shares;
  return count;
}

static void report(struct figures start, struct figures in, struct figures from,
                   struct figures to, uint64_t heard, double setup_seconds) {
  double seconds = (double)(to.at - from.at) / 1e9;
  double server = to.server_cpu - from.server_cpu, own = to.own_cpu - from.own_cpu;
  double machine = to.machine_cpu - from.machine_cpu;
  double others = machine - server - own;
  printf("{\"seconds\":%.4f,\"deliveries\":%llu,\"deliveriesPerSecond\":%.1f,", seconds,
         (unsigned long long)heard, (double)heard / seconds);
  printf("\"serverCpuSeconds\":%.6f,\"ownCpuSeconds\":%.6f,\"otherCpuSeconds\":%.3f,", server,
         figures_working(from, to), others > 0 ? others : 0);
  printf("\"p50Us\":%.1f,\"p99Us\":%.1f,\"maxUs\":%.1f,", latency_at(0.5), latency_at(0.99),
         latency_most());
  printf("\"setupSeconds\":%.4f,\"setupCpuSeconds\":%.6f,", setup_seconds,
         in.server_cpu - start.server_cpu);
  printf("\"rssStart\":%llu,\"rssIn\":%llu,\"rssEnd\":%llu,", (unsigned long long)start.server_rss,
         (unsigned long long)in.server_rss, (unsigned long long)to.server_rss);
  printf("\"noDelay\":%d,", server_no_delay());
  printf("\"guestStart\":%llu,\"guestEnd\":%llu,", (unsigned long long)start.server_guest,
         (unsigned long long)to.server_guest);
  printf("\"said\":%llu,\"sharing\":%u,\"churned\":%llu,\"churnFailed\":%llu,\"silentClosed\":%llu,",
         (unsigned long long)lines_said, sharing(), (unsigned long long)churned,
         (unsigned long long)churn_failed, (unsigned long long)silent_closed);
  printf("\"faults\":{\"lost\":%llu,\"doubled\":%llu,\"disordered\":%llu,\"damaged\":%llu,"
         "\"closed\":%llu,\"refused\":%llu}}\n",
         (unsigned long long)faults.lost, (unsigned long long)faults.doubled,
         (unsigned long long)faults.disordered, (unsigned long long)faults.damaged,
         (unsigned long long)faults.closed, (unsigned long long)faults.refused);
}

int main(int count, char **words) {
  signal(SIGPIPE, SIG_IGN);
  for (int i = 1; i < count; i++) set_option(words[i]);
  check_options();
  raise_limit();
  line_prepare();
  socket_prepare();
  clients = calloc(options.clients, sizeof *clients);
  if (clients == NULL) fail("out of memory");
  for (unsigned i = 0; i < options.clients; i++) clients[i].index = i;

  struct figures start = figures_now();
  double setup_seconds = setup_everybody();
  struct figures in = figures_now();
  if (faults.refused == options.clients) fail("nobody came in");
  stream_open();
  beside_start();
  talk_start();
  run_for(options.warm);
  struct figures from = figures_now();
  uint64_t heard = deliveries;
  latency_counts = true;
  run_for(options.seconds);
  run_until(enough_said);
  latency_counts = false;
  heard = deliveries - heard;
  struct figures to = figures_now();
  talk_stop();
  beside_stop();
  run_until(stream_all_heard);
  stream_settle();
  report(start, in, from, to, heard, setup_seconds);
  for (unsigned i = 0; i < options.clients; i++)
    if (clients[i].state == READY) socket_leave(clients[i].fd);
  return 0;
}
