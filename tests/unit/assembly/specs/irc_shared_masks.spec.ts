/**
 * The cases of "msg-join", "mask-match" and "validate-hostname" in
 * https://github.com/ircdocs/parser-tests (CC0). The server joins no parts: it writes whole lines.
 * So each joined line is parsed, and must have the parts. "userhost-split" does not apply: the
 * server never reads the source of a line, since it knows the sender.
 */
import { isHostName } from "../../../../assembly/chat/options/irc_options";
import { IrcLine } from "../../../../assembly/chat/protocol/irc/irc_line";
import {
  escapeTag,
  tagValue,
  unescapeTag,
  withTag,
} from "../../../../assembly/chat/protocol/irc/tags";
import { completeMask, maskMatches, patternMatches } from "../../../../assembly/chat/rooms/mask";
import { User } from "../../../../assembly/chat/users/user";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const parsed = new IrcLine();

class Joined {
  constructor(
    public source: string,
    public command: string,
    public parameters: Array<string>,
    /** Keys and values by turns. */
    public tags: Array<string>,
    public lines: Array<string>,
  ) {}
}

const JOINED: Array<Joined> = [
  new Joined("", "foo", ["bar", "baz", "asdf"], [], ["foo bar baz asdf", "foo bar baz :asdf"]),
  new Joined("src", "AWAY", [], [], [":src AWAY"]),
  new Joined("src", "AWAY", [""], [], [":src AWAY :"]),
  new Joined(
    "coolguy",
    "foo",
    ["bar", "baz", "asdf"],
    [],
    [":coolguy foo bar baz asdf", ":coolguy foo bar baz :asdf"],
  ),
  new Joined("", "foo", ["bar", "baz", "asdf quux"], [], ["foo bar baz :asdf quux"]),
  new Joined("", "foo", ["bar", "baz", ""], [], ["foo bar baz :"]),
  new Joined("", "foo", ["bar", "baz", ":asdf"], [], ["foo bar baz ::asdf"]),
  new Joined(
    "coolguy",
    "foo",
    ["bar", "baz", "asdf quux"],
    [],
    [":coolguy foo bar baz :asdf quux"],
  ),
  new Joined(
    "coolguy",
    "foo",
    ["bar", "baz", "  asdf quux "],
    [],
    [":coolguy foo bar baz :  asdf quux "],
  ),
  new Joined("coolguy", "PRIVMSG", ["bar", "lol :) "], [], [":coolguy PRIVMSG bar :lol :) "]),
  new Joined("coolguy", "foo", ["bar", "baz", ""], [], [":coolguy foo bar baz :"]),
  new Joined("coolguy", "foo", ["bar", "baz", "  "], [], [":coolguy foo bar baz :  "]),
  new Joined(
    "coolguy",
    "foo",
    ["b\tar", "baz"],
    [],
    [":coolguy foo b\tar baz", ":coolguy foo b\tar :baz"],
  ),
  new Joined(
    "coolguy",
    "foo",
    ["bar", "baz", "  "],
    ["asd", ""],
    ["@asd :coolguy foo bar baz :  ", "@asd= :coolguy foo bar baz :  "],
  ),
  new Joined(
    "coolguy",
    "foo",
    ["bar", "baz", "  "],
    ["asd", ""],
    ["@asd :coolguy foo bar baz :  "],
  ),
  new Joined(
    "",
    "foo",
    [],
    ["a", "b\\and\nk", "d", "gh;764"],
    ["@a=b\\\\and\\nk;d=gh\\:764 foo", "@d=gh\\:764;a=b\\\\and\\nk foo"],
  ),
  new Joined(
    "",
    "foo",
    ["par1", "par2"],
    ["a", "b\\and\nk", "d", "gh;764"],
    [
      "@a=b\\\\and\\nk;d=gh\\:764 foo par1 par2",
      "@a=b\\\\and\\nk;d=gh\\:764 foo par1 :par2",
      "@d=gh\\:764;a=b\\\\and\\nk foo par1 par2",
      "@d=gh\\:764;a=b\\\\and\\nk foo par1 :par2",
    ],
  ),
  new Joined(
    "",
    "COMMAND",
    [],
    ["foo", "\\\\;\\s \r\n"],
    ["@foo=\\\\\\\\\\:\\\\s\\s\\r\\n COMMAND"],
  ),
];

class Masked {
  constructor(
    public mask: string,
    public matches: Array<string>,
    public fails: Array<string>,
  ) {}
}

