import { Admission } from "../../../../assembly/chat/users/admission";
import { Drain, DRAIN_SECONDS_MOST } from "../../../../assembly/chat/admin/drain";
import { runOperatorCommand, OPERATOR_HELP } from "../../../../assembly/chat/admin/operator";
import { Penalty } from "../../../../assembly/chat/users/penalties";
import { Style } from "../../../../assembly/chat/protocol/style";
import { STDERR } from "../../../../assembly/wasi/stdio";
import {
  chat,
  enter,
  enterThroughProxy,
  got,
  loop,
  says,
  server,
  settings,
  turn,
} from "./support/chat";
import * as host from "./support/host";
import { same, sameNumber, SECOND, sent } from "./support/steps";

/** Returns the answer to an operator command. */
function types(line: string): string {
  const space = line.indexOf(" ");
  const command = space < 0 ? line : line.substring(0, space);
  const answer = runOperatorCommand(server, command, space < 0 ? "" : line.substring(space + 1));
  turn();
  return answer === null ? "no such command" : answer.text;
}

/** Connects a client of style line, with a name. */
function person(name: string): u32 {
  settings.style = Style.LINE;
  settings.announce = 0;
  settings.replay = 0;
  const fd = enter();
  says(fd, `/nick ${name}\n`);
  got(fd);
  return fd;
}

function from(address: string): u32 {
  settings.style = Style.LINE;
  settings.announce = 0;
  const fd = enterThroughProxy();
  says(fd, `PROXY TCP4 ${address} 192.0.2.1 51234 9999\r\n`);
  return fd;
}

export function what_is_no_command_is_none(): void {
  same(types("how are you"), "no such command");
  assert(OPERATOR_HELP.includes("ban WHO [TIME] [WHY]"));
}

export function all_options_are_shown_and_live_ones_can_be_set(): void {
  const limits = types("limits");
  assert(limits.indexOf("\nidle-seconds ") < limits.indexOf("these need a restart:\n"), limits);
  assert(limits.indexOf("these need a restart:\n") < limits.indexOf("\ntime-zone "), limits);
  same(types("set"), "set is used like this: set NAME VALUE; limits lists the names\n");
  same(types("set replay 7"), "replay is 7 now\n");
  sameNumber(settings.replay, 7);
  same(types("set time-zone UTC"), "option --time-zone needs a restart to change\n");
}

export function an_idle_time_that_is_set_holds_for_who_is_here(): void {
  const ann = person("ann");
  host.advance(60 * SECOND);
  turn();
  types("set idle-seconds 30");
  host.advance(2 * SECOND);
  turn();
  turn();
  const warning = "* you have said nothing for long: in 7 s you are closed, unless you do\n";
  same(got(ann), warning);
  host.advance(8 * SECOND);
  turn();
  turn();
  same(got(ann), "* closed: you have said nothing for too long\n");
}

export function a_ban_closes_who_is_here_and_its_name_is_taken_from_all(): void {
  const ann = person("ann");
  const bob = person("bob");
  same(types("ban ANN 2h spam, spam"), "ANN is banned for 2 h 0 m: spam, spam (1 closed)\n");
  same(got(ann), "* closed: you are banned for 2 h 0 m: spam, spam\n");
  says(bob, "/nick Ann\n");
  same(got(bob), "* Ann is banned here: choose another name\n");
  same(types("bans"), "ANN for 2 h 0 m: spam, spam\n");
  same(types("unban ann"), "ann is not banned any more\n");
  same(types("unban ann"), "ann is not banned\n");
  says(bob, "/nick Ann\n");
  same(got(bob), "* bob is now Ann\n");
}

export function a_network_that_is_banned_is_refused_at_the_door(): void {
  const inside = from("10.1.2.3");
  const other = from("11.1.2.3");
  got(inside);
  got(other);
  same(types("ban 10.0.0.0/8"), "10.0.0.0/8 is banned for good (1 closed)\n");
  same(got(inside), "* closed: you are banned for good\n");
  same(got(other), "");
  const late = from("10.9.9.9");
  same(got(late), "* closed: you are banned for good\n");
  sameNumber(chat.users.size, 1);
  host.setRealtime(0);
  same(types("unban 10.0.0.0/8"), "10.0.0.0/8 is not banned any more\n");
  assert(got(from("10.9.9.8")).includes("you are 10.9.9.8:51234"));
}

