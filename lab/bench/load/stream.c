/* Checks what clients receive: against what their group has received, or line by line. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#define STREAM_BYTES (1u << 20)
/* In a closed loop, only the latencies of one in 16 clients are counted. */
#define SAMPLED_MASK 15

static struct group *groups;
static unsigned group_count;

static void *room_for(void *memory, size_t bytes) {
  void *moved = realloc(memory, bytes);
  if (moved == NULL) fail("out of memory");
  return moved;
}

/* Begins the checks, once all clients are connected. */
void stream_open(void) {
  unsigned per_group = options.room == 0 ? options.clients : options.room;
  group_count = (options.clients + per_group - 1) / per_group;
  groups = calloc(group_count, sizeof *groups);
  if (groups == NULL) fail("out of memory");
  for (unsigned i = 0; i < options.clients; i++) {
    struct client *client = &clients[i];
    struct group *group = &groups[i / per_group];
    client->group = group;
    client->shares = true;
    client->slot = i % per_group;
    group->size++;
  }
  for (unsigned i = 0; i < group_count; i++) {
    struct group *group = &groups[i];
    group->slots = group->size < options.senders ? group->size : options.senders;
    group->expected = calloc(group->slots, sizeof *group->expected);
    group->capacity = group_count == 1 ? STREAM_BYTES : 4096;
    group->bytes = room_for(NULL, group->capacity);
    group->lines_capacity = 64;
    group->lines = room_for(NULL, group->lines_capacity * sizeof *group->lines);
    group->members = calloc(group->size, sizeof(struct client *));
    if (group->expected == NULL || group->members == NULL) fail("out of memory");
    for (unsigned j = 0; j < group->size; j++) group->members[j] = &clients[i * per_group + j];
  }
}

/* Drops the part of the stream that all members have received. */
static void forget(struct group *group) {
  uint64_t oldest = group->parsed, line = group->next_line;
  for (unsigned i = 0; i < group->size; i++) {
    struct client *member = group->members[i];
    if (!member->shares || member->line_at >= line) continue;
    line = member->line_at;
  }
  /* Keeps whole lines: a member that leaves the stream begins again at the start of its line. */
  if (line < group->next_line && line > group->first_line)
    oldest = group->lines[line - group->first_line - 1].end;
  else if (line < group->next_line)
    oldest = group->base;
  memmove(group->bytes, group->bytes + (oldest - group->base), group->head - oldest);
  group->base = oldest;
  memmove(group->lines, group->lines + (line - group->first_line),
          (group->next_line - line) * sizeof *group->lines);
  group->first_line = line;
}

/* Counts one line of a sender by its number. */
static void count(struct expected *expected, uint32_t number) {
  if (number >= expected->next) {
    uint32_t ahead = number - expected->next + 1;
    expected->seen = ahead >= 64 ? 0 : expected->seen << ahead;
    expected->seen |= 1;
    faults.lost += ahead - 1;
    expected->next = number + 1;
    return;
  }
  uint32_t behind = expected->next - 1 - number;
  uint64_t bit = behind < 64 ? 1ull << behind : 0;
  if (bit != 0 && (expected->seen & bit) == 0) {
    /* The line was counted as lost when a later one arrived first. */
    expected->seen |= bit;
    faults.lost--;
    faults.disordered++;
  } else {
    faults.doubled++;
  }
}

/* Checks a record without its end. Returns true if it is a line of a client. */
static bool check(const char *text, size_t length, const struct group *group,
                  struct expected *expected, struct heard *heard) {
  uint32_t number = 0;
  bool right = line_check(text, length, heard, &number, group);
  if (!right && line_is_notice(text, length)) return false;
  if (!right) faults.damaged++;
  if (heard->slot == NO_SLOT) return false;
  heard->before = expected[heard->slot].next;
  count(&expected[heard->slot], number);
  return true;
}

static uint64_t fault_count(void) {
  return faults.lost + faults.doubled + faults.disordered + faults.damaged;
}

static void parse(struct group *group) {
  uint64_t before = fault_count();
  for (;;) {
    const char *at = group->bytes + (group->parsed - group->base);
    size_t length = line_record(at, group->head - group->parsed);
    if (length == 0) break;
    if (group->next_line - group->first_line == group->lines_capacity) {
      group->lines_capacity *= 2;
      group->lines = room_for(group->lines, group->lines_capacity * sizeof *group->lines);
    }
    struct heard *heard = &group->lines[group->next_line - group->first_line];
    group->parsed += length;
    heard->end = group->parsed;
    check(at, length - 1, group, group->expected, heard);
    group->next_line++;
  }
  group->spoiled = group->spoiled || fault_count() != before;
}

static void append(struct group *group, const char *bytes, size_t length) {
  if (group->head - group->base + length > group->capacity) {
    forget(group);
    while (group->head - group->base + length > group->capacity / 2) group->capacity *= 2;
    group->bytes = room_for(group->bytes, group->capacity);
  }
  memcpy(group->bytes + (group->head - group->base), bytes, length);
  group->head += length;
  parse(group);
}

