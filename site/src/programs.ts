/** The modules as they are shipped, with what is known of their source. */
import { FrameReader, type GuestMap } from "../../lab/explore/frames.js";
import type { Program } from "./session.js";

/** Beside this script, so that the site may lie under any path. */
const BASE = new URL("./programs/", import.meta.url);

const loaded = new Map<string, Promise<Program>>();

export function programUrl(name: string): URL {
  return new URL(`${name}.wasm`, BASE);
}

/** @throws if there is none, or if the module is not the one that its map was made for */
export function loadProgram(name: string): Promise<Program> {
  const found = loaded.get(name) ?? load(name);
  loaded.set(name, found);
  return found;
}

async function load(name: string): Promise<Program> {
  const [bytes, about] = await Promise.all([
    fetched(programUrl(name)).then((response) => response.arrayBuffer()),
    fetched(new URL(`${name}.json`, BASE)).then(
      (response) => response.json() as Promise<{ map: GuestMap; source: string }>,
    ),
  ]);
  // A page that came over plain HTTP has no digests.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (subtle !== undefined) {
    const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (sha256 !== about.map.sha256)
      throw new Error(`${name}.wasm is not the module that its map was made for`);
  }
  const module = await WebAssembly.compile(bytes);
  return { module, frames: new FrameReader(about.map), source: about.source.split("\n") };
}

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response;
}
