/** The commands, their options and their help. What they do is elsewhere. */
import { Command, Option } from "commander";
import { PROGRAMS } from "./bare/programs.mjs";
import {
  type Address,
  DEFAULT_HOST,
  DEFAULT_MEMORY_MIB,
  DEFAULT_PORT,
  parseAddress,
  parseChatOption,
  parseClients,
  parseHost,
  parseLine,
  parseMemory,
  parseNetworks,
  parsePort,
  parseRuntime,
  RUNTIMES,
  type ServeOptions,
} from "./config.js";
import { boundsOf, chatOptions, isBuilt } from "./chat_options.js";
import { doctor } from "./doctor.js";
import { EXIT } from "./errors.js";
import { findProgram, packageVersion } from "./programs.js";
import { serve, type Terminal } from "./serve.js";
import type { StopRequests } from "./signals.js";
import { DEFAULT_LINE, type Line, LINES } from "./wasmtime/pinned.js";
import { RELEASES } from "./wasmtime/release.js";
import { provide } from "./wasmtime/provide.js";

export interface Surroundings {
  terminal: Terminal;
  requests: StopRequests;
  /** Called with the exit code of whatever was run. */
  ended: (exitCode: number) => void;
}

export function buildProgram(surroundings: Surroundings): Command {
  const program = new Command("pollcast")
    .description("A chat server whose event loop runs inside a WebAssembly sandbox.")
    .version(packageVersion(), "-V, --version")
    .helpCommand(false)
    .addHelpText("after", example("pollcast serve --host ::1 --port 7000"));
  for (const command of [
    serveCommand(surroundings),
    runCommand(surroundings),
    setupCommand(surroundings),
    doctorCommand(surroundings),
  ]) {
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) {
    // Errors are told by cli.ts, in its own form, and end there.
    command.exitOverride().configureOutput({ outputError: () => undefined });
    command.showSuggestionAfterError(true).allowExcessArguments(command.name() === "run");
  }
  return program;
}

function serveCommand({ terminal, requests, ended }: Surroundings): Command {
  const command = listeningOnMore(new Command("serve")).description("serve the chat");
  // What is not built is said by the action; which options there would be is not known.
  if (!isBuilt()) command.allowUnknownOption();
  for (const option of isBuilt() ? chatOptions() : []) {
    const { name, placeholder, help } = option;
    const flags = placeholder === "" ? `--${name}` : `--${name} <${placeholder}>`;
    command.addOption(
      new Option(flags, `${help} (${boundsOf(option)})`).argParser((text) =>
        parseChatOption(option, text),
      ),
    );
  }
  return command
    .addHelpText(
      "after",
      example("pollcast serve --port 7000 --time-zone +01:00 --max-clients 500"),
    )
    .action(async (options: ServeOptions & Record<string, unknown>) => {
      const chat = findProgram("chat");
      ended(await serve(chat, chatArguments(options), options, requests, terminal));
    });
}

/** The chat's options, as its module takes them. */
function chatArguments(options: Record<string, unknown>): string[] {
  return chatOptions().flatMap(({ name }) => {
    const value = options[new Option(`--${name}`).attributeName()];
    if (value === true) return [`--${name}`];
    return typeof value === "string" ? [`--${name}`, value] : [];
  });
}

function runCommand({ terminal, requests, ended }: Surroundings): Command {
  const programs = PROGRAMS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`);
  return (
    listening(new Command("run"))
      .description("run one of the tutorial's programs")
      .argument("<program>", "see below")
      .argument("[args...]", "for the program")
      // What is not ours is the program's, which knows best what to say of it.
      .allowUnknownOption()
      .addHelpText("after", `\nPrograms:\n${programs.join("\n")}`)
      .addHelpText("after", example("pollcast run --port 7000 io-models multiplexed"))
      .action(async (name: string, args: string[], options: ServeOptions) => {
        ended(await serve(findProgram(name), args, options, requests, terminal));
      })
  );
}

function setupCommand({ terminal, requests, ended }: Surroundings): Command {
  return new Command("setup")
    .description("provide a wasmtime in the cache directory")
    .addOption(
      new Option("--line <LINE>", `which: ${Object.keys(LINES).join(", ")} (default: 36)`)
        .default(DEFAULT_LINE)
        .argParser(parseLine),
    )
    .addHelpText(
      "after",
      `\nLines:\n  36  wasmtime ${LINES[36].version}, which runs all we have` +
        `\n  48  wasmtime ${LINES[48].version}, newer, which runs components alone (WASI 0.2)`,
    )
    .addHelpText(
      "after",
      "\nEnvironment:\n  XDG_CACHE_HOME     where the cache directory is (default: ~/.cache)" +
        `\n  POLLCAST_RELEASES  where releases are described (default: ${RELEASES})`,
    )
    .addHelpText("after", example("XDG_CACHE_HOME=/var/cache pollcast setup --line 48"))
    .action(async ({ line }: { line: Line }) => {
      const say = (words: string): void => void terminal.errors.write(`pollcast: ${words}\n`);
      const binary = await provide({ line, say, signal: requests.stop });
      terminal.output.write(`${binary}\n`);
      ended(EXIT.ok);
    });
}

function doctorCommand({ terminal, ended }: Surroundings): Command {
  return listening(new Command("doctor"))
    .description("what is found, what is missing, what to type")
    .addOption(
      new Option("--max-clients <N>", "clients to be served at once").argParser(parseClients),
    )
    .addHelpText("after", example("pollcast doctor --port 7000"))
    .action(async (options: ServeOptions & { maxClients?: number }) => {
      const { report, ready } = await doctor(options);
      terminal.output.write(report);
      ended(ready ? EXIT.ok : EXIT.notReady);
    });
}

/** The options of what may listen in several places. */
function listeningOnMore(command: Command): Command {
  const place = (flag: string, help: string): Option =>
    new Option(`${flag} <HOST:PORT>`, help)
      .argParser<Address[]>((text, before) => parseAddress(flag, text, before))
      .conflicts(["host", "port"]);
  return listening(command)
    .addOption(place("--listen", "where to listen; may be given several times"))
    .addOption(
      place("--listen-proxy", "the same, behind a proxy that says who connects (PROXY v1, v2)"),
    )
    .addOption(
      new Option("--proxy-from <CIDR,...>", "who may connect there; on the Node runtime").argParser(
        (text) => parseNetworks("--proxy-from", text),
      ),
    );
}

/** The options of everything that listens. */
function listening(command: Command): Command {
  return command
    .addOption(
      new Option("--host <ADDRESS>", "where to listen, IPv4 or IPv6")
        .default(DEFAULT_HOST)
        .argParser(parseHost),
    )
    .addOption(
      new Option("--port <PORT>", "0 lets the system pick one")
        .default(DEFAULT_PORT)
        .argParser(parsePort),
    )
    .addOption(
      new Option("--max-memory <MIB>", "memory the module may have")
        .default(DEFAULT_MEMORY_MIB)
        .argParser(parseMemory),
    )
    .addOption(
      new Option("--runtime <RUNTIME>", `what runs the module: ${RUNTIMES.join(", ")}`)
        .default(RUNTIMES[0])
        .argParser(parseRuntime),
    )
    .option("--wasmtime <PATH>", "the wasmtime to use, instead of looking for one")
    .option("--setup", "provide a wasmtime first if none is at hand, as setup does; else Node")
    .option("--no-precompile", "compile the module at each start, and keep nothing in the cache");
}

function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}
