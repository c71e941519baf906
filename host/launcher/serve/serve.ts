/**
 * Serves one program: its listeners, a runtime, and a supervised guest between them.
 *
 * The port is tried first, since that is the commonest thing to be wrong; but it is not kept while
 * a wasmtime is being provided: clients would wait on a server that is not there yet.
 */
import { type HandedIn, handedInSockets } from "./activation.js";
import type { ServeOptions } from "../base/config.js";
import { sayingHowToConnect } from "./connect_hint.js";
import { ConsoleInput, type ConsoleOutput, PassedConsole } from "../guest/console.js";
import type { Answer } from "../control/channel.js";
import { type Desk, openDesk } from "./desk.js";
import type { Asker } from "../control/operator.js";
import { type DataDirectory, openDataDirectory } from "./data_directory.js";
import { Drain } from "./drain.js";
import { DATA_NAME, type Guest } from "../guest/launch.js";
import {
  closeAll,
  listenArguments,
  listenerArguments,
  openListeners,
  type OpenListener,
} from "./listeners.js";
import { launcherOf } from "./launch_form.js";
import { Log, type LogLevel, usesJson } from "../guest/log.js";
import type { Configuration } from "../options/resolve.js";
import type { Runnable } from "../base/runnable.js";
import { Reloader } from "./reload.js";
import { chooseRuntime } from "./choose_runtime.js";
import type { StopRequests } from "./signals.js";
import { supervise } from "./supervise.js";
import { Watchdog } from "./watchdog.js";
import { precompile } from "../wasmtime/precompile.js";

const MEBIBYTE = 1024 * 1024;
const ROOT = 0;
/** Options that say where to listen. */
const PLACES = ["host", "port", "listen", "listen-proxy"] as const;

/** The user's end of the console. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: ConsoleOutput;
  errors: ConsoleOutput;
}

/** What is to be served, and how. */
export interface Served {
  program: Runnable;
  /** For the module. */
  arguments: readonly string[];
  options: ServeOptions;
  /** Of the chat: how that came about, and how it is found out again. */
  configured?: {
    configuration: Configuration;
    /** @throws UserError */
    reread: () => Configuration;
    /** There is a file that may change. */
    hasFile: boolean;
  };
}

/** @returns the exit code */
export async function serve(
  served: Served,
  requests: StopRequests,
  terminal: Terminal,
): Promise<number> {
  const { program, options } = served;
  const { errors } = terminal;
  const json = usesJson(options.logFormat ?? "text", errors.terminal !== undefined);
  const log = new Log(errors, json, options.logFormat !== undefined);
  const say = (line: string, level?: LogLevel): void => log.say("runtime", line, level);
  const isReloadWanted = noteEarlyReload(served, requests);
  const handedIn = takeHandedIn(served, log);
  const chosen = await chooseRuntime(options, {
    abis: program.formsOf(options.abi, handedIn.length > 0),
    signal: requests.stop,
    say,
    // Those that were handed in are ours already, and would be lost.
    beforeProviding: async () =>
      handedIn.length > 0 ? undefined : closeAll(await openListeners(options)),
  });
  requests.stop.throwIfAborted();
  const { wasmtime, abi } = chosen ?? { wasmtime: undefined, abi: undefined };
  const module = program.pathOf(abi);
  const precompiled =
    wasmtime === undefined || options.precompile === false || !program.isOurs
      ? undefined
      : await precompile({ wasmtime, module, say, signal: requests.stop });
  const listeners = await openListeners(options, handedIn);
  const launcher = launcherOf(precompiled, abi === "p3" && program.isOurs);
  const launch = options.setup ? sayingHowToConnect(launcher, listeners, say) : launcher;
  let desk: Desk | undefined;
  let data: DataDirectory | undefined;
  // A component opens them again, by itself: tried here, they are free, and their ports are known.
  if (abi === "p3") await closeAll(listeners);
  try {
    if (options.data !== undefined)
      data = await openDataDirectory(options.data, { say, signal: requests.stop });
    desk = await deskFor(options, listeners, log, terminal);
    if (!program.isOurs) sayWhere(program, listeners, log);
    // Told to end at the end of its console, the guest does not outlive us, however we end.
    const fixed = program.isOurs
      ? [...listenerArguments(listeners, abi), "--stop-at-eof", ...desk.arguments]
      : listenArguments(listeners, abi);
    if (data !== undefined) fixed.push("--data", DATA_NAME);
    const live = liveOf(served, { desk, listeners, log, requests, module: program.pathOf() });
    if (isReloadWanted()) requests.reload?.();
    if (served.configured !== undefined && process.getuid?.() === ROOT)
      log.say("root", "root serves: a user of its own would do, and could do less", "warning");
    const start = (): Guest =>
      launch({
        ...{ wasmtime, module, abi, directory: data?.path, traces: options.traces },
        args: [...fixed, ...(live?.reloader.chatArguments ?? served.arguments)],
        listeners: abi === "p3" ? [] : listeners.map(({ fd }) => fd),
        admitted: listeners.map(({ proxied }) => (proxied ? options.proxyFrom : undefined)),
        maxMemoryBytes: options.maxMemory * MEBIBYTE,
      });
    return await supervise({
      ...{ name: program.name, isOurs: program.isOurs },
      launch: () => live?.watchdog.watched(start()) ?? start(),
      ...{ console: desk.console, log, requests, retreat: live?.retreat },
    });
  } finally {
    await desk?.close();
    data?.close();
    await closeAll(listeners);
  }
}

