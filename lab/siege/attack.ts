/** The process of the attackers. Its argument is the plan as JSON; the outcomes go to stdout. */
import os from "node:os";
import type { Ports } from "./attackers.js";
import type { Plan } from "./plan.js";
import { ATTACKS } from "./attacks.js";

/** Attackers come from other machines: here they must not take the server's processor time. */
const LESS_PRIORITY = 10;
const PRIORITY_MOST = 19;

os.setPriority(Math.min(os.getPriority() + LESS_PRIORITY, PRIORITY_MOST));
const [plan, ports] = JSON.parse(process.argv[2] ?? "null") as [Plan, Ports];
const attacks = plan.attacks.flatMap((name) => ATTACKS[name] ?? []);
const outcomes = await Promise.all(attacks.map((attack) => attack(plan, ports)));
process.stdout.write(JSON.stringify(outcomes));
process.exit(0);
