import { ForeignBytes, protocolOfLine } from "../../../../assembly/net/framing/foreign_protocol";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { chat, enter, got, says, server, settings } from "./support/chat";
import * as host from "./support/host";
import { join, turn } from "./support/peers";
import { bytesOf, same, sameNumber } from "./support/steps";
import { Style } from "../../../../assembly/chat/protocol/style";

/** The protocol of bytes in hexadecimal, cut in two anywhere, and one by one. */
function known(hex: string, wanted: string): void {
  const length = <u32>hex.length / 2;
  const at = heap.alloc(length);
  for (let i: u32 = 0; i < length; i++) {
    store<u8>(at + i, <u8>I32.parseInt(hex.substr(2 * i, 2), 16));
  }
  for (let cut: u32 = 0; cut < length; cut++) {
    const foreign = new ForeignBytes();
    if (cut > 0) foreign.checkBytes(at, cut);
    if (!foreign.isKnown) foreign.checkBytes(at + cut, length - cut);
    same(foreign.protocol, wanted, `${hex} cut at ${cut}:`);
    assert(foreign.isKnown, hex);
  }
  heap.free(at);
}

export function binary_protocols_are_known_by_their_first_bytes(): void {
  known("16030100c8010000c4030366", "TLS");
  known("1603030200", "TLS");
  known("802e0103", "TLS");
  known("5353482d322e302d4f70656e535348", "SSH");
  known("0300002f2ae00000000000", "RDP");
  known("00000054ff534d42", "SMB");
  known("00000054fe534d42", "SMB");
  known("0000000804d2162f", "PostgreSQL");
  known("0000004f00030000", "PostgreSQL");
  known("050100", "SOCKS");
  known("04010050", "SOCKS");
  known("101000044d515454", "MQTT");
  known("101000064d514973" + "6470", "MQTT");
  known("414d515000000901", "AMQP");
  known("13426974546f7272656e74", "BitTorrent");
  known("4a524d4900024b", "Java RMI");
  known("300c0201016007", "LDAP");
  known("30840000002d020107", "LDAP");
  known("0164656661756c740a", "LPD");
  known("8000002872fe1d13", "RPC");
  known("6c000b00", "X11");
  known("4200000b", "X11");
  known("001e0006010000010000", "DNS");
  known("2a310d0a24340d0a", "Redis");
  known("3c3f786d6c20", "XMPP");
  known("3c73747265616d3a", "XMPP");
}

export function what_begins_with_nul_is_a_binary_protocol(): void {
  known("000000716a816e30", "a binary protocol");
  known("000c000010000000", "a binary protocol");
  known("0068006500", "a binary protocol");
}

export function what_people_type_is_of_no_protocol(): void {
  const lines = ["68656c6c6f", "fffd06fff6", "1b5b41", "0d0a68", "53534822", "2a310d0a61", "3c33"];
  for (let i = 0; i < lines.length; i++) known(lines[i], "");
}

function ofLine(line: string, isCut: bool = false): string {
  const at = bytesOf(line);
  const protocol = protocolOfLine(at, <u32>String.UTF8.byteLength(line), isCut);
  heap.free(at);
  return protocol;
}

export function protocols_of_text_are_known_by_their_first_line(): void {
  const http = ["GET / HTTP/1.1", "POST /x?y HTTP/1.0", "CONNECT a.example:443 HTTP/1.1"];
  const more = ["OPTIONS * HTTP/1.1", "PRI * HTTP/2.0", "M-SEARCH * HTTP/1.1", "GET /", "HEAD /a"];
  const all = http.concat(more).concat(["BREW http://a.example/ HTTP/1.1", "GET / HTTP/1.1 "]);
  for (let i = 0; i < all.length; i++) same(ofLine(all[i]), "HTTP", all[i]);
  same(ofLine("OPTIONS rtsp://a.example/ RTSP/1.0"), "RTSP");
  same(ofLine("REGISTER sip:a.example SIP/2.0"), "SIP");
  same(ofLine("CAP LS 302"), "IRC");
  same(ofLine("NICK ann"), "IRC");
  same(ofLine("PASS secret"), "IRC");
  same(ofLine("EHLO a.example"), "SMTP");
  same(ofLine("HELO a.example"), "SMTP");
}

