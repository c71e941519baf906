/**
 * Types for the parts of WebAssembly's JavaScript API that this folder uses. Node has the API, but
 * @types/node does not declare it. TypeScript's "dom" library does, but it would also declare a
 * browser's globals.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** The exports of an instance, by name. */
export type WasmExports = Readonly<Record<string, unknown>>;

/** A compiled module. Only `Wasm` looks inside. */
export type WasmModule = object;

interface Api {
  Module: {
    new (bytes: Uint8Array): WasmModule;
    imports(
      module: WasmModule,
    ): { readonly module: string; readonly name: string; readonly kind: string }[];
    exports(module: WasmModule): { readonly name: string }[];
    customSections(module: WasmModule, name: string): ArrayBuffer[];
  };
  Instance: new (
    module: WasmModule,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: WasmExports };
  Memory: new (limits: { initial: number }) => WasmMemory;
  RuntimeError: new () => Error;
}

export const Wasm = (globalThis as unknown as { WebAssembly: Api }).WebAssembly;
