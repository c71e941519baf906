import {
  Message,
  MessageKind,
  NO_BYTES,
  shownText,
} from "../../../../assembly/chat/delivery/message";
import { Answer, AnswerPart, AnswerWriter } from "../../../../assembly/chat/irc/answer";
import { findHelp } from "../../../../assembly/chat/irc/help";
import { MessageText } from "../../../../assembly/chat/irc/message_text";
import { supportTokens } from "../../../../assembly/chat/irc/support";
import { Whowas } from "../../../../assembly/chat/irc/whowas";
import { PrivateMessage, Notice } from "../../../../assembly/chat/protocol/events";
import { IrcDeedRenderer } from "../../../../assembly/chat/protocol/irc_deed_renderer";
import { IrcEvent } from "../../../../assembly/chat/protocol/irc_event";
import {
  allCapabilities,
  Capability,
  capabilityNames,
  findCapability,
} from "../../../../assembly/chat/protocol/irc/capabilities";
import { IrcContext, IrcProtocol } from "../../../../assembly/chat/protocol/irc/irc_protocol";
import {
  characterEnd,
  fitText,
  MessageWriter,
} from "../../../../assembly/chat/protocol/irc/message_writer";
import {
  NO_TIME,
  parseTime,
  TIME_BYTES,
  timeText,
  writeTime,
} from "../../../../assembly/chat/protocol/irc/time_tag";
import { clientTags } from "../../../../assembly/chat/protocol/irc/tags";
import { User } from "../../../../assembly/chat/users/user";
import { chat, loop, newSession, settings } from "./support/chat";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const EPOCH: u64 = 7;
const NOON: i64 = 1_796_040_313_304;
const buffer = memory.data(65536);
const TYPING = String.UTF8.encode("+typing=done");
const BATCH = String.UTF8.encode("b");
const tea = String.UTF8.encode("tea");
const ann = new User("ann");

function message(text: string, kind: MessageKind): Message {
  ann.setIdentity("~ann", "Ann");
  const one = new Message();
  one.kind = kind;
  one.id = 5;
  one.milliseconds = NOON;
  one.setRoom(tea);
  one.setSpeaker(ann.nameBytes);
  one.setIrcFields(ann.address, NO_BYTES, NO_BYTES);
  one.text = bytesOf(text);
  one.textBytes = <u32>String.UTF8.byteLength(text);
  return one;
}

function written(capabilities: u32, one: Message, isPast: bool = false): string {
  const writer = new MessageWriter(EPOCH, capabilities);
  const bytes = writer.write(buffer, one, isPast);
  assert(bytes <= writer.mostBytes(one), "more than was said");
  return String.UTF8.decodeUnsafe(buffer, bytes);
}

export function each_capability_has_a_name(): void {
  const names = capabilityNames(allCapabilities());
  for (let i = 0; i < names.length; i++) {
    sameNumber(findCapability(names[i]), 1 << i, names[i]);
    same(capabilityNames(1 << i)[0], names[i]);
  }
  sameNumber(findCapability("sasl"), Capability.NONE);
}

export function times_are_written_and_parsed(): void {
  same(timeText(NOON), "2026-11-30T12:05:13.304Z");
  writeTime(buffer, NOON);
  same(String.UTF8.decodeUnsafe(buffer, TIME_BYTES), "2026-11-30T12:05:13.304Z");
  sameNumber(parseTime("2026-11-30T12:05:13.304Z"), NOON);
  sameNumber(parseTime("2026-11-30T12:05:13Z"), NOON - 304);
  sameNumber(parseTime("1970-01-01T00:00:00.000Z"), 0);
}

export function other_texts_are_no_times(): void {
  const wrong = [
    "",
    "Z",
    "2026-13-30T12:05:13.304Z",
    "2026-11-30 12:05:13.304Z",
    "x026-11-30T12:05:13Z",
  ];
  for (let i = 0; i < wrong.length; i++) sameNumber(parseTime(wrong[i]), NO_TIME, wrong[i]);
}

