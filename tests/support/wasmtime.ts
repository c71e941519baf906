/** The wasmtime that tests run modules with; global_setup.ts has seen to it. */
export function wasmtimePath(): string {
  const path = process.env["POLLCAST_WASMTIME"];
  if (path === undefined)
    throw new Error("POLLCAST_WASMTIME is not set: run the tests with vitest");
  return path;
}
