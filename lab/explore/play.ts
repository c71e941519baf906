/**
 * Creates the world of a script: a listener, three standard streams, and clients that perform its
 * acts.
 */
import type { Input, Output } from "../world/stdio.js";
import { Listener } from "../world/listener.js";
import type { Peer } from "../world/peer.js";
import type { StreamEnd } from "../world/stream.js";
import { World } from "../world/world.js";
import { clientsOf, type Act, type Script } from "./script.js";

/** The latency between a client and the kernel, in each direction. */
const LATENCY_NS = 200_000;
const MICROSECOND_NS = 1_000;
/**
 * The virtual time of each call, in nanoseconds. It is long, so that the page can show a program
 * that spins.
 */
export const CALL_NS = 5_000;
const BACKLOG_CONNECTIONS = 512;
/** The kernel's buffer for each direction of a connection: so small that a client can fill it. */
export const BUFFER_BYTES = 512;

const CONNECTION = {
  latencyNs: LATENCY_NS,
  inboxBytes: BUFFER_BYTES,
  outboxBytes: BUFFER_BYTES,
};

/** A listener with a callback for each connection that enters its queue. */
class ToldListener extends Listener {
  onConnection: ((end: StreamEnd) => void) | undefined;

  override enqueue(end: StreamEnd): void {
    super.enqueue(end);
    this.onConnection?.(end);
  }
}

export interface Stage {
  world: World;
  listener: ToldListener;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  /** Peers by client number; undefined until the client connects. */
  peers: (Peer | undefined)[];
}

export interface Hooks {
  /** Called after each act. */
  acted?(act: Act): void;
  /** @param end the guest's end of the connection */
  connected?(client: number, end: StreamEnd): void;
}

export function stageOf(script: Script, hooks: Hooks = {}): Stage {
  const world = new World({ seed: 1 });
  const stage: Stage = {
    world,
    listener: new ToldListener(BACKLOG_CONNECTIONS),
    stdin: world.input("pipe"),
    stdout: world.output(),
    stderr: world.output(),
    peers: Array.from({ length: clientsOf(script) }),
  };
  for (const act of script.acts)
    world.at(act.at * MICROSECOND_NS, () => {
      perform(act, stage, hooks);
      hooks.acted?.(act);
    });
  return stage;
}

/** Performs an act; acts of clients that are not connected have no effect. */
function perform({ does, client, text }: Act, stage: Stage, hooks: Hooks): void {
  const { world, listener, stdin, peers } = stage;
  if (does === "connect") {
    listener.onConnection = (end) => hooks.connected?.(client, end);
    peers[client] ??= world.connect(listener, CONNECTION);
  } else if (does === "console") stdin.write(text);
  else if (does === "write") peers[client]?.write(text);
  else if (does === "end") peers[client]?.close();
  else peers[client]?.[does]();
}

/** Returns the program's arguments. */
export function argumentsOf({ program, words }: Script): string[] {
  return [`${program}.wasm`, ...words];
}
