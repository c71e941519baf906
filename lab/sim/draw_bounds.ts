/** The fourth part of a world's draw: bounds on silence, and on what comes from one address. */
import type { Random } from "../world/random.js";
import type { ChatSettings } from "./model/settings.js";

/** As many as there are anywhere. */
const ADDRESSES = 9;

/** @returns from how many addresses all should come, through proxies; 0: from anywhere */
export function drawBounds(random: Random, settings: ChatSettings): number {
  settings.logJson = random.chance(0.3);
  if (random.chance(0.4)) {
    settings.idleSeconds = random.pick([0, 1, 2, 3, 5, 8, 20]);
    settings.loginSeconds = random.pick([0, 0, 1, 2, 5]);
    settings.lineSeconds = random.pick([0, 0, 1, 3, 10, 600]);
  }
  if (!random.chance(0.35)) return 0;
  settings.maxPerAddress = random.pick([0, 1, 2, 3, 5, 100]);
  settings.addressRate = random.pick([0, random.between(1, 30), random.between(1, 30)]);
  settings.addressBurst = random.between(4, 60);
  if (random.chance(0.4)) {
    // Nobody says too much by itself, but all from an address may.
    settings.rate = 0;
    settings.maxPerAddress = random.pick([0, 5, 100]);
    settings.addressRate = random.chance(0.5)
      ? random.between(2, 8)
      : random.pick([200, 1000, 1000]);
    settings.addressBurst = random.between(4, 12);
    settings.floodSeconds = random.between(1, 4);
    return random.between(1, 3);
  }
  return random.chance(0.7) ? ADDRESSES : 0;
}