export function a_request_that_is_too_long_is_known_by_its_beginning(): void {
  same(ofLine("GET /" + "a".repeat(100), true), "HTTP");
  same(ofLine("BREW /" + "a".repeat(100), true), "HTTP");
  same(ofLine("GET http://" + "a".repeat(100), true), "HTTP");
  same(ofLine("AND then " + "a".repeat(100), true), "");
}

export function a_line_of_the_chat_is_of_no_protocol(): void {
  const lines = ["", "G", "GET", "GET ", "GET OUT", "get / http/1.1", "GET / HTTP/1.1 is a line"];
  const more = ["HTTP/1.1", "we use HTTP/1.1", "POST IT NOW", "NICK OF TIME", "OK THEN", "PASS"];
  const all = lines.concat(more).concat(["ÄGET / HTTP/1.1", "GET / FTP/1.1", "GET x HTTP/1x1"]);
  for (let i = 0; i < all.length; i++) same(ofLine(all[i]), "", all[i]);
}

export function a_word_with_nothing_but_blanks_behind_is_of_no_protocol(): void {
  const words = ["GET", "CAP", "NICK", "PASS", "EHLO", "HELO", "BREW", "A", "-", "_"];
  const blanks = [" ", "  ", " \t", " ".repeat(5000)];
  for (let i = 0; i < words.length; i++) {
    for (let k = 0; k < blanks.length; k++) {
      same(ofLine(words[i] + blanks[k]), "", words[i]);
      same(ofLine(words[i] + blanks[k], true), "", words[i]);
    }
  }
}

export function nothing_of_another_protocol_is_heard(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "\nGET /\r\nHost: a\r\n\r\n/nick eve\n");
  turn();
  sameNumber(talker.heard.length, 1, "a blank line:");
  same(talker.protocols.join(" "), "HTTP");
  sameNumber(talker.asked[0], CloseReason.FOREIGN);
  const late = host.openConnection();
  const tls = join(late);
  host.feed(late, "\u0016");
  turn();
  host.feed(late, "\u0003\u0001\nx\n");
  turn();
  same(tls.protocols.join(" "), "TLS");
  sameNumber(tls.heard.length, 0);
}

export function what_comes_behind_a_header_is_looked_at_as_well(): void {
  const fd = host.openConnection();
  const talker = join(fd, true);
  host.feed(fd, "PROXY TCP4 203.0.113.7 192.0.2.1 5 9999\r\nSSH-2.0-x\r\n");
  turn();
  same(talker.sources.join(" "), "203.0.113.7:5");
  same(talker.protocols.join(" "), "SSH");
  sameNumber(talker.heard.length, 0);
}

export function a_later_line_is_a_line(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "a\nGET /\nNICK x\n");
  turn();
  host.feed(fd, "PROXY x\nSSH-2.0\n");
  turn();
  same(talker.heard.join("|"), "a|GET /|NICK x|PROXY x|SSH-2.0");
  sameNumber(talker.asked.length, 0);
}

export function a_web_page_says_nothing_in_a_room_and_is_told_why(): void {
  settings.style = Style.LINE;
  settings.announce = 0;
  const ann = enter();
  const eve = enter();
  got(ann);
  got(eve);
  says(eve, "POST / HTTP/1.1\r\nHost: 127.0.0.1:9999\r\n\r\n/nick mallory\nhello\n");
  same(got(eve), "* closed: this is a chat server, and you speak HTTP\n");
  same(got(ann), "");
  sameNumber(chat.users.size, 1);
}
