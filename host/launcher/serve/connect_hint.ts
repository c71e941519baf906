/** Suggests a command that connects to the chat, with a program that this machine has. */
import { reachableAt } from "../base/addresses.js";
import type { Guest, LaunchOptions } from "../guest/launch.js";
import type { OpenListener } from "./listeners.js";
import { onPath } from "../wasmtime/locate.js";

/** Programs that connect, best first. */
const CLIENTS = [["nc"], ["ncat"], ["telnet"], ["busybox", "nc"]];

/** Returns the command, or undefined if all listeners expect a proxy. */
export function connectCommand(
  listeners: readonly Pick<OpenListener, "host" | "port" | "proxied" | "isIrc">[],
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const listener = listeners.find(({ proxied, isIrc }) => !proxied && !isIrc);
  if (listener === undefined) return undefined;
  const { port } = listener;
  const host = reachableAt(listener.host);
  const client = CLIENTS.find(([program = ""]) => onPath(program, env).length > 0);
  if (client !== undefined) return [...client, host, port].join(" ");
  // Node is always there, since it runs this program.
  const script =
    `let s=require('net').connect(${port},'${host}');` +
    "process.stdin.pipe(s).pipe(process.stdout)";
  return `node -e "${script}"`;
}

/**
 * Wraps `launch`: the command is logged once, after the first output of the first guest, since it
 * listens by then.
 */
export function sayingHowToConnect(
  launch: (options: LaunchOptions) => Guest,
  listeners: readonly OpenListener[],
  say: (line: string) => void,
): (options: LaunchOptions) => Guest {
  const command = connectCommand(listeners);
  let isFirst = command !== undefined;
  return (options) => {
    const guest = launch(options);
    const tell = (): void => say(`in another terminal, type: ${command}`);
    // Log after the guest's own line. Its "data" handler is registered later than this one.
    if (isFirst) guest.stderr.once("data", () => setImmediate(tell));
    isFirst = false;
    return guest;
  };
}
