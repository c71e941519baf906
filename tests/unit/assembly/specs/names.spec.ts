import {
  checkName,
  NAME_BYTES,
  NAME_CHARACTERS,
  NameFault,
  nameFaultText,
  reserveName,
} from "../../../../assembly/text/names";
import { sameNumber } from "./support/steps";

function all(names: string[], fault: NameFault): void {
  for (let i = 0; i < names.length; i++) sameNumber(checkName(names[i]), fault, `"${names[i]}":`);
}

export function names_of_people_pass(): void {
  all(
    ["Ann", "ali", "Ali", "ALI", "jos\u00e9", "jose\u0301", "O_o", "_x_", "a", "_"],
    NameFault.NONE,
  );
  all(["[ann]", "a|b", "{a}\\", "^_^`", "[]"], NameFault.NONE);
  all(["[root]", "ro|ot", "{admin}"], NameFault.RESERVED);
  all(["anna-maria", "j.r.r", "bob2", "x_", "a.-b", "K9"], NameFault.NONE);
  all(["\u0418\u0432\u0430\u043d", "\u039d\u03af\u03ba\u03bf\u03c2"], NameFault.NONE);
  all(["\u05d3\u05d5\u05d3", "\u0639\u0644\u064a", "\u0639\u0644\u064a\u0661"], NameFault.NONE);
  all(["\u0905\u0928\u093f\u0932", "\u0e19\u0e49\u0e33", "\u{1e922}\u{1e923}"], NameFault.NONE);
}

export function an_empty_name_is_none(): void {
  all([""], NameFault.EMPTY);
}

export function a_name_has_32_characters_at_most(): void {
  all(["k".repeat(NAME_CHARACTERS)], NameFault.NONE);
  all(["k".repeat(NAME_CHARACTERS + 1)], NameFault.LONG);
  sameNumber(NAME_CHARACTERS, 32);
}

export function a_name_has_64_bytes_at_most(): void {
  all(["\u0436".repeat(32), "\u4e09".repeat(21), "\u{1e922}".repeat(16)], NameFault.NONE);
  all(["\u4e09".repeat(22), "\u{1e922}".repeat(17), "k".repeat(1000)], NameFault.LONG);
  sameNumber(NAME_BYTES, 64);
}

export function spaces_signs_and_what_is_not_seen_are_no_part_of_a_name(): void {
  all(["a b", " a", "a ", "a\tb", "a\u00a0b", "a\u3000b", "a\nb", "a\0"], NameFault.CHARACTER);
  all(["a\u200bb", "a\u200db", "a\u202eb", "a\u2066b", "a\ufeff", "a\u00ad"], NameFault.CHARACTER);
  all(["a\u{1f600}", "\u2764", "a\ue000", "a\ud800", "\udc00a"], NameFault.CHARACTER);
  all(["a@b", "a:b", "#a", "/a", "a*", "a'b", "a\u2019b"], NameFault.CHARACTER);
}

export function a_mark_stands_after_a_letter_alone(): void {
  all(["a\u0301\u0302"], NameFault.NONE);
  all(["\u0301a", "_\u0301", "a1\u0301", "a.\u0301b"], NameFault.CHARACTER);
}

export function a_letter_has_four_marks_at_most_each_once_in_a_row(): void {
  all(["a\u0301\u0302\u0303\u0304", "a\u0301\u0302\u0301"], NameFault.NONE);
  all(["a\u0301\u0302\u0303\u0304\u0305", "a\u0301\u0301"], NameFault.MARKS);
  all(["\u1000\u103b\u103d\u1014\u103a", "e\u0323\u0302b\u0323"], NameFault.NONE);
}

export function a_name_begins_with_a_letter_and_does_not_end_with_a_sign(): void {
  all(["1a", "-a", ".a", "a-", "a.", "-", ".", "127.0.0.1", "\u0661\u0639"], NameFault.EDGE);
}

export function a_name_is_written_in_one_alphabet(): void {
  all(["\u0430lice", "p\u03b1ul", "a\u0661"], NameFault.MIXED_SCRIPTS);
  all(["\u0430_lice", "\u3042\uac00", "a\u4e09", "\u0430\u05d0"], NameFault.MIXED_SCRIPTS);
  all(["\u5c71\u7530\u306e\u30a2", "\uae40\u5c71", "\u5c71\u3105"], NameFault.NONE);
  all(["\u3042\u3042\u30fc2"], NameFault.NONE);
}

export function the_servers_names_are_reserved(): void {
  all(["server", "SERVER", "console", "system", "admin", "operator"], NameFault.RESERVED);
  all(["everyone", "all", "here", "nobody", "me", "pollcast"], NameFault.RESERVED);
  all(["administrator", "moderator", "root", "localhost"], NameFault.RESERVED);
  all(["ERROR", "NickServ", "ChanServ", "Serv", "NICK-SERV", "Bot_S.erv_"], NameFault.RESERVED);
  all(["*", "*** bob", "*x"], NameFault.RESERVED);
}

export function the_name_of_the_server_for_IRC_is_reserved(): void {
  all(["irc.pollcast", "IRC-P0llcast"], NameFault.RESERVED);
  all(["irc.example.org"], NameFault.NONE);
  reserveName("irc.example.org");
  reserveName("a-name-that-is-longer-than-all.names.of-users.example.org");
  all(["irc.example.org", "irc-examp1e-org"], NameFault.RESERVED);
  all(["ann"], NameFault.NONE);
}

export function what_looks_like_a_reserved_name_is_reserved(): void {
  all(["adm1n", "AdmIn", "adrnin", "a11", "c0nsole"], NameFault.RESERVED);
  all(["s\u0435rver"], NameFault.MIXED_SCRIPTS);
  all(["A1l", "AlI", "aII", "\uff53erver", "_server_", "s.e.r.v.e.r", "m_e"], NameFault.RESERVED);
  all(["\u041c\u0415"], NameFault.RESERVED); // Cyrillic
  all(["servers", "allan", "mel", "Rooted"], NameFault.NONE);
}

export function capitals_that_look_like_a_reserved_name_are_reserved(): void {
  reserveName("nina");
  all(["\u039d\u0399\u039d\u0391", "NINA"], NameFault.RESERVED);
  all(["\u03bd\u03b9\u03bd\u03b1"], NameFault.NONE);
}

export function the_names_of_the_unnamed_are_reserved(): void {
  all(["client-1", "Client-20", "client1", "client_0", "cl1ent-lO"], NameFault.RESERVED);
  all(["client", "client-a", "clients", "client-1a"], NameFault.NONE);
}

export function what_looks_like_an_address_is_reserved(): void {
  all(["l27.0.0.1", "IO.0.0.2", "_127.0.0.1"], NameFault.RESERVED);
  all(["l27.0.0", "l.27.0.0.1", "a.b.c.d"], NameFault.NONE);
}

export function every_fault_has_a_sentence_of_its_own(): void {
  const message: string[] = [];
  for (let fault = NameFault.EMPTY; fault <= NameFault.RESERVED; fault++) {
    const text = nameFaultText(fault);
    assert(text.length > 10 && !text.includes("\n") && !message.includes(text), text);
    message.push(text);
  }
  assert(nameFaultText(NameFault.NONE) == "");
}

export function no_letter_makes_an_address_of_a_name(): void {
  assert(checkName("l0.0.0.7\u02d051234") != NameFault.NONE);
  assert(checkName("a\u02d0b") == NameFault.RESERVED);
  assert(checkName("you") == NameFault.RESERVED);
}
