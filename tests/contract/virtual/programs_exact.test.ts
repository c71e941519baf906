/** The conversations with the tutorial's programs, and how all of them start, in a virtual world that is exact. */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("virtual", "exact");

describe("in a virtual world that is exact", async () => {
  await import("../conversations/io_models.test.js");
  await import("../conversations/starting.test.js");
  await import("../conversations/tutorial.test.js");
});
