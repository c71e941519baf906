/** The bugs of hosts of WASI 0.3 under wasmtime 49, if TESTED_WASMTIME_49 names one. */
import { traps } from "./support/traps.js";

traps(49);
