import { spawn } from "node:child_process";
import net from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connectCommand } from "../../host/launcher/serve/connect_hint.js";
import { writeProgram } from "../support/fake_wasmtime.js";
import { temporaryDirectory } from "../support/temporary.js";

const plain = { host: "127.0.0.1", port: 9999, proxied: false, isIrc: false };

test.each([
  [[plain], "nc 127.0.0.1 9999"],
  [[{ ...plain, host: "::" }], "nc ::1 9999"],
  [[{ ...plain, host: "0.0.0.0", port: 1 }], "nc 127.0.0.1 1"],
  [[{ ...plain, port: 2, proxied: true }, plain], "nc 127.0.0.1 9999"],
  [[{ ...plain, proxied: true }], undefined],
])("for %j it is %j", (listeners, command) => {
  const PATH = temporaryDirectory();
  writeProgram(`${PATH}/nc`, "#!/bin/sh\n");
  expect(connectCommand(listeners, { PATH })).toBe(command);
});

test("without nc it is a line that works with Node alone", async () => {
  const server = net.createServer((socket) => socket.end("welcome\n")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  const command = connectCommand([{ ...plain, port }], { PATH: "" }) ?? "";
  const node = spawn("/bin/sh", ["-c", command.replace(/^node/, process.execPath)]);
  onTestFinished(() => void node.kill());
  let heard = "";
  for await (const text of node.stdout.setEncoding("utf8")) heard += String(text);
  expect(heard).toBe("welcome\n");
});
