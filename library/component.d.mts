/** What is wrong with the file, or with the installation, and what to do. */
export class NotWrapped extends Error {}

/**
 * Makes a component of WASI 0.3 out of a core module that asconfig.component.json has compiled.
 *
 * @param core the core module
 * @param world in WIT; this package's unless told otherwise
 * @returns the component
 * @throws NotWrapped if it is no such core module, or the tools are not installed
 */
export function componentOf(core: Uint8Array, world?: string): Promise<Uint8Array>;
