import {
  CommandDefinition,
  commands,
  definitionOf,
  findCommand,
} from "../../../../assembly/chat/protocol/command_table";
import { toggleIgnore } from "../../../../assembly/chat/commands/ignore_command";
import { replyPrivately, sendPrivately } from "../../../../assembly/chat/commands/private_commands";
import { Style } from "../../../../assembly/chat/protocol/style";
import * as host from "./support/host";
import { asks, chat, enter as enterChat, got, says, settings, turn } from "./support/chat";
import { same, sameNumber, SECOND } from "./support/steps";

/** So many come and go; each speaks to the next one and leaves. */
const VISITORS: i32 = 1800;
/**
 * The pages of 64 KiB that may be in use afterwards: the memory doubles when it grows. Sessions that
 * stay would take 45 pages.
 */
const PAGES_MORE: i32 = 16;

/** Comes in, and reads as people do. */
function enter(): u32 {
  chat.settings.style = Style.LINE;
  const fd = enterChat();
  got(fd);
  return fd;
}

/** The same, and chooses a name. */
function person(name: string): u32 {
  const fd = enter();
  says(fd, `/nick ${name}\n`);
  got(fd);
  return fd;
}

export function each_command_is_found_by_its_name_in_any_case(): void {
  for (let i = 0; i < commands.length; i++) {
    const command: CommandDefinition = commands[i];
    same(findCommand(command.name.toUpperCase())!.name, command.name);
    same(definitionOf(command.id).name, command.name);
    assert(command.help != "" && command.usage.startsWith(command.name), command.name);
    assert(command.wordsLeast <= command.wordsMost, command.name);
  }
  assert(findCommand("/nothing") === null && findCommand("") === null);
}

export function help_lists_them_all_and_explains_each(): void {
  const ann = enter();
  const text = asks(ann, "/help");
  sameNumber(text.split("\n").length, commands.length + 2);
  for (let i = 0; i < commands.length; i++) assert(text.includes(`* ${commands[i].usage} `), text);
  same(asks(ann, "/help nick"), "* /nick NAME: choose your name\n");
  same(asks(ann, "/help /NICK"), "* /nick NAME: choose your name\n");
  assert(asks(ann, "/help xyz").startsWith("* there is no command xyz: "));
}

export function what_is_no_command_is_told_and_not_said(): void {
  const ann = enter();
  const bob = enter();
  const hint = "/help lists them, and // says a line that begins with a slash";
  same(asks(ann, "/xyz a b"), `* there is no command /xyz: ${hint}\n`);
  same(asks(ann, "/"), `* there is no command /: ${hint}\n`);
  same(asks(ann, "/" + "x".repeat(99)), `* there is no command /${"x".repeat(31)}: ${hint}\n`);
  same(got(bob), "* client-1 joined\n", "and nothing else:");
}

export function too_few_or_too_many_words_are_told(): void {
  const ann = enter();
  same(asks(ann, "/nick"), "* /nick is used like this: /nick NAME\n");
  same(asks(ann, "/nick a b"), "* /nick is used like this: /nick NAME\n");
  same(asks(ann, "/msg bob"), "* /msg is used like this: /msg NAME TEXT\n");
  same(asks(ann, "/part  x "), "* /part is used like this: /part\n");
}

export function two_slashes_say_a_line_with_one(): void {
  const ann = enter();
  assert(asks(ann, "//help").endsWith(" client-1: /help\n"));
}

export function a_slash_behind_something_unseen_is_never_said(): void {
  const ann = person("ann");
  const bob = person("bob");
  const eve = person("eve");
  const before = [" ", "\t", "\x1b[A", "\ufeff", "\u3000"];
  for (let i = 0; i < before.length; i++) {
    got(bob);
    got(eve);
    same(asks(ann, `${before[i]}/msg bob psst`), "[you -> bob] psst\n");
    same(got(bob), "[ann -> you] psst\n");
    same(got(eve), "");
  }
  same(asks(ann, "\uff0fmsg bob psst"), "[you -> bob] psst\n");
  assert(asks(ann, " /xyz").startsWith("* there is no command /xyz: "));
  same(got(eve), "");
  assert(asks(ann, "  //tmp").endsWith(" ann: /tmp\n"));
  assert(asks(ann, "  two blanks").endsWith(" ann:   two blanks\n"));
}

