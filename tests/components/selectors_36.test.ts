/** The contract of the selectors, kept by a component of WASI 0.2 under wasmtime 36. */
import { describe } from "vitest";
import { useComponents } from "../support/runtime.js";

const isThere = useComponents(36);

describe.runIf(isThere)("as a component under wasmtime 36", async () => {
  await import("../selectors/selectors.test.js");
});
