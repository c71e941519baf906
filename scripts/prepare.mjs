/**
 * Builds what is shipped, if npm installs from a git URL: npm then runs this in a clone within its
 * cache, and packs the result. In any other clone it does nothing: `npm start` and `npm test` build
 * what they need.
 */
import path from "node:path";
import { root } from "./lib/root.mjs";

const cache = process.env["npm_config_cache"];
const isInCache = cache !== undefined && !path.relative(cache, root).startsWith("..");
if (isInCache) await import("./prepack.mjs");
