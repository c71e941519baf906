/** The traps of WASI 0.3's hosts, under wasmtime 49, where TESTED_WASMTIME_49 names one. */
import { traps } from "./support/traps.js";

traps(49);
