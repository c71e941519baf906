/**
 * The HTTP server for monitoring: /metrics for Prometheus, /healthz and /readyz for supervisors and
 * load balancers, /varz for people and scripts.
 */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { type Metric, Registry } from "prom-client";
import { isLoopback } from "../base/addresses.js";
import { type Address, formatAddress } from "../base/config.js";
import { errnoOf, UserError } from "../base/errors.js";
import { packageVersion } from "../base/programs.js";
import { counter, type Family, gauge } from "./families.js";
import type { Snapshot, StatisticsSource } from "./source.js";

/** Connections of the metrics server at a time. Node closes further ones. @limit connections */
const WATCHERS_MOST = 64;
/** A request must be complete within this time. */
const REQUEST_WAIT_MS = 4_000;
/** The interval at which that is checked. */
const LOOK_INTERVAL_MS = 500;

export interface MetricsServer {
  /** The address that it listens on: `127.0.0.1:9100`. */
  address: string;
  /** True if only this machine can reach the server (loopback). */
  isLocal: boolean;
  close(): void;
}

interface Page {
  status: number;
  type: string;
  body: string;
}

/** Opens the server. @throws UserError if the address cannot be listened on */
export async function openMetrics(
  { host, port }: Address,
  source: StatisticsSource,
): Promise<MetricsServer> {
  const waits = {
    headersTimeout: REQUEST_WAIT_MS,
    requestTimeout: REQUEST_WAIT_MS,
    connectionsCheckingInterval: LOOK_INTERVAL_MS,
  };
  let isLocal = true;
  const server = http.createServer(waits, (request, response) => {
    const isMeant = !isLocal || isNamed(request, host);
    void answer(request, response, isMeant ? source : undefined);
  });
  server.maxConnections = WATCHERS_MOST;
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const where = formatAddress(host, port);
    const why = `cannot listen on ${where} for the metrics (${errnoOf(error)})`;
    throw new UserError("E_METRICS", `${why}: choose another with --metrics`);
  }
  const bound = server.address() as AddressInfo;
  isLocal = isLoopback(bound.address);
  return {
    isLocal,
    address: formatAddress(bound.address, bound.port),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Returns true if the Host header names this machine. This is the defence against DNS rebinding: a
 * web page can make its own name resolve to 127.0.0.1 and then read this server, but the browser
 * sends that name in the header.
 */
function isNamed({ headers }: http.IncomingMessage, host: string): boolean {
  const name = (headers.host ?? "").replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
  return name === "" || name === host || isLoopback(name);
}

/**
 * Answers a request.
 *
 * @param source undefined if the Host header is wrong: the answer is then 421
 */
async function answer(
  { method = "", url = "" }: http.IncomingMessage,
  response: http.ServerResponse,
  source: StatisticsSource | undefined,
): Promise<void> {
  const page =
    source === undefined
      ? text(421, "these metrics are asked for by an address or as localhost")
      : await pageOf(method, url.replace(/\?.*$/s, ""), source);
  response.writeHead(page.status, {
    "content-type": page.type,
    "content-length": Buffer.byteLength(page.body),
    "cache-control": "no-store",
    ...(page.status === 405 ? { allow: "GET, HEAD" } : {}),
  });
  response.end(method === "HEAD" ? undefined : page.body);
}

async function pageOf(method: string, path: string, source: StatisticsSource): Promise<Page> {
  if (method !== "GET" && method !== "HEAD") return text(405, "GET or HEAD");
  switch (path) {
    case "/metrics":
      return metrics(await source.read(), source.restarts);
    case "/healthz":
      return health(await source.read());
    case "/readyz":
      return readiness(await source.read());
    case "/varz":
      return varz(await source.read(), source.restarts);
    case "/":
      return text(200, "/metrics\n/healthz\n/readyz\n/varz");
    default:
      return text(404, "there are /metrics, /healthz, /readyz and /varz");
  }
}

async function metrics(snapshot: Snapshot, restarts: number): Promise<Page> {
  const registry = new Registry();
  const families = [...snapshot.families, ...launcherFamilies(snapshot, restarts)];
  for (const family of families) {
    // prom-client's own metrics would count anew. The guest has counted already, so only the
    // formatting is used.
    const metric = { name: family.name, get: async () => Promise.resolve(family) };
    registry.registerMetric(metric as unknown as Metric);
  }
  return { status: 200, type: registry.contentType, body: await registry.metrics() };
}

function launcherFamilies({ guest }: Snapshot, restarts: number): Family[] {
  const version = packageVersion();
  return [
    gauge("pollcast_up", "1 if the guest answers, 0 if it does not.", guest === undefined ? 0 : 1),
    gauge(
      "pollcast_ready",
      "1 if the server accepts clients, 0 if it does not.",
      guest?.stopping === false ? 1 : 0,
    ),
    counter("pollcast_restarts_total", "Restarts of the guest.", restarts),
    gauge(
      "pollcast_launcher_uptime_seconds",
      "Seconds since the launcher was started.",
      process.uptime(),
    ),
    gauge(
      "pollcast_launcher_memory_bytes",
      "Memory of the launcher in bytes.",
      process.memoryUsage.rss(),
    ),
    {
      ...{
        name: "pollcast_build_info",
        help: "1, with the version of pollcast as a label.",
        type: "gauge",
      },
      values: [{ labels: { version }, value: 1 }],
    },
  ];
}

function health({ error }: Snapshot): Page {
  return error === undefined ? text(200, "ok") : text(503, error);
}

function readiness({ guest, error }: Snapshot): Page {
  if (guest === undefined) return text(503, error ?? "no module runs");
  return guest.stopping ? text(503, "stopping") : text(200, "ok");
}

function varz({ guest, error }: Snapshot, restarts: number): Page {
  const launcher = {
    version: packageVersion(),
    pid: process.pid,
    uptime_seconds: process.uptime(),
    memory_bytes: process.memoryUsage.rss(),
    restarts,
  };
  const body = JSON.stringify({ launcher, guest: guest ?? null, error: error ?? null }, null, 2);
  return { status: 200, type: "application/json", body: `${body}\n` };
}

function text(status: number, body: string): Page {
  return { status, type: "text/plain; charset=utf-8", body: `${body}\n` };
}
