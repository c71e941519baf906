/** The commands of pollcast, with their options and helps. Other files do the work. */
import { Command, Option } from "commander";
import { PROGRAMS } from "../bootstrap/programs.mjs";
import type { ServeOptions } from "./base/config.js";
import { checkOptions } from "./serve/contradictions.js";
import { connectCommand } from "./connect/command.js";
import { ctl, type CtlOptions } from "./control/ctl.js";
import { doctor } from "./doctor.js";
import { EXIT, usage, UserError } from "./base/errors.js";
import { historyCommand } from "./history/command.js";
import { askModule } from "./options/ask_module.js";
import { chatSettings, isBuilt } from "./options/chat.js";
import { addFlags, givenFlags } from "./options/flags.js";
import { type Setting, wholeNumber } from "./options/kinds.js";
import {
  listeningSettings,
  portSetting,
  runningSettings,
  servingSettings,
} from "./options/launcher.js";
import { type Configuration, resolve, strangeVariables } from "./options/resolve.js";
import { showConfiguration } from "./options/show.js";
import { findModule, findProgram, formsOf, packageVersion } from "./base/programs.js";
import { namesFile, ofFile, ofPackage } from "./base/runnable.js";
import { serve, type Served, type Terminal } from "./serve/serve.js";
import { LANGUAGES, type Language, replay } from "./replay.js";
import type { StopRequests } from "./serve/signals.js";
import { DEFAULT_LINE, type ReleaseLine, LINES } from "./wasmtime/pinned.js";
import { provide } from "./wasmtime/provide.js";
import { RELEASES } from "./wasmtime/release.js";

export interface Surroundings {
  terminal: Terminal;
  requests: StopRequests;
  /** Called with the exit code of `serve` and `run`. */
  ended: (exitCode: number) => void;
  /** Called with the exit code of the other commands, which print a result. */
  printed: (exitCode: number) => void;
}

/** Returns the program `pollcast` for commander, with all commands. */
export function buildProgram(surroundings: Surroundings): Command {
  const program = new Command("pollcast")
    .description("A chat server whose event loop runs inside a WebAssembly sandbox.")
    .version(packageVersion(), "-V, --version")
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText("after", example("pollcast serve --host ::1 --port 7000"));
  for (const command of [
    serveCommand(surroundings),
    connectCommand({
      user: surroundings.terminal,
      stop: surroundings.requests.stop,
      ended: surroundings.printed,
    }),
    configCommand(surroundings),
    ctlCommand(surroundings),
    historyCommand({
      write: (text) => void surroundings.terminal.output.write(text),
      ended: surroundings.printed,
    }),
    runCommand(surroundings),
    replayCommand(surroundings),
    setupCommand(surroundings),
    doctorCommand(surroundings),
  ]) {
    program.addCommand(command);
  }
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of [program, ...commands]) {
    // cli.ts prints the errors, and exits.
    command.exitOverride().configureOutput({ outputError: () => undefined });
    command.showSuggestionAfterError(true).allowExcessArguments(command.name() === "run");
  }
  return program;
}

function serveCommand({ terminal, requests, ended }: Surroundings): Command {
  return configurable(new Command("serve"))
    .description("runs the chat server")
    .addHelpText("after", example("pollcast serve --port 7000 --max-clients 500"))
    .action(async (_: unknown, command: Command) => {
      const configuration = configurationOf(command);
      const served: Served = {
        program: ofPackage(findProgram("chat")),
        arguments: configuration.chatArguments,
        options: configuration.options,
        configured: {
          configuration,
          reread: () => configurationOf(command),
          hasFile: fileOf(command) !== undefined,
        },
      };
      ended(await serve(served, requests, terminal));
    });
}

