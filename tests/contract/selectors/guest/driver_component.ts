/** driver.ts as a component. */
export { cabi_realloc } from "../../../../assembly/wasi/preview3/platform";

import "./driver";
