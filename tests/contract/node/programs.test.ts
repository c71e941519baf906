/** The tutorial's programs and the start of all programs, on the Node runtime. */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("node");

describe("on Node", async () => {
  await import("../conversations/io_models.test.js");
  await import("../conversations/starting.test.js");
  await import("../conversations/tutorial.test.js");
});
