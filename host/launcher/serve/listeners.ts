/**
 * All that `serve` listens on: for everybody, and behind proxies, which say who connects. The
 * guest numbers its listeners from one, in this order.
 */
import type { HandedIn } from "./activation.js";
import { isWildcard } from "../base/addresses.js";
import type { Abi, Address, ServeOptions } from "../base/config.js";
import { believesAll } from "./contradictions.js";
import { usage } from "../base/errors.js";
import { openListener, type HostListener } from "./listener.js";

export interface OpenListener extends HostListener {
  proxied: boolean;
}

type ListenOptions = Pick<ServeOptions, "host" | "port" | "listen" | "listenProxy" | "proxyFrom">;

/**
 * @param handedIn sockets that whoever started us has opened: they stand instead of all that is
 *   said about where to listen
 */
export async function openListeners(
  options: ListenOptions,
  handedIn: readonly HandedIn[] = [],
): Promise<OpenListener[]> {
  const { host, port, listen, listenProxy = [], proxyFrom } = options;
  if (handedIn.length > 0)
    return openAll(
      proxyFrom,
      handedIn.map(({ fd, proxied }) => ({ where: { fd }, proxied })),
    );
  // The one at --host and --port is there unless another place was named.
  const plain = listen ?? (listenProxy.length === 0 ? [{ host, port }] : []);
  return openAll(proxyFrom, [
    ...plain.map((where) => ({ where, proxied: false })),
    ...listenProxy.map((where) => ({ where, proxied: true })),
  ]);
}

async function openAll(
  proxyFrom: readonly string[] | undefined,
  places: readonly { where: Address | { fd: number }; proxied: boolean }[],
): Promise<OpenListener[]> {
  const opened: OpenListener[] = [];
  try {
    for (const { where, proxied } of places) {
      const listener = { ...(await openListener(where)), proxied };
      opened.push(listener);
      // A name may stand for all addresses, and a socket that was handed in may listen at them.
      if (proxied && proxyFrom === undefined && isWildcard(listener.host))
        throw usage(believesAll(listener.address));
    }
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
  return opened;
}

export async function closeAll(listeners: readonly HostListener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
}

/** How a component is told what to open: `--listen HOST:PORT` for each; a module is handed them. */
export function listenArguments(listeners: readonly OpenListener[], abi: Abi = "p1"): string[] {
  return abi === "p3" ? listeners.flatMap(({ address }) => ["--listen", address]) : [];
}

/** What a program of ours is told of them. */
export function listenerArguments(listeners: readonly OpenListener[], abi: Abi = "p1"): string[] {
  const addresses = listeners.map(
    ({ address, proxied }) => address + (proxied ? " (behind a proxy)" : ""),
  );
  const proxied = listeners.flatMap((listener, at) => (listener.proxied ? [at + 1] : []));
  return [
    ...listenArguments(listeners, abi),
    ...["--address", addresses.join(", ")],
    ...(proxied.length > 0 ? ["--proxy-protocol", proxied.join()] : []),
  ];
}
