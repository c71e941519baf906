import { Handler } from "../../../../assembly/loop/loop";
import { EVENT_READ } from "../../../../assembly/selectors";
import {
  BroadcastGroup,
  GroupMember,
  LARGE_CHUNK_THRESHOLD,
  LARGE_CHUNKS_MOST,
} from "../../../../assembly/chat/delivery/broadcast_group";
import {
  DISPATCH_GROUPS_MOST,
  WRITTEN_GROUPS_MOST,
} from "../../../../assembly/chat/delivery/delivery_round";
import { Notice } from "../../../../assembly/chat/protocol/events";
import { Style } from "../../../../assembly/chat/protocol/style";
import { Membership } from "../../../../assembly/chat/rooms/room";
import { Chunk, CHUNK_BYTES, LARGE_CHUNK_BYTES } from "../../../../assembly/net/sending/chunk";
import * as host from "./support/host";
import { chat, newSession, server } from "./support/chat";
import { same, sameNumber, sent, step } from "./support/steps";

const set = chat.connections;
const protocol = chat.protocols.withStyle(Style.LINE);
const group = new BroadcastGroup(protocol, chat.round);

function newcomer(name: string): Membership {
  const session = newSession(name, Style.LINE);
  const one = new Membership(chat.rooms.lobby, session.user, session.connection, session);
  session.memberships.push(one);
  return one;
}

function member(name: string): Membership {
  const one = newcomer(name);
  group.addMember(one);
  return one;
}

function tell(one: Membership, text: string): void {
  one.recipient.send(new Notice(text));
}

function say(text: string): void {
  const chunk = group.prepareChunk(<u32>text.length);
  chunk.addWritten(
    <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, chunk.endAddress),
  );
  step();
}

function heard(member: GroupMember): string {
  return sent(member.connection.fd);
}

