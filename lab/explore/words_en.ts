/** The sentences in English. */
import type { Said, Words } from "./words.js";

const by = ({ by }: Said) => (by === undefined ? "The program" : by);
const bytes = (count: number) => (count === 1 ? "1 byte" : `${count} bytes`);

export const EN: Words = {
  client: (client) => `client-${client + 1}`,
  console: "the console",
  sleepsInPoll: (watched) =>
    `select() has called poll_oneoff, which watches ${watched}. Nothing of it is ready, so the ` +
    "program waits in this one call. Phase 1: waiting for data.",
  sleepsInCall: (said) =>
    `${by(said)} has called ${said.what}, which blocks: there is nothing yet, so the program ` +
    "waits in this call, for this one descriptor. Phase 1: waiting for data.",
  stops:
    "The program still spins: no data, no wait, and select() returns at once. The run is " +
    "stopped here. By itself it would go on for ever.",
  happening: {
    connect: (who) =>
      `${who} connects. The kernel puts the connection into the listener's queue; the program ` +
      "has not been told.",
    write: (who, text) => `${who} sends ${text}. The bytes are on their way.`,
    end: (who) => `${who} hangs up.`,
    pause: (who) => `${who} stops reading.`,
    resume: (who) => `${who} reads again.`,
    console: (_, text) => `The operator types ${text} on the console.`,
    arrived: (who) =>
      `What ${who} has sent is in the kernel's buffer: phase 1 is over for this descriptor. ` +
      "Nothing has been copied to the program.",
    received: (who, text) => `${who} receives ${text}.`,
    ended: (who) => `${who} sees that the connection has ended.`,
  },
  returns: ({ count, told, waited, toldCount, ready, times }) => {
    const after = waited === "" ? "without a wait" : `after a wait of ${waited}`;
    const list = `${count} descriptor${count === 1 ? "" : "s"}`;
    const lies = ready !== undefined && toldCount > ready;
    const over = lies
      ? ` This host reports ${toldCount} events; ${ready} ${ready === 1 ? "is" : "are"} true.`
      : "";
    const again = times > 1 ? ` It does so ${times} times in a row, each time the same.` : "";
    return told === ""
      ? `poll_oneoff returns ${after}: of ${list} none is ready.${again}`
      : `poll_oneoff returns ${after}: of ${list}, it reports ${told}.${over}${again}`;
  },
  again: (times) =>
    `It is called again and returns the same, ${times === 1 ? "once" : `${times} times`}: the ` +
    "program has done nothing between.",
  asksInVain: (said) =>
    said.times > 1
      ? `${by(said)} asks each descriptor in turn, ${said.times} calls in all, and each answers ` +
        "AGAIN: nothing is there. No call has waited."
      : `${by(said)} calls ${said.what}. It returns AGAIN at once: nothing is there.`,
  accepts: (said) =>
    `${by(said)} accepts the connection: from now on it is descriptor ${said.moved}.`,
  reads: (said) =>
    `${by(said)} calls ${said.what}: ${bytes(said.moved)} are copied from the kernel to the ` +
    `program's memory, at address ${said.address}. Phase 2: copying.`,
  readsEnd: (said) => `${by(said)} reads 0 bytes from ${said.fd}: the client has hung up.`,
  readsConsole: (said) => `${by(said)} reads ${said.text} from the console, descriptor ${said.fd}.`,
  sends: (said) =>
    `${by(said)} calls ${said.what}: ${bytes(said.moved)} are handed to the kernel, ${said.text}.`,
  closes: (said) => `${by(said)} closes descriptor ${said.fd}.`,
  logs: (said) => `${by(said)} logs ${said.text}.`,
  verifies: (said, isReady) =>
    `The selector does not take the host's word: it asks ${said.what} and learns that it is ` +
    `${isReady ? "ready" : "not ready"}.`,
  calls: (said) => `${by(said)} calls ${said.what}.`,
  fails: (said) => `${by(said)} calls ${said.what}, which fails: ${said.failure}.`,
};
