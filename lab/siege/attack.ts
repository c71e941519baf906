/** The process of the attackers. Its argument is the plan as JSON; the outcomes go to stdout. */
import { attack, type Doors } from "./attackers.js";
import type { Plan } from "./plan.js";

const [plan, doors] = JSON.parse(process.argv[2] ?? "null") as [Plan, Doors];
process.stdout.write(JSON.stringify(await attack(plan, doors)));
process.exit(0);
