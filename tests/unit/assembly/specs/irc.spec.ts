import { deliverPrivately } from "../../../../assembly/chat/commands/private_commands";
import { renameUser } from "../../../../assembly/chat/commands/rename";
import { tellMarker } from "../../../../assembly/chat/irc/commands/markers";
import { isHidden } from "../../../../assembly/chat/irc/commands/who";
import { sendItems, sendReplay } from "../../../../assembly/chat/irc/history";
import { Bound, HistoryRange } from "../../../../assembly/chat/irc/history_range";
import { tellFault } from "../../../../assembly/chat/irc/faults";
import { Irc, WATCHER_SECONDS, WATCHERS_WAIT_SECONDS } from "../../../../assembly/chat/irc/irc";
import { IrcCommand } from "../../../../assembly/chat/irc/irc_command";
import { IrcAcceptor, IrcServer } from "../../../../assembly/chat/irc/irc_server";
import { IrcSession } from "../../../../assembly/chat/irc/irc_session";
import { IrcSettings } from "../../../../assembly/chat/irc/irc_settings";
import { Keepalive } from "../../../../assembly/chat/irc/keepalive";
import { listNames, tellNames } from "../../../../assembly/chat/irc/names";
import { prefixOf } from "../../../../assembly/chat/irc/prefix";
import { Watchers } from "../../../../assembly/chat/irc/watchers";
import { tellCounts, tellMotd, tellSupport, welcome } from "../../../../assembly/chat/irc/welcome";
import { Notice } from "../../../../assembly/chat/protocol/events";
import { RoomFault } from "../../../../assembly/chat/rooms/room_rules";
import { Style } from "../../../../assembly/chat/protocol/style";
import { TURN_NANOSECONDS } from "../../../../assembly/net/rate/address_limiter";
import { advance, feedBytes } from "./support/host";
import {
  chat,
  enter,
  enterIrc,
  got,
  loop,
  newSession,
  says,
  server,
  settings,
  turn,
} from "./support/chat";
import { asks, join, lines, SERVER, sessionOf } from "./support/irc";
import { bytesOf, same, sameNumber, SECOND, step } from "./support/steps";

/** The state of IRC in a server of its own, for what a spec calls directly. */
const irc: Irc = new IrcServer(chat, server).irc;

function ready(): void {
  settings.roomsPerClient = 3;
  settings.style = Style.LINE;
  settings.replay = 5;
}

export function a_client_registers(): void {
  ready();
  const ann = enterIrc();
  same(asks(ann, "JOIN #tea"), `${SERVER} 451 * :You have not registered`);
  says(ann, "USER ann 0 * :Ann\r\n");
  same(lines(ann), "");
  const text = asks(ann, "NICK ann");
  assert(text.startsWith(`${SERVER} 001 ann :Welcome to the pollcast IRC Network ann!~ann@`), text);
  assert(text.includes(" 422 ann :"), text);
  assert(text.endsWith(`${SERVER} 221 ann +`), text);
  sameNumber(chat.users.size, 1);
}

export function negotiation_delays_the_welcome(): void {
  const ann = enterIrc();
  says(ann, "CAP LS 302\r\nNICK ann\r\nUSER ann 0 * :Ann\r\n");
  assert(!lines(ann).includes(" 001 "));
  same(asks(ann, "CAP REQ :batch nonsense"), `${SERVER} CAP ann NAK :batch nonsense`);
  same(asks(ann, "CAP REQ :batch"), `${SERVER} CAP ann ACK :batch`);
  assert(asks(ann, "CAP END").includes(" 001 ann "));
  same(asks(ann, "CAP LIST"), `${SERVER} CAP ann LIST :cap-notify batch`);
}

