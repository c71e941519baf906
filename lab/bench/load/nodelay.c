/*
 * Finds out whether the server has set TCP_NODELAY, by a look at one of its own connections. A
 * program's own claim would be no proof.
 */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Returns true for a connection to the port that the clients use. A listener has no peer. */
static bool is_connection(int fd) {
  struct sockaddr_in own = {0}, peer = {0};
  socklen_t size = sizeof own;
  if (getsockname(fd, (struct sockaddr *)&own, &size) != 0 || own.sin_family != AF_INET) return false;
  size = sizeof peer;
  if (ntohs(own.sin_port) != options.port) return false;
  return getpeername(fd, (struct sockaddr *)&peer, &size) == 0;
}

/*
 * Returns the option of one of the process's descriptors: 1 or 0; -1 if it is no connection, or
 * cannot be read.
 */
static int asked(int process, int number) {
  int fd = (int)syscall(SYS_pidfd_getfd, process, number, 0);
  if (fd < 0) return -1;
  int on = 0;
  socklen_t size = sizeof on;
  bool known = is_connection(fd) && getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &size) == 0;
  close(fd);
  return known ? on != 0 : -1;
}

int server_no_delay(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd", options.pid);
  DIR *folder = options.pid == 0 ? NULL : opendir(path);
  if (folder == NULL) return -1;
  int process = (int)syscall(SYS_pidfd_open, options.pid, 0);
  int answer = -1;
  for (struct dirent *entry; process >= 0 && answer < 0 && (entry = readdir(folder)) != NULL;)
    if (entry->d_name[0] != '.') answer = asked(process, atoi(entry->d_name));
  if (process >= 0) close(process);
  closedir(folder);
  return answer;
}