export function passers_by_who_whisper_leave_nothing_behind(): void {
  let before = 0;
  for (let visitor = 1; visitor <= VISITORS; visitor++) {
    const fd = enter();
    if (visitor > 1) {
      says(fd - 1, `/msg client-${visitor} hi\n`);
      assert(got(fd).includes(`[client-${visitor - 1} -> you] hi\n`));
      host.reset(fd - 1);
      turn();
    }
    if (visitor == VISITORS / 3) {
      __collect();
      before = memory.size();
    }
  }
  __collect();
  const grown = memory.size() - before;
  assert(grown <= PAGES_MORE, `${grown} pages more`);
}

export function a_name_is_chosen_once(): void {
  const ann = person("ann");
  const bob = person("bob");
  got(ann);
  assert(asks(bob, "/nick ANN").startsWith("* another user is called ann"));
  same(asks(bob, "/nick bob"), "* you are bob\n");
  same(asks(bob, "/nick Bob"), "* bob is now Bob\n");
  same(got(ann), "* bob is now Bob\n");
  assert(asks(bob, "/nick " + "x".repeat(99)).includes("cannot be a name"));
  says(ann, "/nick anne\n");
  same(asks(bob, "/nick ann"), "* anne is now ann\n".replace("anne", "Bob"));
}

export function who_leaves_gives_the_name_back(): void {
  const ann = person("ann");
  const bob = person("bob");
  says(ann, "/quit\n");
  same(got(bob), "* ann left\n");
  same(asks(bob, "/nick ann"), "* bob is now ann\n");
}

export function rooms_keep_what_is_said_apart(): void {
  const ann = person("ann");
  const bob = person("bob");
  got(ann);
  const welcome = "* you are ann in garden (1 here); /help says what you can type\n";
  same(asks(ann, "/join garden"), welcome);
  same(got(bob), "* ann left\n");
  same(asks(ann, "/join Garden"), "* you are in garden\n");
  assert(asks(ann, "here?").endsWith(" ann: here?\n"));
  same(got(bob), "");
  says(bob, "/join garden\n");
  same(got(ann), "* bob joined\n");
  const heard = got(bob);
  assert(heard.endsWith("\nann: here?\n"), heard);
  says(bob, "/part\n");
  same(got(ann), "* bob left\n");
  same(asks(ann, "/rooms"), "* lobby (1)\n* garden (1)\n");
  same(asks(ann, "/who"), "* garden (1): ann\n");
  same(asks(ann, "/who LOBBY"), "* lobby (1): bob\n");
  same(asks(ann, "/who cellar"), "* there is no room cellar\n");
}

export function there_are_only_so_many_rooms_and_empty_ones_make_place(): void {
  const ann = person("ann");
  const bob = person("bob");
  says(ann, "/join one\n");
  says(bob, "/join two\n");
  const cal = person("cal");
  assert(asks(cal, "/join three").startsWith("* there are too many rooms"));
  says(ann, "/part\n");
  assert(asks(cal, "/join three").startsWith("* you are cal in three (1 here)"));
  assert(chat.rooms.find("one") === null);
}

export function a_client_creates_so_many_rooms_in_an_hour(): void {
  settings.rooms = 100;
  settings.newRooms = 2;
  const ann = person("ann");
  const bob = person("bob");
  says(ann, "/join one\n/join two\n");
  const refused = "* you have created too many rooms: join one, or wait\n";
  same(asks(ann, "/join three"), refused);
  assert(chat.rooms.find("three") === null);
  assert(asks(ann, "/join one").startsWith("* you are ann in one"), "a room that exists");
  assert(asks(bob, "/join three").startsWith("* you are bob in three"), "another client");
  sameNumber(<i64>chat.counters.limits.countOf("new rooms"), 1);
  host.advance(1801 * SECOND);
  assert(asks(ann, "/join four").startsWith("* you are ann in four"));
  same(asks(ann, "/join five"), refused);
}

export function all_of_unknown_addresses_create_so_many_rooms(): void {
  settings.rooms = 100;
  settings.connection.addressRooms = 1;
  settings.connection.unknownShare = 2;
  const ann = person("ann");
  const bob = person("bob");
  says(ann, "/join one\n");
  says(bob, "/join two\n");
  assert(asks(bob, "/join three").startsWith("* you have created too many rooms"));
}

export function private_words_reach_one_alone(): void {
  const ann = person("ann");
  const bob = person("bob");
  const cal = person("cal");
  got(ann);
  got(bob);
  same(asks(ann, "/msg BOB  how are you "), "[you -> bob] how are you\n");
  same(got(bob), "[ann -> you] how are you\n");
  same(asks(bob, "/reply fine"), "[you -> ann] fine\n");
  same(got(ann), "[bob -> you] fine\n");
  same(got(cal), "");
  assert(asks(cal, "/reply hm").startsWith("* nobody has spoken to you alone"));
  same(asks(cal, "/msg dan hi"), "* nobody here is called dan\n");
}

