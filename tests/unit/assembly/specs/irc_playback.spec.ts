/** The events of a room's past, which IRC clients replay. */
import { eventId, PastEvents } from "../../../../assembly/chat/irc/past_events";
import { Irc } from "../../../../assembly/chat/irc/irc";
import { Style } from "../../../../assembly/chat/protocol/style";
import { EVENTS_MOST, EventLog, PastEvent } from "../../../../assembly/chat/rooms/event_log";
import { advance } from "./support/host";
import { chat, enter, got, says, settings, turn } from "./support/chat";
import { asks, join, lines } from "./support/irc";
import { same, sameNumber, SECOND, step } from "./support/steps";

const WANTED = "batch server-time message-tags draft/chathistory draft/event-playback";

function ready(): void {
  settings.roomsPerClient = 5;
  settings.style = Style.LINE;
  settings.history = 100;
}

/** Returns the lines of an answer, without tags. */
function bare(text: string): string {
  return text
    .split("|")
    .map<string>((line) => (line.startsWith("@") ? line.substring(line.indexOf(" ") + 1) : line))
    .join("|");
}

export function events_are_replayed_between_messages(): void {
  ready();
  const ann = join("ann", WANTED);
  const bob = join("bob", "batch message-tags draft/chathistory");
  says(ann, "JOIN #tea\r\nPRIVMSG #tea :1\r\n");
  says(bob, "JOIN #tea\r\nPRIVMSG #tea :2\r\n");
  step();
  says(ann, "TOPIC #tea :cake\r\nMODE #tea +v bob\r\n");
  says(bob, "NICK bea\r\nPART #tea :bye\r\nJOIN #tea\r\n");
  says(ann, "KICK #tea bea :out\r\n");
  says(bob, "JOIN #tea\r\nQUIT :gone\r\n");
  lines(ann);
  const text = bare(asks(ann, "CHATHISTORY LATEST #tea * 50"));
  const deeds = text.split("|").map<string>((line) => line.substring(line.indexOf(" ") + 1));
  const wanted =
    "PRIVMSG #tea :1|JOIN #tea|PRIVMSG #tea :2|TOPIC #tea :cake|MODE #tea +v bob|" +
    "NICK :bea|PART #tea :bye|JOIN #tea|KICK #tea bea :out|JOIN #tea|QUIT :Quit: gone";
  same(deeds.slice(1, -1).join("|"), wanted);
}

export function without_event_playback_there_are_messages_alone(): void {
  ready();
  const ann = join("ann", "batch draft/chathistory");
  says(ann, "JOIN #tea\r\nTOPIC #tea :cake\r\nPRIVMSG #tea :1\r\n");
  lines(ann);
  const text = asks(ann, "CHATHISTORY LATEST #tea * 50");
  assert(text.includes(" PRIVMSG ") && !text.includes(" TOPIC ") && !text.includes(" JOIN "), text);
}

export function an_event_has_the_id_and_the_time_that_members_were_told(): void {
  ready();
  const ann = join("ann", WANTED);
  says(ann, "JOIN #tea\r\nPRIVMSG #tea :1\r\n");
  lines(ann);
  const told = asks(ann, "TOPIC #tea :cake");
  assert(told.includes(";msgid="), told);
  advance(SECOND);
  turn();
  says(ann, "PRIVMSG #tea :2\r\nTOPIC #tea :tart\r\n");
  lines(ann);
  const id = told.substring(told.indexOf("msgid="), told.indexOf(" "));
  const around = asks(ann, `CHATHISTORY AROUND #tea ${id} 1`);
  assert(around.includes(told.substring(1)), around);
  const after = asks(ann, `CHATHISTORY AFTER #tea ${id} 9`);
  assert(!after.includes("cake") && after.includes(":2|") && after.includes(":tart|"), after);
  const before = asks(ann, `CHATHISTORY BEFORE #tea ${id} 9`);
  assert(before.includes(":1|") && !before.includes("cake"), before);
  const time = `timestamp=${told.substring(6, 30)}`;
  assert(!asks(ann, `CHATHISTORY AFTER #tea ${time} 9`).includes("cake"), time);
}

export function topics_of_ignored_users_are_not_replayed(): void {
  ready();
  const ann = join("ann", WANTED);
  says(ann, "JOIN #lobby\r\n");
  const bob = enter();
  says(bob, "/nick bob\n/topic of bob\n");
  lines(ann);
  assert(asks(ann, "CHATHISTORY LATEST #lobby * 9").includes(" TOPIC #lobby :of bob"));
  const session = chat.users.find("ann")!;
  session.user.ignore(chat.users.find("bob")!.user);
  session.rejoinGroups();
  assert(!asks(ann, "CHATHISTORY LATEST #lobby * 9").includes(" TOPIC #lobby :of bob"));
  got(bob);
}

export function a_room_remembers_some_events_until_it_is_empty(): void {
  ready();
  const log = new EventLog();
  for (let i = 0; i <= EVENTS_MOST; i++) log.add(new PastEvent(1, i, 0, 0, "x"));
  sameNumber(log.all.length, EVENTS_MOST);
  sameNumber(log.all[0].number, 1);
  same(eventId(log.all[0], 7), "7-1.e1");
  const ann = join("ann", WANTED);
  says(ann, "JOIN #tea\r\nTOPIC #tea :cake\r\n");
  const room = chat.rooms.find("tea")!;
  sameNumber(room.events.all.length, 1);
  says(ann, "PART #tea\r\n");
  sameNumber(room.events.all.length, 0);
  got(ann);
}

export function a_room_without_a_history_has_no_events(): void {
  ready();
  settings.history = 0;
  const ann = join("ann", WANTED);
  says(ann, "JOIN #tea\r\nTOPIC #tea :cake\r\n");
  sameNumber(chat.rooms.find("tea")!.events.all.length, 0);
  const irc = new Irc(chat, "1");
  assert(new PastEvents(chat, irc.protocolFor(0)) !== chat.presence.recorder);
  got(ann);
}