export function only_one_gets_a_nick(): void {
  const ann = enterIrc();
  const other = enterIrc();
  says(ann, "NICK ann\r\n");
  says(other, "NICK ann\r\n");
  says(ann, "USER ann 0 * :Ann\r\n");
  assert(lines(ann).includes(" 001 ann "));
  same(asks(other, "USER ann 0 * :Ann"), `${SERVER} 433 * ann :Nickname is already in use`);
  assert(asks(other, "NICK bea").includes(" 001 bea "));
}

export function nicks_that_none_can_have_are_refused(): void {
  const ann = enterIrc();
  assert(asks(ann, "NICK root").startsWith(`${SERVER} 433 * root :`));
  assert(asks(ann, "NICK *").startsWith(`${SERVER} 432 * * :`));
  same(asks(ann, "NICK"), `${SERVER} 431 * :No nickname given`);
  assert(asks(ann, "NICK [a]{b}\\|^`").length == 0);
}

export function the_password_is_asked_for(): void {
  settings.irc.password = "secret";
  const ann = enterIrc();
  says(ann, "PASS wrong\r\nNICK ann\r\nUSER ann 0 * :Ann\r\n");
  const text = lines(ann);
  assert(text.startsWith(`${SERVER} 464 ann :Password incorrect|ERROR :Closing Link: `), text);
  const bob = enterIrc();
  says(bob, "PASS secret\r\nNICK bob\r\nUSER bob 0 * :Bob\r\n");
  assert(lines(bob).includes(" 001 bob "));
}

export function clients_with_irc_and_others_talk(): void {
  ready();
  const ann = join("ann");
  const bob = enter();
  says(bob, "/nick bob\n");
  got(bob);
  const joined = asks(ann, "JOIN #lobby");
  assert(joined.includes(" JOIN #lobby|"), joined);
  assert(joined.includes(" 353 ann = #lobby :"), joined);
  assert(joined.includes(" 366 ann #lobby :"), joined);
  same(got(bob), "* ann joined\n");
  step();
  same(asks(ann, "PRIVMSG #lobby :hello"), "");
  same(got(bob).substring(9), "ann: hello\n");
  says(ann, "PRIVMSG #lobby :\x01ACTION waves\x01\r\nNOTICE #lobby :look\r\n");
  const text = got(bob);
  assert(text.includes("* ann waves\n"), text);
  assert(text.includes("-ann- look\n"), text);
  says(bob, "hi\n/me nods\n");
  const heard = lines(ann);
  assert(heard.includes(" PRIVMSG #lobby :hi|:bob!~pollcast@"), heard);
  assert(heard.endsWith(" PRIVMSG #lobby :\x01ACTION nods\x01"), heard);
  says(bob, "/msg ann psst\n/topic tea\n/away lunch\n");
  const more = lines(ann);
  assert(more.includes(" PRIVMSG ann :psst|"), more);
  assert(more.includes(" TOPIC #lobby :tea"), more);
  got(bob);
  assert(asks(ann, "PRIVMSG bob :hey").endsWith(" 301 ann bob :lunch"));
  same(got(bob), "[ann -> you] hey\n");
  says(ann, "QUIT :bye\r\n");
  assert(lines(ann).includes("(Quit: bye)"));
  same(got(bob), "* ann left\n");
}

export function an_echo_has_the_label_of_its_line_and_others_have_not(): void {
  ready();
  const ann = join("ann", "echo-message labeled-response batch message-tags");
  const bob = join("bob", "message-tags");
  says(ann, "JOIN #tea\r\n");
  says(bob, "JOIN #tea\r\n");
  lines(ann);
  lines(bob);
  const echo = asks(ann, "@label=7;+x=y PRIVMSG #tea :hi");
  assert(echo.startsWith("@label=7;msgid="), echo);
  assert(echo.includes(";+x=y :ann!"), echo);
  const other = lines(bob);
  assert(other.startsWith("@msgid=") && !other.includes("label"), other);
  same(asks(ann, "@label=8 PONG x"), `@label=8 ${SERVER} ACK`);
  const batch = asks(ann, "@label=9 WHOIS ann");
  assert(batch.startsWith(`@label=9 ${SERVER} BATCH +`), batch);
  assert(batch.includes(" labeled-response|@batch="), batch);
}

