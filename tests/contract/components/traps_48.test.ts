/** The traps of WASI 0.3's hosts, under wasmtime 48. */
import { traps } from "./support/traps.js";

traps(48);
