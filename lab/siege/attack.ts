/** The process of the attackers. Its argument is the plan as JSON; the outcomes go to stdout. */
import { attack, type Ports } from "./attackers.js";
import type { Plan } from "./plan.js";

const [plan, ports] = JSON.parse(process.argv[2] ?? "null") as [Plan, Ports];
process.stdout.write(JSON.stringify(await attack(plan, ports)));
process.exit(0);