export function bytes_that_are_no_text_are_refused(): void {
  const ann = join("ann");
  const line = bytesOf("PRIVMSG ann :?\r\n");
  store<u8>(line, 0xff, 13);
  feedBytes(ann, line, 16);
  turn();
  assert(lines(ann).startsWith(`${SERVER} FAIL PRIVMSG INVALID_UTF8 :`));
}

export function a_line_may_have_512_bytes_and_no_more(): void {
  const ann = join("ann");
  same(asks(ann, `PING ${"x".repeat(505)}`), `${SERVER} PONG irc.pollcast :${"x".repeat(505)}`);
  same(asks(ann, `PING ${"x".repeat(506)}`), `${SERVER} 417 ann :Input line was too long`);
  same(asks(ann, `PING ${"x".repeat(5000)}`), `${SERVER} 417 ann :Input line was too long`);
}

export function a_silent_client_is_asked_and_then_closed(): void {
  const ann = join("ann");
  advance(91 * SECOND);
  turn();
  same(lines(ann), "PING :irc.pollcast");
  advance(61 * SECOND);
  turn();
  assert(lines(ann).endsWith("(Ping timeout)"));
  new Keepalive(sessionOfNobody(), loop).run();
}

/** A session that no client has. */
function sessionOfNobody(): IrcSession {
  return new IrcServer(chat, server).accept(99, enterIrc(), false);
}

export function who_does_not_register_is_closed(): void {
  const ann = enterIrc();
  advance(61 * SECOND);
  turn();
  assert(lines(ann).startsWith("ERROR :Closing Link: "));
}

export function a_server_tells_of_itself(): void {
  const ann = join("ann");
  const session = sessionOf("ann");
  tellMotd(irc, session);
  tellCounts(irc, session);
  tellSupport(session, irc);
  turn();
  const text = lines(ann);
  assert(text.startsWith(`${SERVER} 422 ann :There is no message of the day`), text);
  assert(text.includes(" 251 ann :There are 1 users and 0 invisible on 1 servers|"), text);
  assert(text.includes(" 005 ann AWAYLEN=300 "), text);
  settings.irc.motd = ["one"];
  assert(asks(ann, "MOTD").includes(` 372 ann :- one|`));
  sameNumber(new IrcSettings().motd.length, 0);
}

export function a_welcome_needs_a_place(): void {
  settings.clients = 1;
  const ann = join("ann");
  const bob = enterIrc();
  says(bob, "NICK bob\r\nUSER bob 0 * :Bob\r\n");
  assert(lines(bob).startsWith("ERROR :"), "full");
  welcome(irc, sessionOf("ann"));
  turn();
  assert(lines(ann).startsWith("ERROR :"), "full");
}

export function members_and_markers_are_told(): void {
  ready();
  const ann = join("ann", "draft/read-marker");
  says(ann, "JOIN #tea\r\n");
  lines(ann);
  const session = sessionOf("ann");
  const room = chat.rooms.find("tea")!;
  tellNames(irc, session, room);
  listNames(irc, session, room);
  tellMarker(irc, session, room);
  turn();
  assert(lines(ann).endsWith(`${SERVER} MARKREAD #tea *`));
  const membership = session.memberships[0];
  membership.isVoiced = true;
  same(prefixOf(membership, true), "@+");
  same(prefixOf(membership, false), "@");
  same(session.user.shownRealName, "Real ann");
  session.isInvisible = true;
  assert(isHidden(session) && !isHidden(newSession("bob", Style.LINE)));
  const time = "2026-01-01T00:00:00.000Z";
  same(asks(ann, `MARKREAD #tea timestamp=${time}`), `${SERVER} MARKREAD #tea timestamp=${time}`);
}

