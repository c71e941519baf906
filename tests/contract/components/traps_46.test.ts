/** The traps of WASI 0.3's hosts, under wasmtime 46, where TESTED_WASMTIME_46 names one. */
import { traps } from "./support/traps.js";

traps(46);
