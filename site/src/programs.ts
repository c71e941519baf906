/** Loads the shipped modules, with their sources and source maps. */
import { FrameReader, type GuestMap } from "../../lab/explore/frames.js";
import type { Program } from "./session.js";

/** The folder of the modules, relative to this script, so that the site can have any path. */
const BASE = new URL("./programs/", import.meta.url);

const loaded = new Map<string, Promise<Program>>();

export function programUrl(name: string): URL {
  return new URL(`${name}.wasm`, BASE);
}

/** Loads a program. @throws if there is none, or if its map was made for another module */
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
  // On a page from plain HTTP, browsers do not offer `crypto.subtle`.
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
