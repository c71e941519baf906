/*
 * A library to preload: it sets TCP_NODELAY on each connection that a program accepts. WASI 0.3 has
 * no such option, so one row of the benchmark sets it from outside.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

typedef int accept4_function(int, struct sockaddr *, socklen_t *, int);

int accept4(int listener, struct sockaddr *address, socklen_t *size, int flags) {
  static accept4_function *next;
  if (next == NULL) next = (accept4_function *)dlsym(RTLD_NEXT, "accept4");
  int connection = next(listener, address, size, flags);
  int on = 1;
  /* On sockets of other families the call fails without effect. */
  if (connection >= 0) setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}
