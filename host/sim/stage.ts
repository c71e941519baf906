/** Everybody outside the module: the clients and whoever sits at the console. */
import type { Peer } from "../wasi/virtual/peer.js";
import type { Input, Output } from "../wasi/virtual/stdio.js";
import type { World } from "../wasi/virtual/world.js";
import { Door, type Entrance } from "./door.js";
import { OracleFailure } from "./failure.js";
import type { Event, WorldSpec } from "./spec.js";

interface Stdio {
  stdin: Input;
  stdout: Output;
  stderr: Output;
}

export class Stage {
  readonly #doors: Door[] = [];
  /** The present connection of each client. */
  readonly #present = new Map<number, Door>();
  #stdin: Input | undefined;

  constructor(
    private readonly world: World,
    private readonly entrance: Entrance,
    private readonly spec: WorldSpec,
    private readonly kill: () => void,
  ) {}

  schedule(): void {
    for (const event of this.spec.events) this.world.at(event.at, () => this.#do(event));
  }

  /** New ones for each module. */
  stdio(): Stdio {
    const stdin = this.world.input("pipe");
    this.#stdin = stdin;
    return { stdin, stdout: this.world.output(), stderr: this.world.output() };
  }

  quit(): void {
    // A command may have been left half typed.
    this.#stdin?.write("\nquit\n");
  }

  resumeAll(): void {
    for (const { peer } of this.#doors) peer?.resume();
  }

  /** Each client must have got what was sent to it, if nothing was broken. */
  checkDeliveries(): void {
    this.#doors.forEach(({ peer, sent, entitled, broken, ending }, index) => {
      if (peer === undefined || broken || !entitled || peer.receivedBytes === sent) return;
      const end = `${ending}, ${peer.wasReset ? "reset" : peer.state}`;
      const got = `${peer.receivedBytes} of ${sent} bytes`;
      throw new OracleFailure(
        "delivery",
        `connection ${index} (${end}) got ${got}, and then was closed`,
      );
    });
  }

  #do(event: Event): void {
    if (event.act === "command") this.#stdin?.write(event.text);
    else if (event.act === "kill") this.kill();
    else if (event.act === "connect") this.#connect(event.client);
    else this.#act(event, this.#present.get(event.client));
  }

  #connect(client: number): void {
    const door = new Door(this.entrance);
    const peer = this.world.connect(door, this.spec.streams[client]);
    peer.keeps = false;
    door.peer = peer;
    this.#doors.push(door);
    this.#present.set(client, door);
  }

  #act(event: Event, door: Door | undefined): void {
    const peer: Peer | undefined = door?.peer;
    if (door === undefined || peer === undefined) return;
    if (event.act === "write") {
      peer.write(event.bytes);
    } else if (event.act === "pause" || event.act === "resume" || event.act === "end") {
      peer[event.act]();
    } else if (event.act === "close" || event.act === "reset") {
      door.broken = true;
      peer[event.act]();
    }
  }
}