static bool sampled(const struct client *client) {
  return latency_counts && (options.window == 0 || (client->index & SAMPLED_MASK) == 0);
}

/* Counts the lines that the client has now received completely. */
static void advance(struct client *client, uint64_t now) {
  struct group *group = client->group;
  const struct heard *line = group->lines + (client->line_at - group->first_line);
  const struct heard *end = group->lines + (group->next_line - group->first_line);
  uint64_t before = client->line_at;
  bool looks = sampled(client) || (client->slot < group->slots && options.window > 0);
  if (!looks && client->at >= group->parsed) {
    client->line_at = group->next_line;
  } else {
    for (; line < end && line->end <= client->at; line++, client->line_at++) {
      if (line->slot == NO_SLOT) continue;
      if (line->slot == client->slot) client->own_heard++;
      if (sampled(client)) latency_add(now - line->stamp);
    }
  }
  deliveries += client->line_at - before;
}

/*
 * Lets a client leave the shared stream: it checks its own bytes, from the start of its present
 * line.
 */
static void part(struct client *client) {
  struct group *group = client->group;
  uint64_t line = client->line_at - group->first_line;
  uint64_t start = line > 0 ? group->lines[line - 1].end : group->base;
  client->shares = false;
  client->own_length = client->at - start;
  client->own_capacity = client->own_length + 65536;
  client->own = room_for(client->own, client->own_capacity);
  memcpy(client->own, group->bytes + (start - group->base), client->own_length);
  client->expected = calloc(group->slots, sizeof *client->expected);
  if (client->expected == NULL) fail("out of memory");
  for (unsigned i = 0; i < group->slots; i++)
    client->expected[i] = (struct expected){group->expected[i].next, UINT64_MAX};
  /* Restores what was expected at that place of the stream. */
  for (uint64_t i = group->next_line - group->first_line; i-- > line;) {
    const struct heard *heard = &group->lines[i];
    if (heard->slot != NO_SLOT && heard->before < client->expected[heard->slot].next)
      client->expected[heard->slot].next = heard->before;
  }
}

static void hear_alone(struct client *client, const char *bytes, size_t length, uint64_t now) {
  if (client->own_length + length > client->own_capacity) {
    client->own_capacity = 2 * (client->own_length + length);
    client->own = room_for(client->own, client->own_capacity);
  }
  memcpy(client->own + client->own_length, bytes, length);
  client->own_length += length;
  size_t at = 0;
  for (;;) {
    struct heard heard;
    size_t record = line_record(client->own + at, client->own_length - at);
    if (record == 0) break;
    if (check(client->own + at, record - 1, client->group, client->expected, &heard)) {
      if (heard.slot == client->slot) client->own_heard++;
      if (sampled(client)) latency_add(now - heard.stamp);
    }
    deliveries++;
    at += record;
  }
  client->own_length -= at;
  memmove(client->own, client->own + at, client->own_length);
}

void stream_hear(struct client *client, const char *bytes, size_t length, uint64_t now) {
  struct group *group = client->group;
  if (client->shares && group->spoiled) part(client);
  if (client->shares) {
    uint64_t ahead = group->head - client->at;
    size_t same = ahead < length ? ahead : length;
    if (memcmp(group->bytes + (client->at - group->base), bytes, same) == 0) {
      client->at += same;
      if (same < length) {
        /* Before `append` may move the bytes. */
        advance(client, now);
        append(group, bytes + same, length - same);
        client->at = group->head;
      }
      advance(client, now);
      return;
    }
    part(client);
  }
  hear_alone(client, bytes, length, now);
}

static const struct expected *expected_by(const struct client *client) {
  return client->shares ? client->group->expected : client->expected;
}

static bool complete(const struct group *group, const struct expected *expected) {
  for (unsigned slot = 0; slot < group->slots; slot++)
    if (expected[slot].next < group->members[slot]->said) return false;
  return true;
}

/* Returns true if all clients have received everything that was said. */
bool stream_all_heard(void) {
  for (unsigned i = 0; i < group_count; i++) {
    struct group *group = &groups[i];
    bool shared_complete = complete(group, group->expected);
    for (unsigned j = 0; j < group->size; j++) {
      struct client *member = group->members[j];
      if (member->state == GONE) continue;
      bool has_all = member->shares ? shared_complete && member->at == group->head
                                    : complete(group, member->expected);
      if (!has_all) return false;
    }
  }
  return true;
}

/* Ends the checks: what has not arrived is lost, and an unfinished line is damaged. */
void stream_settle(void) {
  for (unsigned i = 0; i < group_count; i++) {
    struct group *group = &groups[i];
    for (unsigned j = 0; j < group->size; j++) {
      struct client *member = group->members[j];
      if (member->state == GONE) continue;
      if (member->shares && member->at < group->parsed) part(member);
      const struct expected *expected = expected_by(member);
      for (unsigned slot = 0; slot < group->slots; slot++)
        faults.lost += group->members[slot]->said - expected[slot].next;
      size_t begun = member->shares ? member->at - group->parsed : member->own_length;
      if (begun > 0) faults.damaged++;
    }
  }
}
