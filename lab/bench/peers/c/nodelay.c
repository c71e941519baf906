/*
 * A library to preload: every connection that a program accepts gets TCP_NODELAY. WASI 0.3 cannot
 * set that option, so the benchmark has a row in which it is set from outside.
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
  /* On a socket of another family it fails, and changes nothing. */
  if (connection >= 0) setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}
