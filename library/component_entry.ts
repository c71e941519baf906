/**
 * The second entry file of a component: it selects the platform, and exports the allocator that the
 * host calls.
 */
export { cabi_realloc } from "pollcast-selectors/assembly/wasi/preview3/platform";
