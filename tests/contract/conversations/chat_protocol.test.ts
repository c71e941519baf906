/** Every object type and every error code of style json, as the server sends it. */
import { expect, test } from "vitest";
import { schema, typesOfSchema } from "../../support/protocol.js";
import type { Client } from "./support/client.js";
import { startProgram } from "./support/server.js";

interface Heard {
  type: string;
  code?: string;
}

/** All objects up to the answer to a ping of ours. */
async function objectsOf(client: Client): Promise<Heard[]> {
  client.say("/ping caught up");
  const objects: Heard[] = [];
  for (;;) {
    const object = JSON.parse(await client.expectLine()) as Heard & { text?: string };
    objects.push(object);
    if (object.type === "pong" && object.text === "caught up") return objects;
  }
}

const codesOf = (objects: readonly Heard[]) => objects.map(({ code }) => code).filter(Boolean);

test("each object is as the schema has it, and each type and code is sent", async () => {
  const options = ["--style", "json", "--max-rooms", "2", "--max-line", "400", "--history", "2"];
  const server = await startProgram("chat", [...options, "--replay", "0"]);
  const [ann, ben] = [await server.join(), await server.join()];
  for (const line of [
    ...["/nick ann", "hello", '/me waves \t \u{1f600} \\ "', "/topic tea", "/topic", "/rooms"],
    ...["/join den", "/part", "/whois ann", "/away for tea", "/who", "/away", "/history 5"],
    ...["one more", "and more", "/history since 1", "/style json", "/help"],
  ]) {
    ann.say(line);
  }
  const seen = await objectsOf(ann);
  ben.say("/nick ben");
  ann.say("/away");
  ann.say("/away gone");
  seen.push(...(await objectsOf(ann)));
  ben.say("/msg ann psst");
  seen.push(...(await objectsOf(ben)));
  for (const line of [
    ...["/nonsense", "/nick", "/nick 1", "/nick ann", "/join den", "/join far", "/part"],
    ...["/who nowhere", "/in nowhere x", "/msg nobody x", "/reply x", "/style loud", "/ignore ben"],
    ...[`/topic ${"x".repeat(301)}`, "y".repeat(401)],
  ]) {
    ben.say(line);
  }
  seen.push(...(await objectsOf(ben)));
  server.console("ban mallory");
  await server.prints(/mallory is banned/);
  ben.say("/nick mallory");
  seen.push(...(await objectsOf(ben)));
  server.console("mute ben");
  await server.prints(/ben is mute/);
  server.console("say good night");
  await server.prints(/told 2 /);
  ben.say("anybody?");
  seen.push(...(await objectsOf(ben)));
  ben.say("/quit");
  seen.push(JSON.parse(await ben.expectLine()) as Heard);
  await ben.expectEnd();
  seen.push(...(await objectsOf(ann)));

  expect([...new Set(seen.map(({ type }) => type))].sort()).toEqual(typesOfSchema().sort());
  const codes = schema.$defs["code"]?.["enum"] as string[];
  expect([...new Set(codesOf(seen))].sort()).toEqual([...codes].sort());
});
