/** The entry file of `echo` as a component of WASI 0.3. */
export { cabi_realloc } from "../wasi/preview3/platform";

import "./echo";
