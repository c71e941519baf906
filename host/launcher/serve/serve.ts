/**
 * Serves one program: opens the listeners, chooses a runtime, and supervises the guest.
 *
 * A port in use is the most common failure, so the listeners are tried first. They are closed again
 * while a wasmtime is being provided, because clients would connect to a server that does not
 * answer yet.
 */
import { type HandedIn, handedInSockets } from "./activation.js";
import type { ServeOptions } from "../base/config.js";
import { sayingHowToConnect } from "./connect_hint.js";
import { ConsoleInput, type ConsoleOutput, PassedConsole } from "../guest/console.js";
import type { Answer } from "../control/channel.js";
import { type OperatorAccess, openOperatorAccess } from "./operator_access.js";
import type { Asker } from "../control/operator.js";
import { type DataDirectory, openDataDirectory } from "./data_directory.js";
import { readMotd } from "./motd.js";
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
/** The options for listeners. */
const PLACES = ["host", "port", "listen", "listen-proxy", "listen-irc"] as const;

/** The streams of the user's terminal. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: ConsoleOutput;
  errors: ConsoleOutput;
}

/** The program to serve, and how. */
export interface Served {
  program: Runnable;
  /** Arguments for the module. */
  arguments: readonly string[];
  options: ServeOptions;
  /** Only for the chat: its configuration, and a way to read it again. */
  configured?: {
    configuration: Configuration;
    /** @throws UserError */
    reread: () => Configuration;
    /** True if there is a configuration file, which may change. */
    hasFile: boolean;
  };
}

/**
 * Serves until the guest has ended for good, or a stop is requested.
 *
 * @returns the exit code
 * @throws UserError if the start fails
 */
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
    // Sockets of LISTEN_FDS are open already, and closing them would lose them.
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
  let access: OperatorAccess | undefined;
  let data: DataDirectory | undefined;
  // A component opens the sockets itself. They were opened here to report errors early and to learn
  // the ports.
  if (abi === "p3") await closeAll(listeners);
  try {
    if (options.data !== undefined)
      data = await openDataDirectory(options.data, { say, signal: requests.stop });
    access = await accessFor(options, listeners, log, terminal);
    if (!program.isOurs) sayWhere(program, listeners, log);
    // The guest ends when its stdin ends. The OS closes that pipe however the launcher ends, so no
    // guest outlives its launcher.
    const fixed = program.isOurs
      ? [...listenerArguments(listeners, abi), "--stop-at-eof", ...access.arguments]
      : listenArguments(listeners, abi);
    if (data !== undefined) fixed.push("--data", DATA_NAME);
    if (options.motd !== undefined) fixed.push("--motd-text", readMotd(options.motd));
    const live = liveOf(served, { access, listeners, log, requests, module: program.pathOf() });
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
      ...{ console: access.console, log, requests, draining: live?.draining },
    });
  } finally {
    await access?.close();
    data?.close();
    await closeAll(listeners);
  }
}

/**
 * Logs the addresses. The launcher logs the addresses: a user's program may not print them, and a
 * module does not know them.
 */
function sayWhere({ name }: Runnable, listeners: readonly OpenListener[], log: Log): void {
  const addresses = listeners.map(({ address }) => address).join(", ");
  log.say("listening", `${name}: listening on ${addresses}`);
}

/** Remembers a SIGHUP during the start. The reload follows once the chat is served. */
function noteEarlyReload({ configured }: Served, requests: StopRequests): () => boolean {
  let isWanted = false;
  if (configured?.hasFile === true) requests.reload = () => void (isWanted = true);
  return () => isWanted;
}

/**
 * Takes the sockets of LISTEN_FDS, and logs each option about listeners that has no effect then.
 */
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
  access: OperatorAccess;
  listeners: readonly OpenListener[];
  log: Log;
  module: string;
  requests: StopRequests;
}

/** Sets up reload, drain and watchdog for the chat. Returns undefined for other programs. */
function liveOf({ configured }: Served, { access, listeners, requests, ...parts }: Parts) {
  const { channel, operator } = access;
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
  // The guest has this command, too. This one also closes the launcher's listeners.
  operator?.add("drain", { usage: "", help: "", run: (seconds) => drain.begin(seconds) });
  const seconds = (): number => reloader.drainSeconds;
  const watchdog = new Watchdog({
    channel,
    log: parts.log,
    seconds: () => reloader.watchdogSeconds,
  });
  return { reloader, watchdog, draining: { drain, requested: requests.drain, seconds } };
}

/**
 * Opens the operators' access for the chat. For other programs, it connects the terminal to the
 * guest directly.
 */
async function accessFor(
  options: ServeOptions,
  listeners: readonly OpenListener[],
  log: Log,
  terminal: Terminal,
): Promise<OperatorAccess> {
  if (options.logFormat !== undefined) return openOperatorAccess(options, listeners, log, terminal);
  const console = new PassedConsole(new ConsoleInput(terminal.input), terminal.output);
  const close = async (): Promise<void> => {
    console.close();
    return Promise.resolve();
  };
  return { console, arguments: [], close };
}