function configCommand({ terminal, printed }: Surroundings): Command {
  const check = configurable(new Command("check"))
    .description("prints the options that serve would use, and where each value comes from")
    .addHelpText("after", example("pollcast config check --config /etc/pollcast.toml"))
    .action(async (_: unknown, command: Command) => {
      const configuration = configurationOf(command);
      const program = findProgram("chat");
      formsOf(program, configuration.options.abi);
      const module = findModule(program);
      const answer = await askModule(module, configuration.chatArguments);
      if ("mistake" in answer) throw new UserError("E_USAGE", answer.mistake);
      for (const name of strangeVariables(serveSettings(), process.env))
        terminal.errors.write(`pollcast: ${name} in the environment is no option\n`);
      terminal.output.write(showConfiguration(configuration));
      printed(EXIT.ok);
    });
  return new Command("config")
    .description("reads the configuration")
    .addCommand(check)
    .addHelpText("after", example("pollcast config check --config /etc/pollcast.toml"));
}

function ctlCommand({ terminal, printed }: Surroundings): Command {
  return (
    addFlags(new Command("ctl"), [portSetting])
      .description("sends a command to a server that runs on this machine")
      .argument("[command...]", "a command of the console: help lists them")
      .addOption(new Option("--socket <PATH>", "its socket, as serve --ctl").env("POLLCAST_CTL"))
      .option("--json", "prints the answer as an object")
      // Words after the command belong to the command.
      .passThroughOptions()
      .addHelpText("after", example("pollcast ctl kick ann be kind"))
      .action(async (words: string[], _: unknown, command: Command) => {
        const { chosen, options } = configurationFor(command, [portSetting]);
        const { socket, json } = command.opts<Pick<CtlOptions, "socket" | "json">>();
        const { port } = options;
        const isPortNamed = chosen.get(portSetting.name)?.source !== "default";
        const file = named("--socket", socket, command.getOptionValueSource("socket"));
        const wanted = { socket: file, port, isPortNamed, json };
        printed(await ctl(words, wanted, terminal.output));
      })
  );
}

/** Returns all options of `serve`; those of the chat are missing until it is built. */
function serveSettings(): readonly Setting[] {
  return [...listeningSettings, ...servingSettings, ...(isBuilt() ? chatSettings() : [])];
}

function configurable(command: Command): Command {
  // If the chat is not built, its options are unknown. The action reports that.
  if (!isBuilt()) command.allowUnknownOption();
  return addFlags(command, serveSettings()).addOption(
    new Option("--config <FILE>", "a configuration file (TOML) with these options as keys").env(
      "POLLCAST_CONFIG",
    ),
  );
}

function configurationOf(command: Command): Configuration {
  const settings = serveSettings();
  const flags = givenFlags(command, settings);
  return checked(resolve(settings, { flags, environment: process.env, file: fileOf(command) }));
}

function checked(configuration: Configuration): Configuration {
  checkOptions(configuration.options);
  return configuration;
}

function fileOf(command: Command): string | undefined {
  const { config } = command.opts<{ config?: string }>();
  return named("--config", config, command.getOptionValueSource("config"));
}

/** Returns a path. An empty variable is no path; an empty path in the arguments is an error. */
function named(flag: string, file: string | undefined, source: unknown): string | undefined {
  if (file === "" && source === "cli") throw usage(`${flag} "" is not a path`);
  return file === "" ? undefined : file;
}

/** Returns the options of a command without a configuration file. */
function optionsOf(command: Command, settings = listeningSettings): ServeOptions {
  return configurationFor(command, settings).options;
}

function configurationFor(command: Command, settings: readonly Setting[]): Configuration {
  const flags = givenFlags(command, settings);
  return checked(resolve(settings, { flags, environment: process.env }));
}

