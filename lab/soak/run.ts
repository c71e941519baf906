/**
 * The soak of one runtime: a server, a crowd that stays, visitors that come and go, and samples of
 * all. At the end the visitors leave first, then the crowd, and the server stops last.
 */
import { createHistogram } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { StopRequests } from "../../host/launcher/serve/signals.js";
import { Random } from "../world/random.js";
import { Crowd } from "./crowd.js";
import { descriptorsOf, figuresOf } from "./process_figures.js";
import type { Descriptors, Report } from "./report.js";
import { latencyOf, type Sample } from "./samples.js";
import { type Counts, type Runtime, ServerFailed, SoakServer } from "./server.js";
import { Visitors } from "./visitors.js";

export interface Plan {
  runtime: Runtime;
  wasmtime: string | undefined;
  minutes: number;
  clients: number;
  seed: number;
}

export type Requests = Pick<StopRequests, "stop" | "hurry">;

const SAMPLES = 120;
const INTERVAL_LEAST_MS = 250;
/** After this time without a delivery, missing lines count as lost. */
const SETTLE_IDLE_MS = 10_000;
/** The reasons for which visitors may be closed; the crowd must stay. */
const REASONS: readonly string[] = [
  ...["left", "quit", "connection broken", "too slow", "another protocol"],
];

export async function soak(
  plan: Plan,
  requests: Requests,
  say: (line: string) => void,
): Promise<Report> {
  const server = new SoakServer(plan.runtime, plan.wasmtime);
  const hurry = (): void => void server.dispose();
  requests.hurry.addEventListener("abort", hurry);
  const run = new Run(plan, server, say);
  try {
    await run.begin();
    await run.load(requests.stop);
    await run.end();
  } catch (error) {
    if (!(error instanceof ServerFailed)) throw error;
    run.report.problems.push(error.message);
  } finally {
    run.clear();
    await server.dispose();
    requests.hurry.removeEventListener("abort", hurry);
  }
  return run.report;
}

class Run {
  readonly report: Report;
  #crowd: Crowd | undefined;
  #visitors: Visitors | undefined;
  readonly #latency = createHistogram();

