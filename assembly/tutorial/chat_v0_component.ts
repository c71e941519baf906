/** The entry file of `chat-v0` as a component of WASI 0.3. */
export { cabi_realloc } from "../wasi/preview3/platform";

import "./chat_v0";