export function a_ban_ends(): void {
  types("ban 10.0.0.0/8 5s");
  host.setRealtime(4 * SECOND);
  assert(got(from("10.9.9.9")).includes("you are banned for 1 s"));
  host.setRealtime(5 * SECOND);
  turn();
  assert(got(from("10.9.9.8")).includes("you are 10.9.9.8:51234"));
}

export function who_is_mute_is_told_and_nobody_hears(): void {
  const ann = person("ann");
  const bob = person("bob");
  same(types("mute ann 10m language"), "ann is mute for 10 m 0 s: language (1 here)\n");
  const words = "* nobody hears you: you are mute for 10 m 0 s: language\n";
  same(got(ann), words);
  const lines = [
    "hello\n",
    "//hello\n",
    "/me waves\n",
    "/msg bob hi\n",
    "/topic hi\n",
    "/nick eve\n",
  ];
  for (let i = 0; i < lines.length; i++) {
    says(ann, lines[i]);
    same(got(ann), words, lines[i]);
  }
  same(got(bob), "");
  says(ann, "/topic\n");
  same(got(ann), "* there is no topic\n");
  says(bob, "hello ann\n");
  same(got(ann), "01:00:00 bob: hello ann\n");
  same(types("mutes"), "ann for 10 m 0 s: language\n");
  same(types("unmute ann"), "ann is heard again\n");
  same(got(ann), "* you are heard again\n");
  says(ann, "thanks\n");
  assert(got(bob).endsWith("ann: thanks\n"));
  same(types("unmute ann"), "ann is not mute\n");
}

export function a_mute_ends_by_itself_and_waits_for_who_takes_the_name(): void {
  types("mute ann 10s");
  const ann = person("ann");
  says(ann, "hello\n");
  assert(got(ann).includes("you are mute for 10 s"));
  host.setRealtime(10 * SECOND);
  turn();
  says(ann, "hello\n");
  same(got(ann), "01:00:10 ann: hello\n");
}

export function a_client_that_is_banned_or_mute_by_name_stays_so_when_it_comes_back(): void {
  const eve = from("203.0.113.7");
  says(eve, "/nick eve\n");
  const bob = from("203.0.113.8");
  same(types("mute eve 1h spam"), "eve@203.0.113.7 is mute for 1 h 0 m: spam (1 here)\n");
  host.end(eve);
  turn();
  const again = from("203.0.113.7");
  got(again);
  says(again, "hello\n");
  same(got(again), "* nobody hears you: you are mute for 1 h 0 m: spam\n");
  got(bob);
  says(bob, "hello\n");
  assert(got(bob).endsWith(": hello\n"));
  same(types("mutes"), "eve@203.0.113.7 for 1 h 0 m: spam\n");
  // Nobody has the name now: the address stays with it.
  same(types("mute EVE 2h"), "EVE@203.0.113.7 is mute for 2 h 0 m (1 here)\n");
  same(types("unmute Eve"), "Eve is heard again\n");
  assert(got(again).endsWith("* you are heard again\n"));
  says(bob, "/nick bob\n");
  same(types("ban bob"), "bob@203.0.113.8 is banned for good (1 closed)\n");
  assert(got(from("203.0.113.8")).includes("* closed: you are banned for good\n"));
  same(types("unban bob"), "bob is not banned any more\n");
  assert(got(from("203.0.113.8")).includes("you are "));
}

export function the_address_of_a_proxy_that_names_nobody_is_not_banned(): void {
  const eve = from("127.0.0.1");
  says(eve, "/nick eve\n");
  same(types("ban eve"), "eve is banned for good (1 closed)\n");
  assert(got(from("127.0.0.1")).includes("you are "));
  same(types("ban bob@127.0.0.1"), "bob@127.0.0.1 is banned for good (1 closed)\n");
  assert(types("ban @10.0.0.1").startsWith("@10.0.0.1 is no address and no network"));
  assert(types("ban bob@here").startsWith("bob@here is no address and no network"));
  assert(types("ban bob@0.0.0.0/0").startsWith("bob@0.0.0.0/0 is vast"));
}