  constructor(
    private readonly plan: Plan,
    private readonly server: SoakServer,
    private readonly say: (line: string) => void,
  ) {
    this.report = {
      runtime: plan.runtime,
      samples: [],
      lines: 0,
      deliveries: 0,
      faults: { lost: 0, doubled: 0, disordered: 0, damaged: 0 },
      visits: 0,
      gone: server.gone,
      latency: latencyOf(this.#latency),
      descriptors: { start: NOTHING, crowd: NOTHING, end: NOTHING },
      exit: "not asked to quit",
      problems: [],
    };
  }

  async begin(): Promise<void> {
    const { plan, server } = this;
    await server.serves();
    // Each process keeps what it opens for its first client.
    const first = new Crowd(server.port, 1, new Random(plan.seed));
    await first.gather();
    await server.until("lets the first client in", () => server.joined === 1);
    const { guest, launcher } = this.#descriptors();
    first.leave();
    // On Node, the log is slightly ahead of the socket.
    this.report.descriptors.start = await this.#closedDownTo({ guest: guest - 1, launcher });

    this.#crowd = new Crowd(server.port, plan.clients, new Random(plan.seed, 1));
    await this.#crowd.gather();
    await server.until("lets the crowd in", () => server.joined === 1 + plan.clients);
    this.#visitors = new Visitors(server.port, new Random(plan.seed, 2));
  }

  /**
   * Runs the load for the planned time, or until it is stopped, or a client of the crowd is closed.
   */
  async load(stop: AbortSignal): Promise<void> {
    const [crowd, visitors] = [this.#crowd, this.#visitors];
    if (crowd === undefined || visitors === undefined) return;
    crowd.talk();
    visitors.start();
    const durationMs = this.plan.minutes * 60_000;
    const intervalMs = Math.max(INTERVAL_LEAST_MS, durationMs / SAMPLES);
    const startedAt = performance.now();
    let counts = await this.server.counts();
    let at = startedAt;
    while (at - startedAt < durationMs && !stop.aborted) {
      // Wait for the next full interval, so that a slow machine does not prolong the soak.
      const waitMs = intervalMs - ((performance.now() - startedAt) % intervalMs);
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
      const [before, from] = [counts, at];
      [counts, at] = [await this.server.counts(), performance.now()];
      this.#sample(crowd, before, counts, (at - from) / 1000, (at - startedAt) / 1000);
      if (crowd.unexpected.length > 0) break;
    }
    visitors.stop();
    crowd.hush();
  }

  /** Lets visitors and crowd leave in turn, and checks that their descriptors are closed. */
  async end(): Promise<void> {
    const [crowd, visitors] = [this.#crowd, this.#visitors];
    if (crowd === undefined || visitors === undefined) return;
    const { report, server, plan } = this;
    const { start } = report.descriptors;
    await crowd.settle(SETTLE_IDLE_MS);
    if (!crowd.agrees) report.problems.push("the crowd did not all hear the same");
    const guestNeeds = start.guest + plan.clients;
    report.descriptors.crowd = await this.#closedDownTo({ ...start, guest: guestNeeds });
    crowd.leave();
    report.descriptors.end = await this.#closedDownTo(start);
    for (const [reason, count] of server.gone) {
      if (!REASONS.includes(reason)) report.problems.push(`${count} closed as "${reason}"`);
    }
    report.exit = await server.quit();
    if (report.exit !== "code 0") report.problems.push(`the server's end: ${report.exit}`);
  }

  /** Disconnects all clients and completes the report, whatever happened before. */
  clear(): void {
    const { report, server } = this;
    this.#visitors?.stop();
    this.#crowd?.leave();
    report.latency = latencyOf(this.#latency);
    report.deliveries = this.#crowd?.deliveries ?? 0;
    report.lines = this.#crowd?.lines ?? 0;
    report.faults = this.#crowd?.faults ?? report.faults;
    report.visits = this.#visitors?.total ?? 0;
    report.problems.push(
      ...(this.#crowd?.unexpected ?? []),
      ...(this.#visitors?.failures ?? []),
      ...server.remarks.map((line) => `the server said: ${line}`),
    );
  }

  #sample(crowd: Crowd, before: Counts, counts: Counts, interval: number, seconds: number): void {
    const latency = crowd.takeLatency();
    if (latency.count > 0) this.#latency.add(latency);
    const sample: Sample = {
      seconds,
      guest: figuresOf(this.server.guestPid),
      launcher: figuresOf(this.server.pid),
      clients: counts.clients,
      lines: (counts.lines - before.lines) / interval,
      deliveries: (counts.deliveries - before.deliveries) / interval,
      faults: Object.values(crowd.faults).reduce((sum, count) => sum + count, 0),
      latency: latencyOf(latency),
    };
    this.report.samples.push(sample);
    if (this.report.samples.length % (SAMPLES / 6) === 0) this.say(progress(this.plan, sample));
  }

  #descriptors(): Descriptors {
    return {
      guest: descriptorsOf(this.server.guestPid),
      launcher: descriptorsOf(this.server.pid),
    };
  }

  /** Waits for a number of open descriptors, and reports a problem if it is not reached. */
  async #closedDownTo(wanted: Descriptors): Promise<Descriptors> {
    const same = (): boolean => {
      const { guest, launcher } = this.#descriptors();
      return guest === wanted.guest && launcher === wanted.launcher;
    };
    const text = `has ${wanted.guest} files open, and its launcher ${wanted.launcher}`;
    try {
      await this.server.until(text, same);
    } catch (error) {
      if (!(error instanceof ServerFailed)) throw error;
      this.server.assertAlive();
      const { guest, launcher } = this.#descriptors();
      this.report.problems.push(`${error.message}: there are ${guest} and ${launcher}`);
    }
    return this.#descriptors();
  }
}

const NOTHING: Descriptors = { guest: 0, launcher: 0 };

function progress({ runtime }: Plan, sample: Sample): string {
  const { seconds, clients, latency, faults } = sample;
  const deliveries = `${sample.deliveries.toFixed(0)} deliveries a second`;
  const p99 = `p99 ${latency.p99Ms.toFixed(1)} ms`;
  const words = [`${clients} clients`, deliveries, p99, `${faults} faults`].join(", ");
  return `${runtime}, ${seconds.toFixed(0)} s: ${words}`;
}
