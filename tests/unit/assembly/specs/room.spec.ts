import { runCommand } from "../../../../assembly/chat/commands/commands";
import { Command, CommandId } from "../../../../assembly/chat/protocol/command";
import { DeliveryRound } from "../../../../assembly/chat/delivery/delivery_round";
import { nameKey } from "../../../../assembly/chat/users/name_key";
import { UserDirectory } from "../../../../assembly/chat/users/user_directory";
import { Room } from "../../../../assembly/chat/rooms/room";
import { refusesLongText, RoomCommands } from "../../../../assembly/chat/commands/room_commands";
import { RoomRegistry } from "../../../../assembly/chat/rooms/room_registry";
import { Session } from "../../../../assembly/chat/session/session";
import { Style } from "../../../../assembly/chat/protocol/style";
import { History } from "../../../../assembly/chat/rooms/history";
import { NAMES_LISTED } from "../../../../assembly/chat/limits";
import { MessageKind } from "../../../../assembly/chat/delivery/message";
import { Chunk } from "../../../../assembly/net/sending/chunk";
import { User } from "../../../../assembly/chat/users/user";
import { TopicSet, UserJoined, UserLeft } from "../../../../assembly/chat/protocol/events";
import * as host from "./support/host";
import { chat, newSession, settings } from "./support/chat";
import { same, sameNumber, sent } from "./support/steps";

const round: DeliveryRound = chat.round;
const lobby: Room = chat.rooms.lobby;

function person(name: string, style: Style): Session {
  const session = newSession(name, style);
  chat.users.add(session);
  session.enterRoom(lobby);
  return session;
}

function heard(session: Session): string {
  return sent(session.connection.fd);
}

function types(session: Session, line: string): void {
  const text = String.UTF8.encode(line);
  session.onLine(changetype<usize>(text), <u32>text.byteLength);
}

export function a_command_does_what_it_asks_for_whatever_it_is_called(): void {
  const ann = person("ann", Style.LINE);
  const command = new Command();
  command.setCommand(CommandId.NICK, "NICK", "bob");
  runCommand(chat, ann, command);
  same(ann.user.name, "bob");
  command.setCommand(CommandId.UNKNOWN, "TEA", "");
  runCommand(chat, ann, command);
  round.endTick();
  assert(heard(ann).includes("* there is no command TEA: "));
}

export function what_happens_is_told_to_each_in_a_style(): void {
  const ann = person("ann", Style.LINE);
  const bot = person("bot", Style.JSON);
  const old = person("old", Style.TUTORIAL);
  lobby.announce(new UserJoined(new User("sun"), "lobby"));
  round.endTick();
  same(heard(ann), "* sun joined\n");
  same(heard(bot), '{"type":"join","from":"sun","room":"lobby"}\n');
  same(heard(old), "");
}

export function everybody_in_it_is_listed_also_who_hears_alone(): void {
  const ann = person("ann", Style.LINE);
  person("bot", Style.JSON);
  types(ann, "/ignore bot");
  const names = lobby.listMembers().map<string>((one) => one.user.name);
  names.sort();
  same(names.join(" "), "ann bot");
  sameNumber(lobby.size, 2);
  ann.leaveRoom(ann.current!);
  sameNumber(lobby.size, 1);
}

export function who_hears_alone_hears_what_happens_too(): void {
  const ann = person("ann", Style.JSON);
  person("bot", Style.JSON);
  types(ann, "/ignore bot");
  round.endTick();
  host.forgetSent(ann.connection.fd);
  lobby.announce(new UserLeft(new User("sun"), "lobby"));
  round.endTick();
  same(heard(ann), '{"type":"leave","from":"sun","room":"lobby"}\n');
}

export function nobody_enters_a_room_twice(): void {
  const ann = person("ann", Style.LINE);
  host.expectAbort("a session enters a room twice");
  ann.enterRoom(lobby);
}

export function nobody_leaves_a_room_from_outside(): void {
  const ann = person("ann", Style.LINE);
  const membership = ann.current!;
  ann.leaveRoom(membership);
  host.expectAbort("a session leaves a room that it is not in");
  ann.leaveRoom(membership);
}

export function people_are_found_by_any_form_of_their_name(): void {
  const users = new UserDirectory();
  const ann = newSession("Ann");
  users.add(ann);
  assert(users.find("aNN") === ann);
  assert(users.find("bob") === null);
  users.rename(ann, "Bob");
  assert(users.find("bob") === ann && users.find("ann") === null);
  users.remove(ann);
  sameNumber(users.size, 0);
}

export function two_people_do_not_share_a_name(): void {
  const users = new UserDirectory();
  users.add(newSession("ann"));
  host.expectAbort("two users of one name");
  users.add(newSession("ANN"));
}

