/** All attacks of a siege, by name. */
import { type Attack, CROWDS } from "./attackers.js";
import { VANDALS } from "./vandals.js";

export const ATTACKS: Record<string, Attack> = { ...CROWDS, ...VANDALS };
