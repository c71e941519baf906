/**
 * The metrics of the guest: names, helps and values. The names follow Prometheus: base units, and
 * `_total` for counters. reference/metrics.md explains them.
 */
import type { GuestHistogram, GuestStatistics } from "./guest_statistics.js";

export interface Sample {
  /** The name of the sample, if it is not the family's: `..._bucket`. */
  metricName?: string;
  labels: Record<string, string>;
  value: number;
}

/** A metric with its samples, in the form that prom-client prints. */
export interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  values: Sample[];
}

const SECONDS = 1e-9;

/** Returns all metrics of one answer of the guest. */
export function familiesOf(guest: GuestStatistics): Family[] {
  return [
    ...[...gaugesOf(guest), ...countersOf(guest), ...histogramsOf(guest)],
    ...journalFamiliesOf(guest),
  ];
}

/** Returns the metrics of the journal, or none without `--data`. */
function journalFamiliesOf({ journal }: GuestStatistics): Family[] {
  if (journal === undefined) return [];
  const { writing, bytes, segments, failures } = journal;
  return [
    gauge(
      "pollcast_journal_writing",
      "1 while the journal is written, 0 while messages are only in memory.",
      writing ? 1 : 0,
    ),
    gauge("pollcast_journal_bytes", "Bytes of the journal's segment files.", bytes),
    gauge("pollcast_journal_segments", "Segment files of the journal.", segments),
    counter("pollcast_journal_failures_total", "Failed writes of the journal.", failures),
  ];
}

function gaugesOf(guest: GuestStatistics): Family[] {
  return [
    gauge("pollcast_people", "Users that are connected.", guest.people),
    gauge("pollcast_rooms", "Rooms that exist.", guest.rooms),
    gauge(
      "pollcast_memberships",
      "Memberships: a user in two rooms counts twice.",
      guest.memberships,
    ),
    gauge(
      "pollcast_connections",
      "Connections, including those that are closing.",
      guest.connections,
    ),
    gauge("pollcast_queue_bytes", "Bytes queued for all clients.", guest.owed),
    gauge(
      "pollcast_queue_bytes_worst",
      "Bytes queued for the client with the most.",
      guest.owed_most,
    ),
    gauge("pollcast_memory_bytes", "Memory of the guest in bytes.", guest.memory),
    gauge("pollcast_chunk_bytes", "Memory of the chunks of bytes to send.", guest.chunks),
    gauge(
      "pollcast_uptime_seconds",
      "Seconds since the guest was started.",
      guest.uptime * SECONDS,
    ),
    gauge(
      "pollcast_loop_slowest_tick_seconds",
      "Longest tick since the guest was started, without its wait.",
      guest.loop.working.most * SECONDS,
    ),
  ];
}

function countersOf({ loop, ...guest }: GuestStatistics): Family[] {
  return [
    counter(
      "pollcast_connections_accepted_total",
      "Accepted connections, refused ones included.",
      guest.accepted,
    ),
    counter("pollcast_messages_total", "Messages that clients sent to rooms.", guest.messages),
    counter(
      "pollcast_messages_written_total",
      "Renderings of messages: one for each room and protocol.",
      guest.messages_written,
    ),
    counter(
      "pollcast_deliveries_total",
      "Delivered messages: one for each message and client.",
      guest.deliveries,
    ),
    counter("pollcast_received_bytes_total", "Bytes read from clients.", guest.bytes_in),
    counter(
      "pollcast_sent_bytes_total",
      "Bytes that the sockets of clients took.",
      guest.sends.sum,
    ),
    counter("pollcast_reads_total", "Reads of sockets that returned bytes.", guest.reads),
    labelled("pollcast_closed_total", "Closed connections, by reason.", "reason", guest.closed),
    labelled(
      "pollcast_limits_total",
      "Times that a limit delayed or refused a client, by limit.",
      "limit",
      guest.limits,
    ),
    counter("pollcast_loop_ticks_total", "Ticks: iterations of the event loop.", loop.ticks),
    counter("pollcast_loop_polls_total", "Requests to the host for ready descriptors.", loop.polls),
    counter("pollcast_host_calls_total", "Calls of host functions.", loop.host_calls),
    counter(
      "pollcast_loop_waiting_seconds_total",
      "Seconds that the event loop has waited.",
      loop.waiting * SECONDS,
    ),
  ];
}

function histogramsOf({ loop, sends }: GuestStatistics): Family[] {
  return [
    histogram(
      "pollcast_loop_tick_seconds",
      "Working time of each tick, without its wait.",
      loop.working,
      SECONDS,
    ),
    histogram(
      "pollcast_loop_lag_seconds",
      "Delay of each timer after its deadline.",
      loop.lag,
      SECONDS,
    ),
    histogram("pollcast_loop_ready_keys", "Ready keys in each tick.", loop.ready),
    histogram("pollcast_send_bytes", "Bytes of each send.", sends),
  ];
}

/** Makes a gauge: a value that can rise and fall. */
export function gauge(name: string, help: string, value: number): Family {
  return { name, help, type: "gauge", values: [{ labels: {}, value }] };
}

/** Makes a counter: a value that only grows. */
export function counter(name: string, help: string, value: number): Family {
  return { name, help, type: "counter", values: [{ labels: {}, value }] };
}

function labelled(
  name: string,
  help: string,
  label: string,
  counts: Record<string, number>,
): Family {
  const values = Object.entries(counts).map(([key, value]) => ({
    labels: { [label]: key },
    value,
  }));
  return { name, help, type: "counter", values };
}

/**
 * Makes a histogram.
 *
 * @param scale the factor from the guest's unit to the metric's, such as 1e-9 for nanoseconds
 */
function histogram(name: string, help: string, found: GuestHistogram, scale = 1): Family {
  const values: Sample[] = [];
  let below = 0;
  found.counts.forEach((count, at) => {
    below += count;
    const bound = found.bounds[at];
    const le = bound === undefined ? "+Inf" : String(Number((bound * scale).toPrecision(12)));
    values.push({ metricName: `${name}_bucket`, labels: { le }, value: below });
  });
  values.push({ metricName: `${name}_sum`, labels: {}, value: found.sum * scale });
  values.push({ metricName: `${name}_count`, labels: {}, value: below });
  return { name, help, type: "histogram", values };
}
