/** npm run setup: the dependencies. */
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(setUp);
