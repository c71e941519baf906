/** The entry file of `io-models` as a component of WASI 0.3. */
export { cabi_realloc } from "../wasi/preview3/platform";

import "./io_models";
