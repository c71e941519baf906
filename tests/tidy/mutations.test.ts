/** Each mutation of the simulator refers to a place in the guest's sources that still exists. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/lib/root.mjs";
import { planting } from "../../lab/sim/changed_chat.mjs";
import { CHAT_MUTATIONS } from "../../lab/sim/mutations/chat.mjs";
import { COMPONENT_MUTATIONS } from "../../lab/sim/mutations/component.mjs";
import { IRC_MUTATIONS } from "../../lab/sim/mutations/irc.mjs";
import { KEPT_MUTATIONS } from "../../lab/sim/mutations/kept.mjs";
import { LIMIT_MUTATIONS } from "../../lab/sim/mutations/limits.mjs";
import { NET_MUTATIONS } from "../../lab/sim/mutations/net.mjs";

const mutations = [
  ...[...NET_MUTATIONS, ...CHAT_MUTATIONS, ...LIMIT_MUTATIONS, ...KEPT_MUTATIONS],
  ...[...COMPONENT_MUTATIONS, ...IRC_MUTATIONS],
];

test("the text that a mutation replaces is in its file once", () => {
  const lost = mutations.filter(({ file, from }) => {
    const text = fs.readFileSync(path.join(root, "assembly", file), "utf8");
    return text.split(from).length !== 2;
  });
  expect(mutations.length).toBeGreaterThan(70);
  expect(lost.map(({ name }) => name)).toEqual([]);
});

test("each mutation changes its file when the compiler reads it", () => {
  const unchanged = mutations.filter((mutation) => {
    const file = path.join(root, "assembly", mutation.file);
    const text = fs.readFileSync(file, "utf8");
    return planting(mutation)(path.relative(root, file), text) === text;
  });
  expect(unchanged.map(({ name }) => name)).toEqual([]);
});