export function the_history_is_told_by_id_and_by_time(): void {
  ready();
  const ann = join("ann", "batch message-tags draft/chathistory");
  says(ann, "JOIN #tea\r\nPRIVMSG #tea :1\r\nPRIVMSG #tea :2\r\nPRIVMSG #tea :3\r\n");
  lines(ann);
  const room = chat.rooms.find("tea")!;
  const range = new HistoryRange(room, false);
  range.select(Bound.parse(`msgid=${chat.epoch}-1`, chat.epoch), null, 9, true);
  sameNumber(range.items.length, 2);
  range.selectAround(Bound.parse(`msgid=${chat.epoch}-2`, chat.epoch)!, 1);
  sameNumber(range.items.length, 1);
  const center = range.items[0];
  range.selectAround(Bound.parse(`msgid=${chat.epoch}-2`, chat.epoch)!, 3);
  sameNumber(range.items.length, 3);
  sameNumber(range.items[1], center, "the same range may be asked again:");
  range.selectAround(Bound.parse(`msgid=${chat.epoch}-2`, chat.epoch)!, 1);
  assert(Bound.parse("nonsense", 0) === null);
  sendItems(irc, sessionOf("ann"), room, range.items);
  turn();
  const text = lines(ann);
  assert(text.includes(" chathistory #tea|@batch="), text);
  assert(text.includes(" PRIVMSG #tea :2|"), text);
  sendReplay(irc, sessionOf("ann"), room);
  turn();
  same(lines(ann), "");
  const first = asks(ann, "CHATHISTORY LATEST #tea * 1");
  assert(first.includes(" PRIVMSG #tea :3|") && !first.includes(":2"), first);
  assert(asks(ann, "CHATHISTORY LATEST #no * 1").startsWith(`${SERVER} FAIL CHATHISTORY`));
}

/** Answers a line with 1,200 lines of 50 bytes; the soft limit of specs is 100,000 bytes. */
function answerLong(nick: string, label: string, first: string = ""): void {
  const session = sessionOf(nick);
  session.beginAnswer(label);
  if (first != "") session.sendLine(first);
  for (let i = 0; i < 1200; i++) session.sendLine(`x ${"y".repeat(40)} ${1000 + i}`);
  session.sendLine("end");
  session.endAnswer("B");
  turn();
}

/** Lets a client read its answer. @returns what it got */
function readAll(fd: u32): string {
  let text = "";
  for (let i = 0; i < 5; i++) {
    advance(SECOND);
    turn();
    text += got(fd);
  }
  return text;
}

export function long_answers_come_in_portions(): void {
  const ann = join("ann");
  answerLong("ann", "");
  // It is answered in order: its next line waits for the rest.
  says(ann, "PING 1\r\nPING 2\r\n");
  const text = got(ann);
  assert(text.length < 40_000 && text.includes(" 1400\r\n"), text.length.toString());
  assert(text.endsWith(" PONG irc.pollcast :1\r\n"), text);
  const rest = readAll(ann);
  assert(rest.endsWith(" 2199\r\nend\r\n:irc.pollcast PONG irc.pollcast :2\r\n"), rest);
}

export function a_long_answer_with_a_label_is_one_batch_in_portions(): void {
  ready();
  const ann = join("ann", "labeled-response batch");
  const bob = join("bob");
  says(ann, "JOIN #tea\r\n");
  says(bob, "JOIN #tea\r\n");
  lines(ann);
  answerLong("ann", "7");
  let text = got(ann);
  assert(text.startsWith(`@label=7 ${SERVER} BATCH +B labeled-response\r\n@batch=B x `), text);
  assert(text.length < 40_000, text.length.toString());
  // A message of another user between two portions is not in the batch.
  says(bob, "PRIVMSG #tea :hi\r\n");
  text = got(ann);
  assert(text.startsWith(":bob!") && text.endsWith(" PRIVMSG #tea :hi\r\n"), text);
  text = readAll(ann);
  assert(text.endsWith(`@batch=B end\r\n${SERVER} BATCH -B\r\n`), text);
  sameNumber(text.split("label").length, 1);
}