export function who_is_away_is_shown_so(): void {
  const ann = person("ann");
  const bob = person("bob");
  same(asks(bob, "/away lunch"), "* you are away: lunch\n");
  same(asks(ann, "/msg bob hi"), "[you -> bob] hi\n* bob is away: lunch\n");
  same(asks(ann, "/who"), "* lobby (2): ann, bob (away)\n");
  same(asks(ann, "/whois bob"), "* bob is in lobby, here for 0 s, away: lunch\n");
  same(asks(bob, "/away"), "* you are back\n");
  same(asks(ann, "/whois bob"), "* bob is in lobby, here for 0 s\n");
}

export function who_is_ignored_is_not_heard(): void {
  const ann = person("ann");
  const bob = person("bob");
  same(asks(ann, "/ignore bob"), "* you ignore bob: /ignore bob again ends that\n");
  says(bob, "/me waves\nhello\n/msg ann psst\n");
  same(got(ann), "");
  assert(asks(ann, "I hear myself").endsWith(" ann: I hear myself\n"));
  same(asks(ann, "/ignore"), "* you ignore bob\n");
  same(asks(ann, "/ignore bob"), "* you hear bob again\n");
  assert(asks(bob, "back").endsWith(" bob: back\n"));
  assert(got(ann).endsWith(" bob: back\n"));
  same(asks(ann, "/ignore ann"), "* you cannot ignore yourself\n");
}

export function programs_are_told_in_fields_who_is_away(): void {
  const ann = person("ann");
  const bob = person("bob");
  asks(bob, "/away lunch");
  asks(ann, "/style json");
  same(
    asks(ann, "/who"),
    '{"type":"who","room":"lobby","people":2,"names":["ann","bob"],"away":["bob"]}\n',
  );
  const answer = asks(ann, "/msg bob hi");
  assert(answer.endsWith('\n{"type":"away","name":"bob","text":"lunch"}\n'), answer);
  same(asks(ann, "/away tea"), '{"type":"away","name":"ann","text":"tea"}\n');
  same(asks(ann, "/away"), '{"type":"away","name":"ann","text":""}\n');
}

export function what_a_client_does_in_a_crowd_has_its_room_as_well(): void {
  chat.settings.announce = 0;
  const ann = person("ann");
  asks(ann, "/style json");
  same(asks(ann, "/nick anne"), '{"type":"nick","from":"ann","to":"anne","room":"lobby"}\n');
  same(asks(ann, "/topic tea"), '{"type":"topic","from":"anne","text":"tea","room":"lobby"}\n');
}

export function a_topic_is_told_to_all_and_to_newcomers(): void {
  const ann = person("ann");
  same(asks(ann, "/topic"), "* there is no topic\n");
  same(asks(ann, "/topic tea and cake"), "* ann set the topic: tea and cake\n");
  same(asks(ann, "/topic"), "* topic: tea and cake\n");
  const bob = person("bob");
  says(bob, "/join x\n/part\n");
  assert(got(bob).includes("* topic: tea and cake\n"));
  assert(asks(ann, "/topic " + "x".repeat(301)).startsWith("* that may have 300 characters"));
  assert(asks(ann, "/topic " + "\u{1f600}".repeat(301)).startsWith("* that may have 300"));
  assert(asks(ann, "/away " + "\u{1f600}".repeat(300)).startsWith("* you are away"), "300 emoji");
}

export function history_goes_back_as_far_as_asked(): void {
  const ann = person("ann");
  for (let i = 1; i <= 8; i++) says(ann, `line ${i}\n`);
  got(ann);
  const two = asks(ann, "/history 2");
  same(two, "ann: line 7\nann: line 8\n* 2 lines of lobby\n");
  assert(asks(ann, "/history since 6").endsWith("line 8\n* 2 lines of lobby\n"));
  assert(asks(ann, "/history").endsWith("* 5 lines of lobby\n"));
  same(asks(ann, "/history x"), "* /history is used like this: /history [N | since ID]\n");
  same(asks(ann, "/history since"), "* /history is used like this: /history [N | since ID]\n");
  for (let i = 9; i <= 30; i++) says(ann, `line ${i}\n`);
  const gap = "* what was said before 10 is forgotten\n";
  assert(asks(ann, "/history since 3").startsWith(gap));
}

