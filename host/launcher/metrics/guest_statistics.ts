/**
 * The object that the guest's command `stats` returns. assembly/chat/admin/statistics.ts writes it.
 */

/**
 * A histogram. `counts` has one element more than `bounds`: the count of the values above the last
 * bound.
 */
export interface GuestHistogram {
  bounds: number[];
  counts: number[];
  sum: number;
  most: number;
}

/** The statistics of a guest. Times are in nanoseconds; counters begin at the guest's start. */
export interface GuestStatistics {
  uptime: number;
  stopping: boolean;
  selector: string;
  people: number;
  rooms: number;
  /** The users of all rooms together: a user in two rooms counts twice. */
  memberships: number;
  connections: number;
  /** The number of connections accepted since the start. */
  accepted: number;
  messages: number;
  /** The number of times that messages were written: once for each broadcast group. */
  messages_written: number;
  deliveries: number;
  reads: number;
  bytes_in: number;
  sends: GuestHistogram;
  owed: number;
  owed_most: number;
  owed_most_name: string;
  closed: Record<string, number>;
  limits: Record<string, number>;
  loop: {
    ticks: number;
    polls: number;
    host_calls: number;
    waiting: number;
    ready: GuestHistogram;
    working: GuestHistogram;
    lag: GuestHistogram;
  };
  memory: number;
  chunks: number;
  /** The state of the journal; only with `--data`. */
  journal?: {
    writing: boolean;
    bytes: number;
    segments: number;
    failures: number;
    trouble: string;
  };
}
