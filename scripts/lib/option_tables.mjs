/** The pages of docs/ that have tables of options, as they are and as they should be. */
import fs from "node:fs";
import { inRoot } from "./root.mjs";

const PAGES = ["docs/guide/serve.md"];

/** @returns {Promise<{ file: string, is: string, shouldBe: string }[]>} */
export async function optionPages() {
  const { withTables } = /** @type {typeof import("../../host/launcher/options/tables.js")} */ (
    await import(String(new URL("../../dist/host/launcher/options/tables.js", import.meta.url)))
  );
  return PAGES.map((file) => {
    const is = fs.readFileSync(inRoot(file), "utf8");
    return { file, is, shouldBe: withTables(is) };
  });
}
