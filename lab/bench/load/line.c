/* Creates and checks lines, in a form in which any change shows. */
#include "load.h"

#include <string.h>

#define FILLER_STEPS 64
#define SLACK_NS NANOSECONDS

static char filler[65536 + FILLER_STEPS];
static uint8_t digit_of[256];
static const char digits[] = "0123456789abcdef";

void line_prepare(void) {
  static const char letters[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;:-+";
  uint32_t random = 1;
  for (size_t i = 0; i < sizeof filler; i++) {
    random = random * 1664525 + 1013904223;
    filler[i] = letters[(random >> 16) % (sizeof letters - 1)];
    /* A line must not begin or end with spaces, since some servers trim them. */
    if (filler[i] == ' ') filler[i] = i % 5 == 0 ? ' ' : '_';
  }
  memset(digit_of, 0xff, sizeof digit_of);
  for (int i = 0; i < 16; i++) digit_of[(uint8_t)digits[i]] = (uint8_t)i;
}

static void put(char *at, uint64_t value, int places) {
  while (places-- > 0) {
    at[places] = digits[value & 15];
    value >>= 4;
  }
}

static bool take(const char *at, int places, uint64_t *value) {
  uint64_t sum = 0;
  uint8_t wrong = 0;
  for (int i = 0; i < places; i++) {
    uint8_t digit = digit_of[(uint8_t)at[i]];
    wrong |= digit;
    sum = sum << 4 | (digit & 15);
  }
  *value = sum;
  return wrong < 16;
}

static uint64_t sum_of(uint64_t sender, uint64_t number, uint64_t stamp) {
  uint64_t sum = (sender + 1) * 0x9e3779b97f4a7c15;
  sum ^= number * 0xc2b2ae3d27d4eb4f ^ stamp * 0x165667b19e3779f9;
  return sum >> 48;
}

static const char *filler_of(uint64_t sender, uint64_t number) {
  return filler + (sender * 7 + number) % FILLER_STEPS;
}

void line_make(char *at, unsigned sender, uint32_t number, uint64_t stamp) {
  memset(at, ' ', HEAD_BYTES);
  put(at, sender, 4);
  put(at + 5, number, 8);
  put(at + 14, stamp, 16);
  put(at + 31, sum_of(sender, number, stamp), 4);
  memcpy(at + HEAD_BYTES, filler_of(sender, number), options.bytes - 1 - HEAD_BYTES);
  /* Some servers would trim a space at the end. */
  at[options.bytes - 2] = '.';
  at[options.bytes - 1] = '\n';
}

/*
 * Returns the bytes of the first complete record in `at`, including its end; 0 if there is none.
 */
size_t line_record(const char *at, size_t length) {
  const char *end = memchr(at, '\n', length);
  if (end == NULL) return 0;
  if (options.form == FORM_TWO && !line_is_notice(at, length)) {
    end = memchr(end + 1, '\n', length - (size_t)(end + 1 - at));
    if (end == NULL) return 0;
  }
  return (size_t)(end + 1 - at);
}

bool line_is_notice(const char *text, size_t length) {
  return length >= 2 && text[0] == '*' && text[1] == ' ';
}

static bool has_pattern(const char *text, const char *pattern) {
  for (; *pattern != '\0'; text++, pattern++) {
    bool fits = *pattern == '0' ? *text >= '0' && *text <= '9' : *text == *pattern;
    if (!fits) return false;
  }
  return true;
}

/* Checks what precedes the text: the stamp and the sender's name. */
static bool check_prefix(const char *text, size_t length, struct client *sender) {
  bool two = options.form == FORM_TWO;
  const char *pattern = two ? "0000/00/00 00:00:00 " : "00:00:00 ";
  size_t stamp_length = strlen(pattern);
  size_t end_length = two ? 1 : 2;
  if (options.form == FORM_RAW) return length == 0;
  if (length <= stamp_length + end_length || !has_pattern(text, pattern)) return false;
  const char *name = text + stamp_length;
  size_t name_length = length - stamp_length - end_length;
  if (memcmp(name + name_length, two ? "\n" : ": ", end_length) != 0) return false;
  if (sender->name_length == 0) {
    /* The name is unknown so far: it is taken from the sender's first line. */
    if (name_length >= NAME_BYTES_MOST) return false;
    memcpy(sender->name, name, name_length);
    sender->name_length = (unsigned)name_length;
  }
  return name_length == sender->name_length && memcmp(name, sender->name, name_length) == 0;
}

/*
 * Checks a record, which is `text` without its end. Sets `heard->slot` and `number` if the sender
 * and the number are credible, even if the rest is damaged. Returns true if everything is correct.
 */
bool line_check(const char *text, size_t length, struct heard *heard, uint32_t *number,
                const struct group *group) {
  size_t text_length = options.bytes - 1;
  heard->slot = NO_SLOT;
  heard->stamp = 0;
  if (length < text_length) return false;
  const char *at = text + length - text_length;
  uint64_t sender, count, sum;
  bool whole = take(at, 4, &sender) & take(at + 5, 8, &count) & take(at + 14, 16, &heard->stamp) &
               take(at + 31, 4, &sum);
  if (!whole || at[4] != ' ' || at[13] != ' ' || at[30] != ' ' || at[35] != ' ') return false;
  if (sum != sum_of(sender, count, heard->stamp) || sender >= options.clients) return false;
  struct client *client = &clients[sender];
  if (client->group != group || client->slot >= group->slots || count >= client->said) return false;
  heard->slot = client->slot;
  *number = (uint32_t)count;
  size_t filler_length = text_length - HEAD_BYTES - 1;
  return memcmp(at + HEAD_BYTES, filler_of(sender, count), filler_length) == 0 &&
         at[text_length - 1] == '.' && check_prefix(text, length - text_length, client);
}
