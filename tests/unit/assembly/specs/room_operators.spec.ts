import { OperatorCommands } from "../../../../assembly/chat/commands/operator_commands";
import { ModeResult, RoomOperations } from "../../../../assembly/chat/commands/room_operations";
import { tellFault, refusesSpeaking } from "../../../../assembly/chat/commands/room_refusals";
import { CommandId } from "../../../../assembly/chat/protocol/command";
import { maskListName, modeWords } from "../../../../assembly/chat/protocol/mode_words";
import { EventRenderer } from "../../../../assembly/chat/protocol/events";
import { RoomEventRenderer } from "../../../../assembly/chat/protocol/room_event_renderer";
import {
  MasksListed,
  ModesChanged,
  ModesListed,
  UserInvited,
  UserKicked,
} from "../../../../assembly/chat/protocol/room_events";
import { Style } from "../../../../assembly/chat/protocol/style";
import { completeMask, maskMatches, patternMatches } from "../../../../assembly/chat/rooms/mask";
import {
  MASK_CHARACTERS,
  MaskList,
  MASKS_MOST,
  RoomMask,
} from "../../../../assembly/chat/rooms/mask_list";
import {
  MODE_CHANGES_MOST,
  ModeChange,
  modeArguments,
  ModeKind,
  modeKind,
  modeLetters,
  parseModeChanges,
} from "../../../../assembly/chat/rooms/mode_change";
import { INVITED_MOST } from "../../../../assembly/chat/rooms/room";
import {
  KEY_CHARACTERS,
  ROOM_LIMIT_MOST,
  RoomFlag,
  RoomModes,
} from "../../../../assembly/chat/rooms/room_modes";
import {
  mayEnter,
  mayInvite,
  maySetTopic,
  maySpeak,
  RoomFault,
} from "../../../../assembly/chat/rooms/room_rules";
import { User } from "../../../../assembly/chat/users/user";
import { runOperatorCommand } from "../../../../assembly/chat/admin/operator";
import { afterFirstWord, firstWord } from "../../../../assembly/text/words";
import {
  asks,
  chat,
  enter,
  enterAs as person,
  got,
  says,
  server,
  settings,
  turn,
} from "./support/chat";
import { same, sameNumber } from "./support/steps";

/** A person in a room of its own, and so its operator. */
function operatorOf(room: string, name: string, style: Style = Style.LINE): u32 {
  const fd = person(name, style);
  says(fd, `/join ${room}\n`);
  got(fd);
  return fd;
}

export function a_pattern_has_asterisks_and_question_marks(): void {
  assert(patternMatches("", "") && patternMatches("*", "") && patternMatches("**", "ann"));
  assert(patternMatches("a?n", "ANN") && !patternMatches("a?n", "an"));
  assert(patternMatches("*n*b", "annab") && !patternMatches("*n*b", "annabe"));
  assert(!patternMatches("", "a") && !patternMatches("ann", "anna"));
  const ann = new User("ann");
  ann.host = "Host.Example";
  assert(maskMatches("ann!*@*", ann) && maskMatches("\u0430nn!*@*", ann));
  assert(maskMatches("a*!*@*.example", ann) && !maskMatches("a*!*@*.org", ann));
  assert(!maskMatches("bob!*@*", ann) && !maskMatches("b*!*@*", ann));
  same(completeMask("ann"), "ann!*@*");
  same(completeMask("ann!x"), "ann!x@*");
  same(completeMask("x@y"), "*!x@y");
  same(completeMask("a!b@c"), "a!b@c");
}

export function a_list_of_masks_has_each_once_and_a_bound(): void {
  const list = new MaskList();
  assert(list.add("ann!*@*", "bob", 7) && !list.add("ANN!*@*", "bob", 8));
  assert(list.matches(new User("Ann")) && !list.matches(new User("cat")));
  const first: RoomMask = list.entries[0];
  same(first.by, "bob");
  assert(list.remove("Ann!*@*") && !list.remove("ann!*@*"));
  for (let i = 0; i < MASKS_MOST; i++) assert(!list.isFull && list.add(`x${i}!*@*`, "bob", 7));
  assert(list.isFull);
}