const MASKED: Array<Masked> = [
  new Masked(
    "*@127.0.0.1",
    ["coolguy!ab@127.0.0.1", "cooldud3!~bc@127.0.0.1"],
    ["coolguy!ab@127.0.0.5", "cooldud3!~d@124.0.0.1"],
  ),
  new Masked(
    "cool*@*",
    ["coolguy!ab@127.0.0.1", "cooldud3!~bc@127.0.0.1", "cool132!ab@example.com"],
    ["koolguy!ab@127.0.0.5", "cooodud3!~d@124.0.0.1"],
  ),
  new Masked(
    "cool!*@*",
    ["cool!guyab@127.0.0.1", "cool!~dudebc@127.0.0.1", "cool!312ab@example.com"],
    [
      "coolguy!ab@127.0.0.1",
      "cooldud3!~bc@127.0.0.1",
      "koolguy!ab@127.0.0.5",
      "cooodud3!~d@124.0.0.1",
    ],
  ),
  new Masked(
    "cool!?username@*",
    ["cool!ausername@127.0.0.1", "cool!~username@127.0.0.1"],
    ["cool!username@127.0.0.1"],
  ),
  new Masked("cool!a?*@*", ["cool!ab@127.0.0.1", "cool!abc@127.0.0.1"], ["cool!a@127.0.0.1"]),
  new Masked(
    "cool[guy]!*@*",
    ["cool[guy]!guy@127.0.0.1", "cool[guy]!a@example.com"],
    ["coolg!ab@127.0.0.1", "cool[!ac@127.0.1.1"],
  ),
];

/** "services." is valid there. The name of this server must not end with a dot. */
const HOSTS: Array<string> = [
  "irc.example.com",
  "i.coolguy.net",
  "irc-srv.net.uk",
  "iRC.CooLguY.NeT",
  "gsf.ds342.co.uk",
  "324.net.uk",
  "xn--bcher-kva.ch",
];
const NO_HOSTS: Array<string> = [
  "-lol-.net.uk",
  "-lol.net.uk",
  "_irc._sctp.lol.net.uk",
  "irc",
  "com",
  "",
  " ",
  "example. net",
  "ex ample.org",
  " example.org",
  "example.org ",
];

export function joined_lines_have_their_parts(): void {
  for (let i = 0; i < JOINED.length; i++) {
    const wanted = JOINED[i];
    for (let j = 0; j < wanted.lines.length; j++) {
      check(wanted.lines[j], wanted);
      step();
    }
  }
}

function check(line: string, wanted: Joined): void {
  const bytes = bytesOf(line);
  assert(parsed.parse(bytes, <u32>String.UTF8.byteLength(line)), line);
  same(String.UTF8.decodeUnsafe(parsed.sourceAt, parsed.sourceBytes), wanted.source, line);
  same(parsed.command, wanted.command.toUpperCase(), line);
  sameNumber(parsed.count, wanted.parameters.length, line);
  for (let i = 0; i < parsed.count; i++) same(parsed.text(i), wanted.parameters[i], line);
  const tags = String.UTF8.decodeUnsafe(parsed.tagsAt, parsed.tagsBytes);
  for (let i = 0; i < wanted.tags.length; i += 2) {
    const value = wanted.tags[i + 1];
    same(unescapeTag(tagValue(tags, wanted.tags[i])), value, line);
    assert(line.includes(escapeTag(value)), line);
  }
  heap.free(bytes);
}

export function a_tag_is_joined_to_a_line(): void {
  same(withTag("label=7", "PING x"), "@label=7 PING x");
  same(withTag("label=7", "@time=1 PING x"), "@label=7;time=1 PING x");
  same(withTag("batch=a", "@batch=b PING x"), "@batch=b PING x");
}

export function masks_match_their_users_alone(): void {
  for (let i = 0; i < MASKED.length; i++) {
    const wanted = MASKED[i];
    for (let j = 0; j < wanted.matches.length; j++) {
      assert(isMatch(wanted.mask, wanted.matches[j]), `${wanted.mask}: ${wanted.matches[j]}`);
    }
    for (let j = 0; j < wanted.fails.length; j++) {
      assert(!isMatch(wanted.mask, wanted.fails[j]), `${wanted.mask}: ${wanted.fails[j]}`);
    }
  }
}

function isMatch(mask: string, source: string): bool {
  const mark = source.indexOf("!");
  const at = source.lastIndexOf("@");
  const user = new User(source.substring(0, mark));
  user.setIdentity(source.substring(mark + 1, at), "");
  user.host = source.substring(at + 1);
  const isFound = patternMatches(mask, source);
  // A mask without a nick is completed, as `*!cool*@*`.
  if (mask.includes("!")) assert(maskMatches(completeMask(mask), user) == isFound, mask);
  return isFound;
}

export function hosts_are_told_from_other_texts(): void {
  for (let i = 0; i < HOSTS.length; i++) assert(isHostName(HOSTS[i]), HOSTS[i]);
  for (let i = 0; i < NO_HOSTS.length; i++) assert(!isHostName(NO_HOSTS[i]), NO_HOSTS[i]);
  assert(!isHostName("services."));
}
