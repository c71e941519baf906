import {
  allOptions,
  applyOption,
  optionLines,
  optionsAsJson,
  readOptions,
} from "../../../../assembly/chat/options/apply_options";
import { ChatOption, Reach } from "../../../../assembly/chat/options/chat_option";
import { optionTable } from "../../../../assembly/chat/options/option_table";
import { ChatSettings } from "../../../../assembly/chat/settings";
import { Style } from "../../../../assembly/chat/protocol/style";
import { same, sameNumber, step } from "./support/steps";

/** The chat's settings after a command line, which has no mistake. */
function after(line: string): ChatSettings {
  const settings = new ChatSettings();
  same(readOptions(settings, line == "" ? [] : line.split(" ")), "");
  step();
  return settings;
}

function mistakeIn(line: string): string {
  return readOptions(new ChatSettings(), line.split(" "));
}

export function every_default_is_a_value_that_its_option_takes(): void {
  for (let i = 0; i < optionTable.length; i++) {
    const option = optionTable[i];
    step();
    same(option.mistakeIn(option.fallback), "", option.name);
    assert(option.least <= option.most, option.name);
  }
}

export function no_two_options_have_the_same_name(): void {
  const names = new Set<string>();
  for (let i = 0; i < optionTable.length; i++) {
    assert(!names.has(optionTable[i].name), optionTable[i].name);
    names.add(optionTable[i].name);
  }
}

export function without_a_command_line_the_defaults_are_set(): void {
  const settings = after("");
  sameNumber(settings.connection.lineBytes, 4096);
  sameNumber(settings.clients, 10_000);
  sameNumber(<i64>settings.connection.rate, 20);
  sameNumber(settings.timeZone, 0);
  assert(settings.style == Style.LINE);
}

export function each_option_sets_its_field(): void {
  let settings = after("--max-line 100 --max-clients 101 --max-rooms 102 --history 103");
  sameNumber(settings.connection.lineBytes, 100);
  sameNumber(settings.clients, 101);
  sameNumber(settings.rooms, 102);
  sameNumber(settings.history, 103);
  settings = after("--replay 104 --announce 105 --style json --time-zone -03:30");
  sameNumber(settings.replay, 104);
  sameNumber(settings.announce, 105);
  sameNumber(settings.style, Style.JSON);
  sameNumber(settings.timeZone, -210);
  settings = after("--rate 106 --burst 107 --flood-seconds 108 --soft-limit 2000");
  sameNumber(<i64>settings.connection.rate, 106);
  sameNumber(<i64>settings.connection.burst, 107);
  sameNumber(<i64>settings.connection.floodSeconds, 108);
  sameNumber(settings.connection.softBytes, 2000);
  settings = after("--first-burst 50 --new-rooms 110 --address-rooms 111 --address-arrivals 112");
  sameNumber(<i64>settings.connection.firstBurst, 50);
  sameNumber(<i64>settings.newRooms, 110);
  sameNumber(<i64>settings.connection.addressRooms, 111);
  sameNumber(<i64>settings.connection.addressArrivals, 112);
  sameNumber(after("--announce-rate 7").announceRate, 7);
  sameNumber(<i64>after("--room-rate 114").roomRate, 114);
  sameNumber(<i64>after("--unknown-share 113").connection.unknownShare, 113);
  settings = after("--soft-seconds 109 --hard-limit 1000000");
  sameNumber(<i64>settings.connection.softSeconds, 109);
  sameNumber(settings.connection.hardBytes, 1_000_000);
}

export function a_value_of_no_use_is_refused_with_what_is_wanted(): void {
  same(mistakeIn("--style loud"), 'option --style takes line, json, json2 or tutorial, not "loud"');
  same(mistakeIn("--time-zone CET"), 'option --time-zone takes UTC, +HH:MM or -HH:MM, not "CET"');
  same(
    mistakeIn("--max-line 15"),
    'option --max-line takes a whole number from 16 to 16384, not "15"',
  );
  same(mistakeIn("now"), "unexpected argument now: see --help");
}

export function what_two_options_say_must_agree(): void {
  const mistake = "option --soft-limit must not exceed --hard-limit";
  same(mistakeIn("--soft-limit 2000 --hard-limit 1999"), mistake);
  const settings = after("--soft-limit 2000 --hard-limit 2000");
  same(applyOption(settings, "hard-limit", "1999"), mistake);
  sameNumber(settings.connection.hardBytes, 2000);
  same(applyOption(settings, "soft-limit", "1999"), "");
  same(applyOption(settings, "hard-limit", "1999"), "");
  sameNumber(settings.connection.hardBytes, 1999);
}

export function a_live_option_is_changed_by_its_name(): void {
  const settings = after("");
  same(applyOption(settings, "rate", "7"), "");
  sameNumber(<i64>settings.connection.rate, 7);
  same(applyOption(settings, "--rate", "8"), "");
  sameNumber(<i64>settings.connection.rate, 8);
  assert(
    optionLines(Reach.LIVE).includes("\nrate                 8            "),
    optionLines(Reach.LIVE),
  );
}

export function a_refused_change_changes_nothing(): void {
  const settings = after("");
  const refusal = 'option --rate takes a whole number from 0 to 1000000, not "much"';
  same(applyOption(settings, "rate", "much"), refusal);
  same(applyOption(settings, "time-zone", "UTC"), "option --time-zone needs a restart to change");
  same(applyOption(settings, "address", "here"), "there is no option address");
  same(applyOption(settings, "colour", "red"), "there is no option colour");
  sameNumber(<i64>settings.connection.rate, 20);
  sameNumber(settings.connection.lineBytes, 4096);
}

export function live_options_are_listed_with_their_values(): void {
  const lines = optionLines(Reach.LIVE).split("\n");
  let live = 0;
  for (let i = 0; i < optionTable.length; i++) if (optionTable[i].reach == Reach.LIVE) live++;
  sameNumber(lines.length, live + 1);
  assert(!optionLines(Reach.LIVE).includes("time-zone"));
}

export function other_programs_read_a_row_for_each(): void {
  const json = optionsAsJson();
  const first = '[{"type":"number","name":"max-line","placeholder":"BYTES","default":"4096"';
  assert(json.startsWith(first), json);
  assert(json.includes('"reach":"live","least":16,"most":16384}\n,{'), json);
  assert(json.includes('"choices":["line","json","json2","tutorial"]}'), json);
  assert(json.includes('"pattern":"UTC|[+-]\\\\d\\\\d:\\\\d\\\\d"}'), json);
  assert(!json.includes("describe-options"), json);
  sameNumber(json.split("\n").length, allOptions().length + 1);
}

export function a_text_is_whatever_one_likes(): void {
  const option = new ChatOption("--motto TEXT", "words").text("none");
  same(option.name, "--motto");
  same(option.placeholder, "TEXT");
  same(option.mistakeIn(""), "");
  same(option.value, "none");
}
