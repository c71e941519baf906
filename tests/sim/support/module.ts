/** The shipped chat, whole or tampered with. */
import fs from "node:fs";
import { Wasm, type WasmModule } from "../../../host/wasi/webassembly.js";

const bytes = fs.readFileSync("build/chat.wasm");

export const shipped: WasmModule = new Wasm.Module(bytes);

/** The module with one text of its own replaced by another of the same length. */
export function tampered(text: string, other: string): WasmModule {
  return new Wasm.Module(tamperedBytes(text, other));
}

export function tamperedBytes(text: string, other: string): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(Buffer.from(text, "utf16le"));
  if (at < 0 || text.length !== other.length) throw new Error(`cannot tamper with "${text}"`);
  copy.write(other, at, "utf16le");
  return copy;
}
