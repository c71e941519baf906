/**
 * Makes a program a component of WASI 0.3: its entry file imports this file. See ../platform.ts.
 */

/** The allocator that the host calls. An entry file must export it. */
export { cabi_realloc } from "./abi";

// @ts-ignore: decorator
@global
const POLLCAST_COMPONENT: bool = true;
