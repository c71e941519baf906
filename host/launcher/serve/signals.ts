/**
 * Translates signals to requests, each stronger than the one before: drain (SIGTERM, where
 * configured), stop, and hurry (at a repeated request). SIGHUP reloads the configuration if there
 * is a file; otherwise it stops, too.
 *
 * Under `npm start` one Ctrl-C arrives twice: the terminal signals the whole foreground group, and
 * npm forwards its own copy. Two signals in quick succession are one request.
 */
import fs from "node:fs";

/**
 * The time in milliseconds within which two signals are one request. No user presses Ctrl-C twice
 * that fast; npm's copy arrives sooner.
 */
export const SAME_REQUEST_MS = 500;

/** The interval in milliseconds at which the parent process is checked. */
const PARENT_LOOK_INTERVAL_MS = 500;

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];
/** The names of signals in the log. */
const WORDS: Record<StopSignal, string> = {
  SIGINT: "Ctrl-C (SIGINT)",
  SIGTERM: "SIGTERM",
  SIGHUP: "SIGHUP, which reads nothing again without a configuration file",
};

export interface StopRequests {
  /**
   * Aborts at the first SIGTERM, if `drainsFirst`. The `reason` of each AbortSignal here is the
   * cause, as text for the log.
   */
  readonly drain: AbortSignal;
  /** Aborts at the first request, or at the second if the first one drains. */
  readonly stop: AbortSignal;
  /** Aborts at the first request after the one that aborts `stop`. */
  readonly hurry: AbortSignal;
  /** True if SIGTERM drains before it stops. */
  drainsFirst: boolean;
  /** Called at SIGHUP. undefined: SIGHUP stops. */
  reload: (() => void) | undefined;
  dispose(): void;
}

export interface SignalSource extends NodeJS.EventEmitter {
  readonly ppid: number;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: { readonly isTTY?: boolean };
}

/** Installs the signal handlers, until `dispose`. */
export function listenForStop(source: SignalSource = process): StopRequests {
  const [drain, stop, hurry] = [
    new AbortController(),
    new AbortController(),
    new AbortController(),
  ];
  let requestedAt = -Infinity;
  const onSignal = (signal?: StopSignal): void => {
    if (signal === "SIGHUP" && requests.reload !== undefined && !hasHungUp(source)) {
      requests.reload();
      return;
    }
    if (performance.now() - requestedAt < SAME_REQUEST_MS) return;
    requestedAt = performance.now();
    const isFirst = !drain.signal.aborted && !stop.signal.aborted;
    const why = signal === undefined ? "npm has ended" : WORDS[signal];
    if (isFirst && signal === "SIGTERM" && requests.drainsFirst) drain.abort(why);
    else if (!stop.signal.aborted) stop.abort(why);
    else hurry.abort(why);
  };
  for (const signal of STOP_SIGNALS) source.on(signal, onSignal);
  const watch = watchParent(source, onSignal);
  const requests: StopRequests = {
    ...{ drain: drain.signal, stop: stop.signal, hurry: hurry.signal },
    ...{ drainsFirst: false, reload: undefined },
    dispose() {
      for (const signal of STOP_SIGNALS) source.off(signal, onSignal);
      clearInterval(watch);
    },
  };
  return requests;
}

/** Returns true if SIGHUP came from the end of the terminal: then /dev/tty cannot be opened. */
function hasHungUp({ stdin }: SignalSource): boolean {
  if (stdin?.isTTY !== true) return false;
  try {
    fs.closeSync(fs.openSync("/dev/tty", "r"));
    return false;
  } catch {
    return true;
  }
}

/**
 * Watches the parent process if npm has started this one. npx forwards signals to the shell that it
 * started, and that shell dies without forwarding them. So the loss of the parent counts as a
 * signal.
 */
function watchParent(source: SignalSource, onLoss: () => void): NodeJS.Timeout | undefined {
  if (source.env["npm_lifecycle_event"] === undefined) return undefined;
  const parent = source.ppid;
  const watch = setInterval(() => {
    if (source.ppid === parent) return;
    clearInterval(watch);
    onLoss();
  }, PARENT_LOOK_INTERVAL_MS);
  return watch.unref();
}
