/** Imported by an entry file: the program is a component of WASI 0.3. See `../platform.ts`. */

/** The host calls it; an entry file must export it. */
export { cabi_realloc } from "./abi";

// @ts-ignore: decorator
@global
const POLLCAST_COMPONENT: bool = true;
