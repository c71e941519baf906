/** The conversations with the chat as a component of WASI 0.3, under wasmtime 48. */
import { describe } from "vitest";
import { useComponents } from "../../support/runtime.js";

const isThere = useComponents(48);

describe.runIf(isThere)("as a component under wasmtime 48", async () => {
  await import("../conversations/chat_broadcast.test.js");
  await import("../conversations/chat_fairness.test.js");
  await import("../conversations/chat_floods.test.js");
  await import("../conversations/chat_limits.test.js");
  await import("../conversations/chat_lines.test.js");
  await import("../conversations/chat_operators.test.js");
  await import("../conversations/chat_proxy.test.js");
  await import("../conversations/chat_rooms.test.js");
  await import("../conversations/irc.test.js");
  await import("../conversations/chat_protocol.test.js");
  await import("../conversations/chat_safety.test.js");
  await import("../conversations/safe_output.test.js");
});
