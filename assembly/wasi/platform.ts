/**
 * The platform that a program is compiled for: WASI 0.3 if its entry file imports
 * `preview3/platform`, else WASI preview1. The compiler decides it, so it costs no branch at run
 * time, and it drops the code of the other platform with its imports.
 */

/** True in a component of WASI 0.3, false in a module of preview1. */
// @ts-ignore: decorator
@inline
export const IS_COMPONENT: bool = isDefined(POLLCAST_COMPONENT);
