/** Plays a scene on real wasmtime, with real sockets, through tests/contract/selectors/driver.ts. */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { Driver } from "../../selectors/driver.js";
import { temporaryDirectory } from "../../../support/temporary.js";
import { until } from "../../../support/wait.js";
import { Playing, type PeerAct, type Scene, type Step } from "./scene.js";

/** The time in which kernel, Node and loopback complete a step. */
const SETTLE_MS = 15;

interface Client {
  socket: net.Socket;
  heard: Buffer[];
  ending: "" | "end" | "reset";
}

class RealStage {
  readonly #peers = new Map<string, Client>();

  constructor(
    private readonly driver: Driver,
    private readonly playing: Playing,
  ) {}

  async play(): Promise<void> {
    let answer = "";
    for (;;) {
      const step = this.playing.next(answer);
      if (step === undefined) return;
      answer = await this.#play(step);
      if (step.step !== "ask") await sleep(SETTLE_MS);
    }
  }

  async #play(step: Step): Promise<string> {
    if (step.step === "ask") {
      const { command } = step;
      const answer =
        step.until === undefined
          ? await this.driver.ask(command)
          : await this.driver.askUntil(command, step.until);
      return this.playing.saw(command, answer);
    }
    if (step.step === "connect") {
      this.#peers.set(step.peer, await connectTo(this.driver.listener.port));
      return "";
    }
    const client = this.#peers.get(step.peer);
    if (client === undefined) throw new Error(`there is no peer ${step.peer}`);
    if (step.step === "act") {
      if (step.afterMs === 0) await act(client.socket, step.act, step.text);
      else void sleep(step.afterMs).then(() => act(client.socket, step.act, step.text));
      return "";
    }
    if (step.step === "heard") {
      await until("enough is heard", () => size(client) >= step.bytes);
      const text = Buffer.concat(client.heard).toString().slice(0, 100);
      return this.playing.saw(`heard ${step.peer}`, text);
    }
    await until("it is over", () => client.ending !== "");
    return this.playing.saw(`over ${step.peer}`, client.ending);
  }
}

async function connectTo(port: number): Promise<Client> {
  const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const client: Client = { socket, heard: [], ending: "" };
  onTestFinished(() => void socket.destroy());
  socket.on("data", (bytes) => client.heard.push(bytes));
  socket.on("end", () => (client.ending ||= "end"));
  socket.on("error", () => (client.ending = "reset"));
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.setNoDelay(true);
  return client;
}

async function act(socket: net.Socket, what: PeerAct, text: string): Promise<void> {
  if (what === "write") await new Promise((resolve) => socket.write(text, resolve));
  else if (what === "end") await new Promise<void>((resolve) => socket.end(resolve));
  else if (what === "close") socket.destroy();
  else if (what === "reset") socket.resetAndDestroy();
  else socket[what]();
}

function size(client: Client): number {
  return client.heard.reduce((sum, piece) => sum + piece.length, 0);
}

/** @returns the transcript */
export async function playReally(scene: Scene, modulePath: string): Promise<string[]> {
  const playing = new Playing(scene);
  const directory = scene.directory === true ? temporaryDirectory() : undefined;
  const driver = await Driver.start(modulePath, undefined, directory);
  await new RealStage(driver, playing).play();
  return playing.transcript;
}
