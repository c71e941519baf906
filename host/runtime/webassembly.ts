/**
 * WebAssembly's JavaScript API as far as the runner uses it. Node has it and its types have not;
 * those of the DOM would bring a browser's globals into the host.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** What an import or export may be. */
export type WasmExports = Readonly<Record<string, unknown>>;

/** A compiled module: opaque. */
export type WasmModule = object;

interface Api {
  Module: {
    new (bytes: Uint8Array): WasmModule;
    imports(module: WasmModule): { readonly module: string; readonly name: string }[];
    exports(module: WasmModule): { readonly name: string }[];
  };
  Instance: new (
    module: WasmModule,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: WasmExports };
  Memory: new (limits: { initial: number }) => WasmMemory;
  RuntimeError: new () => Error;
}

export const Wasm = (globalThis as unknown as { WebAssembly: Api }).WebAssembly;