export function a_program_reads_objects(): void {
  const ann = person("ann");
  const bot = person("bot");
  const welcome = '{"type":"welcome","version":1,"you":"bot","room":"lobby","topic":"",';
  same(asks(bot, "/style json"), welcome + `"people":2,"last":0,"epoch":${chat.epoch}}\n`);
  says(ann, "hi\n");
  const line = '"room":"lobby","from":"ann","text":"hi"}\n';
  same(got(bot), '{"type":"message","id":1,"time":0,"ms":0,' + line);
  says(ann, "/nick anne\n");
  same(got(bot), '{"type":"nick","from":"ann","to":"anne","room":"lobby"}\n');
  same(asks(bot, "/ping x"), '{"type":"pong","text":"x"}\n');
  same(
    asks(bot, "/who"),
    '{"type":"who","room":"lobby","people":2,"names":["anne","bot"],"away":[]}\n',
  );
  assert(asks(bot, "/nope").startsWith('{"type":"error","code":"unknown-command","text":"'));
  same(asks(bot, "/quit"), '{"type":"closed","reason":"quit","text":"goodbye"}\n');
}

export function who_has_said_nothing_is_not_announced(): void {
  const ann = person("ann");
  chat.settings.clients = 9;
  const visitors = ["", "quit\n", "/quit\n", "\n"];
  for (let i = 0; i < visitors.length; i++) {
    const visitor = enter();
    if (visitors[i] != "") says(visitor, visitors[i]);
    host.end(visitor);
    turn();
    same(got(ann), "", visitors[i]);
  }
}

export function who_says_something_is_announced_before_it_by_the_name_of_then(): void {
  const ann = person("ann");
  const bob = enter();
  says(bob, "hello\n");
  const heard = got(ann);
  assert(heard.startsWith("* client-2 joined\n") && heard.endsWith(" client-2: hello\n"), heard);
  assert(!got(bob).includes("joined"), "it does not hear of itself");
  says(bob, "/quit\n");
  same(got(ann), "* client-2 left\n");
  const cat = enter();
  says(cat, "/nick cat\n");
  same(got(ann), "* cat joined\n");
  says(cat, "/nick tom\n/join den\n");
  same(got(ann), "* cat is now tom\n* tom left\n");
}

export function in_a_full_room_nobody_is_told_who_comes_and_goes(): void {
  const ann = person("ann");
  for (let i = 0; i < 2; i++) says(enter(), "/ping\n");
  same(got(ann), "* client-2 joined\n* client-3 joined\n");
  chat.settings.announce = 2;
  says(ann, "/nick anne\n");
  same(got(ann), "* ann is now anne\n");
}

export function in_the_tutorial_s_style_everything_is_said(): void {
  const ann = enterChat();
  same(asks(ann, "/help"), "client-1\n/help\n");
  same(asks(ann, "//"), "client-1\n//\n");
}

export function nobody_chooses_the_tutorial_s_style_alone(): void {
  const ann = enter();
  same(asks(ann, "/style"), "* your style is line\n");
  same(asks(ann, "/style Tutorial"), "* there is no style Tutorial: choose line, json or json2\n");
}

export function a_reply_goes_to_who_has_spoken_whatever_the_name_is_now(): void {
  const ann = person("ann");
  const cat = person("cat");
  const mal = person("mal");
  says(cat, "/msg ann hi\n/nick tom\n");
  says(mal, "/nick cat\n");
  got(mal);
  same(asks(ann, "/reply secret"), "[you -> tom] secret\n");
  same(got(mal), "");
  says(cat, "/quit\n");
  // By the name under which it spoke.
  same(asks(ann, "/reply secret"), "* cat is not here any more\n");
  same(asks(ann, "/reply secret").substring(0, 28), "* nobody has spoken to you a");
}

export function who_is_ignored_is_so_under_another_name_and_its_topics_too(): void {
  const ann = person("ann");
  const bob = person("bob");
  says(bob, "hello\n");
  says(ann, "/ignore bob\n");
  says(bob, "/nick tom\nhello again\n/me waves\n/topic read this\n/msg ann psst\n");
  assert(got(ann).endsWith("* bob is now tom\n"));
  same(asks(ann, "/ignore"), "* you ignore tom\n");
  same(asks(ann, "/history 9"), "* 0 lines of lobby\n");
  // Its former name ends that, too, while nobody else has it.
  same(asks(ann, "/ignore bob"), "* you hear bob again\n");
  same(asks(ann, "/ignore"), "* you ignore nobody\n");
  says(ann, "/ignore tom\n");
  says(bob, "/quit\n");
  same(asks(ann, "/ignore"), "* you ignore tom (gone)\n");
}

