import { Effect, REFUSALS_MOST, Telnet } from "../../../../assembly/net/framing/telnet";
import * as host from "./support/host";
import { join, limits, turn } from "./support/peers";
import { same, sameNumber } from "./support/steps";

/** Takes one command. @returns its answers, in decimal */
function answers(telnet: Telnet, command: Array<u8>): string {
  telnet.beginCommand();
  for (let i = 0; i < command.length; i++) telnet.handleByte(command[i]);
  assert(!telnet.isWithin, "it is whole");
  return telnet.takeAnswers().join(" ");
}

function feed(fd: u32, bytes: Array<u8>): void {
  host.feedBytes(fd, bytes.dataStart, bytes.length);
}

export function each_option_is_refused_once(): void {
  const telnet = new Telnet();
  same(answers(telnet, [253, 1]), "255 252 1");
  same(answers(telnet, [251, 1]), "255 254 1");
  same(answers(telnet, [253, 1]), "");
  same(answers(telnet, [251, 1]), "");
  same(answers(telnet, [253, 3]), "255 252 3");
}

export function what_is_off_stays_off_without_an_answer(): void {
  const telnet = new Telnet();
  same(answers(telnet, [252, 1]), "");
  same(answers(telnet, [254, 1]), "");
  same(answers(telnet, [254, 6]), "");
}

export function a_timing_mark_is_answered_each_time(): void {
  const telnet = new Telnet();
  for (let i = 0; i < 3; i++) same(answers(telnet, [253, 6]), "255 251 6");
  same(answers(telnet, [251, 6]), "255 254 6");
}

export function timing_marks_at_once_are_answered_once(): void {
  const telnet = new Telnet();
  for (let i = 0; i < 100; i++) {
    telnet.beginCommand();
    telnet.handleByte(253);
    telnet.handleByte(6);
  }
  same(telnet.takeAnswers().join(" "), "255 251 6");
}

export function only_so_many_options_are_refused(): void {
  const telnet = new Telnet();
  for (let i = 0; i < REFUSALS_MOST; i++) {
    same(answers(telnet, [251, <u8>(100 + i)]), `255 254 ${100 + i}`);
  }
  same(answers(telnet, [251, 99]), "");
  same(answers(telnet, [253, 6]), "255 251 6");
}

export function a_subnegotiation_gets_no_answer(): void {
  const telnet = new Telnet();
  same(answers(telnet, [250, 31, 0, 80, 0, 24, 255, 240]), "");
  same(answers(telnet, [250, 253, 1, 255, 255, 240, 255, 240]), "");
}

export function no_command_takes_an_end_of_line_or_a_slash_with_it(): void {
  const telnet = new Telnet();
  const texts: Array<u8> = [10, 13, 47];
  for (let verb: i32 = 251; verb <= 254; verb++) {
    for (let i = 0; i < texts.length; i++) {
      telnet.beginCommand();
      telnet.handleByte(<u8>verb);
      assert(telnet.handleByte(texts[i]) == Effect.TEXT, `${verb} ${texts[i]}`);
      assert(!telnet.isWithin);
    }
  }
  for (let i = 0; i < 2; i++) {
    telnet.beginCommand();
    telnet.handleByte(250);
    telnet.handleByte(24);
    assert(telnet.handleByte(47) == Effect.NONE && telnet.isWithin);
    if (i == 1) telnet.handleByte(255);
    assert(telnet.handleByte(texts[i]) == Effect.TEXT && !telnet.isWithin);
  }
  same(telnet.takeAnswers().join(" "), "");
}

export function commands_for_the_line_are_known(): void {
  const telnet = new Telnet();
  const codes: Array<u8> = [255, 247, 248, 241, 10, 235];
  const effects = [
    Effect.BYTE,
    Effect.ERASE_CHARACTER,
    Effect.ERASE_LINE,
    Effect.NONE,
    Effect.TEXT,
    Effect.TEXT,
  ];
  for (let i = 0; i < codes.length; i++) {
    telnet.beginCommand();
    sameNumber(telnet.handleByte(codes[i]), effects[i]);
  }
}

export function answers_are_sent_between_lines(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  feed(fd, [255, 253, 1, 97, 255, 246, 13, 0, 255, 253, 6, 98, 10]);
  turn();
  same(talker.heard.join("|"), "a|b");
  sameNumber(host.sentLength(fd), 10);
}

export function commands_without_a_line_have_a_price(): void {
  limits.rate = 1;
  limits.burst = 4;
  const fd = host.openConnection();
  const talker = join(fd);
  for (let i = 0; i < 10 && talker.floods == 0; i++) {
    feed(fd, [255, 241]);
    turn();
  }
  sameNumber(talker.floods, 1);
}