export function everybody_hears_what_is_said(): void {
  const ann = member("ann");
  const bob = member("bob");
  sameNumber(group.size, 2);
  say("one\n");
  say("two\n");
  same(heard(ann), "");
  chat.round.endTick();
  same(heard(ann), "one\ntwo\n");
  same(heard(bob), "one\ntwo\n");
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_tick_is_one_send_for_each_member(): void {
  for (let i = 0; i < 5; i++) member("x");
  for (let i = 0; i < 20; i++) say("line\n");
  chat.round.endTick();
  sameNumber(host.calls("sock_send"), 5);
}

export function who_joins_in_the_middle_of_a_tick_hears_what_comes_after(): void {
  const ann = member("ann");
  say("before\n");
  const bob = member("bob");
  say("after\n");
  chat.round.endTick();
  same(heard(ann), "before\nafter\n");
  same(heard(bob), "after\n");
}

export function who_leaves_in_the_middle_of_a_tick_is_owed_what_came_before(): void {
  const ann = member("ann");
  const bob = member("bob");
  say("before\n");
  group.removeMember(bob);
  say("after\n");
  chat.round.endTick();
  same(heard(ann), "before\nafter\n");
  same(heard(bob), "before\n");
  sameNumber(group.size, 1);
}

export function who_leaves_and_joins_again_in_one_tick_hears_nothing_twice(): void {
  const ann = member("ann");
  say("1\n");
  group.removeMember(ann);
  say("2\n");
  group.addMember(ann);
  say("3\n");
  chat.round.endTick();
  same(heard(ann), "1\n3\n");
}

export function words_to_one_stand_in_their_order_among_what_everybody_hears(): void {
  const ann = member("ann");
  const bob = member("bob");
  say("1\n");
  tell(ann, "for you");
  say("2\n");
  tell(ann, "again");
  chat.round.endTick();
  same(heard(ann), "1\n* for you\n2\n* again\n");
  same(heard(bob), "1\n2\n");
}

export function to_catch_up_twice_is_to_catch_up_once(): void {
  const ann = member("ann");
  say("1\n");
  ann.queueWritten();
  ann.queueWritten();
  chat.round.endTick();
  same(heard(ann), "1\n");
}

export function who_is_in_no_audience_has_nothing_to_catch_up_with(): void {
  const ann = newcomer("ann");
  member("bob");
  say("1\n");
  group.removeMember(ann);
  tell(ann, "alone");
  chat.round.endTick();
  same(heard(ann), "* alone\n");
}

export function nobody_joins_twice(): void {
  const ann = member("ann");
  host.expectAbort("a member joins twice");
  group.addMember(ann);
}

export function any_member_can_leave(): void {
  const members = new Array<Membership>();
  for (let i = 0; i < 30; i++) members.push(member(i.toString()));
  while (members.length > 0) {
    const at = <i32>(host.random() % <u32>members.length);
    const gone = members.splice(at, 1)[0];
    group.removeMember(gone);
    sameNumber(group.size, members.length);
    host.forgetSent(gone.connection.fd);
    for (let i = 0; i < members.length; i++) host.forgetSent(members[i].connection.fd);
    say("x\n");
    chat.round.endTick();
    same(heard(gone), "");
    for (let i = 0; i < members.length; i++) same(heard(members[i]), "x\n");
  }
}

export function more_than_a_chunk_in_one_tick_is_sent_in_order(): void {
  const ann = member("ann");
  const bob = member("bob");
  let wanted = "";
  for (let i = 0; i < 10; i++) {
    const line = i.toString().repeat(10_000) + "\n";
    say(line);
    wanted += line;
    if (i == 7) tell(bob, "now");
  }
  chat.round.endTick();
  same(heard(ann), wanted);
  const cut = 8 * 10_001;
  same(heard(bob), wanted.substring(0, cut) + "* now\n" + wanted.substring(cut));
  sameNumber(Chunk.bytesInUse, 0);
}

export function who_joins_after_the_overflow_of_a_chunk_hears_what_comes_after(): void {
  const ann = member("ann");
  say("x".repeat(<i32>CHUNK_BYTES));
  say("1\n");
  const bob = member("bob");
  say("2\n");
  chat.round.endTick();
  sameNumber(heard(ann).length, CHUNK_BYTES + 4);
  same(heard(bob), "2\n");
}

export function an_audience_holds_one_chunk_for_all_its_members(): void {
  for (let i = 0; i < 50; i++) member("x");
  say("hello\n");
  sameNumber(Chunk.bytesInUse, CHUNK_BYTES);
  for (let i = 0; i < set.size; i++) host.setRoom(set.get(i).fd, 0);
  chat.round.endTick();
  sameNumber(Chunk.bytesInUse, 6, "what slow ones are owed is held once:");
}

export function what_is_said_to_an_empty_audience_is_forgotten(): void {
  say("hello\n");
  chat.round.endTick();
  sameNumber(Chunk.bytesInUse, 0);
}

export function who_was_caught_up_in_one_tick_hears_all_of_the_next(): void {
  const ann = member("ann");
  say("1\n");
  tell(ann, "for you");
  const bob = member("bob");
  chat.round.endTick();
  say("2\n");
  chat.round.endTick();
  same(heard(ann), "1\n* for you\n2\n");
  same(heard(bob), "2\n");
}

export function a_tick_holds_the_words_of_a_bounded_number_of_audiences(): void {
  const groups: Array<BroadcastGroup> = [];
  for (let i = 0; i <= WRITTEN_GROUPS_MOST; i++) {
    groups.push(new BroadcastGroup(protocol, chat.round));
    groups[i].addMember(newcomer(`p${i}`));
  }
  for (let i = 0; i < WRITTEN_GROUPS_MOST; i++) groups[i].prepareChunk(8);
  sameNumber(Chunk.bytesInUse, WRITTEN_GROUPS_MOST * CHUNK_BYTES);
  groups[WRITTEN_GROUPS_MOST].prepareChunk(8);
  sameNumber(Chunk.bytesInUse, CHUNK_BYTES);
}

/** Writes to so many groups when it is ready. */
class GroupWriter extends Handler {
  calls: i32 = 0;

  constructor(private groups: i32) {
    super();
  }

  onReady(_mask: u32): void {
    this.calls++;
    for (let i = 0; i < this.groups; i++) new BroadcastGroup(protocol, chat.round).prepareChunk(8);
  }
}

/** @returns how often the handler behind one that writes to so many groups is called in its tick */
function callsBehind(groups: i32): i32 {
  const handlers = [new GroupWriter(groups), new GroupWriter(0)];
  for (let i = 0; i < handlers.length; i++) {
    const fd = host.openConnection();
    host.feed(fd, "x");
    server.loop.watch(fd, EVENT_READ, handlers[i]);
  }
  server.loop.tick();
  sameNumber(handlers[0].calls, 1);
  return handlers[1].calls;
}

export function a_dispatch_goes_on_up_to_its_bound_of_groups(): void {
  sameNumber(callsBehind(DISPATCH_GROUPS_MOST), 1);
}

export function a_dispatch_that_has_written_to_enough_groups_ends(): void {
  sameNumber(callsBehind(DISPATCH_GROUPS_MOST + 1), 0);
}

export function what_is_longer_than_any_chunk_is_said_whole(): void {
  const ann = member("ann");
  say("before\n");
  say("x".repeat(<i32>LARGE_CHUNK_BYTES + 1));
  say("behind\n");
  chat.round.endTick();
  sameNumber(heard(ann).length, LARGE_CHUNK_BYTES + 1 + 14);
}

export function who_is_told_much_is_told_it_in_large_sends(): void {
  const ann = member("ann");
  say("x".repeat(<i32>LARGE_CHUNK_THRESHOLD + 1));
  chat.round.endTick();
  const before = host.calls("sock_send");
  for (let i = 0; i < 5; i++) say("y".repeat(50_000));
  chat.round.endTick();
  sameNumber(host.calls("sock_send") - before, 1);
  sameNumber(heard(ann).length, LARGE_CHUNK_THRESHOLD + 1 + 250_000);
  say("z\n");
  sameNumber(Chunk.bytesInUse, LARGE_CHUNK_BYTES);
  chat.round.endTick();
  say("z\n");
  sameNumber(Chunk.bytesInUse, CHUNK_BYTES, "little is said:");
}

export function few_audiences_have_large_chunks_at_a_time(): void {
  const groups: Array<BroadcastGroup> = [];
  for (let i = 0; i <= LARGE_CHUNKS_MOST; i++) {
    groups.push(new BroadcastGroup(protocol, chat.round));
    groups[i].addMember(newcomer(`p${i}`));
    groups[i].prepareChunk(LARGE_CHUNK_THRESHOLD + 1).addWritten(LARGE_CHUNK_THRESHOLD + 1);
  }
  chat.round.endTick();
  for (let i = 0; i <= LARGE_CHUNKS_MOST; i++) groups[i].prepareChunk(8);
  sameNumber(Chunk.bytesInUse, <u64>LARGE_CHUNKS_MOST * LARGE_CHUNK_BYTES + CHUNK_BYTES);
}
