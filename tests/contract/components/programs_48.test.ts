/** The tutorial's programs and the start of all programs, as components under wasmtime 48. */
import { describe } from "vitest";
import { useComponents } from "../../support/runtime.js";

const isThere = useComponents(48);

describe.runIf(isThere)("as a component under wasmtime 48", async () => {
  await import("../conversations/io_models.test.js");
  await import("../conversations/starting.test.js");
  await import("../conversations/tutorial.test.js");
});
