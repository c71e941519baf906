/** What the guest's `stats` has for programs: assembly/chat/admin/statistics.ts writes it. */

/** One count more than bounds: of what is larger. */
export interface GuestHistogram {
  bounds: number[];
  counts: number[];
  sum: number;
  most: number;
}

/** Times are nanoseconds; counts are since the guest's start. */
export interface GuestStatistics {
  uptime: number;
  stopping: boolean;
  selector: string;
  people: number;
  rooms: number;
  connections: number;
  /** Connections that are closed, and which the host still has. */
  accepted: number;
  messages: number;
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
  /** With `--data`. */
  journal?: {
    writing: boolean;
    bytes: number;
    segments: number;
    failures: number;
    trouble: string;
  };
}
