/**
 * The options of `npm run bench`: the scenarios, the servers and the duration that follow from
 * them.
 */
import { expect, test } from "vitest";
import { planned, planText, secondsOf } from "../../../lab/bench/plan.mjs";
import { parse } from "../../../lab/bench/request.mjs";

/** @returns the passes of a command line, as `A sleeping: epoll 5, ...` */
function passes(words: string, oneCore = false): string[] {
  const request = parse(words.split(" ").filter((word) => word !== ""));
  return planned(request, request.servers, oneCore).map(
    ({ scenario, generator, taking }) =>
      `${scenario.name} ${generator}: ` +
      taking.map(({ server, runs }) => `${server.name} ${runs}`).join(", "),
  );
}

test("servers that were asked for take part in all that was, with native epoll", () => {
  expect(passes("--scenario S,J1 --servers go,pollcast-p3 --runs 3")).toEqual([
    "J1 spinning: epoll 3, go 3, pollcast-p3 3",
    "S100 spinning: epoll 3, go 3, pollcast-p3 3",
    "S100 sleeping: epoll 3, go 3, pollcast-p3 3",
    "S1000 spinning: epoll 3, go 3, pollcast-p3 3",
    "S1000 sleeping: epoll 3, go 3, pollcast-p3 3",
    "S5000 spinning: epoll 3, go 3, pollcast-p3 3",
    "S5000 sleeping: epoll 3, go 3, pollcast-p3 3",
  ]);
});

test("what no target is about takes part in fewer runs, beside one generator", () => {
  const [spinning, sleeping] = passes("--scenario A");
  expect(spinning).toContain("rust 2");
  expect(spinning).toContain("pollcast-p3 5, pollcast-p3-nodelay 5");
  expect(sleeping).toBe(
    "A sleeping: epoll 5, epoll-nagle 5, python-selectors 5, pollcast 5, pollcast-p3 5, " +
      "pollcast-p3-nodelay 5",
  );
});

test("the component is measured in every scenario, and the option only where lines are said", () => {
  const all = passes("");
  expect(all.filter((pass) => !pass.includes("pollcast-p3 5"))).toEqual([]);
  const silent = all
    .filter((pass) => !pass.includes("epoll-nagle"))
    .map((pass) => pass.split(":")[0]);
  expect(silent).toEqual(["D2 sleeping", "D10 sleeping", "K spinning", "L0 spinning"]);
});

test.each([
  ["spinning", ["A spinning", "D2 sleeping", "J1 spinning"]],
  ["sleeping", ["A sleeping", "D2 sleeping", "J1 sleeping"]],
  ["both", ["A spinning", "A sleeping", "D2 sleeping", "J1 spinning", "J1 sleeping"]],
])("--generator %s holds wherever lines are said", (word, expected) => {
  const found = passes(`--scenario A,D2,J1 --generator ${word}`);
  expect(found.map((pass) => pass.split(":")[0])).toEqual(expected);
});

test("on one core no generator spins", () => {
  const found = passes("--scenario A,K --generator both", true);
  expect(found.map((pass) => pass.split(":")[0])).toEqual(["A sleeping", "K sleeping"]);
});

test("the whole takes about 25 minutes, and is the only one that goes into the results", () => {
  const request = parse([]);
  const whole = planned(request, request.servers, false);
  expect(secondsOf(whole) / 60).toBeLessThan(26);
  expect(planText(whole)).toMatch(/^\d+ runs, interleaved: about 2\d minutes$/);
  expect(request.out).toMatch(/bench\/RESULTS\.md$/);
  expect(request.out).not.toMatch(/build\//);
  const parts = ["--quick", "--scenario=A", "--servers=go", "--generator=both", "--seconds=2"];
  for (const part of parts) expect(parse([part]).out).toMatch(/build\/bench\/RESULTS\.md$/);
});

test("the time that is told grows with the runs and their windows", () => {
  const secondsFor = (words: string[]) => {
    const request = parse(["--scenario", "A", "--servers", "go", ...words]);
    return secondsOf(planned(request, request.servers, false), request.seconds);
  };
  expect(secondsFor(["--runs", "10"])).toBeCloseTo(2 * secondsFor(["--runs", "5"]));
  // Two servers, two generators, 5 runs, each 2.2 seconds longer.
  expect(secondsFor(["--seconds", "3"])).toBeCloseTo(secondsFor([]) + 2 * 2 * 5 * 2.2);
});

test.each([
  ["--scenario X", "there is no scenario X"],
  ["--servers apache", "there is no server apache"],
  ["--generator awake", '--generator takes spinning, sleeping or both, not "awake"'],
  ["--runs 0", '--runs takes a number above 0, not "0"'],
  ["--faster", "--faster"],
])("%s is answered with what there is", (words, complaint) => {
  const [option = "", ...rest] = words.split(" ");
  expect(() => parse([option, ...rest])).toThrow(complaint);
  expect(() => parse([option, ...rest])).toThrow("npm run bench -- [OPTION...]");
});
