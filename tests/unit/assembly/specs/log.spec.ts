import { ClosedClient, clientText, Log } from "../../../../assembly/chat/admin/log";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { Output, OUTPUT_BYTES } from "../../../../assembly/net/stdio/output";
import { MFILE } from "../../../../assembly/wasi/errno";
import { STDERR } from "../../../../assembly/wasi/stdio";
import { chat, enter, enterThroughProxy, errors, loop, says, turn } from "./support/chat";
import * as host from "./support/host";
import { same, SECOND, sent } from "./support/steps";

const out = new Output(loop, STDERR, OUTPUT_BYTES, true);

/** From now on the server writes objects. */
function writeObjects(): void {
  chat.log = new Log(out, true);
}

function written(): string {
  turn();
  out.run();
  const text = sent(STDERR);
  host.forgetSent(STDERR);
  return text;
}

/** Returns the beginning of a log object. */
function begun(level: string, event: string, message: string): string {
  const at = '"time":"1970-01-01T00:00:00.000Z"';
  return `{${at},"level":"${level}","event":"${event}","message":"${message}"`;
}

export function events_are_words(): void {
  chat.log.info("something", "it has happened");
  chat.log.warn("worse", "it has happened again");
  chat.log.warnAcceptFailed(MFILE, 0.5);
  errors.run();
  const accept = "accept: MFILE; trying again in 0.5 s\n";
  same(sent(STDERR), `it has happened\nit has happened again\n${accept}`);
}

export function or_objects_with_the_same_words(): void {
  enter();
  writeObjects();
  host.setRealtime(0);
  chat.log.info("something", "it has happened");
  chat.log.warn("worse", "it has happened again");
  chat.log.warnAcceptFailed(MFILE, 0.5);
  const accept = begun("warning", "accept-failed", "accept: MFILE; trying again in 0.5 s");
  same(
    written(),
    `${begun("info", "something", "it has happened")}}\n` +
      `${begun("warning", "worse", "it has happened again")}}\n${accept}}\n`,
  );
}

export function an_end_says_for_how_long_and_how_much(): void {
  enter();
  const ann = enterThroughProxy();
  writeObjects();
  host.setRealtime(0);
  says(ann, "PROXY TCP4 203.0.113.7 10.0.0.1 51234 9999\r\nhello\n");
  const name = '"name":"203.0.113.7:51234","peer":"203.0.113.7:51234"';
  const message = "203.0.113.7:51234 joined (2 here)";
  same(written(), `${begun("info", "joined", message)},${name},"people":2}\n`);
  host.advance(3 * SECOND);
  chat.users.find("203.0.113.7:51234")!.connection.close(CloseReason.KICKED);
  turn();
  host.end(ann);
  const gone = begun("info", "gone", "203.0.113.7:51234 is gone: kicked (1 here)");
  const text = written();
  const expected = `${gone},${name},"reason":"kicked","people":1,"bytes_in":50,"bytes_out":`;
  assert(text.replace("00:03", "00:00").includes(expected), text);
  assert(text.includes('"seconds":3}'), text);
}

export function an_end_in_words_is_short(): void {
  chat.log.noteClosed(new ClosedClient("ann", "203.0.113.7:5", CloseReason.LEFT, 1, 2, 3), 4);
  same(written(), "ann from 203.0.113.7:5 is gone: left (4 here)\n");
}

export function a_client_is_its_name_with_the_address_that_is_known(): void {
  same(clientText("ann", "203.0.113.7:5"), "ann from 203.0.113.7:5");
  same(clientText("ann", ""), "ann");
  same(clientText("203.0.113.7:5", "203.0.113.7:5"), "203.0.113.7:5");
}

export function who_has_a_new_name_had_an_old_one(): void {
  chat.settings.style = 1;
  const ann = enter();
  writeObjects();
  host.setRealtime(0);
  says(ann, "/nick ann\n");
  const message = begun("info", "renamed", "client-1 is now ann");
  same(written(), `${message},"name":"ann","before":"client-1"}\n`);
}
