/** One more entry file of a component: it chooses the platform, and exports what the host calls. */
export { cabi_realloc } from "pollcast-selectors/assembly/wasi/preview3/platform";
