#!/usr/bin/env node
/** The command `pollcast`. It runs dist/host/launcher/cli.js, or says that it is not built. */
import { existsSync } from "node:fs";

const cli = new URL("../dist/host/launcher/cli.js", import.meta.url);
if (existsSync(cli)) {
  const { main } = await import(cli.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write("pollcast: dist/ is missing: not built, run npm run build\n");
  process.exitCode = 69;
}
