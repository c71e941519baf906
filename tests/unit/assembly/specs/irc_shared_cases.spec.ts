/**
 * The cases of "msg-split" in https://github.com/ircdocs/parser-tests (CC0), which IRC clients and
 * servers share: a line, and the parts that it has.
 */
import { IrcLine } from "../../../../assembly/chat/protocol/irc/irc_line";
import { tagValue, unescapeTag } from "../../../../assembly/chat/protocol/irc/tags";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const parsed = new IrcLine();

class Parts {
  constructor(
    public line: string,
    public source: string,
    public command: string,
    public parameters: Array<string>,
    /** Keys and values by turns. */
    public tags: Array<string>,
  ) {}
}

const CASES: Array<Parts> = [
  new Parts("foo bar baz asdf", "", "foo", ["bar", "baz", "asdf"], []),
  new Parts(":coolguy foo bar baz asdf", "coolguy", "foo", ["bar", "baz", "asdf"], []),
  new Parts("foo bar baz :asdf quux", "", "foo", ["bar", "baz", "asdf quux"], []),
  new Parts("foo bar baz :", "", "foo", ["bar", "baz", ""], []),
  new Parts("foo bar baz ::asdf", "", "foo", ["bar", "baz", ":asdf"], []),
  new Parts(":coolguy foo bar baz :asdf quux", "coolguy", "foo", ["bar", "baz", "asdf quux"], []),
  new Parts(
    ":coolguy foo bar baz :  asdf quux ",
    "coolguy",
    "foo",
    ["bar", "baz", "  asdf quux "],
    [],
  ),
  new Parts(":coolguy PRIVMSG bar :lol :) ", "coolguy", "PRIVMSG", ["bar", "lol :) "], []),
  new Parts(":coolguy foo bar baz :", "coolguy", "foo", ["bar", "baz", ""], []),
  new Parts(":coolguy foo bar baz :  ", "coolguy", "foo", ["bar", "baz", "  "], []),
  new Parts("@a=b;c=32;k;rt=ql7 foo", "", "foo", [], ["a", "b", "c", "32", "k", "", "rt", "ql7"]),
  new Parts(
    "@a=b\\\\and\\nk;c=72\\s45;d=gh\\:764 foo",
    "",
    "foo",
    [],
    ["a", "b\\and\nk", "c", "72 45", "d", "gh;764"],
  ),
  new Parts("@c;h=;a=b :quux ab cd", "quux", "ab", ["cd"], ["c", "", "h", "", "a", "b"]),
  new Parts(":src JOIN #chan", "src", "JOIN", ["#chan"], []),
  new Parts(":src JOIN :#chan", "src", "JOIN", ["#chan"], []),
  new Parts(":src AWAY", "src", "AWAY", [], []),
  new Parts(":src AWAY ", "src", "AWAY", [], []),
  new Parts(":cool\tguy foo bar baz", "cool\tguy", "foo", ["bar", "baz"], []),
  new Parts(
    ":coolguy!ag@net\u00035w\u0003ork.admin PRIVMSG foo :bar baz",
    "coolguy!ag@net\u00035w\u0003ork.admin",
    "PRIVMSG",
    ["foo", "bar baz"],
    [],
  ),
  new Parts(
    ":coolguy!~ag@n\u0002et\u000305w\u000fork.admin PRIVMSG foo :bar baz",
    "coolguy!~ag@n\u0002et\u000305w\u000fork.admin",
    "PRIVMSG",
    ["foo", "bar baz"],
    [],
  ),
  new Parts(
    "@tag1=value1;tag2;vendor1/tag3=value2;vendor2/tag4= :irc.example.com COMMAND param1 param2 :param3 param3",
    "irc.example.com",
    "COMMAND",
    ["param1", "param2", "param3 param3"],
    ["tag1", "value1", "tag2", "", "vendor1/tag3", "value2", "vendor2/tag4", ""],
  ),
  new Parts(
    ":irc.example.com COMMAND param1 param2 :param3 param3",
    "irc.example.com",
    "COMMAND",
    ["param1", "param2", "param3 param3"],
    [],
  ),
  new Parts(
    "@tag1=value1;tag2;vendor1/tag3=value2;vendor2/tag4 COMMAND param1 param2 :param3 param3",
    "",
    "COMMAND",
    ["param1", "param2", "param3 param3"],
    ["tag1", "value1", "tag2", "", "vendor1/tag3", "value2", "vendor2/tag4", ""],
  ),
  new Parts("COMMAND", "", "COMMAND", [], []),
  new Parts("@foo=\\\\\\\\\\:\\\\s\\s\\r\\n COMMAND", "", "COMMAND", [], ["foo", "\\\\;\\s \r\n"]),
  new Parts(
    ":gravel.mozilla.org 432  #momo :Erroneous Nickname: Illegal characters",
    "gravel.mozilla.org",
    "432",
    ["#momo", "Erroneous Nickname: Illegal characters"],
    [],
  ),
  new Parts(
    ":gravel.mozilla.org MODE #tckk +n ",
    "gravel.mozilla.org",
    "MODE",
    ["#tckk", "+n"],
    [],
  ),
  new Parts(
    ":services.esper.net MODE #foo-bar +o foobar  ",
    "services.esper.net",
    "MODE",
    ["#foo-bar", "+o", "foobar"],
    [],
  ),
  new Parts("@tag1=value\\\\ntest COMMAND", "", "COMMAND", [], ["tag1", "value\\ntest"]),
  new Parts("@tag1=value\\1 COMMAND", "", "COMMAND", [], ["tag1", "value1"]),
  new Parts("@tag1=value1\\ COMMAND", "", "COMMAND", [], ["tag1", "value1"]),
  new Parts(
    "@tag1=1;tag2=3;tag3=4;tag1=5 COMMAND",
    "",
    "COMMAND",
    [],
    ["tag1", "5", "tag2", "3", "tag3", "4"],
  ),
  new Parts(
    "@tag1=1;tag2=3;tag3=4;tag1=5;vendor/tag2=8 COMMAND",
    "",
    "COMMAND",
    [],
    ["tag1", "5", "tag2", "3", "tag3", "4", "vendor/tag2", "8"],
  ),
  new Parts(":SomeOp MODE #channel :+i", "SomeOp", "MODE", ["#channel", "+i"], []),
  new Parts(
    ":SomeOp MODE #channel +oo SomeUser :AnotherUser",
    "SomeOp",
    "MODE",
    ["#channel", "+oo", "SomeUser", "AnotherUser"],
    [],
  ),
];

export function the_shared_cases_are_split_into_their_parts(): void {
  for (let i = 0; i < CASES.length; i++) {
    const wanted = CASES[i];
    const bytes = bytesOf(wanted.line);
    assert(parsed.parse(bytes, <u32>String.UTF8.byteLength(wanted.line)), wanted.line);
    step();
    same(String.UTF8.decodeUnsafe(parsed.sourceAt, parsed.sourceBytes), wanted.source, wanted.line);
    same(parsed.command, wanted.command.toUpperCase(), wanted.line);
    sameNumber(parsed.count, wanted.parameters.length, wanted.line);
    for (let j = 0; j < parsed.count; j++) {
      same(parsed.text(j), wanted.parameters[j], wanted.line);
    }
    const tags = String.UTF8.decodeUnsafe(parsed.tagsAt, parsed.tagsBytes);
    for (let j = 0; j < wanted.tags.length; j += 2) {
      same(unescapeTag(tagValue(tags, wanted.tags[j])), wanted.tags[j + 1], wanted.line);
    }
    heap.free(bytes);
  }
}
