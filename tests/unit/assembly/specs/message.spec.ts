import { Message, MessageKind } from "../../../../assembly/chat/delivery/message";
import { Protocol } from "../../../../assembly/chat/protocol/protocol";
import { Protocols } from "../../../../assembly/chat/protocol/protocols";
import { NO_STYLE, parseStyle, Style, styleName } from "../../../../assembly/chat/protocol/style";
import { same, sameNumber } from "./support/steps";

/** All styles. */
const STYLES: i32 = 3;
const buffer = memory.data(4096);
const line = new Message();
const room = String.UTF8.encode("garden");
let from = new ArrayBuffer(0);
let text = new ArrayBuffer(0);

function says(name: string, words: string, kind: MessageKind = MessageKind.MESSAGE): void {
  from = String.UTF8.encode(name);
  text = String.UTF8.encode(words);
  line.kind = kind;
  line.id = 7;
  line.milliseconds = 3_661_042;
  line.setRoom(room);
  line.setSpeaker(from);
  line.text = changetype<usize>(text);
  line.textBytes = <u32>text.byteLength;
}

function written(style: Style, zone: i32 = 0, dated: bool = false): string {
  const protocol: Protocol = new Protocols(zone).withStyle(style);
  const bytes = protocol.writeMessage(buffer, line, dated);
  const most = protocol.mostBytes(line);
  assert(bytes <= most, `${bytes} bytes, ${most} at most`);
  return String.UTF8.decodeUnsafe(buffer, bytes);
}

export function the_tutorial_s_style_is_two_lines(): void {
  says("ann", "hello");
  same(written(Style.TUTORIAL), "1970/01/01 01:01:01 ann\nhello\n");
  same(written(Style.TUTORIAL, 60, true), "1970/01/01 02:01:01 ann\nhello\n");
}

export function a_line_for_people_has_the_time_and_of_the_past_the_day(): void {
  says("ann", "hello");
  same(written(Style.LINE), "01:01:01 ann: hello\n");
  same(written(Style.LINE, 60), "02:01:01 ann: hello\n");
  same(written(Style.LINE, -120, true), "1969/12/31 23:01:01 ann: hello\n");
}

export function an_action_is_told_of_its_doer(): void {
  says("ann", "waves", MessageKind.ACTION);
  same(written(Style.LINE), "01:01:01 * ann waves\n");
  same(written(Style.TUTORIAL), "1970/01/01 01:01:01 ann\nwaves\n");
  const object = `{"type":"action","id":7,"time":3661,"ms":42,"room":"garden","from":"ann","text":"waves"}\n`;
  same(written(Style.JSON), object);
}

export function an_object_holds_what_would_end_its_strings(): void {
  says("ann", 'a "b" \\ \t c');
  const object = `{"type":"message","id":7,"time":3661,"ms":42,"room":"garden","from":"ann",`;
  same(written(Style.JSON), object + `"text":"a \\"b\\" \\\\ \\t c"}\n`);
}

export function nothing_is_written_beyond_what_was_asked_for(): void {
  for (let style = 0; style < STYLES; style++) {
    says("x".repeat(64), '"'.repeat(1000));
    written(style, 0, true);
    says("", "");
    written(style, 0, true);
  }
}

export function the_second_and_the_zone_may_change_between_two_lines(): void {
  says("ann", "a");
  same(written(Style.LINE), "01:01:01 ann: a\n");
  line.milliseconds += 1000;
  same(written(Style.LINE), "01:01:02 ann: a\n");
  same(written(Style.LINE, 1), "01:02:02 ann: a\n");
}

export function styles_have_names(): void {
  for (let style = 0; style < STYLES; style++) sameNumber(parseStyle(styleName(style)), style);
  sameNumber(parseStyle("loud"), NO_STYLE);
  sameNumber(parseStyle(""), NO_STYLE);
}
