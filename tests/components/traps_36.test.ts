/** The traps of WASI 0.2's hosts, under wasmtime 36. */
import { traps } from "./support/traps.js";

traps(36);
