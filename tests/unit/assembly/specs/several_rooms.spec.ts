import { findMembership } from "../../../../assembly/chat/commands/find_membership";
import { UserLeft, UserQuit } from "../../../../assembly/chat/protocol/events";
import { Json2Protocol } from "../../../../assembly/chat/protocol/json2_protocol";
import { Presence } from "../../../../assembly/chat/rooms/presence";
import { User } from "../../../../assembly/chat/users/user";
import { Style } from "../../../../assembly/chat/protocol/style";
import { Traffic } from "../../../../assembly/net/traffic";
import * as host from "./support/host";
import {
  asks,
  chat,
  enterAs as person,
  got,
  loop,
  ROOMS,
  says,
  settings,
  turn,
} from "./support/chat";
import { same, sameNumber } from "./support/steps";

function welcome(room: string, topic: string, people: i32): string {
  const epoch = chat.epoch;
  const you = '"you":"bot"';
  const ids = `"last":${chat.lastId},"epoch":${epoch}`;
  return `{"type":"welcome","version":2,${you},"room":"${room}","topic":"${topic}","people":${people},${ids}}\n`;
}

export function a_program_joins_and_leaves_rooms(): void {
  const bot = person("bot", Style.JSON2);
  same(asks(bot, "/join tea"), welcome("tea", "", 1));
  same(asks(bot, "/join tea"), '{"type":"notice","text":"you are in tea"}\n');
  const whois = asks(bot, "/whois bot");
  assert(whois.startsWith('{"type":"whois","name":"bot","rooms":["tea","lobby"],'), whois);
  same(asks(bot, "/part"), '{"type":"part","from":"bot","room":"tea","reason":""}\n');
  same(asks(bot, "/in lobby /part"), '{"type":"part","from":"bot","room":"lobby","reason":""}\n');
  const nowhere = "you are in no room: /join ROOM enters one";
  same(asks(bot, "hello"), `{"type":"error","code":"not-in-room","text":"${nowhere}"}\n`);
  same(asks(bot, "/part"), `{"type":"error","code":"not-in-room","text":"${nowhere}"}\n`);
  same(asks(bot, "/style line").split("\n")[1], "* your style is line");
  sameNumber(chat.rooms.lobby.size, 1);
}

export function a_line_is_for_the_room_that_it_names(): void {
  const bot = person("bot", Style.JSON2);
  const ann = person("ann", Style.LINE);
  says(bot, "/join tea\n");
  got(ann);
  says(bot, "/in lobby  hi\n/IN  lobby /me waves\n/in lobby //x\n/in lobby quit\nin tea\n");
  const heard = got(ann).split("\n");
  sameNumber(heard.length, 5);
  assert(heard[0].endsWith(" bot:  hi"), heard[0]);
  assert(heard[1].endsWith(" * bot waves"), heard[1]);
  assert(heard[2].endsWith(" bot: /x"), heard[2]);
  assert(heard[3].endsWith(" bot: quit"), heard[3]);
  const usage = '{"type":"error","code":"usage","text":"/in is used like this: /in ROOM LINE"}\n';
  same(asks(bot, "/in"), usage);
  same(asks(bot, "/in lobby"), usage);
  same(asks(bot, "/in lobby   "), usage);
  same(asks(bot, "/in lobby /in tea x"), usage);
  const other = "you are not in den: /join den enters it";
  same(asks(bot, "/in den x"), `{"type":"error","code":"not-in-room","text":"${other}"}\n`);
  same(asks(ann, "/in tea x"), "* you are not in tea: /join tea enters it\n");
}

export function a_client_is_in_so_many_rooms_and_no_more(): void {
  const bot = person("bot", Style.JSON2);
  for (let i = 1; i < ROOMS; i++) says(bot, `/join r${i}\n`);
  sameNumber(chat.rooms.membershipCount, ROOMS);
  const words = `you are in ${ROOMS} rooms, which is all you can: /part leaves one`;
  same(asks(bot, "/join tea"), `{"type":"error","code":"rooms-per-client","text":"${words}"}\n`);
  sameNumber(chat.counters.limits.countOf("rooms per client"), 1);
  assert(chat.rooms.find("tea") === null);
  says(bot, "/style json\n");
  sameNumber(chat.rooms.membershipCount, 1);
}

