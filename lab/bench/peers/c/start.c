/*
 * start CORE [--nagle] COMMAND...: opens a listener on a free port of 127.0.0.1 as the launcher
 * does (a backlog of 4096, TCP_NODELAY, keepalive), prints the port, and executes the command on
 * the given core, with the listener as descriptor 3 by systemd's protocol. So all servers have the
 * same listener, and each is its own process. A server that opens its own listener has "{port}"
 * among its arguments, which is replaced by the port. With --nagle the listener has no TCP_NODELAY.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096
#define KEEPALIVE_IDLE_SECONDS 60
#define LISTENER 3
#define ROOM_DESCRIPTORS 10240
#define PORT_PLACE "{port}"
#define NAGLE "--nagle"

static void fail(const char *what) {
  fprintf(stderr, "start: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int listener(int no_delay, unsigned *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  int on = 1, idle = KEEPALIVE_IDLE_SECONDS;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) fail("socket");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  if (bind(fd, (struct sockaddr *)&address, size) != 0) fail("bind");
  if (listen(fd, BACKLOG) != 0) fail("listen");
  getsockname(fd, (struct sockaddr *)&address, &size);
  *port = ntohs(address.sin_port);
  return fd;
}

/*
 * Enlarges the descriptor table once, as the launcher does, so that it need not grow while threads
 * share it.
 */
static void make_room(void) {
  if (dup2(STDERR_FILENO, ROOM_DESCRIPTORS) >= 0) close(ROOM_DESCRIPTORS);
}

static void set_variables(void) {
  char pid[16];
  snprintf(pid, sizeof pid, "%d", (int)getpid());
  setenv("LISTEN_FDS", "1", 1);
  setenv("LISTEN_PID", pid, 1);
  /* With a backtrace, each "not ready" of wasmtime is 20 times slower. */
  setenv("RUST_BACKTRACE", "0", 1);
  setenv("RUST_LIB_BACKTRACE", "0", 1);
}

/* Replaces "{port}" in the arguments; returns 1 if it was there, 0 if not. */
static int tell_port(char **words, unsigned port) {
  int told = 0;
  for (; *words != NULL; words++) {
    char *place = strstr(*words, PORT_PLACE);
    if (place == NULL) continue;
    char *word = malloc(strlen(*words) + 8);
    if (word == NULL) fail("malloc");
    sprintf(word, "%.*s%u%s", (int)(place - *words), *words, port, place + strlen(PORT_PLACE));
    *words = word;
    told = 1;
  }
  return told;
}

int main(int count, char **words) {
  int nagle = count > 2 && strcmp(words[2], NAGLE) == 0;
  char **command = words + 2 + nagle;
  if (count < 3 + nagle) {
    fprintf(stderr, "start CORE [" NAGLE "] COMMAND...\n");
    return 64;
  }
  cpu_set_t core;
  CPU_ZERO(&core);
  CPU_SET(atoi(words[1]), &core);
  if (sched_setaffinity(0, sizeof core, &core) != 0) fail("sched_setaffinity");
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  unsigned port;
  int fd = listener(!nagle, &port);
  if (tell_port(command, port)) {
    close(fd);
  } else {
    if (fd != LISTENER && dup2(fd, LISTENER) < 0) fail("dup2");
    if (fd != LISTENER) close(fd);
    set_variables();
  }
  printf("%u\n", port);
  fflush(stdout);
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0) fail("/dev/null");
  close(nowhere);
  make_room();
  /* Allows the generator to inspect one of the server's sockets. */
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  execvp(command[0], command);
  fail(command[0]);
}
