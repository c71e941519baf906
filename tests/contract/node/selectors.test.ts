/** The contract of the selectors, on the Node runtime. */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("node");

describe("on Node", async () => {
  await import("../selectors/selectors.test.js");
});