export function a_long_batch_of_its_own_gets_the_label(): void {
  ready();
  const ann = join("ann", "labeled-response batch");
  answerLong("ann", "8", `${SERVER} BATCH +H chathistory #tea`);
  const text = got(ann);
  assert(text.startsWith(`@label=8 ${SERVER} BATCH +H chathistory #tea\r\nx y`), text);
  assert(readAll(ann).endsWith(" 2199\r\nend\r\n"));
  // A name that a user has chosen begins no batch.
  says(ann, "SETNAME :x BATCH +y\r\n");
  lines(ann);
  assert(asks(ann, "@label=9 WHOIS ann").includes(" BATCH +"));
}

export function names_in_a_later_portion_are_those_of_then(): void {
  ready();
  const ann = join("ann", "labeled-response batch");
  const bob = join("bob");
  says(ann, `JOIN #tea\r\nTOPIC #tea :${"x".repeat(300)}\r\n`);
  says(bob, "JOIN #tea\r\n");
  lines(ann);
  settings.connection.softBytes = 1200;
  const session = sessionOf("ann");
  session.beginAnswer("7");
  session.sendLine(`x ${"y".repeat(300)}`);
  tellNames(irc, session, chat.rooms.find("tea")!);
  session.endAnswer("B");
  turn();
  assert(lines(ann).startsWith(`@label=7 ${SERVER} BATCH +B `));
  says(bob, "PART #tea\r\n");
  const text = readAll(ann);
  assert(text.includes(" PART #tea\r\n"), text);
  assert(text.includes(` 353 ann = #tea :@ann\r\n`), text);
  assert(text.endsWith(`${SERVER} BATCH -B\r\n`), text);
}

export function channels_have_operators_and_modes(): void {
  ready();
  const ann = join("ann");
  const bob = join("bob");
  says(ann, "JOIN #tea\r\n");
  assert(lines(ann).includes(" 353 ann = #tea :@ann|"));
  says(ann, "MODE #tea +k secret\r\n");
  assert(lines(ann).endsWith(" MODE #tea +k secret"));
  assert(asks(bob, "JOIN #tea").startsWith(`${SERVER} 475 bob #tea :`));
  assert(asks(bob, "JOIN #tea secret").includes(" 366 bob #tea :"));
  assert(asks(bob, "MODE #tea +i").startsWith(`${SERVER} 482 bob #tea :`));
  assert(asks(ann, "MODE #tea +x").endsWith(`${SERVER} 472 ann x :is unknown mode char to me`));
  says(ann, "KICK #tea bob :out\r\n");
  assert(lines(bob).endsWith(" KICK #tea bob :out"));
  assert(lines(ann).endsWith(" KICK #tea bob :out"));
  assert(asks(ann, "INVITE bob #tea").endsWith(`${SERVER} 341 ann bob #tea`));
  assert(lines(bob).endsWith(" INVITE bob #tea"));
  assert(tellFault(sessionOf("ann"), RoomFault.LIST_FULL, "#tea", "b"));
  assert(!tellFault(sessionOf("ann"), RoomFault.NONE, "#tea"));
  turn();
  same(lines(ann), `${SERVER} 478 ann #tea b :Channel list is full`);
}

export function a_banned_member_is_told_that_it_cannot_speak_or_set_the_topic(): void {
  ready();
  const ann = join("ann");
  const bob = join("bob");
  asks(ann, "JOIN #tea");
  asks(bob, "JOIN #tea");
  asks(ann, "MODE #tea -t+b bob");
  lines(bob);
  assert(asks(bob, "TOPIC #tea :milk").endsWith(" 404 bob #tea :Cannot send to channel (+b)"));
  asks(bob, "PART #tea");
  assert(asks(bob, "JOIN #tea").endsWith(" 474 bob #tea :Cannot join channel (+b)"));
}

