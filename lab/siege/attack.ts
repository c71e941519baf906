/** The process of the attackers. Its argument is the plan as JSON; the outcomes go to stdout. */
import { attack, type Ports } from "./attackers.js";
import type { Plan } from "./plan.js";
import { vandalize } from "./vandals.js";

const [plan, ports] = JSON.parse(process.argv[2] ?? "null") as [Plan, Ports];
const outcomes = await Promise.all([attack(plan, ports), vandalize(plan, ports)]);
process.stdout.write(JSON.stringify(outcomes.flat()));
process.exit(0);
