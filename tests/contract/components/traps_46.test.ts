/** The bugs of hosts of WASI 0.3 under wasmtime 46, if TESTED_WASMTIME_46 names one. */
import { traps } from "./support/traps.js";

traps(46);
