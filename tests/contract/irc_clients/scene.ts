/**
 * The scene that every IRC client plays with bob, who types lines, and with robot, a program that
 * reads JSON: they talk in two rooms, and the server crashes once.
 */
import type { Deed, RealClient } from "./real_client.js";
import type { Stage } from "./stage.js";
import { step } from "./step.js";

/** @returns what the client has displayed, up to its quit */
export async function play(stage: Stage, client: RealClient): Promise<string> {
  await meet(stage, client);
  await talk(stage, client);
  await govern(stage, client);
  await comeBack(stage, client);
  const displayed = client.text();
  await step(() => client.do(["quit"]), [stage.bob, `* ${client.name} left`]);
  return displayed;
}

/** The client connects, and joins a room with users and one without. */
async function meet({ port, bob, robot }: Stage, client: RealClient): Promise<void> {
  await bob.connect(port);
  await robot.connect(port);
  await step(() => bob.say("/join tea"), [bob, " in tea "]);
  await step(() => robot.say("/join tea"), [bob, "* robot joined"]);
  await step(() => bob.say("/topic tea at four"), [robot, "tea at four"]);
  await step(() => bob.say("the kettle is on"), [robot, "the kettle is on"]);
  await step(() => client.start(), [client, client.signs.registered]);
  await join(client, "#tea", "the kettle is on");
  if (client.asksHistory)
    await step(() => client.do(["history", "#tea"]), [client, "the kettle is on"]);
  await join(client, "#cake");
  await step(() => robot.say("/join cake"), [client, "robot"]);
}

/** The client joins a channel. @param past a line of its history */
async function join(client: RealClient, channel: string, past?: string): Promise<void> {
  const joined = [client, client.signs.joined(channel)] as const;
  const isReplayed = client.getsReplay && past !== undefined;
  const replayed = isReplayed ? [[client, past] as const] : [];
  await step(() => client.do(["join", channel]), joined, ...replayed);
}

async function talk({ bob, robot }: Stage, client: RealClient): Promise<void> {
  const { name } = client;
  const does = (deed: Deed) => () => client.do(deed);
  const hello = `hello from ${name}`;
  await step(does(["say", "#tea", hello]), [bob, ` ${name}: ${hello}\n`], [robot, `"${hello}"`]);
  await step(() => bob.say("hello from bob"), [client, "hello from bob"]);
  await step(() => robot.say("/in cake hello from the robot"), [client, "hello from the robot"]);
  await step(does(["act", "#tea", "waves"]), [bob, `* ${name} waves\n`], [robot, '"waves"']);
  await step(() => bob.say("/me bows"), [client, "bows"]);
  await step(does(["tell", "bob", "psst, bob"]), [bob, "psst, bob\n"]);
  await step(() => bob.say(`/msg ${name} psst yourself`), [client, "psst yourself"]);
  await step(does(["tell", "robot", "good robot"]), [robot, '"good robot"']);
  await step(() => robot.say(`/msg ${name} thank you`), [client, "thank you"]);
  await step(() => bob.say("äöü ☕ 世界"), [client, "äöü ☕ 世界"]);
  await step(does(["names", "#tea"]), [client, client.signs.named]);
}

/** Topics, kicks and names: the client is the operator in #cake, bob in #tea. */
async function govern({ bob, robot }: Stage, client: RealClient): Promise<void> {
  const { name } = client;
  await step(
    () => client.do(["topic", "#cake", "cake at five"]),
    [robot, '"cake at five"'],
    [client, "cake at five"],
  );
  await step(() => bob.say("/topic tea at six"), [client, "tea at six"]);
  await step(() => bob.say("/mode +m"), [client, "+m"]);
  await step(() => bob.say("/mode -m"), [client, "-m"]);
  await step(
    () => client.do(["kick", "#cake", "robot", "no crumbs"]),
    [robot, '"no crumbs"'],
    [client, "no crumbs"],
  );
  await step(() => bob.say(`/kick ${name} too loud`), [client, "too loud"]);
  await join(client, "#tea", "the kettle is on");
  await step(() => bob.say("/nick bobby"), [client, "bobby"]);
  await step(() => robot.say("/in tea /part"), [bob, "* robot left"]);
}

/** The server crashes. The client is the first to come back. */
async function comeBack(stage: Stage, client: RealClient): Promise<void> {
  const { port, bob, robot } = stage;
  const { signs } = client;
  const rooms = ["#tea", "#cake"] as const;
  if (client.endsFirst)
    await step(() => client.do(["quit"]), [bob, `* ${client.name} left`], [client, "Closing Link"]);
  const comes = (): void => (client.comesBack ? stage.crash() : client.start());
  const back = rooms.map((room) => [client, signs.joined(room)] as const);
  if (!client.comesBack) await stage.crashAndRestart();
  await step(comes, [client, signs.registered], ...(client.comesBack ? back : []));
  if (!client.comesBack) for (const room of rooms) await join(client, room);
  await bob.connect(port);
  await step(() => bob.say("/join tea"), [client, /\bbob\b/]);
  await robot.connect(port);
  await step(() => bob.say("are you back?"), [client, "are you back?"]);
  await step(
    () => client.do(["say", "#tea", "yes, I am"]),
    [bob, ": yes, I am\n"],
    [client, "yes, I am"],
  );
}
