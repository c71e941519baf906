/**
 * Opens the listeners of `serve`: those for clients, those for clients with IRC, and those for
 * proxies, which send PROXY headers. The guest numbers its listeners from 1, in the same order.
 */
import type { HandedIn } from "./activation.js";
import { isWildcard } from "../base/addresses.js";
import type { Abi, Address, ServeOptions } from "../base/config.js";
import { openProxyError } from "./contradictions.js";
import { usage } from "../base/errors.js";
import { openListener, type HostListener } from "./listener.js";

export interface OpenListener extends HostListener {
  proxied: boolean;
  /** True if its clients speak IRC. */
  isIrc: boolean;
}

type ListenOptions = Pick<
  ServeOptions,
  "host" | "port" | "listen" | "listenProxy" | "listenIrc" | "proxyFrom"
>;

/**
 * Opens all listeners, or none.
 *
 * @param handedIn sockets of LISTEN_FDS; if there are any, they replace all other listeners
 * @throws UserError
 */
export async function openListeners(
  options: ListenOptions,
  handedIn: readonly HandedIn[] = [],
): Promise<OpenListener[]> {
  const { host, port, listen, listenProxy = [], listenIrc = [], proxyFrom } = options;
  if (handedIn.length > 0)
    return openAll(
      proxyFrom,
      handedIn.map(({ fd, proxied, isIrc }) => ({ where: { fd }, proxied, isIrc })),
    );
  // --host and --port count only if no other address was named.
  const plain = listen ?? (listenProxy.length === 0 ? [{ host, port }] : []);
  // A place that is named for both is for IRC behind a proxy.
  const isAmong = (places: readonly Address[], where: Address): boolean =>
    places.some((one) => one.port !== 0 && one.port === where.port && one.host === where.host);
  return openAll(proxyFrom, [
    ...plain.map((place) => ({
      where: { ...place, option: listen === undefined ? "--port" : "--listen" },
      proxied: false,
      isIrc: false,
    })),
    ...listenProxy.map((place) => ({
      where: { ...place, option: "--listen-proxy" },
      proxied: true,
      isIrc: isAmong(listenIrc, place),
    })),
    ...listenIrc
      .filter((where) => !isAmong(listenProxy, where))
      .map((place) => ({
        where: { ...place, option: "--listen-irc" },
        proxied: false,
        isIrc: true,
      })),
  ]);
}

async function openAll(
  proxyFrom: readonly string[] | undefined,
  places: readonly {
    where: (Address & { option: string }) | { fd: number };
    proxied: boolean;
    isIrc: boolean;
  }[],
): Promise<OpenListener[]> {
  const opened: OpenListener[] = [];
  try {
    for (const { where, proxied, isIrc } of places) {
      const listener = { ...(await openListener(where)), proxied, isIrc };
      opened.push(listener);
      // A host name may resolve to a wildcard, and a socket of LISTEN_FDS may be bound to one.
      if (proxied && proxyFrom === undefined && isWildcard(listener.host))
        throw usage(openProxyError(listener.address));
    }
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
  return opened;
}

/** Closes listeners, and resolves when all are closed. */
export async function closeAll(listeners: readonly HostListener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
}

/**
 * Returns the arguments that tell a component what to listen on: `--listen HOST:PORT` for each
 * listener. A module needs none, since it is handed the sockets.
 */
export function listenArguments(listeners: readonly OpenListener[], abi: Abi = "p1"): string[] {
  return abi === "p3" ? listeners.flatMap(({ address }) => ["--listen", address]) : [];
}

/** Returns the arguments about listeners for a program of this package. */
export function listenerArguments(listeners: readonly OpenListener[], abi: Abi = "p1"): string[] {
  const addresses = listeners.map(
    ({ address, proxied, isIrc }) =>
      address + (isIrc ? " (IRC)" : "") + (proxied ? " (behind a proxy)" : ""),
  );
  const proxied = listeners.flatMap((listener, at) => (listener.proxied ? [at + 1] : []));
  const irc = listeners.flatMap((listener, at) => (listener.isIrc ? [at + 1] : []));
  return [
    ...listenArguments(listeners, abi),
    ...["--address", addresses.join(", ")],
    ...(proxied.length > 0 ? ["--proxy-protocol", proxied.join()] : []),
    ...(irc.length > 0 ? ["--irc", irc.join()] : []),
  ];
}