export function a_message_is_a_line(): void {
  const one = message("hello", MessageKind.MESSAGE);
  same(written(0, one), ":ann!~ann@client-0.pollcast PRIVMSG #tea :hello\r\n");
  same(
    written(Capability.SERVER_TIME | Capability.MESSAGE_TAGS, one),
    "@time=2026-11-30T12:05:13.304Z;msgid=7-5 :ann!~ann@client-0.pollcast PRIVMSG #tea :hello\r\n",
  );
  one.setIrcFields(ann.address, TYPING, BATCH);
  same(
    written(Capability.MESSAGE_TAGS, one, true),
    "@batch=b;msgid=7-5;+typing=done :ann!~ann@client-0.pollcast PRIVMSG #tea :hello\r\n",
  );
}

export function actions_and_notices_are_lines_of_their_kind(): void {
  same(
    written(0, message("waves", MessageKind.ACTION)),
    ":ann!~ann@client-0.pollcast PRIVMSG #tea :\x01ACTION waves\x01\r\n",
  );
  same(
    written(0, message("hi", MessageKind.NOTICE)),
    ":ann!~ann@client-0.pollcast NOTICE #tea :hi\r\n",
  );
  same(
    written(0, message("", MessageKind.MESSAGE)),
    ":ann!~ann@client-0.pollcast PRIVMSG #tea :\r\n",
  );
}

export function a_long_message_is_cut_between_words(): void {
  const text = "word ".repeat(300).trimEnd();
  const lines = written(0, message(text, MessageKind.MESSAGE)).split("\r\n");
  step();
  let again = "";
  for (let i = 0; i < lines.length - 1; i++) {
    assert(lines[i].length <= 510, "too long");
    const part = lines[i].substring(lines[i].indexOf(" :") + 2);
    again += again == "" ? part : ` ${part}`;
  }
  same(again, text);
}

export function a_long_word_is_cut_between_characters(): void {
  const text = "\u00e9".repeat(600);
  const lines = written(Capability.MESSAGE_TAGS, message(text, MessageKind.ACTION)).split("\r\n");
  assert(lines[1].startsWith("@msgid=7-5.2 "), lines[1]);
  let again = "";
  for (let i = 0; i < lines.length - 1; i++) {
    const line = lines[i].substring(lines[i].indexOf(" ") + 1);
    assert(String.UTF8.byteLength(line) <= 510, "too long");
    again += line.substring(line.indexOf("ACTION ") + 7, line.length - 1);
  }
  same(again, text);
}

export function a_topic_fits_its_line(): void {
  same(fitText("begin", "short"), "short");
  sameNumber(String.UTF8.byteLength(fitText("x".repeat(10), "\u00e9".repeat(300))), 500);
  sameNumber(String.UTF8.byteLength(fitText("x".repeat(11), "\u00e9".repeat(300))), 498);
}

export function an_event_of_irc_goes_to_those_with_its_capability(): void {
  const context = new IrcContext(chat.clock, "irc.test", EPOCH);
  const event = new IrcEvent(ann, "AWAY :lunch", Capability.AWAY_NOTIFY, "msgid=1");
  same(new IrcProtocol(context, 0).render(event), "");
  const form = new IrcProtocol(context, Capability.AWAY_NOTIFY | Capability.MESSAGE_TAGS);
  assert(form.render(event).startsWith("@msgid=1 :ann!"), form.render(event));
  assert(form instanceof IrcDeedRenderer);
  same(
    form.render(new Notice("one\ntwo\n")),
    ":irc.test NOTICE * :one\r\n:irc.test NOTICE * :two\r\n",
  );
}

export function a_private_action_is_shown_as_it_is_typed(): void {
  same(shownText(MessageKind.ACTION, "waves"), "/me waves");
  same(shownText(MessageKind.MESSAGE, "hi"), "hi");
  const event = new PrivateMessage(ann, new User("bob"), "waves", false, MessageKind.ACTION);
  const line = new MessageWriter(EPOCH, 0).privateLines(event, "");
  assert(line.endsWith(" PRIVMSG bob :\x01ACTION waves\x01\r\n"), line);
}

export function the_text_of_a_line_loses_its_looks(): void {
  const text = new MessageText();
  const looks = "\x02bold\x0f \x0304,12red\x03 \x04ff0000hex\x1d\x1e\x1f\x11\x16 1,2";
  text.readParameter(bytesOf(looks), <u32>looks.length, false);
  same(String.UTF8.decodeUnsafe(text.at, text.length), "bold red hex 1,2");
}

