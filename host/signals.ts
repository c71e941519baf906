/**
 * The signals that end the launcher, as two requests: stop, and (when asked again) hurry.
 *
 * Under `npm start` one Ctrl-C arrives twice: the terminal sends it to every process of the
 * foreground group, and npm hands its own copy on. Two signals so close together are one request.
 */

/** No human presses twice within this; npm's copy comes well within it. */
export const SAME_REQUEST_MS = 500;

/** How often to look whether npm is still there. */
const PARENT_LOOK_INTERVAL_MS = 500;

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface StopRequests {
  /** Aborts at the first request. */
  readonly stop: AbortSignal;
  /** Aborts at the second. */
  readonly hurry: AbortSignal;
  dispose(): void;
}

export interface SignalSource extends NodeJS.EventEmitter {
  readonly ppid: number;
  readonly env: NodeJS.ProcessEnv;
}

export function listenForStop(source: SignalSource = process): StopRequests {
  const stop = new AbortController();
  const hurry = new AbortController();
  let requestedAt = 0;
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      requestedAt = performance.now();
      stop.abort();
    } else if (performance.now() - requestedAt >= SAME_REQUEST_MS) {
      hurry.abort();
    }
  };
  for (const signal of STOP_SIGNALS) source.on(signal, onSignal);
  const watch = watchParent(source, onSignal);
  return {
    stop: stop.signal,
    hurry: hurry.signal,
    dispose() {
      for (const signal of STOP_SIGNALS) source.off(signal, onSignal);
      clearInterval(watch);
    },
  };
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
