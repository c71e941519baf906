/** The HTTP endpoints beside the chat, as monitoring tools use them. */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import parsePrometheusTextFormat from "parse-prometheus-text-format";
import { expect, test } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { type Client, connect } from "../contract/conversations/support/client.js";
import { Launcher } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

interface Answer {
  status: number;
  type: string;
  body: string;
}

/** A server whose metrics are served, too. */
async function serving(
  ...args: string[]
): Promise<{ launcher: Launcher; port: number; get: (path: string) => Promise<Answer> }> {
  const words = ["--metrics", "127.0.0.1:0", "--rate", "0", ...args];
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none", ...words]);
  const port = await launcher.serves();
  const [, base = ""] = await launcher.says(/metrics at (http:\/\/\S+)\/metrics/);
  return { launcher, port, get: async (name) => get(base + name) };
}

async function get(url: string, method = "GET"): Promise<Answer> {
  const response = await fetch(url, { method });
  const type = response.headers.get("content-type") ?? "";
  return { status: response.status, type, body: await response.text() };
}

/** Values by name, and by name and label. */
type Values = Map<string, number>;

async function metricsOf(get: (path: string) => Promise<Answer>): Promise<Values> {
  const values: Values = new Map();
  for (const { name, metrics } of parsePrometheusTextFormat((await get("/metrics")).body)) {
    for (const { value, count, labels } of metrics) {
      const label = Object.values(labels ?? {}).join();
      values.set(label === "" ? name : `${name} ${label}`, Number(value ?? count));
    }
  }
  return values;
}

/** An answer is kept for a second. */
async function whenFresh(get: (path: string) => Promise<Answer>): Promise<Values> {
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  return metricsOf(get);
}

async function crowd(port: number, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  for (let number = 1; number <= count; number++) {
    const client = await connect(port);
    await client.expectLineLike(/^\* you are /);
    clients.push(client);
  }
  return clients;
}

test("each endpoint says what it is for, and the rest what there is", async () => {
  const { get } = await serving();
  expect(await get("/healthz")).toEqual({
    ...{ status: 200, type: "text/plain; charset=utf-8", body: "ok\n" },
  });
  expect(await get("/readyz?verbose=1")).toMatchObject({ status: 200, body: "ok\n" });
  const { status, type, body } = await get("/metrics");
  expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(body).toContain("\n# TYPE pollcast_messages_total counter\n");
  const varz = await get("/varz");
  expect(varz.type).toBe("application/json");
  expect(JSON.parse(varz.body)).toMatchObject({
    ...{ launcher: { restarts: 0 }, error: null },
    guest: { connections: 0, stopping: false, closed: { left: 0 } },
  });
  expect((await get("/")).body).toContain("/metrics\n");
  expect((await get("/secret")).status).toBe(404);
});

test("nothing but GET and HEAD is understood", async () => {
  const { launcher } = await serving();
  const [, base = ""] = await launcher.says(/metrics at (http:\/\/\S+)\/metrics/);
  expect(await get(`${base}/metrics`, "POST")).toMatchObject({ status: 405 });
  expect(await get(`${base}/healthz`, "HEAD")).toMatchObject({ status: 200, body: "" });
});

test("what clients counted is what the metrics count", async () => {
  const { port, get } = await serving();
  const people = 7;
  const lines = 50;
  const clients = await crowd(port, people);
  const [speaker, ...others] = clients as [Client, ...Client[]];
  // The first line of a client announces it. That is not counted here.
  speaker.say("hello");
  for (const client of clients) while (!/ hello$/.test(await client.expectLine()));
  const before = await whenFresh(get);
  let said = 0;
  for (let number = 0; number < lines; number++) {
    const line = `line ${number}`;
    speaker.say(line);
    said += line.length + 1;
  }
  const last = new RegExp(` line ${lines - 1}$`);
  let heard = 0;
  for (const client of [speaker, ...others]) {
    for (;;) {
      const line = await client.expectLine();
      if (/^\d\d:\d\d:\d\d /.test(line)) heard += 1;
      if (last.test(line)) break;
    }
  }
  expect(heard).toBe(lines * people);
  const after = await whenFresh(get);
  const grown = (name: string): number => (after.get(name) ?? NaN) - (before.get(name) ?? NaN);
  expect(grown("pollcast_messages_total")).toBe(lines);
  expect(grown("pollcast_deliveries_total")).toBe(heard);
  expect(grown("pollcast_received_bytes_total")).toBe(said);
  expect(after.get("pollcast_connections_accepted_total")).toBe(people);
  expect(after.get("pollcast_connections")).toBe(people);
  expect(after.get("pollcast_people")).toBe(people);
  expect(after.get("pollcast_queue_bytes")).toBe(0);
  // Each line is "HH:MM:SS client-1: line N\n" to each.
  const bytes = lines * people * "00:00:00 client-1: ".length + said * people;
  expect(grown("pollcast_sent_bytes_total")).toBe(bytes);
  expect(grown("pollcast_loop_ticks_total")).toBeGreaterThan(0);
  const sends = grown("pollcast_send_bytes");
  expect(sends).toBeGreaterThanOrEqual(people);
  expect(sends).toBeLessThanOrEqual(lines * people);
});