export function names_are_watched(): void {
  ready();
  const ann = join("ann");
  same(asks(ann, "MONITOR + bob"), `${SERVER} 731 ann :bob`);
  const bob = join("bob");
  assert(lines(ann).startsWith(`${SERVER} 730 ann :bob!~bob@`));
  renameUser(chat, sessionOf("bob"), "bea");
  turn();
  same(lines(ann), `${SERVER} 731 ann :bob`);
  says(ann, "MONITOR + ann,zed\r\n");
  lines(ann);
  const renamed = asks(ann, "NICK zed").split("|");
  assert(renamed[0].endsWith(" NICK :zed"), "the new name comes first");
  same(renamed[1], `${SERVER} 731 zed :ann`);
  assert(renamed[2].startsWith(`${SERVER} 730 zed :zed!`));
  advance(SECOND);
  turn();
  says(ann, "NICK ann\r\nMONITOR C\r\nMONITOR + bob\r\n");
  advance(SECOND);
  turn();
  lines(ann);
  const watchers = new Watchers(irc.context);
  watchers.add(sessionOf("ann"), "x");
  sameNumber(watchers.watchersOf("X").length, 1);
  watchers.remove(sessionOf("ann"), "X");
  sameNumber(watchers.watchersOf("x").length, 0);
  deliverPrivately(chat, sessionOf("bea"), sessionOf("ann"), new Notice("psst"));
  turn();
  same(lines(ann), `${SERVER} NOTICE ann :psst`);
  assert(got(bob).includes(" NICK :bea"));
}

function waits(seconds: f64): void {
  advance(<u64>(seconds * 1e9) + TURN_NANOSECONDS);
  turn();
}

export function a_user_waits_for_the_clients_that_watch_its_changes(): void {
  ready();
  const bob = join("bob");
  const capable = "CAP REQ :extended-monitor away-notify\r\n";
  for (let i = 0; i < 30; i++)
    asks(
      join("w" + String.fromCharCode(97 + (i % 26)) + (i < 26 ? "x" : "y")),
      capable + "MONITOR + bob,bea,boa",
    );
  says(bob, "NICK bea\r\nPING 1\r\n");
  turn();
  assert(!lines(bob).includes("PONG"), "after the new name");
  waits(60.0 * WATCHER_SECONDS);
  assert(lines(bob).includes("PONG"));
  says(bob, "AWAY :tea\r\nPING 2\r\n");
  turn();
  assert(!lines(bob).includes("PONG"), "after the away text");
  waits(30.0 * WATCHER_SECONDS);
  assert(lines(bob).includes("PONG"));
}

export function the_wait_for_watchers_is_bounded(): void {
  ready();
  const bob = join("bob");
  const one = sessionOf("bob");
  const ann = join("ann");
  const watcher = <IrcSession>sessionOf("ann");
  const all = irc.watchers.watchersOf("bob");
  sameNumber(all.length, 0);
  irc.watchers.add(watcher, "bob");
  for (let i = 0; i < 2000; i++)
    irc.watchers.watchersOf("bob").push(irc.watchers.watchersOf("bob")[0]);
  irc.onUserRenamed(one, "bob");
  says(bob, "PING 1\r\n");
  waits(WATCHERS_WAIT_SECONDS - 1);
  assert(!lines(bob).includes("PONG"));
  waits(2);
  turn();
  assert(lines(bob).includes("PONG"));
  assert(lines(ann).length > 0);
}

export function a_door_hands_connections_on(): void {
  const door = new IrcAcceptor(server);
  door.onAcceptFailed(24, 1);
  const before = irc.unregistered;
  const accepted = chat.counters.accepted;
  enterIrc();
  sameNumber(chat.counters.accepted, accepted + 1);
  sameNumber(irc.unregistered, before);
  same(new IrcCommand("X", 1, (_irc, _session, _words) => {}).name, "X");
}
