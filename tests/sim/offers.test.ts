/** What a component offers to a socket, as the simulator tells the model of it. */
import { expect, test } from "vitest";
import { Offers } from "../../host/sim/offers.js";

const FD = 7;
const PERMIT = 65_536;

/** @returns what the model was told: bytes, how many were taken, and whether that was all */
function told(play: (offers: Offers) => void): unknown[] {
  const heard: unknown[] = [];
  const offers: Offers = new Offers(
    {
      sent: (_fd, offered, count, more) =>
        heard.push([offered.map(({ length }) => length), count, more]),
      brokeSending: () => heard.push("broken"),
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