export function a_network_can_be_mute(): void {
  types("mute 10.0.0.0/8");
  const eve = from("10.1.1.1");
  got(eve);
  says(eve, "hello\n");
  same(got(eve), "* nobody hears you: you are mute for good\n");
  types("unmute 10.0.0.0/8");
  same(got(eve), "* you are heard again\n");
}

export function a_shorter_mute_does_not_end_a_longer_one(): void {
  types("mute 10.0.0.0/8");
  const eve = from("10.1.2.3");
  types("mute 10.1.2.3 10s");
  got(eve);
  host.setRealtime(11 * SECOND);
  turn();
  says(eve, "hello\n");
  same(got(eve), "* nobody hears you: you are mute for good\n");
  types("mute 10.1.2.3 1m");
  types("unmute 10.0.0.0/8");
  got(eve);
  says(eve, "hello\n");
  same(got(eve), "* nobody hears you: you are mute for 1 m 0 s\n");
}

export function the_next_mute_holds_when_one_is_over(): void {
  const ann = person("ann");
  types("mute ann 20s");
  const first = new Penalty("ann", 10, "");
  chat.users.find("ann")!.user.mute = first;
  host.setRealtime(11 * SECOND);
  turn();
  got(ann);
  says(ann, "hello\n");
  same(got(ann), "* nobody hears you: you are mute for 9 s\n");
}

export function who_is_mute_shows_no_words_by_other_commands(): void {
  const ann = person("ann");
  types("mute ann");
  got(ann);
  const words = "* nobody hears you: you are mute for good\n";
  says(ann, "/away spam\n");
  same(got(ann), words);
  says(ann, "/join spam\n");
  same(got(ann), words);
  same(chat.users.find("ann")!.user.away, "");
  assert(chat.rooms.find("spam") === null);
  says(ann, "/away\n");
  same(got(ann), "* you are back\n");
  says(ann, "/join lobby\n");
  same(got(ann), "* you are in lobby\n");
}

export function what_is_typed_wrongly_is_answered(): void {
  const usage = "NAME|ADDRESS|NETWORK [TIME] [WHY], TIME as 30m, 2h or 7d\n";
  same(types("ban"), `ban is used like this: ban ${usage}`);
  same(types("mute " + "x".repeat(65)), `mute is used like this: mute ${usage}`);
  same(types("unban"), "unban is used like this: unban WHO\n");
  same(types("unmute"), "unmute is used like this: unmute WHO\n");
  same(
    types("drain soon"),
    `drain is used like this: drain [SECONDS], ${DRAIN_SECONDS_MOST} at most\n`,
  );
}

export function a_time_that_is_none_is_refused(): void {
  same(types("ban bob 2h30m"), "bob is banned for 2 h 30 m (0 closed)\n");
  const times = ["90", "1 h 0 m", "2x", "3651d", "-5m", "+5m", "1.5h", "2h30", "05m", "10"];
  const others = ["5min", "3days", "2h,", "90 spam", "7D8H9", "1:30", "3天"];
  for (let i = 0; i < others.length; i++) times.push(others[i]);
  const lines = ["ban ann", "mute ann", "ban 10.0.0.0/8", "mute 0.0.0.0/0 everybody"];
  for (let i = 0; i < times.length; i++) {
    for (let k = 0; k < lines.length; k++) {
      const answer = types(`${lines[k]} ${times[i]}`);
      const right = "write 90s, 30m, 2h30m or 7d, 3650d at most, or the reason in quotes\n";
      assert(answer.endsWith(` is no time: ${right}`), answer);
    }
  }
  same(types("mutes"), "there is none\n");
  same(types("mute ann h2 is a reason"), "ann is mute for good: h2 is a reason (0 here)\n");
}

export function a_reason_may_begin_with_a_digit(): void {
  const reasons = ["4chan spam", "1st warning", "2nd of the two", '"3 strikes"', '"90"'];
  for (let i = 0; i < reasons.length; i++) {
    same(types(`mute ann ${reasons[i]}`), `ann is mute for good: ${reasons[i]} (0 here)\n`);
    same(
      types(`ban ann 5m ${reasons[i]}`),
      `ann is banned for 5 m 0 s: ${reasons[i]} (0 closed)\n`,
    );
  }
  same(types("ban ann 5m 90"), "ann is banned for 5 m 0 s: 90 (0 closed)\n");
}