test("ends are counted by their reasons", async () => {
  const { port, get, launcher } = await serving();
  const [one, two, three] = (await crowd(port, 3)) as [Client, Client, Client];
  one.say("/quit");
  await one.expectAllUntilEnd();
  two.leave();
  await launcher.says(/client-2 is gone/);
  launcher.type("kick client-3\n");
  await three.expectAllUntilEnd();
  await launcher.says(/client-3 is gone/);
  const after = await whenFresh(get);
  const closed = (reason: string) => after.get(`pollcast_closed_total ${reason}`);
  expect(["quit", "left", "kicked", "flood"].map(closed)).toEqual([1, 1, 1, 0]);
});

test("no counter runs backwards when the module is killed", async () => {
  const { port, get, launcher } = await serving();
  const [client] = (await crowd(port, 1)) as [Client];
  for (let number = 0; number < 5; number++) client.say("hello");
  await client.expectLineLike(/hello$/);
  await until("all are counted", async () => {
    return (await metricsOf(get)).get("pollcast_messages_total") === 5;
  });
  const before = await metricsOf(get);
  process.kill(launcher.guestPid, "SIGKILL");
  await launcher.says(/listening on[^]*listening on/);
  const [next] = (await crowd(port, 1)) as [Client];
  next.say("hello again");
  await next.expectLineLike(/hello again$/);
  const after = await whenFresh(get);
  expect(after.get("pollcast_messages_total")).toBe(6);
  expect(after.get("pollcast_restarts_total")).toBe(1);
  expect(after.get("pollcast_connections")).toBe(1);
  const grows = [...before].filter(([name]) => /_total|_(seconds|bytes|keys)$/.test(name));
  const gauges = /uptime|memory|chunk|queue|slowest/;
  const back = grows.filter(
    ([name, value]) => !gauges.test(name) && (after.get(name) ?? 0) < value,
  );
  expect(back).toEqual([]);
});

test("a module that hangs is said to, and the counters stay", async () => {
  const { get, launcher } = await serving();
  const guest = launcher.guestPid;
  await metricsOf(get);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  process.kill(guest, "SIGSTOP");
  try {
    const why = "the server has not answered within 2 s\n";
    expect(await get("/healthz")).toMatchObject({ status: 503, body: why });
    expect(await get("/readyz")).toMatchObject({ status: 503, body: why });
    const values = await metricsOf(get);
    expect(values.get("pollcast_up")).toBe(0);
    expect(values.has("pollcast_loop_ticks_total")).toBe(true);
    expect(values.has("pollcast_connections")).toBe(false);
  } finally {
    process.kill(guest, "SIGCONT");
  }
  await until("it is well again", async () => (await get("/healthz")).status === 200);
});

test("an address that is taken is refused in words", async () => {
  const server = http.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const words = ["--ctl", "none", "--metrics", `127.0.0.1:${port}`];
  const launcher = new Launcher(["serve", "--port", "0", ...words]);
  expect((await launcher.ended).code).toBe(69);
  expect(launcher.stderr).toBe(
    `pollcast: cannot listen on 127.0.0.1:${port} for the metrics (EADDRINUSE): ` +
      "choose another with --metrics\n",
  );
  server.close();
});

test("metrics on an address that others reach are warned about", async () => {
  const words = ["--ctl", "none", "--metrics", "0.0.0.0:0"];
  const launcher = new Launcher(["serve", "--port", "0", ...words]);
  await launcher.says(/the metrics can be read by whoever reaches that address/);
});

/** Names in the queries of a dashboard, wherever they stand. */
function queriesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "expr" ? [String(inner)] : queriesIn(inner),
  );
}

test("a journal that is not written any more can be seen", async () => {
  const directory = temporaryDirectory();
  const { port, get } = await serving("--data", directory);
  const [client] = (await crowd(port, 1)) as [Client];
  const journal = async () => {
    const values = await whenFresh(get);
    return ["writing", "segments", "failures_total"].map((name) =>
      values.get(`pollcast_journal_${name}`),
    );
  };
  expect(await journal()).toEqual([1, 1, 0]);
  fs.appendFileSync(path.join(directory, "chat-00000001.journal"), "somebody else's");
  client.say("hello");
  await client.expectLineLike(/hello$/);
  expect(await journal()).toEqual([0, 1, 1]);
});

test("every metric that the dashboard names is there", async () => {
  const { get } = await serving("--data", temporaryDirectory());
  const { body } = await get("/metrics");
  const lines = new Set(body.split("\n").map((line) => /^[a-z_]+/.exec(line)?.[0] ?? ""));
  const file = path.join(packageRoot, "docs", "grafana", "pollcast.json");
  const queries = queriesIn(JSON.parse(fs.readFileSync(file, "utf8")));
  const named = new Set(queries.flatMap((query) => query.match(/\bpollcast_[a-z_]+/g) ?? []));
  expect(named.size).toBeGreaterThan(15);
  expect([...named].filter((name) => !lines.has(name))).toEqual([]);
});

test("every metric is in the page about them, and no other", async () => {
  const { get } = await serving("--data", temporaryDirectory());
  const { body } = await get("/metrics");
  const served = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const page = fs.readFileSync(path.join(packageRoot, "docs", "reference", "metrics.md"), "utf8");
  const told = [...page.matchAll(/^\| `(pollcast_[a-z_]+)`/gm)].map(([, name]) => name);
  expect(told.sort()).toEqual(served.sort());
});
