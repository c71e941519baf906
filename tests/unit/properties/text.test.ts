/** Text from clients: how it is split into lines, sanitized, and parsed as options. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter } from "../../../lab/sim/model/line_splitter.js";
import { sanitized } from "../../../lab/sim/model/sanitize.js";
import { cut, lineBytes, RUNS, troublesomeBytes } from "./support/drawn.js";
import { Parts } from "./support/parts.js";

const parts = new Parts();

describe("lines", () => {
  /** Is given all the bytes at once. */
  function linesOf(bytes: Buffer, limit: number) {
    const splitter = new LineSplitter(limit);
    const lines = [...splitter.split(bytes)];
    const last = splitter.last();
    return [...lines, ...(last === undefined ? [] : [last])].map((line) => ({
      bytes: line.bytes,
      tooLong: line.kind === "too long",
    }));
  }

  test("are the same, however the bytes come", () => {
    fc.assert(
      fc.property(
        fc.oneof(lineBytes, troublesomeBytes),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (bytes, cuts, limit) => {
          parts.call("newReader", limit);
          const held = cut(bytes, cuts).map((piece) => parts.callWith("read", piece));
          parts.call("finishReading");
          expect(parts.takeTold()).toEqual(linesOf(bytes, limit));
          expect(Math.max(...held)).toBeLessThanOrEqual(limit);
        },
      ),
      RUNS,
    );
  });
});

describe("what others are shown", () => {
  const shown = (bytes: Uint8Array) => {
    parts.callWith("makeSafe", bytes);
    return parts.takeTold()[0]?.bytes ?? Buffer.alloc(0);
  };
  // eslint-disable-next-line no-control-regex
  const FORBIDDEN = /[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]|\p{Bidi_Control}/u;

  test("is UTF-8 without anything that moves a cursor or turns the text around", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(troublesomeBytes, (bytes) => {
        const safe = shown(bytes);
        expect(strict.decode(safe)).not.toMatch(FORBIDDEN);
        expect(safe.length).toBeLessThanOrEqual(bytes.length * 3);
        expect(safe).toEqual(sanitized(bytes));
        expect(shown(safe)).toEqual(safe);
      }),
      RUNS,
    );
  });

  /** Passes only behind what it belongs to. */
  const SHAPELESS = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;

  /** A row of blanks, and what stays of it: its first one, and then spaces, at most eight in a row. */
  const BLANKS = /[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]+/g;
  const shortened = ([first = "", ...others]: string) =>
    first + " ".repeat(Math.min(others.length, first === " " ? 7 : 8));

  test("is what was said, if that was harmless", () => {
    const character = fc
      .oneof(
        fc.constantFrom("\t", " ", " ", "\u3000"),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      )
      .filter((one) => !FORBIDDEN.test(one) && !SHAPELESS.test(one));
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const text = characters.join("");
        const expected = Buffer.from(text.replaceAll(BLANKS, shortened));
        expect(shown(Buffer.from(text))).toEqual(expected);
      }),
      RUNS,
    );
  });
});

describe("options", () => {
  const KINDS = new Map([
    ["--flag", "flag"],
    ["--count", "number"],
    ["--text", "text"],
  ]);

  /** Returns the expected report of the guest; for a mistake a pattern of one line. */
  function expected(words: readonly string[]): string[] | RegExp {
    const values = new Map([
      ["--flag", ""],
      ["--count", "7"],
      ["--text", "none"],
    ]);
    const given = new Set<string>();
    const others: string[] = [];
    const left = [...words];
    for (let word = left.shift(); word !== undefined; word = left.shift()) {
      const [, name = "", value] = /^(--[^=]*)(?:=([^]*))?$/.exec(word) ?? [];
      const kind = KINDS.get(name);
      if (name === "") others.push(word);
      else if (kind === undefined) return /^unknown option [^]*: see --help$/;
      else if (kind === "flag" && value !== undefined) return /^option --flag takes no value$/;
      else {
        given.add(name);
        const text = kind === "flag" ? "" : (value ?? left.shift());
        if (text === undefined) return /^option --(count|text) needs a value: --\w+ (N|TEXT)$/;
        if (kind === "number" && !isCount(text)) {
          return /^option --count takes a whole number from 3 to 5000, not "[^]*"$/;
        }
        values.set(name, text);
      }
    }
    const settings = [...values].map(([name, value]) => `${given.has(name)} ${value}`);
    return ["", ...settings, String(BigInt(values.get("--count") ?? "")), ...others];
  }

  function isCount(text: string): boolean {
    return /^[0-9]{1,18}$/.test(text) && BigInt(text) >= 3n && BigInt(text) <= 5000n;
  }

  const plain = fc.constantFrom(
    ...[
      "--flag",
      "--flag=",
      "--flag=yes",
      "--count",
      "--count=12",
      "--count=",
      "--text",
      "--text=",
    ],
    ...[
      "--text=a=b",
      "--text=--flag",
      "--",
      "-",
      "",
      "--help",
      "--countt",
      "word",
      "3",
      "2",
      "5000",
    ],
    ...["5001", "007", "-4", "4.5", "0x10", "9".repeat(18), "9".repeat(19), "1".repeat(30), "٣"],
    // Too long for 64 bits, and just right once cut to them.
    ...["--count=18446744073709551623", `--count=${"7".padStart(19, "0")}`],
  );
  const word = fc.oneof(
    { weight: 4, arbitrary: plain },
    fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.replaceAll("\0", "")),
    fc.string({ maxLength: 8 }).map((text) => `--${text}`),
    fc.bigInt({ min: -10n, max: 10n ** 19n }).map((value) => `--count=${value}`),
    fc.integer({ min: 0, max: 5002 }).map((value) => `--count=${value}`),
  );

  test("are read as they are meant, or there is one mistake", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        parts.callWith("parse", Buffer.from(words.map((one) => `${one}\0`).join("")));
        const told = parts.takeTold().map(({ bytes }) => bytes.toString());
        const wanted = expected(words);
        if (wanted instanceof RegExp) {
          expect(told).toHaveLength(1);
          expect(told[0]).toMatch(wanted);
        } else {
          expect(told).toEqual(wanted);
        }
      }),
      RUNS,
    );
  });
});
