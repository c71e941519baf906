/** Two thousand clients connect at once, receive the same line once, and fall silent. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { cpuPercent, cpuSeconds } from "../../../lab/measure/processor.js";
import { STAMP, type Client } from "../../contract/conversations/support/client.js";
import { startProgram } from "../../contract/conversations/support/server.js";

const CLIENTS = 2_000;
const IDLE_SECONDS = 3;
/** The figure is below 1 on a quiet machine; the bound is for a busy one. */
const IDLE_CPU_PERCENT_MOST = 5;

test("2,000 clients connect at once, each hears a broadcast once, and silence costs next to nothing", async () => {
  const server = await startProgram("chat");
  const arrivedFrom = performance.now();
  const clients = await server.joinAll(CLIENTS);
  const arrived = performance.now() - arrivedFrom;
  await server.logs(new RegExp(`\\(${CLIENTS} here\\)`));

  const [speaker] = clients as [Client];
  const name = await nameOf(speaker, clients);
  const saidAt = performance.now();
  speaker.say("everybody hears this");
  for (const client of clients) await client.expectSaid(name, "everybody hears this");
  const heard = performance.now() - saidAt;
  speaker.say("and this");
  for (const client of clients) {
    await client.expectSaid(name, "and this");
    expect(client.heardBytes).toBe(0);
  }

  const [before, from] = [cpuSeconds(server.pid), performance.now()];
  await sleep(IDLE_SECONDS * 1000);
  const idle = cpuPercent(cpuSeconds(server.pid) - before, (performance.now() - from) / 1000);
  process.stdout.write(
    `${CLIENTS} clients: all in after ${arrived.toFixed(0)} ms, a line heard by all after ` +
      `${heard.toFixed(0)} ms, idle at ${idle.toFixed(1)} % of a core\n`,
  );
  expect(idle).toBeLessThan(IDLE_CPU_PERCENT_MOST);
  // No client was sent anything meanwhile, and none was disconnected.
  expect(clients.every((client) => client.heardBytes === 0 && !client.closed)).toBe(true);
});

/** Which name the chat gave to a client; all the others hear it, too. */
async function nameOf(client: Client, all: readonly Client[]): Promise<string> {
  client.say("who am I?");
  let name = "";
  for (const each of all) {
    const [, found = ""] = new RegExp(`^${STAMP} (.+)$`).exec(await each.expectLine()) ?? [];
    name = found;
    await each.expectBytes("who am I?\n");
  }
  return name;
}