export function who_takes_an_ignored_name_is_heard(): void {
  const ann = person("ann");
  const bob = person("bob");
  says(ann, "/ignore bob\n");
  says(bob, "/nick tom\n");
  const cat = person("cat");
  says(cat, "/nick bob\n");
  got(ann);
  says(cat, "hello\n");
  assert(got(ann).endsWith(" bob: hello\n"));
  same(asks(ann, "/ignore bob"), "* you ignore bob: /ignore bob again ends that\n");
  same(asks(ann, "/ignore"), "* you ignore tom, bob\n");
}

export function private_words_for_a_name_that_another_has_now_are_refused_once(): void {
  const ann = person("ann");
  const bob = person("bob");
  asks(ann, "/msg bob hi");
  says(bob, "/nick tom\n");
  const mal = person("mal");
  says(mal, "/nick bob\n");
  got(mal);
  const hint = "say it again if you mean the one that has the name now";
  const refused = `* another one was called bob before: ${hint}\n`;
  same(asks(ann, "/msg bob secret"), refused);
  same(got(mal), "");
  same(asks(ann, "/msg BOB secret"), "[you -> bob] secret\n");
  same(got(mal), "[ann -> you] secret\n");
  same(asks(ann, "/msg bob more"), "[you -> bob] more\n");
  // Tom has seen both; who came later knows one bob only.
  same(asks(bob, "/msg bob hi"), refused);
  says(ann, "/quit\n");
  const late = person("late");
  same(asks(late, "/msg bob hi"), "[you -> bob] hi\n");
}

export function private_words_and_ignoring_need_a_session_alone(): void {
  const ann = person("ann");
  const bob = person("bob");
  const from = chat.users.find("ann")!;
  const to = chat.users.find("bob")!;
  sendPrivately(chat, from, to, "hi");
  replyPrivately(chat, to, "hello");
  toggleIgnore(chat, from, "bob");
  turn();
  assert(got(ann).endsWith("[bob -> you] hello\n* you ignore bob: /ignore bob again ends that\n"));
  assert(got(bob).endsWith("[ann -> you] hi\n[you -> ann] hello\n"));
}

export function a_reply_to_another_than_before_is_refused_once(): void {
  const ann = person("ann");
  const bob = person("bob");
  const mal = person("mal");
  says(bob, "/msg ann hi\n");
  same(asks(ann, "/reply hi"), "[you -> bob] hi\n");
  says(mal, "/msg ann look here\n");
  const hint = "say it again to answer mal, or use /msg";
  same(asks(ann, "/reply secret"), `* mal has spoken to you alone since: ${hint}\n`);
  assert(!got(mal).includes("secret"));
  same(asks(ann, "/reply what"), "[you -> mal] what\n");
  says(bob, "/msg ann still there?\n/quit\n");
  same(asks(ann, "/reply yes"), "* bob is not here any more\n");
  says(mal, "/msg ann hm\n");
  same(asks(ann, "/reply yes"), "[you -> mal] yes\n");
}

export function the_past_comes_after_what_was_said_just_now(): void {
  const ann = person("ann");
  const text = asks(ann, "one\ntwo\n/history 1");
  const lines = text.split("\n");
  assert(lines[0].endsWith(" ann: one") && lines[1].endsWith(" ann: two"), text);
  assert(lines[2].endsWith("ann: two") && lines[3] == "* 1 lines of lobby", text);
}

export function who_is_ignored_is_not_heard_of_the_past_either(): void {
  const ann = person("ann");
  const bob = person("bob");
  says(bob, "hello\n");
  says(ann, "/ignore bob\n");
  same(asks(ann, "/history 5"), "* 0 lines of lobby\n");
}

export function a_gap_in_the_past_is_told_also_if_nothing_is_kept(): void {
  chat.settings.history = 0;
  const ann = person("ann");
  says(ann, "/join garden\none\ntwo\n");
  assert(asks(ann, "/history since 1").startsWith("* what was said before 2 is forgotten\n"));
  assert(asks(ann, "/history since 99").startsWith("* nothing has an id of 99: "));
}

export function a_room_that_was_given_up_has_a_gap(): void {
  const ann = person("ann");
  says(ann, "/join one\nhello\n/join two\n/join three\n/join one\n");
  assert(asks(ann, "/history since 0").startsWith("* what was said before 1 is forgotten\n"));
}

export function many_long_answers_are_not_all_kept_for_who_does_not_read(): void {
  const ann = person("ann");
  for (let i = 0; i < 20; i++) says(ann, "x".repeat(6000) + "\n");
  got(ann);
  host.setRoom(ann, 0);
  const pages = memory.size();
  says(ann, "/history 20\n".repeat(300));
  assert(memory.size() - pages < 100, `${memory.size() - pages} pages`);
}
