/** The traps of WASI 0.2's hosts, under wasmtime 48. */
import { traps } from "./support/traps.js";

traps(48);
