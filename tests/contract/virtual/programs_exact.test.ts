/**
 * The tutorial's programs and the start of all programs, on the virtual kernel in its exact
 * dialect.
 */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("virtual", "exact");

describe("in a virtual world that is exact", async () => {
  await import("../conversations/io_models.test.js");
  await import("../conversations/starting.test.js");
  await import("../conversations/tutorial.test.js");
});
