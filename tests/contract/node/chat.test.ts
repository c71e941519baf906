/** The conversations with the chat, on the Node runtime. */
import { describe } from "vitest";
import { useRuntime } from "../../support/runtime.js";

useRuntime("node");

describe("on Node", async () => {
  await import("../conversations/chat_broadcast.test.js");
  await import("../conversations/chat_fairness.test.js");
  await import("../conversations/chat_floods.test.js");
  await import("../conversations/chat_limits.test.js");
  await import("../conversations/chat_lines.test.js");
  await import("../conversations/chat_operators.test.js");
  await import("../conversations/chat_proxy.test.js");
  await import("../conversations/chat_protocol.test.js");
  await import("../conversations/chat_safety.test.js");
  await import("../conversations/safe_output.test.js");
  await import("../conversations/chat_rooms.test.js");
  await import("../conversations/irc.test.js");
});
