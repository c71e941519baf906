/** Writes the generated tables of assembly/text/ anew, from the Unicode version of this Node. */
import fs from "node:fs";
import { inRoot } from "./lib/root.mjs";
import { unicodeTables } from "./lib/unicode_tables.mjs";

for (const [file, text] of Object.entries(unicodeTables())) {
  fs.writeFileSync(inRoot(file), text);
}
