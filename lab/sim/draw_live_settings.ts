/** Draws what operators change while the server runs: settings, and drains. */
import type { Random } from "../world/random.js";
import { type Event, NO_CLIENT } from "./spec.js";

const VALUES: Record<string, readonly (number | string)[]> = {
  "max-line": [16, 17, 300, 4096, 16_384],
  "max-clients": [1, 3, 10, 10_000],
  "max-rooms": [1, 2, 1000],
  "rooms-per-client": [1, 2, 20],
  history: [0, 1, 5, 200],
  replay: [0, 3, 50],
  announce: [0, 1, 3],
  "announce-rate": [0, 1, 5],
  "show-addresses": ["no", "yes", "maybe"],
  style: ["line", "json", "json2", "tutorial", "plain"],
  rate: [0, 1, 5, 20],
  burst: [4, 40, 400],
  "first-burst": [4, 40],
  "flood-seconds": [1, 5, 60],
  "max-per-address": [0, 1, 2, 10],
  "address-rate": [0, 2, 10],
  "address-burst": [4, 20, 2000],
  "address-arrivals": [0, 1, 50],
  "idle-seconds": [0, 1, 3, 10],
  "login-seconds": [0, 1, 5],
  "line-seconds": [0, 1, 600],
  "soft-limit": [1024, 8192, 262_144],
  "soft-seconds": [1, 10],
  "hard-limit": [1024, 65_536, 1_048_576],
};
const WRONG = ["-1", "9999999999", "x", "", "1 2", "0x1", "007"];
const NAMES = ["time-zone", "data", "nothing", "--rate", "--idle-seconds", "max-queued"];

export function drawLiveSettings(random: Random, lastAt: number, events: Event[]): void {
  const type = (text: string) => {
    events.push({ act: "command", text: `${text}\n`, at: random.below(lastAt), client: NO_CLIENT });
  };
  if (random.chance(0.35)) {
    for (let left = random.between(1, 8); left > 0; left--) type(setting(random));
  }
  if (random.chance(0.1)) type("limits");
  if (random.chance(0.06))
    type(`drain ${random.pick(["", "0", "1", "3", "8", "x", "3601", "1 s"])}`);
}

function setting(random: Random): string {
  const [name, values] = random.pick(Object.entries(VALUES));
  const value = random.chance(0.9) ? random.pick(values) : random.pick(WRONG);
  return `set ${random.chance(0.9) ? name : random.pick(NAMES)} ${value}`;
}
