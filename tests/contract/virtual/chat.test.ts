/** The conversations with the chat, on the virtual kernel in its dialect `wasmtime-36`. */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("virtual");

describe("in a virtual world that is as wasmtime 36", async () => {
  await import("../conversations/chat_broadcast.test.js");
  await import("../conversations/chat_fairness.test.js");
  await import("../conversations/chat_floods.test.js");
  await import("../conversations/chat_limits.test.js");
  await import("../conversations/chat_lines.test.js");
  await import("../conversations/chat_operators.test.js");
  await import("../conversations/chat_protocol.test.js");
  await import("../conversations/chat_safety.test.js");
});
