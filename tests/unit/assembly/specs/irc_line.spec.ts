import {
  BODY_BYTES_MOST,
  fitsLimits,
  IrcLine,
  NEWLINE_BYTES,
  PARAMETERS_MOST,
  TAGS_BYTES_MOST,
} from "../../../../assembly/chat/protocol/irc/irc_line";
import {
  clientTags,
  escapeTag,
  tagValue,
  unescapeTag,
} from "../../../../assembly/chat/protocol/irc/tags";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const parsed = new IrcLine();

function parse(line: string): bool {
  return parsed.parse(bytesOf(line), <u32>String.UTF8.byteLength(line));
}

function fits(line: string): bool {
  return fitsLimits(bytesOf(line), <u32>String.UTF8.byteLength(line));
}

export function a_line_without_a_command_is_none(): void {
  assert(!parse(""));
  assert(!parse("  "));
  assert(!parse(":source "));
  assert(!parse("@a=b "));
  assert(!parse("@a=b :source"));
}

export function commands_are_read_in_any_case(): void {
  assert(parse("join #tea"));
  same(parsed.command, "JOIN");
  same(parsed.text(0), "#tea");
}

export function a_parameter_that_is_not_given_is_empty(): void {
  assert(parse("AWAY"));
  sameNumber(parsed.count, 0);
  same(parsed.text(0), "");
  sameNumber(parsed.bytesOf(0), 0);
}

export function a_parameter_points_into_the_line(): void {
  assert(parse("PRIVMSG #tea :hello  there"));
  const at = parsed.startOf(1);
  same(String.UTF8.decodeUnsafe(at, parsed.bytesOf(1)), "hello  there");
}

export function a_line_has_as_many_parameters_as_fit(): void {
  assert(parse("X" + " y".repeat(PARAMETERS_MOST)));
  sameNumber(parsed.count, PARAMETERS_MOST);
  step();
  assert(parse("X" + " y".repeat(PARAMETERS_MOST + 1)));
  sameNumber(parsed.count, PARAMETERS_MOST);
}

export function a_line_may_have_512_bytes(): void {
  const most = <i32>(BODY_BYTES_MOST - NEWLINE_BYTES);
  assert(fits("x".repeat(most)));
  assert(!fits("x".repeat(most + 1)));
}

export function tags_have_a_limit_of_their_own(): void {
  const most = <i32>TAGS_BYTES_MOST - 2;
  const body = "x".repeat(<i32>(BODY_BYTES_MOST - NEWLINE_BYTES));
  assert(fits(`@${"t".repeat(most)} ${body}`));
  assert(!fits(`@${"t".repeat(most + 1)} ${body}`));
  assert(!fits(`@${"t".repeat(most)} ${body}x`));
}

export function clients_pass_on_their_own_tags_alone(): void {
  same(clientTags("+typing=active;label=5;+x;time=0;+"), "+typing=active;+x");
  same(clientTags(""), "");
}

export function values_of_tags_are_escaped(): void {
  same(escapeTag("a; b\\c\r\n"), "a\\:\\sb\\\\c\\r\\n");
  same(unescapeTag(escapeTag("a; b\\c\r\n")), "a; b\\c\r\n");
}

export function a_tag_that_is_not_there_is_empty(): void {
  same(tagValue("a=b", "c"), "");
  same(tagValue("", "c"), "");
  same(tagValue("label=one;label=two", "label"), "two");
}
