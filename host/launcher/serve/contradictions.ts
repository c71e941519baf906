/**
 * Options that contradict each other, for all that reads a configuration: what `config check` lets
 * pass, `serve` and a reload do not refuse. Those of the chat its module knows (ask_module.ts).
 */
import { isWildcard } from "../base/addresses.js";
import type { Address, ServeOptions } from "../base/config.js";
import { socketPathMistake } from "../control/socket_path.js";
import { usage } from "../base/errors.js";
import { formatAddress } from "../base/config.js";

/** Some of the options may not be there: `ctl` and `doctor` know fewer. */
type Options = Partial<ServeOptions>;

/** @throws UserError with all of them, a line each */
export function checkOptions(options: Options): void {
  const mistakes = [...runtimeMistakes(options), ...placeMistakes(options)];
  const { ctl } = options;
  const tooLong = ctl === undefined ? undefined : socketPathMistake(ctl);
  if (tooLong !== undefined) mistakes.push(`--ctl: ${tooLong}`);
  if (mistakes.length > 0) throw usage(mistakes.join("\n"));
}

function runtimeMistakes({ runtime, wasmtime, abi, proxyFrom }: Options): string[] {
  const mistakes: string[] = [];
  if (abi === "p3" && runtime === "node")
    mistakes.push(
      "--abi p3 is a component, which runs on wasmtime alone: leave it or --runtime node out",
    );
  const needsWasmtime = runtime === "wasmtime" || wasmtime !== undefined || abi === "p3";
  if (proxyFrom !== undefined && needsWasmtime)
    mistakes.push(
      "--proxy-from cannot be enforced by wasmtime, which does not tell who connects: take " +
        "--runtime node, or leave it out and listen where the proxy alone can connect",
    );
  if (runtime === "node" && wasmtime !== undefined)
    mistakes.push("--wasmtime says to use one, and --runtime node not to: leave one of them out");
  return mistakes;
}

function placeMistakes(options: Options): string[] {
  const { listen, listenProxy = [], proxyFrom, metrics, ...one } = options;
  const mistakes: string[] = [];
  if (listen?.length === 0 && listenProxy.length === 0)
    mistakes.push("--listen names no place: name one, or leave it out");
  if (proxyFrom !== undefined && listenProxy.length === 0)
    mistakes.push("--proxy-from says who may connect to --listen-proxy, which is not given");
  if (proxyFrom?.length === 0)
    mistakes.push("--proxy-from lets nobody connect: name the proxies, or leave it out");
  if (proxyFrom === undefined)
    for (const { host, port } of listenProxy)
      if (isWildcard(host)) mistakes.push(believesAll(formatAddress(host, port)));
  const onePlace = one.host !== undefined && one.port !== undefined && listenProxy.length === 0;
  const plain = listen ?? (onePlace ? [{ host: one.host ?? "", port: one.port ?? 0 }] : []);
  const places = [...plain, ...listenProxy, ...(metrics === undefined ? [] : [metrics])];
  for (const place of doubled(places)) mistakes.push(`${place} is named twice: leave one out`);
  return mistakes;
}

/** @param place as people write it */
export function believesAll(place: string): string {
  return (
    `--listen-proxy ${place} would believe whoever connects: name an address ` +
    "that the proxy alone can reach, or the proxies with --proxy-from"
  );
}

/** Places that are there twice; port 0 is another one each time. */
function doubled(places: readonly Address[]): string[] {
  const names = places
    .filter(({ port }) => port !== 0)
    .map(({ host, port }) => formatAddress(host, port));
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
