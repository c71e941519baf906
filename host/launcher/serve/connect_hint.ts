/** What to type in another terminal to be a client of the chat, with what this machine has. */
import { reachableAt } from "../base/addresses.js";
import type { Guest, LaunchOptions } from "../guest/launch.js";
import type { OpenListener } from "./listeners.js";
import { onPath } from "../wasmtime/locate.js";

/** Programs that connect, the one that shows lines best first. */
const CLIENTS = [["nc"], ["ncat"], ["telnet"], ["busybox", "nc"]];

/** @returns the command, or undefined where all listeners expect a proxy */
export function connectCommand(
  listeners: readonly Pick<OpenListener, "host" | "port" | "proxied">[],
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const listener = listeners.find(({ proxied }) => !proxied);
  if (listener === undefined) return undefined;
  const { port } = listener;
  const host = reachableAt(listener.host);
  const client = CLIENTS.find(([program = ""]) => onPath(program, env).length > 0);
  if (client !== undefined) return [...client, host, port].join(" ");
  // Node is there, as it runs this.
  const script =
    `let s=require('net').connect(${port},'${host}');` +
    "process.stdin.pipe(s).pipe(process.stdout)";
  return `node -e "${script}"`;
}

/** Launches as before, and says so once the first guest has spoken: it listens then. */
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
    // Behind the guest's own line, which is passed on by a listener that comes after this one.
    if (isFirst) guest.stderr.once("data", () => setImmediate(tell));
    isFirst = false;
    return guest;
  };
}
