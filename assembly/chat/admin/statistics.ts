/**
 * Reports the counters (counters.ts): as text for the console's `stats`, and as an object for the
 * launcher. host/launcher/metrics makes the metrics of docs/reference/metrics.md from its fields.
 */
import { Chunk } from "../../net/sending/chunk";
import { Traffic } from "../../net/traffic";
import { countText } from "../../text/count_text";
import { JsonObject } from "../../text/json";
import { hostCalls } from "../../wasi/calls";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { journalJson, journalText } from "./journal_state";
import { Chat } from "../chat";

const PAGE_BYTES: i64 = 65_536;
const NANOSECONDS_PER_MICROSECOND: u64 = 1000;

/** The queued bytes of all clients, and the client with the most. */
class Owed {
  bytes: u64 = 0;
  most: u32 = 0;
  name: string = "";

  constructor(chat: Chat) {
    const connections = chat.connections;
    for (let i = 0; i < connections.size; i++) this.bytes += connections.get(i).outbox.queuedBytes;
    const users = chat.users.all();
    for (let i = 0; i < users.length; i++) {
      const bytes = users[i].connection.outbox.queuedBytes;
      if (bytes <= this.most) continue;
      this.most = bytes;
      this.name = users[i].user.name;
    }
  }
}

export function statisticsText(chat: Chat): string {
  const counted = chat.counters;
  const loop = chat.loop;
  const did = loop.statistics;
  const owed = new Owed(chat);
  const seconds = (loop.now - counted.since) / NANOSECONDS_PER_SECOND;
  const users = `${chat.users.size} in ${countText(chat.rooms.all().length, "room")}`;
  const sends = Traffic.sends.count;
  const received = `${Traffic.received} in ${countText(Traffic.reads, "read")}`;
  const each = share(Traffic.sends.sum, sends);
  const sent = `${Traffic.sends.sum} in ${countText(sends, "send")}, ${each} each`;
  const most = owed.most == 0 ? "" : `, ${owed.most} of them to ${owed.name}`;
  const working = microseconds(share(did.working.sum, loop.ticks));
  const times = `${percent(did.working.sum, did.waiting)} working, ${working} a tick`;
  const late = microseconds(share(did.lag.sum, did.lag.count));
  const storage = chat.storage;
  const journal = storage === null ? "" : row("journal", journalText(storage.journal));
  return (
    row("up", `${seconds} s${chat.isStopping ? ", stopping" : ""}`) +
    row("people", users) +
    row("connections", `${chat.connections.size} now, ${counted.accepted} accepted`) +
    row("lines", counted.saidText()) +
    row("bytes in", received) +
    row("bytes out", sent) +
    row("owed", `${countText(owed.bytes, "byte")}${most}`) +
    row("closed", counted.closed.text()) +
    row("limits hit", counted.limits.text()) +
    row("ticks", `${loop.ticks}, ${tenths(did.ready.sum, loop.ticks)} keys ready each`) +
    row("polls", `${loop.selector.polls}, ${hostCalls} calls of the host in all`) +
    row("time", `${times}, ${microseconds(did.working.most)} the slowest`) +
    row("timers", `${late} late, ${microseconds(did.lag.most)} at most`) +
    row("memory", `${memory.size() * PAGE_BYTES} bytes, ${Chunk.bytesInUse} in chunks`) +
    journal
  );
}

/**
 * Returns the values of {@link statisticsText} and further ones as an object in JSON. Times are in
 * nanoseconds. Counts are since the start of the server.
 */
export function statisticsJson(chat: Chat): string {
  const counted = chat.counters;
  const loop = chat.loop;
  const did = loop.statistics;
  const owed = new Owed(chat);
  const ticks = new JsonObject()
    .number("ticks", loop.ticks)
    .number("polls", loop.selector.polls)
    .number("host_calls", hostCalls)
    .number("waiting", did.waiting)
    .json("ready", did.ready.toJson())
    .json("working", did.working.toJson())
    .json("lag", did.lag.toJson());
  const object = new JsonObject()
    .number("uptime", loop.now - counted.since)
    .json("stopping", chat.isStopping ? "true" : "false")
    .text("selector", loop.selector.name)
    .number("people", chat.users.size)
    .number("rooms", chat.rooms.all().length)
    .number("memberships", chat.rooms.membershipCount)
    .number("connections", chat.connections.size)
    .number("accepted", counted.accepted)
    .number("messages", counted.messages)
    .number("messages_written", chat.round.messagesWritten)
    .number("deliveries", counted.deliveries)
    .number("reads", Traffic.reads)
    .number("bytes_in", Traffic.received)
    .json("sends", Traffic.sends.toJson())
    .number("owed", owed.bytes)
    .number("owed_most", owed.most)
    .text("owed_most_name", owed.name)
    .json("closed", counted.closed.toJson())
    .json("limits", counted.limits.toJson())
    .json("loop", ticks.toString())
    .number("memory", memory.size() * PAGE_BYTES)
    .number("chunks", Chunk.bytesInUse);
  const storage = chat.storage;
  if (storage !== null) object.json("journal", journalJson(storage.journal));
  return object.toString();
}

function row(name: string, value: string): string {
  return `${name.padEnd(12)} ${value}\n`;
}

function share(sum: u64, count: u64): u64 {
  return count == 0 ? 0 : sum / count;
}

function tenths(sum: u64, count: u64): string {
  const all = share(sum * 10, count);
  return `${all / 10}.${all % 10}`;
}

function percent(part: u64, rest: u64): string {
  // Computed in microseconds, since nanoseconds times 100 would overflow within years.
  const whole = (part + rest) / NANOSECONDS_PER_MICROSECOND;
  return `${tenths((part / NANOSECONDS_PER_MICROSECOND) * 100, whole)} %`;
}

function microseconds(nanoseconds: u64): string {
  return `${nanoseconds / NANOSECONDS_PER_MICROSECOND} us`;
}