/** A program of the user's may say nothing of it, and a module cannot know. */
function sayWhere({ name }: Runnable, listeners: readonly OpenListener[], log: Log): void {
  const addresses = listeners.map(({ address }) => address).join(", ");
  log.say("listening", `${name}: listening on ${addresses}`);
}

/** A reload that is asked for during the start is done once the chat is served. */
function noteEarlyReload({ configured }: Served, requests: StopRequests): () => boolean {
  let isWanted = false;
  if (configured?.hasFile === true) requests.reload = () => void (isWanted = true);
  return () => isWanted;
}

/** Whoever has said where to listen, too, should know that it is not done. */
function takeHandedIn({ configured }: Served, log: Log): HandedIn[] {
  const handedIn = handedInSockets(process.env, process.pid);
  for (const name of handedIn.length > 0 ? PLACES : []) {
    const chosen = configured?.configuration.chosen.get(name);
    if (chosen === undefined || chosen.source === "default") continue;
    const why = "the sockets that were handed in (LISTEN_FDS) are served instead";
    log.say("place-unused", `${name} (${chosen.where}) is not used: ${why}`, "warning");
  }
  return handedIn;
}

interface Parts {
  desk: Desk;
  listeners: readonly OpenListener[];
  log: Log;
  module: string;
  requests: StopRequests;
}

/** What can be changed while the chat is served: its options, and that it goes on. */
function liveOf({ configured }: Served, { desk, listeners, requests, ...parts }: Parts) {
  const { channel, operator } = desk;
  if (configured === undefined || channel === undefined) return undefined;
  const reloader = new Reloader({ ...parts, ...configured, channel });
  const drain = new Drain(channel, listeners);
  const reload = async (asker?: Asker): Promise<Answer> => {
    const answer = await reloader.reload(asker);
    requests.drainsFirst = reloader.drainSeconds > 0;
    return answer;
  };
  requests.drainsFirst = reloader.drainSeconds > 0;
  if (configured.hasFile) requests.reload = () => void reload();
  operator?.add("reload", {
    usage: "reload",
    help: "reads the configuration again, and changes what can be changed live",
    run: (_, asker) => reload(asker),
  });
  // The guest's own, with more to do.
  operator?.add("drain", { usage: "", help: "", run: (seconds) => drain.begin(seconds) });
  const seconds = (): number => reloader.drainSeconds;
  const watchdog = new Watchdog({
    channel,
    log: parts.log,
    seconds: () => reloader.watchdogSeconds,
  });
  return { reloader, watchdog, retreat: { drain, requested: requests.drain, seconds } };
}

/** The tutorial's programs have a console of their own, which is passed on as it is. */
async function deskFor(
  options: ServeOptions,
  listeners: readonly OpenListener[],
  log: Log,
  terminal: Terminal,
): Promise<Desk> {
  if (options.logFormat !== undefined) return openDesk(options, listeners, log, terminal);
  const console = new PassedConsole(new ConsoleInput(terminal.input), terminal.output);
  const close = async (): Promise<void> => {
    console.close();
    return Promise.resolve();
  };
  return { console, arguments: [], close };
}
