/** The conversations with the chat, on the virtual kernel in its exact dialect. */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("virtual", "exact");

describe("in a virtual world that is exact", async () => {
  await import("../conversations/chat_broadcast.test.js");
  await import("../conversations/chat_limits.test.js");
  await import("../conversations/chat_lines.test.js");
  await import("../conversations/chat_safety.test.js");
});
