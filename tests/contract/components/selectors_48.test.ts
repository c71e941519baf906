/** The contract of the selectors, for a component of WASI 0.3 under wasmtime 48. */
import { describe } from "vitest";
import { useComponents } from "../../support/runtime.js";

const isThere = useComponents(48);

describe.runIf(isThere)("as a component under wasmtime 48", async () => {
  await import("../selectors/selectors.test.js");
});