export function changes_are_parsed_with_their_arguments(): void {
  const changes = parseModeChanges("+ov-li", ["ann", "bob", "cat"]);
  same(modeLetters(changes), "+ov-li");
  same(modeArguments(changes).join(" "), "ann bob");
  sameNumber(modeKind("x"), ModeKind.UNKNOWN);
  same(modeLetters(parseModeChanges("b", [])), "+b");
  const many = parseModeChanges("+" + "i".repeat(100), []);
  sameNumber(many.length, MODE_CHANGES_MOST + 1);
}

export function modes_are_letters_and_values(): void {
  const modes = new RoomModes();
  same(modes.letters(), "+n");
  assert(modes.setFlag("C", true) && !modes.setFlag("C", true) && modes.setFlag("n", false));
  modes.key = "tea";
  modes.limit = 3;
  same(modes.letters(), "+Ckl");
  same(modes.values().join(" "), "tea 3");
  assert(modes.has(RoomFlag.NO_CTCP) && !modes.has(RoomFlag.NO_OUTSIDERS));
  assert(modes.maskListOf("b") === modes.bans && modes.maskListOf("I") === modes.invitations);
}

export function each_change_has_words(): void {
  const letters = "ovbeIklimnstC";
  const seen = new Set<string>();
  for (let i = 0; i < letters.length; i++) {
    seen.add(modeWords(new ModeChange(letters.charAt(i), true, "x")));
    seen.add(modeWords(new ModeChange(letters.charAt(i), false, "x")));
  }
  sameNumber(seen.size, 2 * letters.length);
  same(maskListName("e"), "exceptions from bans");
  const renderer: EventRenderer = chat.protocols.withStyle(Style.JSON2);
  const rooms: RoomEventRenderer = renderer;
  same(rooms.renderHistoryEnd("tea", 2), '{"type":"history","room":"tea","lines":2}\n');
}

export function the_first_in_a_room_is_its_operator_but_not_in_the_lobby(): void {
  const ann = operatorOf("tea", "ann");
  same(asks(ann, "/mode"), "* tea has modes +n; operators: ann\n");
  const bob = person("bob");
  same(asks(bob, "/mode"), "* lobby has modes +n; no operators\n");
  says(bob, "/join tea\n");
  same(asks(bob, "/op bob"), "* only operators of tea may do that\n");
  same(asks(ann, "/op BOB"), "* ann: bob is an operator now\n");
  same(asks(ann, "/op bob"), "");
  same(asks(bob, "/deop ann"), "* bob: ann is no operator any more\n");
  says(bob, "/mode +i\n/part\n");
  says(ann, "/part\n");
  same(asks(ann, "/join tea").split("\n")[1], "", "modes end when the room is empty");
  same(asks(ann, "/mode"), "* tea has modes +n; operators: ann\n");
}

export function a_moderated_room_hears_operators_and_voices(): void {
  const ann = operatorOf("tea", "ann");
  const bob = person("bob");
  says(bob, "/join tea\n/in lobby x\n");
  same(asks(ann, "/mode +m"), "* ann: only operators and users with a voice may speak\n");
  const refusal = "* only operators and users with a voice may speak in tea\n";
  same(asks(bob, "hello"), refusal);
  same(asks(bob, "/me waves"), refusal);
  same(asks(bob, "/topic tea"), refusal);
  says(ann, "/voice bob\n");
  assert(asks(bob, "hello").endsWith(" bob: hello\n"));
  says(ann, "/devoice bob\n");
  assert(refusesSpeaking(chat.users.find("bob")!, chat.users.find("bob")!.current!));
}

