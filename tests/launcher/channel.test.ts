import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { ConsoleOutput } from "../../host/launcher/guest/console.js";
import { ControlChannel, QUESTIONS_MOST, Unanswered } from "../../host/launcher/control/channel.js";
import { LineSplitter } from "../../host/launcher/guest/lines.js";
import { type Asker, Operator } from "../../host/launcher/control/operator.js";
import { Log } from "../../host/launcher/guest/log.js";

const CTL: Asker = { name: "ctl", seesLog: false };

/** A guest whose part the test plays. */
class FakeGuest {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  asked = "";

  constructor(channel: ControlChannel) {
    this.stdin.setEncoding("utf8").on("data", (text: string) => (this.asked += text));
    channel.attach(this);
  }

  async says(line: string): Promise<void> {
    this.stdout.write(`${line}\n`);
    await settled();
  }

  /** Answers whatever it is asked. */
  answers(text: (command: string) => string): void {
    this.stdin.on("data", (lines: string) => {
      for (const line of lines.trimEnd().split("\n")) {
        const [id = "", ...words] = line.split(" ");
        const answer = JSON.stringify({ id: Number(id), text: text(words.join(" ")) });
        this.stdout.write(`${answer}\n`);
      }
    });
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test("a question is answered", async () => {
  const channel = new ControlChannel();
  const guest = new FakeGuest(channel);
  const answer = channel.ask("clients");
  await settled();
  expect(guest.asked).toBe("1 clients\n");
  await guest.says('{"id":1,"text":"nobody\\n"}');
  expect(await answer).toEqual({ id: 1, text: "nobody\n" });
});

test("one thing is asked at a time, in order, and an answer may come in pieces", async () => {
  const channel = new ControlChannel();
  const guest = new FakeGuest(channel);
  const [first, second] = [channel.ask("one"), channel.ask("two")];
  await settled();
  expect(guest.asked).toBe("1 one\n");
  guest.stdout.write('{"id":1,"te');
  await settled();
  await guest.says('xt":"1"}');
  expect((await first).text).toBe("1");
  expect(guest.asked).toBe("1 one\n2 two\n");
  await guest.says('{"id":2,"text":"2"}');
  expect((await second).text).toBe("2");
});

test("a command is one line, whatever is put into it", async () => {
  const channel = new ControlChannel();
  const guest = new FakeGuest(channel);
  guest.answers((command) => command);
  expect((await channel.ask("say hi\n2 quit")).text).toBe("say hi 2 quit");
});

test("what nobody answers in time is given up, and asked no more until it is answered", async () => {
  const channel = new ControlChannel();
  const guest = new FakeGuest(channel);
  const late = channel.ask("one", 20);
  await expect(late).rejects.toThrow("the server has not answered within 0.02 s");
  const next = channel.ask("two");
  const never = channel.ask("three", 20);
  await expect(never).rejects.toThrow(Unanswered);
  expect(guest.asked).toBe("1 one\n");
  await guest.says('{"id":1,"text":"late"}');
  expect(guest.asked).toBe("1 one\n2 two\n");
  await guest.says('{"id":2,"text":"in time"}');
  expect((await next).text).toBe("in time");
  expect(guest.asked).toBe("1 one\n2 two\n");
});

test("a guest that ends fails what it was asked; the rest waits for the next", async () => {
  const channel = new ControlChannel();
  new FakeGuest(channel);
  const [first, second] = [channel.ask("one"), channel.ask("two")];
  channel.detach();
  await expect(first).rejects.toThrow("the server ended before it answered");
  expect(channel.isAttached).toBe(false);
  const guest = new FakeGuest(channel);
  guest.answers(() => "from the second");
  await settled();
  expect(channel.guests).toBe(2);
  guest.stdout.write('{"id":2,"text":"from the second"}\n');
  expect((await second).text).toBe("from the second");
});

test("so many questions may wait, and one more is refused", async () => {
  const channel = new ControlChannel();
  const waiting = Array.from({ length: QUESTIONS_MOST }, () => channel.ask("x", 10));
  await expect(channel.ask("x")).rejects.toThrow("the server is being asked too much at once");
  const results = await Promise.allSettled(waiting);
  expect(results.every(({ status }) => status === "rejected")).toBe(true);
});

test("what is no answer is passed on", async () => {
  const others: string[] = [];
  const channel = new ControlChannel((line) => others.push(line));
  const guest = new FakeGuest(channel);
  await guest.says("no JSON");
  await guest.says('{"event":"lost","message":"2 lines"}');
  await guest.says('{"id":99,"text":"nobody asked"}');
  expect(others).toEqual(["no JSON", '{"event":"lost","message":"2 lines"}']);
});

test("it can be told to end whatever it is doing", async () => {
  const channel = new ControlChannel();
  channel.quit();
  const guest = new FakeGuest(channel);
  const asked = channel.ask("one", 20);
  channel.quit();
  await settled();
  expect(guest.asked).toBe("1 one\n2 quit\n");
  await expect(asked).rejects.toThrow(Unanswered);
});

test("lines are cut where they are too long, and letters are not", () => {
  const lines = new LineSplitter(4);
  expect(lines.take("ab")).toEqual([]);
  expect(lines.take("cd\nef\n")).toEqual(["abcd", "ef"]);
  expect(lines.take("abcde")).toEqual(["abcde"]);
  const [first = 0, second = 0] = Buffer.from("é");
  expect(lines.take(Buffer.from([first]))).toEqual([]);
  expect(lines.take(Buffer.from([second, 0x0a]))).toEqual(["é"]);
  lines.take("xy");
  expect(lines.rest()).toBe("xy");
  expect(lines.rest()).toBe("");
});

function operator(answers: Record<string, string>): Operator {
  const channel = new ControlChannel();
  new FakeGuest(channel).answers((command) => answers[command] ?? `unknown: ${command}`);
  return new Operator(channel, new Log(new ConsoleOutput(new PassThrough().resume()), false));
}

test("the launcher's own commands are not the guest's, and stand in the help", async () => {
  const desk = operator({ help: "rooms              which rooms\n" });
  const told: string[] = [];
  desk.add("reload", {
    usage: "reload",
    help: "reads the configuration again",
    run: async (rest) => {
      told.push(rest);
      return Promise.resolve({ text: "done\n" });
    },
  });
  expect(await desk.run("  reload  now please ", CTL)).toEqual({ text: "done\n" });
  expect(told).toEqual(["now please"]);
  const { text } = await desk.run("help", CTL);
  expect(text).toBe(
    "rooms              which rooms\nreload             reads the configuration again\n",
  );
  expect((await desk.run("kick  ann  be kind ", CTL)).text).toBe("unknown: kick ann  be kind");
});

test("commands, names and options are completed", async () => {
  const desk = operator({
    help: "clients  who\nclosed   why\nkick NAME  away\nanything else  counts\n",
    clients: "ann in lobby, 1 s\nbob in lobby, 2 s\nbea in garden, 3 s\n",
    limits: "rate   20   lines\n",
  });
  expect(await desk.complete("cl")).toEqual(["clients ", "closed "]);
  expect(await desk.complete("a")).toEqual([]);
  expect(await desk.complete("kick b")).toEqual(["bob ", "bea "]);
  expect(await desk.complete("set r")).toEqual(["rate "]);
  expect(await desk.complete("say b")).toEqual([]);
  expect(await desk.complete("kick bob b")).toEqual([]);
});
