/** What a component offers to a socket, as the simulator tells the model of it. */
import { expect, test } from "vitest";
import { Offers } from "../../host/sim/offers.js";

const FD = 7;
const PERMIT = 65_536;

/**
 * @param found what is told before an offer of so many bytes
 * @returns what the model was told: bytes, how many were taken, and whether that was all
 */
function told(play: (offers: Offers) => void, found: number[] = []): unknown[] {
  const heard: unknown[] = [];
  const offers: Offers = new Offers(
    {
      sent: (_fd, offered, count, more) =>
        heard.push([offered.map(({ length }) => length), count, more]),
      wantsToSend: (_fd, length) => heard.includes(length),
      brokeSending: () => heard.push("broken"),
    },
    {
      tellUntil: (isEnough) => {
        while (found.length > 0 && !isEnough()) heard.push(found.shift());
      },
      forget: () => heard.push("forgotten"),
    },
    () => offers.end(),
  );
  play(offers);
  offers.end();
  return heard;
}

const bytes = new Uint8Array(10);

test("room is asked for, and all is written", () => {
  const heard = told((offers) => {
    offers.asked(FD, PERMIT, false);
    offers.wrote(FD, bytes);
  });
  expect(heard).toEqual([[[10], 10, undefined]]);
});

test("who is refused and asks again, having let go, has asked once", () => {
  const heard = told((offers) => {
    offers.asked(FD, 0, false);
    offers.asked(FD, PERMIT, true);
    offers.wrote(FD, bytes);
  });
  expect(heard).toEqual([[[10], 10, undefined]]);
});

test("who is refused and asks all the same offers something else", () => {
  const heard = told((offers) => {
    offers.asked(FD, PERMIT, false);
    offers.wrote(FD, bytes);
    offers.asked(FD, 0, false);
    offers.asked(FD, PERMIT, false);
    offers.wrote(FD, bytes);
  });
  expect(heard).toEqual([
    [[10], 10, "maybe"],
    [[], 0, "refused"],
    [[10], 10, undefined],
  ]);
});

test("who asks for room to be closed offers nothing", () => {
  const heard = told((offers) => {
    offers.asked(FD, 0, false);
    offers.asked(FD, 0, false);
    offers.closes(FD);
  });
  expect(heard).toEqual([[[], 0, "refused"]]);
});

test("of what was found only that is told which comes before the offer", () => {
  const heard = told(
    (offers) => {
      offers.asked(FD, PERMIT, false);
      offers.wrote(FD, bytes);
      offers.asked(FD, 0, false);
    },
    [3, 10, 2, 1, 4],
  );
  expect(heard).toEqual([3, 10, [[10], 10, "maybe"], 2, 1, [[], 0, "refused"]]);
});

test("of one to whom nothing can be sent any more, what was found is told no more", () => {
  const heard = told((offers) => {
    offers.asked(FD, PERMIT, false);
    offers.wrote(FD, bytes);
    offers.asked(FD, -1, false);
  });
  expect(heard).toEqual([[[10], 10, "maybe"], [[], -1, "refused"], "broken", "forgotten"]);
});
