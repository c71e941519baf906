/**
 * All that operators have to do with one served chat: the channel to whichever guest lives, the
 * console, the control socket and the metrics.
 */
import type { ServeOptions } from "../base/config.js";
import type { GuestConsole } from "../guest/console.js";
import { UserError } from "../base/errors.js";
import type { HostListener } from "./listener.js";
import type { Log } from "../guest/log.js";
import type { MetricsServer } from "../metrics/server.js";
import { StatisticsSource } from "../metrics/source.js";
import { ControlChannel } from "../control/channel.js";
import { openConsole, type UserEnd } from "../control/console.js";
import { Operator } from "../control/operator.js";
import { type ControlSocket, openControlSocket } from "../control/socket.js";
import { makeFolder, removeStaleSockets, socketPlaces } from "../control/socket_path.js";

/** What `--ctl` says to have no control socket. */
const NO_SOCKET = "none";

export interface Desk {
  console: GuestConsole;
  channel?: ControlChannel;
  /** To be told the launcher's own commands. */
  operator?: Operator;
  /** For the guest. */
  arguments: string[];
  close(): Promise<void>;
}

/** @throws UserError */
export async function openDesk(
  options: ServeOptions,
  listeners: readonly HostListener[],
  log: Log,
  user: UserEnd,
): Promise<Desk> {
  const channel = new ControlChannel((line) => log.say("output", line, "warning"));
  const operator = new Operator(channel, log);
  const socket = await socketFor(options.ctl, listeners[0]?.port ?? 0, operator, log);
  let metrics: MetricsServer | undefined;
  try {
    metrics = await metricsFor(options, channel, log);
  } catch (error) {
    await socket?.close();
    throw error;
  }
  const console = openConsole(channel, operator, user);
  return {
    ...{ console, channel, operator },
    arguments: ["--control", "--log-format", log.json ? "json" : "text"],
    async close() {
      console.close();
      channel.close();
      metrics?.close();
      await socket?.close();
    },
  };
}

/** The one that was asked for must be had; without the one that nobody named, people can chat. */
async function socketFor(
  named: string | undefined,
  port: number,
  operator: Operator,
  log: Log,
): Promise<ControlSocket | undefined> {
  if (named === NO_SOCKET) return undefined;
  if (named !== undefined) return openControlSocket(named, operator);
  const failures: string[] = [];
  for (const { folder, file } of socketPlaces(port)) {
    try {
      makeFolder(folder);
      await removeStaleSockets(folder);
      return await openControlSocket(file, operator);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error.message);
    }
  }
  log.say("no-control-socket", `${failures.join("; ")}; going on without it`, "warning");
  return undefined;
}

async function metricsFor(
  { metrics }: ServeOptions,
  channel: ControlChannel,
  log: Log,
): Promise<MetricsServer | undefined> {
  if (metrics === undefined) return undefined;
  // Only who wants metrics needs the library that writes them.
  const { openMetrics } = await import("../metrics/server.js");
  const server = await openMetrics(metrics, new StatisticsSource(channel));
  log.say("metrics", `metrics at http://${server.address}/metrics`);
  if (!server.isLocal) {
    const why = "the metrics can be read by whoever reaches that address";
    log.say("metrics-open", `${why}: 127.0.0.1 would keep them on this machine`, "warning");
  }
  return server;
}
