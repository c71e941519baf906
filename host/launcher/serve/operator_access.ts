/**
 * Opens the operators' access to one served chat: the channel to the present guest, the console,
 * the control socket and the metrics.
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

/** The value of `--ctl` that means no control socket. */
const NO_SOCKET = "none";

/** The operators' access to a chat. A program of the tutorial has a console only. */
export interface OperatorAccess {
  console: GuestConsole;
  channel?: ControlChannel;
  /** The commands of operators. The launcher adds its own commands, such as `reload`. */
  operator?: Operator;
  /** Arguments for the guest. */
  arguments: string[];
  close(): Promise<void>;
}

/** Opens everything. @throws UserError if the control socket or the metrics cannot be opened */
export async function openOperatorAccess(
  options: ServeOptions,
  listeners: readonly HostListener[],
  log: Log,
  user: UserEnd,
): Promise<OperatorAccess> {
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

/**
 * Opens the control socket. With `--ctl`, a failure ends the start. The default socket is not
 * essential: a failure is logged, and the server starts without it.
 */
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
  // The library is loaded only if it is needed.
  const { openMetrics } = await import("../metrics/server.js");
  const server = await openMetrics(metrics, new StatisticsSource(channel));
  log.say("metrics", `metrics at http://${server.address}/metrics`);
  if (!server.isLocal) {
    const why = "the metrics can be read by whoever reaches that address";
    log.say("metrics-open", `${why}: 127.0.0.1 would keep them on this machine`, "warning");
  }
  return server;
}
