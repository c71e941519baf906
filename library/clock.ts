/** The module `pollcast-selectors/clock`: the clocks, in nanoseconds. */
import "./configured";

export { monotonic, NANOSECONDS_PER_SECOND, realtime } from "./assembly/wasi/clock";
