/**
 * What the chat does, in steps. It stops where the module makes a call that shows how far it has
 * come: where what was said must leave to make room (`flush`), where it reads the clock that a
 * timer counts from (`clock`), and where one client is sent to at once (that client).
 */
import type { Member } from "./member.js";

export type Person = Member<unknown>;
export type Stop = "flush" | "clock" | Person;
export type Steps = Generator<Stop, void, undefined>;
