/**
 * Which platform a program is compiled for: WASI preview1, unless its entry file imports
 * `preview3/platform`. It is decided when it is compiled, so that a call costs nothing, and so that
 * no program imports anything of a platform that is not its own: what is not reached is left out.
 */

/** Whether this is a component of WASI 0.3. */
// @ts-ignore: decorator
@inline
export const IS_COMPONENT: bool = isDefined(POLLCAST_COMPONENT);