export function the_lobby_is_never_given_up(): void {
  const rooms = new RoomRegistry(round, settings);
  assert(
    rooms.findOrCreate("a") !== null &&
      rooms.findOrCreate("b") !== null &&
      rooms.findOrCreate("c") !== null,
  );
  sameNumber(rooms.all().length, 3);
  assert(rooms.find("lobby") === rooms.lobby);
}

export function the_longest_empty_room_makes_place(): void {
  const rooms = new RoomRegistry(round, settings);
  rooms.findOrCreate("a")!.emptySince = 9;
  rooms.findOrCreate("b")!.emptySince = 5;
  rooms.findOrCreate("c");
  assert(rooms.find("a") !== null && rooms.find("b") === null && rooms.find("c") !== null);
}

export function in_any_mix_of_styles_all_that_was_said_is_given_back(): void {
  const styles = [Style.LINE, Style.JSON, Style.TUTORIAL];
  const users: Array<Session> = [];
  for (let i = 0; i < 9; i++) users.push(person(`p${i}`, styles[i % 3]));
  for (let i = 0; i < 500; i++) {
    const speaker = users[host.random() % users.length];
    const name = speaker.user.name;
    const lines = ["/me waves", `/nick ${name}x`, `/nick ${name}`, "hello"];
    types(speaker, lines[host.random() % 4]);
    if (host.random() % 4 == 0) round.endTick();
    for (let j = 0; j < users.length; j++) host.forgetSent(users[j].connection.fd);
  }
  round.endTick();
  sameNumber(Chunk.bytesInUse, 0);
}

export function what_somebody_does_is_told_to_the_room_or_to_the_doer_alone(): void {
  const ann = person("ann", Style.LINE);
  const bob = person("bob", Style.LINE);
  chat.presence.tellOperation(bob.current!, new TopicSet(bob.user, "sneeze", "lobby"));
  settings.announce = 1;
  chat.presence.tellOperation(bob.current!, new TopicSet(bob.user, "cough", "lobby"));
  round.endTick();
  same(heard(ann), "* bob set the topic: sneeze\n");
  same(heard(bob), "* bob set the topic: sneeze\n* bob set the topic: cough\n");
}

export function a_text_to_keep_has_a_bound(): void {
  const ann = person("ann", Style.LINE);
  assert(!refusesLongText(ann, "x".repeat(300)));
  assert(refusesLongText(ann, "x".repeat(301)));
}

export function names_that_look_alike_have_one_key(): void {
  same(nameKey("Ann"), nameKey("\u0430nn"));
  same(nameKey("[2001:db8:1:2:3:4:5:6]:51234"), nameKey("[2001:DB8:1:2:3:4:5:6]:51234"));
  const long = "[2001:db8:1111:2222:3333:4444:5555:6666]:51234";
  same(nameKey(long), long);
}

export function of_a_crowd_so_many_are_listed(): void {
  const ann = person("ann", Style.LINE);
  for (let i = 0; i < NAMES_LISTED; i++) person(`p${i}`, i % 2 == 0 ? Style.LINE : Style.JSON);
  sameNumber(lobby.listMembers(NAMES_LISTED).length, NAMES_LISTED);
  sameNumber(lobby.listMembers(3).length, 3);
  RoomCommands.listMembers(chat, ann, "", "");
  round.endTick();
  const text = heard(ann);
  assert(text.startsWith(`* lobby (${NAMES_LISTED + 1}): ann, p0, `), text);
  assert(text.endsWith(" and 1 more\n"), text);
  sameNumber(text.split(", ").length, NAMES_LISTED);
}

/** Says so much in a room. */
function fill(name: string, speaker: Session, lines: i32): Room {
  RoomCommands.joinRoom(chat, speaker, name);
  for (let i = 0; i < lines; i++)
    chat.sayText(speaker, speaker.current!.room, MessageKind.MESSAGE, "x".repeat(1000));
  round.endTick();
  host.forgetSent(speaker.connection.fd);
  return chat.rooms.find(name)!;
}

export function all_rooms_together_remember_so_much(): void {
  const ann = person("ann", Style.LINE);
  const empty = fill("garden", ann, 20);
  const full = fill("attic", ann, 20);
  const quiet = fill("lobby", ann, 5);
  const all = History.bytesInUse;
  settings.historyBytes = all - 1;
  chat.rooms.relieveMemory();
  // Nobody is in the garden, nor in the attic; the garden has been empty longer, or as long.
  sameNumber(empty.history.count, 0);
  sameNumber(full.history.count, 20);
  settings.historyBytes = quiet.history.memoryBytes / 2;
  chat.rooms.relieveMemory();
  sameNumber(full.history.count, 0);
  assert(quiet.history.count > 0 && quiet.history.count < 5);
  settings.historyBytes = 1;
  chat.rooms.relieveMemory();
  assert(History.bytesInUse > 0, "what is little is left");
  chat.sayText(ann, ann.current!.room, MessageKind.MESSAGE, "hello");
  sameNumber(quiet.history.newestId, chat.lastId);
}
