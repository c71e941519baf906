/** driver.ts as a component. */
export { cabi_realloc } from "../../../assembly/wasi/preview2/platform";

import "./driver";