export function each_is_told_once_who_renames_or_quits(): void {
  const bot = person("bot", Style.JSON2);
  const eve = person("eve", Style.JSON2);
  const old = person("old", Style.JSON);
  const ann = person("ann", Style.LINE);
  for (let i = 1; i < 4; i++) {
    says(bot, `/join r${i}\n`);
    says(eve, `/join r${i}\n`);
  }
  says(old, "/join r3\n");
  got(old);
  got(ann);
  const renamed = '{"type":"nick","from":"bot","to":"rob"}\n';
  got(eve);
  same(asks(bot, "/nick rob"), renamed);
  same(got(eve), renamed);
  same(got(old), '{"type":"nick","from":"bot","to":"rob","room":"r3"}\n');
  same(got(ann), "* bot is now rob\n");
  says(bot, "/quit\n");
  same(got(eve), '{"type":"quit","from":"rob","reason":"quit"}\n');
  same(got(old), '{"type":"leave","from":"rob","room":"r3"}\n');
  same(got(ann), "* rob left\n");
  // Now they share one room, and none.
  says(eve, "/in r1 /part\n/in r2 /part\n/in r3 /part\n");
  got(ann);
  same(asks(eve, "/nick eva"), '{"type":"nick","from":"eve","to":"eva"}\n');
  same(got(ann), "* eve is now eva\n");
  says(eve, "/part\n");
  got(ann);
  same(asks(eve, "/nick eve"), '{"type":"nick","from":"eva","to":"eve"}\n');
  same(got(ann), "");
}

export function a_user_of_a_large_room_is_listed_before_it_does_something(): void {
  const bot = person("bot", Style.JSON2);
  const ann = person("ann", Style.LINE);
  says(bot, "/join tea\n");
  settings.announce = 0;
  got(bot);
  says(ann, "/join tea\n");
  same(got(bot), '{"type":"part","from":"ann","room":"lobby","reason":""}\n');
  assert(asks(bot, "/who tea").includes('"people":2,"names":["bot"],"away":[],'));
  says(ann, "hello\n");
  assert(got(bot).startsWith('{"type":"join","from":"ann","room":"tea"}\n{"type":"message",'));
  assert(asks(bot, "/who tea").includes('"names":["ann","bot"]'));
  says(ann, "/quit\n");
  same(got(bot), '{"type":"quit","from":"ann","reason":"quit"}\n');
}

export function words_in_many_rooms_are_written_once_each_and_sent_in_one_send(): void {
  const bot = person("bot", Style.JSON2);
  const eve = person("eve", Style.JSON2);
  for (let i = 1; i < ROOMS; i++) {
    says(bot, `/join r${i}\n`);
    says(eve, `/join r${i}\n`);
  }
  got(bot);
  got(eve);
  let lines = "";
  for (let i = 1; i < ROOMS; i++) lines += `/in r${i} hello\n/in r${i} again\n`;
  const written = chat.round.messagesWritten;
  const sends = Traffic.sends.count;
  const calls = host.calls("sock_send");
  says(bot, `${lines}/ping\n`);
  sameNumber(chat.round.messagesWritten - written, (ROOMS - 1) * 2);
  // One send for each of the two clients.
  sameNumber(Traffic.sends.count - sends, 2);
  sameNumber(host.calls("sock_send") - calls, 2);
  sameNumber(got(eve).split('"type":"message"').length - 1, (ROOMS - 1) * 2);
  // The answer comes after the words that were said before it.
  assert(got(bot).endsWith('again"}\n{"type":"pong","text":""}\n'));
}

export function words_in_one_room_are_sent_directly_also_to_a_client_of_several(): void {
  const bot = person("bot", Style.JSON2);
  says(bot, "/join tea\n");
  const sends = Traffic.sends.count;
  says(bot, "hello\n");
  sameNumber(Traffic.sends.count - sends, 1);
  turn();
}

export function leaving_a_room_is_no_leaving_of_the_server(): void {
  const protocol = new Json2Protocol();
  const ann = new User("ann");
  const part = '{"type":"part","from":"ann","room":"den","reason":"tea"}\n';
  same(protocol.render(new UserLeft(ann, "den", "tea")), part);
  const quit = '{"type":"quit","from":"ann","reason":"kicked"}\n';
  same(protocol.render(new UserQuit(ann, "kicked")), quit);
}

export function a_large_room_is_not_told_who_comes(): void {
  const bot = person("bot", Style.JSON2);
  const session = chat.users.find("bot")!;
  assert(findMembership(chat, session, "")!.room === chat.rooms.lobby);
  assert(findMembership(chat, session, "den") === null);
  const presence = new Presence(loop, settings, chat.counters.limits);
  const lobby = chat.rooms.lobby;
  settings.announce = 1;
  assert(!presence.tellJoining(new User("ann"), lobby));
  settings.announce = 2;
  assert(presence.tellJoining(new User("ann"), lobby));
  turn();
  assert(got(bot).endsWith('{"type":"join","from":"ann","room":"lobby"}\n'));
}