export function a_ban_keeps_out_and_silences(): void {
  const ann = operatorOf("tea", "ann", Style.JSON);
  const bob = person("bob");
  says(bob, "/join tea\n");
  const banned = '"mode","from":"ann","room":"tea","modes":"+b","arguments":["bob!*@*"]';
  same(asks(ann, "/mode +b bob"), `{"type":${banned}}\n`);
  same(asks(bob, "hello"), "* you are banned from tea\n");
  same(asks(bob, "/nick rob"), "* you are banned from tea\n");
  says(ann, "/mode +e b?b\n");
  assert(asks(bob, "hello").endsWith(" bob: hello\n"));
  says(ann, "/mode -e b?b\n/kick bob be nice\n");
  assert(got(bob).includes("* ann sent bob out of tea: be nice\n* you are bob in lobby"));
  same(asks(bob, "/join tea"), "* you are banned from tea\n");
  const list = '"masks","room":"tea","list":"b","masks":["bob!*@*"],"by":["ann"],"times":[';
  assert(asks(ann, "/mode b").startsWith(`{"type":${list}`));
  says(ann, "/mode -b bob\n");
  assert(asks(bob, "/join tea").startsWith("* you are bob in tea"));
  same(asks(bob, "/mode b"), "* tea has no bans\n");
}

export function a_key_a_limit_and_invitations_keep_out(): void {
  const ann = operatorOf("tea", "ann");
  const bob = person("bob");
  same(asks(ann, "/mode +k green"), "* ann: the key is green\n");
  same(asks(bob, "/join tea"), "* tea has a key: /join tea KEY enters it\n");
  same(asks(bob, "/join tea red"), "* tea has a key: /join tea KEY enters it\n");
  same(asks(ann, "/mode -k+l green 1"), "* ann: no key is needed; at most 1 may be here\n");
  same(asks(bob, "/join tea"), "* tea is full\n");
  says(ann, "/mode -l+i\n");
  same(asks(bob, "/join tea"), "* only invited users may enter tea\n");
  same(asks(ann, "/invite bob"), "* bob is invited to tea\n");
  same(got(bob), "* ann invites you to tea: /join tea goes there\n");
  assert(asks(bob, "/join tea").startsWith("* you are bob in tea"));
  same(asks(ann, "/invite bob"), "* bob is in tea\n");
  same(asks(bob, "/invite ann"), "* only operators of tea may do that\n");
  says(bob, "/part\n");
  same(asks(bob, "/join tea"), "* only invited users may enter tea\n", "an invitation is for once");
  says(ann, "/mode +I b*\n");
  assert(asks(bob, "/join tea").startsWith("* you are bob in tea"));
}

export function a_secret_room_is_shown_to_its_users_alone(): void {
  const ann = operatorOf("tea", "ann");
  const bob = person("bob");
  says(ann, "/mode +s\n");
  assert(!asks(bob, "/rooms").includes("tea") && asks(ann, "/rooms").includes("* tea (1)\n"));
  same(asks(bob, "/who tea"), "* there is no room tea\n");
  assert(asks(bob, "/whois ann").startsWith("* ann is in no room, "));
  assert(asks(ann, "/whois ann").startsWith("* ann is in tea, "));
}

export function a_topic_may_be_locked(): void {
  const ann = operatorOf("tea", "ann");
  const bob = person("bob");
  says(bob, "/join tea\n");
  same(asks(bob, "/topic x"), "* bob set the topic: x\n");
  says(ann, "/mode +t\n");
  same(asks(bob, "/topic y"), "* only operators of tea may do that\n");
  same(asks(ann, "/topic z"), "* ann set the topic: z\n");
  const room = chat.rooms.find("tea")!;
  same(room.topicAuthor, "ann");
  assert(room.topicSetAt == chat.now && room.createdAt <= chat.now);
}

