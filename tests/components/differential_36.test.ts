/** What a component is told by wasmtime 36, and by the virtual host that stands for it. */
import { differential } from "./support/differential.js";

differential(36);
