import {
  describeOptions,
  isDigits,
  Option,
  Parsed,
  parseOptions,
} from "../../../../assembly/text/options";
import { same, sameNumber, step } from "./support/steps";

const size = new Option("--size", "BYTES", "10", "how much", 5, 20);
const name = new Option("--name", "TEXT", "nobody", "who");
const loud = new Option("--loud", "", "", "shout");
const offset = new Option("--offset", "N", "0", "from -3", -3, 3);
const huge = new Option("--huge", "N", "1", "any", 0, i64.MAX_VALUE);
const options = [size, name, loud, offset, huge];

function parse(line: string): Parsed {
  const parsed = parseOptions(line == "" ? [] : line.split(" "), options);
  step();
  return parsed;
}

export function without_arguments_the_defaults_stand(): void {
  same(parse("").mistake, "");
  sameNumber(size.number, 10);
  same(name.value, "nobody");
  assert(!size.given && !name.given && !loud.given);
}

export function a_value_follows_its_option_or_an_equals_sign(): void {
  same(parse("--size 7 --name=ann").mistake, "");
  sameNumber(size.number, 7);
  same(name.value, "ann");
  assert(size.given && name.given && !loud.given);
}

export function a_flag_is_given_or_not(): void {
  same(parse("--loud").mistake, "");
  assert(loud.given);
}

export function words_that_belong_to_no_option_are_kept_in_order(): void {
  const parsed = parse("one --size 6 two --loud three -x -");
  same(parsed.mistake, "");
  same(parsed.words.join(","), "one,two,three,-x,-");
}

export function a_value_may_be_empty_or_hold_equals_signs(): void {
  same(parse("--name=a=b").mistake, "");
  same(name.value, "a=b");
  same(parse("--name=").mistake, "");
  same(name.value, "");
}

export function the_last_of_two_values_counts(): void {
  same(parse("--size 6 --size 8").mistake, "");
  sameNumber(size.number, 8);
}

export function a_value_may_look_like_an_option(): void {
  same(parse("--name --loud").mistake, "");
  same(name.value, "--loud");
  assert(!loud.given);
}

export function an_unknown_option_is_a_mistake(): void {
  same(parse("--colour red").mistake, "unknown option --colour: see --help");
  same(parse("--colour=red").mistake, "unknown option --colour: see --help");
  same(parse("--").mistake, "unknown option --: see --help");
  same(parse("--siz 7").mistake, "unknown option --siz: see --help");
}

export function a_flag_takes_no_value(): void {
  same(parse("--loud=yes").mistake, "option --loud takes no value");
}

export function an_option_needs_its_value(): void {
  same(parse("--size").mistake, "option --size needs a value: --size BYTES");
  same(parse("--loud --name").mistake, "option --name needs a value: --name TEXT");
}

export function a_number_lies_within_its_bounds(): void {
  same(parse("--size 5").mistake, "");
  same(parse("--size 20").mistake, "");
  same(parse("--size 4").mistake, 'option --size takes a whole number from 5 to 20, not "4"');
  same(parse("--size 21").mistake, 'option --size takes a whole number from 5 to 20, not "21"');
}

export function what_is_no_whole_number_is_a_mistake(): void {
  const bad = ["x", "", "7.5", "7e0", "0x7", "-7", "+7", "7 ", "7k", "٧"];
  for (let i = 0; i < bad.length; i++) {
    const parsed = parseOptions([`--size=${bad[i]}`], options);
    same(parsed.mistake, `option --size takes a whole number from 5 to 20, not "${bad[i]}"`);
  }
}

export function a_number_may_begin_with_noughts(): void {
  same(parse("--size 007").mistake, "");
  sameNumber(size.number, 7);
}

export function a_number_has_at_most_18_digits(): void {
  same(parse("--huge 999999999999999999").mistake, "");
  sameNumber(huge.number, 999_999_999_999_999_999);
  const mistake = parse("--huge 1000000000000000000").mistake;
  assert(mistake.endsWith('not "1000000000000000000"'), mistake);
}

export function the_first_mistake_ends_the_reading(): void {
  const parsed = parse("--size 99 --name ann --colour");
  assert(parsed.mistake.startsWith("option --size"), parsed.mistake);
  same(name.value, "nobody");
}

export function the_help_has_one_line_for_each_option(): void {
  // What was given is not what would have been the default.
  size.value = "7";
  const lines = describeOptions([size, name, loud]).split("\n");
  sameNumber(lines.length, 4);
  same(lines[0], "  --size BYTES              how much (5 to 20, default 10)");
  same(lines[1], "  --name TEXT               who (default nobody)");
  same(lines[2], "  --loud                    shout");
}

export function digits_are_what_an_i64_can_hold(): void {
  assert(isDigits("0") && isDigits("9".repeat(18)));
  assert(!isDigits("") && !isDigits("9".repeat(19)) && !isDigits("-1") && !isDigits("1 "));
}
