/**
 * The tutorial's programs and the start of all programs, on the virtual kernel in its dialect
 * `wasmtime-36`.
 */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("virtual");

describe("in a virtual world that is as wasmtime 36", async () => {
  await import("../conversations/io_models.test.js");
  await import("../conversations/starting.test.js");
  await import("../conversations/tutorial.test.js");
});