export function what_is_nearly_an_address_is_no_name(): void {
  const who = ["10.0.0.0/33", "192.168.1.300", "10.0.0", "1.2.3/4", "2001:db8::/129", "::g"];
  const more = [
    "10.0.0.0/",
    "/8",
    "7",
    "10.0.0.1.5:80",
    "10.0.0.0/-1",
    "fe80::1::2",
    "10.0.0.0/8/8",
  ];
  const all = who.concat(more);
  for (let i = 0; i < all.length; i++) {
    const words = `${all[i]} is no address and no network: write 192.0.2.7 or 10.0.0.0/8\n`;
    same(types(`ban ${all[i]} 2h`), words);
    same(types(`mute ${all[i]}`), words);
  }
  same(types("bans") + types("mutes"), "there is none\nthere is none\n");
}

export function a_penalty_for_everybody_is_confirmed(): void {
  const ann = from("203.0.113.7");
  got(ann);
  const vast = ["0.0.0.0/0", "128.0.0.0/1", "8.0.0.0/7", "::/0", "2000::/15", "::/80", "::/96"];
  for (let i = 0; i < vast.length; i++) {
    const words = `${vast[i]} is vast: to confirm, write ban ${vast[i]} everybody\n`;
    same(types(`ban ${vast[i]}`), i == 6 ? "::/96 is banned for good (0 closed)\n" : words);
  }
  types("unban ::/96");
  same(types("bans"), "there is none\n");
  same(types("ban 9.0.0.0/8 1h"), "9.0.0.0/8 is banned for 1 h 0 m (0 closed)\n");
  same(types("ban 2001::/16"), "2001::/16 is banned for good (0 closed)\n");
  same(got(ann), "");
  const answer = types("ban 0.0.0.0/0 everybody 1h closed for today");
  same(answer, "0.0.0.0/0 is banned for 1 h 0 m: closed for today (1 closed)\n");
}

export function what_an_operator_does_is_logged(): void {
  host.forgetSent(STDERR);
  types("ban ann 2h spam");
  types("unban ann");
  same(sent(STDERR), "ann is banned for 2 h 0 m: spam\nann is not banned any more\n");
}

export function a_drain_sends_people_away_one_by_one_and_ends(): void {
  const users = [person("ann"), person("bob"), person("eve")];
  same(types("drain 3"), "3 people are sent away within 3 s\n");
  same(types("drain 3"), "it is stopping already\n");
  sameNumber(chat.users.size, 3);
  for (let i = 0; i < 21; i++) {
    host.advance(SECOND / 10);
    turn();
    turn();
  }
  sameNumber(chat.users.size, 1);
  const start = loop.now;
  for (let i = 0; i < 3; i++) host.end(users[i]);
  loop.run();
  assert(loop.now - start < 3 * SECOND);
  let closed = 0;
  for (let i = 0; i < 3; i++) {
    const text = got(users[i]);
    assert(text.startsWith("* the server is going down: within 3 s you are closed\n"), text);
    if (text.endsWith("* closed: the server is going down, come back later\n")) closed++;
  }
  sameNumber(closed, 2, "the last one goes when time is up:");
}

export function a_drain_of_nobody_ends_at_once(): void {
  server.drain(3600);
  const start = loop.now;
  loop.run();
  sameNumber(loop.now, start);
}

export function time_that_is_up_ends_a_drain(): void {
  const ann = person("ann");
  new Drain(loop, chat.users, server, 0).run();
  turn();
  same(got(ann), "* closed: the server is stopping\n");
}

export function the_door_counts_whom_it_sends_away(): void {
  const admission = new Admission(chat.users, settings, chat.counters, chat.clock);
  const ann = person("ann");
  person("bob");
  sameNumber(admission.closeBanned(new Penalty("ann", 0, "")), 1);
  sameNumber(admission.applyMute(new Penalty("bob", 0, "")), 1);
  admission.liftMute(new Penalty("bob", 0, ""));
  turn();
  assert(got(ann).startsWith("* closed: you are banned for good"));
  for (let i = 0; i < 2; i++) person(`p${i}`);
  const late = enter();
  same(got(late), "* closed: the server is full, try again later\n");
  sameNumber(chat.counters.limits.countOf("people"), 1);
}
