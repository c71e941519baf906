import { SocketTable, NOT_OFFERED } from "../../../../assembly/net/sending/socket_table";
import { AGAIN, PIPE } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { bytesOf, same, sameNumber, sent, step } from "./support/steps";

export function each_clear_place_is_sent_the_bytes(): void {
  const fanOut = new SocketTable();
  const text = bytesOf("hello\n");
  const fds = new Array<u32>();
  for (let place = 0; place < 9; place++) {
    fds.push(host.openConnection());
    fanOut.add(fds[place], place != 4);
  }
  for (let place = 0; place < 9; place++) {
    sameNumber(fanOut.offer(place, text, 6), place == 4 ? NOT_OFFERED : 6);
    same(sent(fds[place]), place == 4 ? "" : "hello\n");
  }
  fanOut.setClear(4, true);
  fanOut.setClear(5, false);
  sameNumber(fanOut.offer(4, text, 6), 6);
  sameNumber(fanOut.offer(5, text, 6), NOT_OFFERED);
}

export function what_a_socket_does_not_take_is_the_callers_to_see_to(): void {
  const fanOut = new SocketTable();
  const text = bytesOf("hello\n");
  const fd = host.openConnection();
  fanOut.add(fd, true);
  host.setRoom(fd, 2);
  sameNumber(fanOut.offer(0, text, 6), 2);
  sameNumber(fanOut.offer(0, text, 6), -AGAIN);
  host.setRoom(fd, -1);
  host.failSend(fd, PIPE);
  sameNumber(fanOut.offer(0, text, 6), -PIPE);
  sameNumber(fanOut.remove(0), 0, "only what was taken whole is counted here:");
}

export function the_last_one_moves_to_the_place_that_is_free(): void {
  const fanOut = new SocketTable();
  const text = bytesOf("x");
  const first = host.openConnection();
  const second = host.openConnection();
  const third = host.openConnection();
  fanOut.add(first, true);
  fanOut.add(second, true);
  fanOut.add(third, true);
  fanOut.offer(2, text, 1);
  fanOut.offer(0, text, 1);
  fanOut.offer(0, text, 1);
  step();
  sameNumber(fanOut.remove(0), 2);
  fanOut.offer(0, text, 1);
  same(sent(third), "xx");
  sameNumber(fanOut.remove(1), 0);
  sameNumber(fanOut.remove(0), 2);
  fanOut.add(second, true);
  fanOut.offer(0, text, 1);
  same(sent(second), "x");
}