export function what_is_wrong_is_said(): void {
  const ann = operatorOf("tea", "ann");
  person("bob");
  same(asks(ann, "/op eve"), "* nobody here is called eve\n");
  same(asks(ann, "/op bob"), "* bob is not in tea\n");
  same(asks(ann, "/kick bob"), "* bob is not in tea\n");
  assert(asks(ann, "/mode +x").startsWith("* there is no mode x: "));
  assert(asks(ann, "/mode +k").startsWith("* mode k needs a value "));
  assert(asks(ann, "/mode +o").startsWith("* mode o needs a value "));
  assert(asks(ann, `/mode +l ${ROOM_LIMIT_MOST + 1}`).startsWith("* mode l needs a value "));
  same(asks(ann, `/mode +l ${ROOM_LIMIT_MOST}`), `* ann: at most ${ROOM_LIMIT_MOST} may be here\n`);
  assert(asks(ann, `/mode +k ${"x".repeat(KEY_CHARACTERS + 1)}`).startsWith("* mode k needs "));
  assert(asks(ann, `/mode +k ${"x".repeat(KEY_CHARACTERS)}`).startsWith("* ann: the key is xx"));
  const mask = "x".repeat(MASK_CHARACTERS - 4);
  assert(asks(ann, `/mode +b ${mask}y`).startsWith("* mode b needs "));
  assert(asks(ann, `/mode +b ${mask}`).endsWith("!*@* is banned\n"));
  const many = "it".repeat(MODE_CHANGES_MOST / 2);
  assert(!asks(ann, `/mode +${many}`).includes("too many"));
  assert(asks(ann, `/mode -${many}i`).includes("* these are too many changes for one line\n"));
  for (let i = 1; i < MASKS_MOST; i++) says(ann, `/mode +b x${i}\n`);
  same(asks(ann, "/mode +b y"), "* list b of tea is full: take something back\n");
  same(asks(ann, `/kick ann ${"x".repeat(301)}`).substring(0, 14), "* that may hav");
}

export function the_lobby_is_open_to_all(): void {
  const ann = person("ann");
  const bob = person("bob");
  const bot = person("bot", Style.JSON2);
  const lobby = chat.rooms.lobby;
  const result: ModeResult = RoomOperations.changeModes(chat, null, lobby, [
    new ModeChange("o", true, "ann"),
  ]);
  sameNumber(result.done.length, 1);
  turn();
  assert(got(ann).endsWith("* server: ann is an operator now\n"));
  const open = "* lobby is open to all, and nobody is sent out of it\n";
  same(asks(ann, "/mode +i"), open);
  same(asks(ann, "/kick bob"), open);
  got(bob);
  got(bot);
  says(ann, "/kick bot why not\n");
  const kick = '"kick","from":"ann","name":"bot","room":"lobby","text":"why not"';
  assert(got(bot).endsWith(`{"type":${kick}}\n`));
  same(got(bob), "* ann sent bot out of lobby: why not\n");
  sameNumber(lobby.size, 2);
}

export function an_operator_is_listed_before_anything_is_told_of_it(): void {
  const ann = operatorOf("tea", "ann", Style.JSON2);
  const bob = person("bob");
  settings.announce = 0;
  says(bob, "/join tea\n");
  got(ann);
  got(bob);
  same(
    asks(ann, "/kick bob"),
    '{"type":"join","from":"bob","room":"tea"}\n' +
      '{"type":"kick","from":"ann","name":"bob","room":"tea","text":""}\n',
  );
  assert(got(bob).startsWith("* ann sent bob out of tea\n* you are bob in lobby"));
  const who = asks(ann, "/who tea");
  assert(who.endsWith('"names":["ann"],"away":[],"operators":["ann"],"voices":[]}\n'), who);
}

export function an_invitation_of_a_member_is_only_a_message(): void {
  const ann = operatorOf("tea", "ann");
  const bob = person("bob");
  const cat = person("cat");
  says(bob, "/join tea\n");
  got(cat);
  same(asks(bob, "/invite cat"), "* cat is invited to tea\n");
  same(got(cat), "* bob invites you to tea: /join tea goes there\n");
  says(ann, "/mode +ki green\n");
  same(asks(cat, "/join tea"), "* only invited users may enter tea\n");
  says(ann, "/mode -i+b cat\n");
  assert(asks(cat, "/join tea green").includes("banned"), "a ban");
  says(ann, "/invite cat\n");
  assert(asks(cat, "/join tea").endsWith("in tea (3 here); /help says what you can type\n"));
}

/** Uses a room with these modes, leaves it, and enters it again. @returns what is told of it */
function usedAgain(room: string, modes: string): string {
  const ann = operatorOf(room, `ann-${room}`);
  says(ann, `/mode ${modes}\n/topic plans of ${room}\nwords in ${room}\n/part\n`);
  const rooms = asks(ann, "/rooms");
  return rooms + asks(ann, `/join ${room}`) + asks(ann, "/history 9");
}

