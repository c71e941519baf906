/**
 * The signals that end the launcher, as requests, each stronger than the one before: drain (where
 * SIGTERM shall mean that), stop, and (when asked again) hurry. SIGHUP reads the configuration
 * again, where there is one to be read; otherwise it stops, too.
 *
 * Under `npm start` one Ctrl-C arrives twice: the terminal sends it to every process of the
 * foreground group, and npm hands its own copy on. Two signals so close together are one request.
 */
import fs from "node:fs";

/** No human presses twice within this; npm's copy comes well within it. */
export const SAME_REQUEST_MS = 500;

/** How often to look whether npm is still there. */
const PARENT_LOOK_INTERVAL_MS = 500;

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];
/** What the log calls them. */
const WORDS: Record<StopSignal, string> = {
  SIGINT: "Ctrl-C (SIGINT)",
  SIGTERM: "SIGTERM",
  SIGHUP: "SIGHUP, which reads nothing again without a configuration file",
};

export interface StopRequests {
  /** Aborts at the first SIGTERM, if that shall drain. Each has for its reason what asked. */
  readonly drain: AbortSignal;
  /** Aborts at the first request, or at the one after a drain. */
  readonly stop: AbortSignal;
  /** Aborts at the one after that. */
  readonly hurry: AbortSignal;
  /** Whether SIGTERM drains first. */
  drainsFirst: boolean;
  /** What SIGHUP does instead of stopping. */
  reload: (() => void) | undefined;
  dispose(): void;
}

export interface SignalSource extends NodeJS.EventEmitter {
  readonly ppid: number;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: { readonly isTTY?: boolean };
}

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

/** Whether it was a terminal's end that sent SIGHUP: then there is none any more. */
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
 * npx hands signals to the shell it started us with, and that shell dies of them without passing
 * them on. So, started by npm, we take the loss of our parent for the signal it must have been.
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