export function a_cut_is_between_characters(): void {
  sameNumber(characterEnd(bytesOf("aéb"), 2), 1);
  sameNumber(characterEnd(bytesOf("aéb"), 3), 3);
}

export function ctcp_is_understood(): void {
  const text = new MessageText();
  const action = "\x01ACTION waves\x01";
  text.readParameter(bytesOf(action), <u32>action.length, false);
  sameNumber(text.kind, MessageKind.ACTION);
  same(text.ircText(), action);
  text.readParameter(bytesOf("\x01ACTION"), 7, false);
  sameNumber(text.kind, MessageKind.ACTION);
  same(text.ircText(), "\x01ACTION \x01");
  text.readParameter(bytesOf("\x01PING 5"), 7, false);
  assert(text.isCtcp);
  same(text.ircText(), "\x01PING 5\x01");
  text.cutToFit(4);
  same(text.ircText(), "\x01PI\x01");
  text.readParameter(bytesOf("hi"), 2, true);
  sameNumber(text.kind, MessageKind.NOTICE);
}

export function former_users_are_remembered(): void {
  const whowas = new Whowas();
  for (let i = 0; i < 201; i++) whowas.add(i == 0 ? "first" : "ann", ann, i);
  sameNumber(whowas.find("first", 0).length, 0);
  sameNumber(whowas.find("ANN", 0).length, 200);
  sameNumber(whowas.find("ann", 1)[0].leftAt, 200);
}

export function what_is_supported_is_told(): void {
  const tokens = supportTokens(settings, "a b");
  assert(tokens.includes("NETWORK=a\\x20b"));
  assert(tokens.includes("TARGMAX=JOIN:,PART:,LIST:,WHOIS:1,KICK:4,NAMES:4,NOTICE:4,PRIVMSG:4"));
}

export function there_is_help_on_commands(): void {
  same(findHelp("*")!.subject, "*");
  same(findHelp("JOIN")!.subject, "JOIN");
  assert(findHelp("X") === null);
}

/** Keeps the texts of an answer. */
class Written implements AnswerWriter {
  text: string = "";

  writeAnswer(text: string): void {
    this.text += text;
  }
}

function answerOf(written: Written): Answer {
  return new Answer(loop, newSession("ann").connection, written, "irc", 1000);
}

export function an_answer_has_its_label_and_what_follows_has_not(): void {
  let written = new Written();
  let answer = answerOf(written);
  answer.addAfter("AFTER\r\n");
  answer.send("7", "B");
  same(written.text, "@label=7 :irc ACK\r\nAFTER\r\n");
  written = new Written();
  answer = answerOf(written);
  const part = new AnswerPart("ONE\r\n");
  same(part.render(), "ONE\r\n");
  answer.add(part);
  answer.add(new AnswerPart("TWO\r\n"));
  answer.addAfter("AFTER\r\n");
  same(answer.renderAll(), "ONE\r\nTWO\r\n");
  answer.send("7", "B");
  const rows = "@batch=B ONE\r\n@batch=B TWO\r\n";
  const begin = "@label=7 :irc BATCH +B labeled-response\r\n";
  same(written.text, `${begin}${rows}:irc BATCH -B\r\nAFTER\r\n`);
}

export function a_portion_ends_at_a_quarter_of_the_soft_limit(): void {
  const written = new Written();
  const answer = answerOf(written);
  answer.add(new AnswerPart("x".repeat(249)));
  answer.add(new AnswerPart("y"));
  answer.add(new AnswerPart("z"));
  answer.send("", "");
  same(written.text, "x".repeat(249) + "y");
  answer.run();
  assert(written.text.endsWith("yz"), written.text);
}

export function tags_of_clients_are_passed_on_if_they_are_plain(): void {
  same(clientTags("+typing=active;time=1;+draft/reply=a-1"), "+typing=active;+draft/reply=a-1");
  same(clientTags("+a;+=x;+;+b c=1;+d\0=1;+\u{85}=2"), "+a");
  same(clientTags("+x=\x1b[2J;+y=a\0b;+z=\u{2028};+ok=小明"), "+ok=小明");
  same(clientTags("+v=\u{202e}abc;+w=\u{7f}"), "");
}
