/** The chat server as a component of WASI 0.2. */
export { cabi_realloc } from "../wasi/preview2/platform";

import "./main";
