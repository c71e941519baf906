/*
 * crowd PORT N: connects N silent clients, except that the first sends 48 KiB. Waits to be killed.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SAID_BYTES 49152

int main(int words_count, char **words) {
  static char said[SAID_BYTES];
  if (words_count < 3) return 64;
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  server.sin_port = htons((unsigned short)atoi(words[1]));
  memset(said, '.', sizeof said);
  for (int i = 0, count = atoi(words[2]); i < count; i++) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof server) != 0) {
      perror("crowd");
      return 1;
    }
    if (i == 0 && send(fd, said, sizeof said, 0) < 0) return 1;
  }
  pause();
  return 0;
}
