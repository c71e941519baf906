import {
  ANNOUNCEMENTS_AT_ONCE,
  PendingAnnouncements,
} from "../../../../assembly/chat/rooms/pending_announcements";
import { UsersChanged } from "../../../../assembly/chat/protocol/room_events";
import { Style } from "../../../../assembly/chat/protocol/style";
import { RoomOperations } from "../../../../assembly/chat/commands/room_operations";
import { parseModeChanges } from "../../../../assembly/chat/rooms/mode_change";
import * as host from "./support/host";
import { chat, enter, got, loop, says, settings, turn } from "./support/chat";
import { same, sameNumber, SECOND } from "./support/steps";

settings.style = Style.LINE;
settings.clients = 1000;
settings.announce = 50;
settings.announceRate = 5;

/** Enters a client that is known to the others. */
function speaker(): u32 {
  const fd = enter();
  says(fd, "/ping\n");
  return fd;
}

/** A listener that is alone, and the room's announcements so far are forgotten. */
function listener(): u32 {
  const fd = speaker();
  pass(10 * SECOND);
  got(fd);
  return fd;
}

function pass(nanoseconds: u64): void {
  host.advance(nanoseconds);
  turn();
  turn();
}

function leaves(fd: u32): void {
  host.end(fd);
  turn();
}

export function a_few_are_announced_at_once_and_then_the_others_together(): void {
  const ann = listener();
  const fds: Array<u32> = [];
  for (let i = 0; i < 9; i++) fds.push(speaker());
  let joined = "";
  for (let i = 2; i <= 6; i++) joined += `* client-${i} joined\n`;
  same(got(ann), joined);
  sameNumber(ANNOUNCEMENTS_AT_ONCE, 5);
  pass(SECOND / 5 - 1);
  same(got(ann), "");
  pass(1);
  same(got(ann), "* 4 joined\n");
  leaves(fds[0]);
  leaves(fds[1]);
  speaker();
  pass(SECOND / 5);
  same(got(ann), "* 1 joined, 2 left\n");
  sameNumber(<i64>chat.counters.limits.countOf("announcements"), 7);
}

export function one_alone_is_announced_by_its_name_and_not_to_itself(): void {
  const ann = listener();
  for (let i = 0; i < 5; i++) speaker();
  const last = speaker();
  got(last);
  got(ann);
  pass(SECOND / 5);
  same(got(ann), "* client-7 joined\n");
  same(got(last), "");
  leaves(last);
  pass(SECOND / 5);
  same(got(ann), "* client-7 left\n");
}

export function who_leaves_before_its_turn_is_not_announced(): void {
  const ann = listener();
  for (let i = 0; i < 5; i++) speaker();
  got(ann);
  leaves(speaker());
  pass(SECOND);
  same(got(ann), "");
}

export function churn_is_told_five_times_a_second(): void {
  const ann = listener();
  for (let i = 0; i < 100; i++) {
    leaves(speaker());
    if (i % 10 == 9) pass(SECOND / 10);
  }
  pass(SECOND);
  const told = got(ann).split("\n").length - 1;
  assert(told <= 5 + 10, `${told} announcements in two seconds`);
}

export function without_a_rate_each_is_announced(): void {
  settings.announceRate = 0;
  const ann = listener();
  for (let i = 0; i < 20; i++) speaker();
  sameNumber(got(ann).split(" joined\n").length - 1, 20);
}

export function a_room_that_has_become_large_is_told_nothing(): void {
  const ann = listener();
  for (let i = 0; i < 7; i++) speaker();
  got(ann);
  settings.announce = 3;
  pass(SECOND);
  same(got(ann), "");
}

export function programs_get_numbers(): void {
  settings.style = Style.JSON;
  const bot = listener();
  for (let i = 0; i < 8; i++) speaker();
  got(bot);
  pass(SECOND);
  same(got(bot), '{"type":"presence","room":"lobby","joined":3,"left":0,"people":9}\n');
}

export function of_joins_and_leaves_those_are_named_that_there_are(): void {
  const line = chat.protocols.withStyle(Style.LINE);
  same(line.render(new UsersChanged("lobby", 12, 9, 50)), "* 12 joined, 9 left\n");
  same(line.render(new UsersChanged("lobby", 12, 0, 50)), "* 12 joined\n");
  same(line.render(new UsersChanged("lobby", 0, 9, 50)), "* 9 left\n");
}

export function nothing_that_waits_is_no_announcement(): void {
  const pending = new PendingAnnouncements(chat.rooms.lobby, loop, settings, chat.presence);
  const ann = listener();
  pending.run();
  turn();
  same(got(ann), "");
}

export function who_is_kicked_before_its_turn_is_not_announced(): void {
  const ann = speaker();
  says(ann, "/join den\n");
  pass(10 * SECOND);
  for (let i = 0; i < 5; i++) says(speaker(), "/join den\n");
  const last = speaker();
  says(last, "/join den\n");
  got(ann);
  says(ann, "/kick client-7\n");
  same(got(ann), "* client-1 sent client-7 out of den\n");
  pass(SECOND);
  same(got(ann), "");
}

export function a_silent_operator_is_announced_later_too(): void {
  const ann = listener();
  const bob = enter();
  const changes = parseModeChanges("+o", ["client-2"]);
  RoomOperations.changeModes(chat, null, chat.rooms.lobby, changes);
  for (let i = 0; i < 5; i++) speaker();
  got(ann);
  says(bob, "/ping\n");
  same(got(ann), "");
  pass(SECOND / 5);
  same(got(ann), "* client-2 joined\n");
}
