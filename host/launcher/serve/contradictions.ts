/**
 * Checks that the launcher's options do not contradict each other. All commands with a
 * configuration use it, so `config check`, `serve` and a reload agree. The chat's module checks its
 * own options (ask_module.ts).
 */
import { isWildcard } from "../base/addresses.js";
import type { Address, ServeOptions } from "../base/config.js";
import { socketPathMistake } from "../control/socket_path.js";
import { usage } from "../base/errors.js";
import { formatAddress } from "../base/config.js";

/** The options. The commands `ctl` and `doctor` have fewer options. */
type Options = Partial<ServeOptions>;

/** Checks the options. @throws UserError with all contradictions, one in each line */
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
  const { listen, listenProxy = [], listenIrc = [] } = options;
  const { proxyFrom, metrics, ...one } = options;
  const mistakes: string[] = [];
  if (listen?.length === 0 && listenProxy.length === 0)
    mistakes.push("--listen names no place: name one, or leave it out");
  if (proxyFrom !== undefined && listenProxy.length === 0)
    mistakes.push("--proxy-from says who may connect to --listen-proxy, which is not given");
  if (proxyFrom?.length === 0)
    mistakes.push("--proxy-from lets nobody connect: name the proxies, or leave it out");
  if (proxyFrom === undefined)
    for (const { host, port } of listenProxy)
      if (isWildcard(host)) mistakes.push(openProxyError(formatAddress(host, port)));
  const onePlace = one.host !== undefined && one.port !== undefined && listenProxy.length === 0;
  const plain = listen ?? (onePlace ? [{ host: one.host ?? "", port: one.port ?? 0 }] : []);
  const places = [...plain, ...listenProxy, ...(metrics === undefined ? [] : [metrics])];
  const isBehind = (name: string): boolean =>
    listenProxy.some(({ host, port }) => formatAddress(host, port) === name);
  const irc = listenIrc.filter(({ host, port }) => !isBehind(formatAddress(host, port)));
  for (const place of doubled([...places, ...irc]))
    mistakes.push(`${place} is named twice: leave one out`);
  return mistakes;
}

/**
 * Returns the error for a proxy's listener that any machine can reach.
 *
 * @param place an address such as `0.0.0.0:7000`
 */
export function openProxyError(place: string): string {
  return (
    `--listen-proxy ${place} would trust anyone who connects: name an address ` +
    "that the proxy alone can reach, or the proxies with --proxy-from"
  );
}

/** Returns the addresses that occur twice. Port 0 is a different port each time. */
function doubled(places: readonly Address[]): string[] {
  const names = places
    .filter(({ port }) => port !== 0)
    .map(({ host, port }) => formatAddress(host, port));
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
