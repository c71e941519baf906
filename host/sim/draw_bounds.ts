/** The fourth part of a world's draw: bounds on silence, and on what comes from one address. */
import type { Random } from "../wasi/virtual/random.js";
import type { ChatSettings } from "./model/settings.js";

/** @returns whether all should come through proxies */
export function drawBounds(random: Random, settings: ChatSettings): boolean {
  if (random.chance(0.4)) {
    settings.idleSeconds = random.pick([0, 1, 2, 3, 5, 8, 20]);
    settings.loginSeconds = random.pick([0, 0, 1, 2, 5]);
    settings.lineSeconds = random.pick([0, 0, 1, 3, 10, 600]);
  }
  if (!random.chance(0.35)) return false;
  settings.maxPerAddress = random.pick([0, 1, 2, 3, 5, 100]);
  settings.addressRate = random.pick([0, random.between(1, 30), random.between(1, 30)]);
  settings.addressBurst = random.between(4, 60);
  return random.chance(0.7);
}
