/** The bugs of hosts of WASI 0.3 under wasmtime 48. */
import { traps } from "./support/traps.js";

traps(48);