export function an_empty_room_that_was_private_forgets_its_words(): void {
  const hidden = ["secret", "+s", "invited", "+i", "locked", "+k green"];
  for (let i = 0; i < hidden.length; i += 2) {
    const told = usedAgain(hidden[i], hidden[i + 1]);
    assert(!told.includes("plans") && !told.includes("words"), told);
  }
  const told = usedAgain("open", "+mnt");
  assert(told.includes("plans of open") && told.includes("words in open"), told);
}

export function the_rules_are_for_all_protocols(): void {
  operatorOf("tea", "ann");
  person("bob");
  const ann = chat.users.find("ann")!;
  const bob = chat.users.find("bob")!;
  const room = chat.rooms.find("tea")!;
  sameNumber(maySpeak(room, bob.user, null), RoomFault.OUTSIDE);
  room.modes.setFlag("n", false);
  sameNumber(maySpeak(room, bob.user, null), RoomFault.NONE);
  sameNumber(mayInvite(ann.current!), RoomFault.NONE);
  sameNumber(maySetTopic(ann.current!), RoomFault.NONE);
  room.modes.bans.add("bob!*@*", "ann", 0);
  sameNumber(mayEnter(room, bob.user, bob.id, ""), RoomFault.BANNED);
  sameNumber(RoomOperations.enter(chat, bob, room, ""), RoomFault.BANNED);
  for (let i = 0; i <= INVITED_MOST; i++) room.invite(bob.id + i);
  assert(!room.isInvited(bob.id) && room.isInvited(bob.id + INVITED_MOST));
  assert(OperatorCommands.has(CommandId.KICK) && !OperatorCommands.has(CommandId.MODE));
  assert(!tellFault(ann, RoomFault.NONE, "tea", ""));
  const by = ann.user;
  const line = chat.protocols.withStyle(Style.LINE);
  same(line.render(new UserKicked(bob.user, by, "tea", "")), "* ann sent bob out of tea\n");
  const invited = new UserInvited(bob.user, by, "tea");
  same(line.render(invited), "* ann invites you to tea: /join tea goes there\n");
  const done = [new ModeChange("i", true, "")];
  same(
    line.render(new ModesChanged(null, "tea", done)),
    "* server: only invited users may enter\n",
  );
  const modes = new ModesListed("tea", "+k", ["x"], ["ann"], ["bob"]);
  same(line.render(modes), "* tea has modes +k x; operators: ann; with a voice: bob\n");
  const masks = new MasksListed("tea", "b", room.modes.bans.entries);
  same(line.render(masks), "* bans of tea: bob!*@* (ann)\n");
}

export function administrators_make_operators(): void {
  const ann = person("ann");
  const answers = (line: string): string => {
    const answer = runOperatorCommand(server, firstWord(line), afterFirstWord(line))!;
    turn();
    return answer.text;
  };
  same(answers("op"), "op is used like this: op NAME [ROOM]\n");
  same(answers("op eve"), "nobody is called eve\n");
  same(answers("op ann tea"), "there is no room tea\n");
  chat.rooms.findOrCreate("tea");
  same(answers("op ann tea"), "ann is not in tea\n");
  same(answers("op ANN"), "ann is an operator of lobby\n");
  same(got(ann), "* server: ann is an operator now\n");
  same(answers("deop ann lobby"), "ann is no operator of lobby\n");
  same(got(ann), "* server: ann is no operator any more\n");
}

export function a_user_that_an_operator_has_listed_is_listed_once(): void {
  const bot = operatorOf("tea", "bot", Style.JSON2);
  settings.style = Style.LINE;
  enter();
  const silent = chat.users.find("client-2")!;
  const room = chat.rooms.find("tea")!;
  silent.leaveRoom(silent.current!);
  chat.enterRoom(silent, room);
  says(bot, "/voice client-2\n");
  const joined = '{"type":"join","from":"client-2","room":"tea"}\n';
  assert(got(bot).startsWith(joined + '{"type":"mode",'));
  settings.announce = 0;
  chat.announceAtFirstLine(silent);
  turn();
  same(got(bot), "");
  assert(silent.current!.isListed);
}
