/**
 * Draws the limits on idle clients and on addresses. It has a random stream of its own (5), so that
 * the other parts of a seed's world do not change with it.
 */
import type { Random } from "../world/random.js";
import type { ChatSettings } from "./model/settings.js";

/** The number of addresses that clients have by default. */
const ADDRESSES = 9;

/** Draws the limits on announcements and arrivals. */
export function drawArrivals(random: Random, settings: ChatSettings): void {
  if (random.chance(0.5)) settings.announceRate = random.pick([1, 1, 2, 5, 5, 100]);
  if (random.chance(0.4)) settings.addressArrivals = random.pick([1, 1, 2, 50]);
}

/**
 * @returns the number of addresses that all clients must come from, through proxies; 0: any number
 * of addresses
 */
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
  settings.firstBurst = settings.addressBurst;
  if (random.chance(0.4)) {
    // No single client exceeds a limit, but all clients of an address together may.
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
