/**
 * The error of {@link componentOf}: what is wrong with the file or the installation, and what to
 * do.
 */
export class NotWrapped extends Error {}

/**
 * Wraps a core module, compiled with asconfig.component.json, as a component of WASI 0.3.
 *
 * @param core the core module
 * @param world the world in WIT; by default this package's
 * @returns the component
 * @throws NotWrapped if it is no such core module, or the tools are not installed
 */
export function componentOf(core: Uint8Array, world?: string): Promise<Uint8Array>;