function runCommand({ terminal, requests, ended }: Surroundings): Command {
  const programs = PROGRAMS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`);
  return (
    addFlags(new Command("run"), runningSettings)
      .description("runs one of the tutorial's programs, or a WebAssembly file")
      .argument("<program>", "a name below, or the path of a module or component: ./main.wasm")
      .argument("[args...]", "arguments for the program")
      .option(
        "--trace",
        "tells each wait of the program, and what it reads, sends and accepts, on Node",
      )
      // Unknown options belong to the program, which checks them.
      .allowUnknownOption()
      .addHelpText("after", `\nPrograms:\n${programs.join("\n")}`)
      .addHelpText("after", example("pollcast run --port 7000 io-models multiplexed"))
      .addHelpText("after", "  $ pollcast run --listen 127.0.0.1:7000 ./main.wasm")
      .action(async (name: string, args: string[], _: unknown, command: Command) => {
        const program = namesFile(name) ? ofFile(name) : ofPackage(findProgram(name));
        const given = optionsOf(command, runningSettings);
        const options = tracedIf(command.opts<{ trace?: true }>().trace, given);
        ended(await serve({ program, arguments: args, options }, requests, terminal));
      })
  );
}

/** Applies --trace, which needs the Node runtime. @throws UserError with --runtime wasmtime */
function tracedIf(trace: true | undefined, options: ServeOptions): ServeOptions {
  if (trace === undefined) return options;
  if (options.runtime === "wasmtime")
    throw usage("--trace needs --runtime node: wasmtime does not tell what a module calls");
  return { ...options, runtime: "node", abi: "p1", traces: true };
}

function replayCommand({ terminal, printed }: Surroundings): Command {
  return new Command("replay")
    .description("prints a run that a page of the tutorial shows, with its hash")
    .argument("<link>", "what the page calls the link to the run")
    .addOption(new Option("--lang <LANGUAGE>", "en or zh").choices(LANGUAGES).default("en"))
    .addHelpText("after", example("pollcast replay 'echo,1000c0,4000w0hello%0A'"))
    .action(async (link: string, { lang }: { lang: Language }) => {
      const lines = await replay(link, lang);
      terminal.output.write(lines.map((line) => `${line}\n`).join(""));
      printed(EXIT.ok);
    });
}

function setupCommand({ terminal, requests, printed }: Surroundings): Command {
  return new Command("setup")
    .description("provides a wasmtime in the cache directory")
    .addOption(
      new Option(
        "--line <LINE>",
        `chooses the line: ${Object.keys(LINES).join(", ")} (default: 36)`,
      )
        .default(DEFAULT_LINE)
        .argParser(parseLine),
    )
    .option("--from-source", "builds it with cargo instead of fetching it; takes many minutes")
    .addHelpText(
      "after",
      "\nLines:\n  36  runs modules (WASI preview1)\n  48  runs components (WASI 0.3)",
    )
    .addHelpText(
      "after",
      "\nEnvironment:\n  XDG_CACHE_HOME     where the cache directory is (default: ~/.cache)" +
        `\n  POLLCAST_RELEASES  a mirror of ${RELEASES}`,
    )
    .addHelpText("after", example("XDG_CACHE_HOME=/var/cache pollcast setup --line 48"))
    .action(async ({ line, fromSource }: { line: ReleaseLine; fromSource?: boolean }) => {
      const say = (words: string): void => void terminal.errors.write(`pollcast: ${words}\n`);
      const binary = await provide({
        ...{ line, say, signal: requests.stop },
        ...(fromSource === undefined ? {} : { fromSource }),
      });
      terminal.output.write(`${binary}\n`);
      printed(EXIT.ok);
    });
}

function parseLine(text: string): ReleaseLine {
  const lines: Record<string, ReleaseLine> = LINES;
  const found = Object.hasOwn(lines, text) ? lines[text] : undefined;
  if (found !== undefined) return found;
  throw usage(`--line ${JSON.stringify(text)} is not one of ${Object.keys(lines).join(", ")}`);
}

function doctorCommand({ terminal, printed }: Surroundings): Command {
  const settings = [...listeningSettings, clientsExpected()];
  return addFlags(new Command("doctor"), settings)
    .description("says what is found, what is missing and what to type")
    .addHelpText("after", example("pollcast doctor --port 7000"))
    .action(async (_: unknown, command: Command) => {
      const { report, ready } = await doctor(optionsOf(command, settings));
      terminal.output.write(report);
      printed(ready ? EXIT.ok : EXIT.notReady);
    });
}

/** The option --max-clients of `doctor`, which also accepts too many, to report them. */
function clientsExpected(): Setting {
  const known = isBuilt() ? chatSettings().find(({ name }) => name === "max-clients") : undefined;
  return {
    ...{ name: "max-clients", kind: "number", placeholder: "N", bounds: "" },
    ...{ default: known?.default ?? "1", live: false, forChat: false },
    help: "clients to be served at once",
    read: wholeNumber(1, 999_999_999),
  };
}

function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}
