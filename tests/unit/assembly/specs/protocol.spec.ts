import { Command, CommandId } from "../../../../assembly/chat/protocol/command";
import {
  ChatEvent,
  Closed,
  EventRenderer,
  MembersListed,
  Notice,
  Pong,
  PrivateMessage,
  Refusal,
  RoomTopic,
  ServerMessage,
  TopicSet,
  UserAway,
  UserDescribed,
  UserJoined,
  UserLeft,
  UserRenamed,
  Welcome,
} from "../../../../assembly/chat/protocol/events";
import { HistoryEnd, RoomListed } from "../../../../assembly/chat/protocol/room_events";
import { JsonProtocol } from "../../../../assembly/chat/protocol/json_protocol";
import { LineProtocol } from "../../../../assembly/chat/protocol/line_protocol";
import { parseSlashLine, parseTextLine } from "../../../../assembly/chat/protocol/slash_line";
import { TutorialProtocol } from "../../../../assembly/chat/protocol/tutorial_protocol";
import { User } from "../../../../assembly/chat/users/user";
import { lastWordsText } from "../../../../assembly/chat/session/last_words";
import { CloseReason, closeReasonText } from "../../../../assembly/net/connection/close_reason";
import { bytesOf, same } from "./support/steps";

const people = new LineProtocol(0);
const programs = new JsonProtocol();
const tutorial = new TutorialProtocol(0);
const ann = new User("ann");

/** An event is these words for people, and this object for programs. */
function written(event: ChatEvent, words: string, object: string): void {
  same(people.render(event), `* ${words}\n`);
  same(tutorial.render(event), `* ${words}\n`);
  same(programs.render(event), `{"type":${object}}\n`);
}

export function answers_are_words_or_objects(): void {
  written(new Notice("hi"), "hi", '"notice","text":"hi"');
  written(new Refusal("usage", "no"), "no", '"error","code":"usage","text":"no"');
  written(new Pong(""), "pong", '"pong","text":""');
  written(new Pong("tea"), "pong tea", '"pong","text":"tea"');
  written(new Closed("quit", "goodbye"), "goodbye", '"closed","reason":"quit","text":"goodbye"');
  written(new ServerMessage("hi"), "server: hi", '"server","text":"hi"');
}

export function a_welcome_says_who_and_where_one_is(): void {
  const who = "you are ann in den (2 here); /help says what you can type";
  const object = '"welcome","version":1,"you":"ann","room":"den","topic":"tea","people":2,';
  const ids = '"last":7,"epoch":9';
  written(new Welcome("ann", "den", "tea", 2, 7, 9), who, object + ids);
}

export function what_happens_in_a_room_names_the_room_for_programs(): void {
  written(new UserJoined(ann, "den"), "ann joined", '"join","from":"ann","room":"den"');
  written(new UserLeft(ann, "den"), "ann left", '"leave","from":"ann","room":"den"');
  const renamed = new UserRenamed(new User("bob"), "ann", "den");
  written(renamed, "ann is now bob", '"nick","from":"ann","to":"bob","room":"den"');
  const set = new TopicSet(ann, "tea", "den");
  written(set, "ann set the topic: tea", '"topic","from":"ann","text":"tea","room":"den"');
}

export function rooms_are_described(): void {
  written(new RoomTopic("den", ""), "there is no topic", '"topic","room":"den","text":""');
  written(new RoomTopic("den", "tea"), "topic: tea", '"topic","room":"den","text":"tea"');
  const room = '"room","room":"den","people":2,"topic":';
  written(new RoomListed("den", 2, ""), "den (2)", `${room}""`);
  written(new RoomListed("den", 2, "tea"), "den (2): tea", `${room}"tea"`);
  written(new HistoryEnd("den", 3), "3 lines of den", '"history","room":"den","lines":3');
  const names = '"who","room":"den","people":3,"names":["ann","bob"],"away":["bob"]';
  const members = new MembersListed("den", 3, ["ann", "bob"], [false, true]);
  written(members, "den (3): ann, bob (away) and 1 more", names);
  const all = '"who","room":"den","people":1,"names":["ann"],"away":[]';
  written(new MembersListed("den", 1, ["ann"], [false]), "den (1): ann", all);
}

export function users_are_described(): void {
  const whois = '"whois","name":"ann","room":"den","seconds":7';
  const here = "ann is in den, here for 7 s";
  written(new UserDescribed("ann", ["den"], 7, ""), here, `${whois},"away":""`);
  written(
    new UserDescribed("ann", ["den"], 7, "tea"),
    `${here}, away: tea`,
    `${whois},"away":"tea"`,
  );
  const tea = '"away","name":"ann","text":"tea"';
  written(new UserAway("ann", "tea", true), "you are away: tea", tea);
  written(new UserAway("ann", "tea", false), "ann is away: tea", tea);
  written(new UserAway("ann", "", true), "you are back", '"away","name":"ann","text":""');
}

export function a_private_message_looks_different_at_both_ends(): void {
  const object = '"private","from":"ann","to":"bob","text":"hi"';
  const sent = new PrivateMessage(new User("ann"), new User("bob"), "hi", true);
  same(people.render(sent), "[you -> bob] hi\n");
  same(tutorial.render(sent), "[you -> bob] hi\n");
  same(programs.render(sent), `{"type":${object}}\n`);
  const received = new PrivateMessage(new User("ann"), new User("bob"), "hi", false);
  same(people.render(received), "[ann -> you] hi\n");
  same(programs.render(received), `{"type":${object}}\n`);
}

/** Another protocol has to say how each event is written. */
export function an_event_asks_its_renderer(): void {
  const renderer: EventRenderer = programs;
  same(new Pong("x").renderBy(renderer), programs.renderPong(new Pong("x")));
}

/** `ID name|rest` of a command, or what is said. */
function parsed(line: string, isText: bool): string {
  const command = new Command();
  const at = bytesOf(line);
  const length = <u32>String.UTF8.byteLength(line);
  const asks = isText ? parseTextLine(at, length, command) : parseSlashLine(at, length, command);
  const text = String.UTF8.decodeUnsafe(command.text, command.textBytes);
  heap.free(at);
  if (!asks) return "nothing";
  if (command.id == CommandId.SAY) return `says ${text}`;
  return `${command.id} ${command.name}|${command.rest}`;
}

export function a_line_is_text_or_a_command(): void {
  same(parsed("hello", false), "says hello");
  same(parsed("//hello", false), "says /hello");
  same(parsed(" /NICK  bob ", false), `${CommandId.NICK} /NICK|bob`);
  same(parsed("/tea for two", false), `${CommandId.UNKNOWN} /tea|for two`);
  same(parsed("quit", false), `${CommandId.QUIT} quit|`);
  same(parsed("quit now", false), "says quit now");
  same(parsed(" \t", false), "nothing");
}

export function where_a_slash_means_nothing_only_quit_is_a_command(): void {
  same(parsed("/nick bob", true), "says /nick bob");
  same(parsed("  ", true), "says   ");
  same(parsed("quit", true), `${CommandId.QUIT} quit|`);
}

export function a_client_that_is_closed_is_told_why(): void {
  const none = closeReasonText(CloseReason.NONE);
  for (let i = 1; closeReasonText(i) != none; i++) {
    const words = lastWordsText(i);
    assert(words == "" || words == "goodbye" || words.startsWith("closed: "), words);
  }
  same(lastWordsText(CloseReason.LEFT), "");
}
