/**
 * Serves one program: its listeners, a runtime, and a supervised guest between them.
 *
 * The port is tried first, since that is the commonest thing to be wrong; but it is not kept while
 * a wasmtime is being provided: clients would wait for minutes on a server that is not there yet.
 */
import type { Program } from "./bare/programs.mjs";
import type { ServeOptions } from "./config.js";
import { ConsoleInput, type ConsoleOutput, PassedConsole } from "./console.js";
import { type Desk, openDesk } from "./control/desk.js";
import { launchGuest, type Guest, type LaunchOptions } from "./launch.js";
import { closeAll, listenerArguments, openListeners, type OpenListener } from "./listeners.js";
import { Log, usesJson } from "./log.js";
import { findModule } from "./programs.js";
import { chooseRuntime } from "./runtime.js";
import type { StopRequests } from "./signals.js";
import { supervise } from "./supervise.js";
import { precompile, type Precompiled } from "./wasmtime/precompile.js";

const MEBIBYTE = 1024 * 1024;

/** The user's end of the console. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: ConsoleOutput;
  errors: ConsoleOutput;
}

/** @returns the exit code */
export async function serve(
  program: Program,
  programArguments: readonly string[],
  options: ServeOptions,
  requests: StopRequests,
  terminal: Terminal,
): Promise<number> {
  const module = findModule(program);
  const { errors } = terminal;
  const json = usesJson(options.logFormat ?? "text", errors.terminal !== undefined);
  const log = new Log(errors, json);
  const say = (line: string): void => log.say("runtime", line);
  const wasmtime = await chooseRuntime(options, {
    signal: requests.stop,
    say,
    beforeProviding: async () => closeAll(await openListeners(options)),
  });
  requests.stop.throwIfAborted();
  const launch =
    wasmtime === undefined || options.precompile === false
      ? launchGuest
      : compiledLaunch(await precompile({ wasmtime, module, say, signal: requests.stop }));

  const listeners = await openListeners(options);
  let desk: Desk | undefined;
  try {
    desk = await deskFor(options, listeners, log, terminal);
    const { console, arguments: controlArguments } = desk;
    return await supervise({
      name: program.name,
      launch: () =>
        launch({
          wasmtime,
          module,
          // Told to end at the end of its console, the guest does not outlive us, however we end.
          args: [
            ...listenerArguments(listeners),
            "--stop-at-eof",
            ...controlArguments,
            ...programArguments,
          ],
          listeners: listeners.map(({ fd }) => fd),
          admitted: listeners.map(({ proxied }) => (proxied ? options.proxyFrom : undefined)),
          maxMemoryBytes: options.maxMemory * MEBIBYTE,
        }),
      console,
      log,
      requests,
    });
  } finally {
    await desk?.close();
    await closeAll(listeners);
  }
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

/** Launches the compiled form for as long as that does. */
function compiledLaunch(precompiled: Precompiled): (options: LaunchOptions) => Guest {
  return (options) => {
    const compiled = precompiled.current();
    const guest = launchGuest({ ...options, compiled });
    if (compiled !== undefined) void guest.exited.then(({ code }) => precompiled.ended(code));
    return guest;
  };
}
