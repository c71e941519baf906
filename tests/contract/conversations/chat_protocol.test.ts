/** Every object type and every error code of styles json and json2, as the server sends it. */
import { expect, test } from "vitest";
import { schema, secondSchema, typesOfSchema } from "../../support/protocol.js";
import type { Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

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

/** Lines of an operator of a room and of a user that annoys it, by turns. */
async function quarrel(ann: Client, ben: Client): Promise<Heard[]> {
  const seen: Heard[] = [];
  const saying = async (client: Client, ...lines: string[]) => {
    for (const line of lines) client.say(line);
    seen.push(...(await objectsOf(client)));
  };
  await saying(
    ann,
    "/join den",
    "/mode",
    "/mode b",
    "/op ben",
    "/invite ann",
    "/mode +x",
    "/mode +l",
  );
  await saying(ann, "/mode +b *!*@nowhere", `/mode +${"i".repeat(21)}`, "/mode -i+k green");
  await saying(ben, "/in lobby /mode +i", "/join den");
  await saying(ann, "/mode -k+l green 1");
  await saying(ben, "/join den");
  await saying(ann, "/mode -l+i");
  await saying(ben, "/join den");
  await saying(ann, "/invite ben");
  await saying(ben, "/join den", "/op ben");
  await saying(ann, "/mode +m", "/voice ben", "/devoice ben");
  await saying(ben, "anybody?");
  await saying(ann, "/mode -m", "/mode +b ben", ...masks());
  await saying(ann, "/kick ben enough");
  await saying(ben, "/join den");
  return seen;
}

/** As many bans as a room may have, and one more. */
function masks(): string[] {
  return Array.from({ length: 5 }, (_, line) => {
    const names = Array.from({ length: 20 }, (_, at) => `m${line}-${at}`);
    return `/mode +${"b".repeat(20)} ${names.join(" ")}`;
  });
}

/** Connects a client, and waits until it has been welcomed, which stays to be read. */
async function welcomed(server: Server): Promise<Client> {
  const client = await server.connect();
  await client.expectAtLeast(1);
  return client;
}

test.each([
  { style: "json", schema, apart: "leave" },
  { style: "json2", schema: secondSchema, apart: "part" },
])("each object of style $style is as the schema has it, and each is sent", async (version) => {
  const options = ["--style", version.style, "--max-rooms", "2", "--max-line", "400"];
  const limits = ["--history", "2", "--replay", "0", "--rooms-per-client", "2"];
  const server = await startProgram("chat", [...options, ...limits]);
  const [ann, ben] = [await welcomed(server), await welcomed(server)];
  for (const line of [
    ...["/nick ann", "hello", '/me waves \t \u{1f600} \\ "', "/topic tea", "/topic", "/rooms"],
    ...["/join den", "/part", "/whois ann", "/away for tea", "/who", "/away", "/history 5"],
    ...["one more", "and more", "/history since 1", `/style ${version.style}`, "/help"],
  ]) {
    ann.say(line);
  }
  const seen = await objectsOf(ann);
  ben.say("/nick ben");
  ann.say("/away");
  ann.say("/away gone");
  seen.push(...(await objectsOf(ann)));
  const eve = await welcomed(server);
  for (const other of [ben, eve]) {
    other.say("/reply to whom?");
    other.say("/msg ann psst");
    seen.push(...(await objectsOf(other)));
    ann.say("/reply psst");
    seen.push(...(await objectsOf(ann)));
  }
  for (const line of [
    ...["/nonsense", "/nick", "/nick 1", "/nick ann", "/join den", "/join far", "/in lobby /part"],
    ...[
      "/join far",
      "/join lobby",
      "/in den /part",
      "/who nowhere",
      "/in nowhere x",
      "/msg nobody x",
      "/reply x",
      "/style loud",
      "/ignore ben",
    ],
    ...[`/topic ${"x".repeat(301)}`, "y".repeat(401)],
  ]) {
    ben.say(line);
  }
  seen.push(...(await objectsOf(ben)));
  server.console("op ben");
  await server.prints(/ben is an operator of lobby/);
  seen.push(...(await quarrel(ann, ben)));
  server.console("ban mallory");
  await server.prints(/mallory is banned/);
  ben.say("/nick mallory");
  seen.push(...(await objectsOf(ben)));
  server.console("mute ben");
  await server.prints(/ben is mute/);
  server.console("say good night");
  await server.prints(/told 3 /);
  ben.say("anybody?");
  seen.push(...(await objectsOf(ben)));
  ann.say("/join lobby");
  ben.say("/quit");
  for (let last = ""; last !== "closed";) {
    const object = JSON.parse(await ben.expectLine()) as Heard;
    seen.push(object);
    last = object.type;
  }
  await ben.expectEnd();
  seen.push(...(await objectsOf(ann)));
  // More users than may be announced one by one.
  const crowd = await Promise.all(Array.from({ length: 8 }, () => server.connect()));
  for (const one of crowd) one.say("hi");
  for (const one of crowd) await objectsOf(one);
  const isTold = () => seen.some(({ type }) => type === "presence");
  const isToldOfMany = typesOfSchema(version.schema).includes("presence");
  do seen.push(...(await objectsOf(ann)));
  while (isToldOfMany && !isTold());

  const types = new Set(seen.map(({ type }) => type));
  expect([...types].sort()).toEqual(typesOfSchema(version.schema).sort());
  expect(types).toContain(version.apart);
  const codes = version.schema.$defs["code"]?.["enum"] as string[];
  expect([...new Set(codesOf(seen))].sort()).toEqual([...codes].sort());
});
