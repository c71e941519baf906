import {
  NO_PLACE,
  NOT_OFFERED,
  BLOCKING_FLAGS_OF_SEVERAL_CHUNKS,
  SocketFlag,
  SocketTable,
} from "../../../../assembly/net/sending/socket_table";
import { Traffic } from "../../../../assembly/net/traffic";
import { AGAIN, PIPE } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { bytesOf, same, sameNumber, sent } from "./support/steps";

const text = bytesOf("hello\n");

export function a_socket_without_flags_is_sent_the_bytes(): void {
  for (let i = 0; i < 200; i++) {
    const fd = host.openConnection();
    const place = SocketTable.add(fd);
    sameNumber(SocketTable.sendDirectly(place, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS), 6);
    sameNumber(SocketTable.sentBytes(place), 6);
    sameNumber(SocketTable.fdAt(place), fd);
    same(sent(fd), "hello\n");
  }
}

export function each_flag_forbids_it_by_itself(): void {
  const fd = host.openConnection();
  const place = SocketTable.add(fd);
  SocketTable.setFlag(place, SocketFlag.OWED, true);
  SocketTable.setFlag(place, SocketFlag.ENDED, true);
  SocketTable.setFlag(place, SocketFlag.OWED, false);
  assert(SocketTable.hasFlag(place, SocketFlag.ENDED));
  sameNumber(
    SocketTable.sendDirectly(place, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS),
    NOT_OFFERED,
  );
  SocketTable.setFlag(place, SocketFlag.OWED, true);
  SocketTable.setFlag(place, SocketFlag.ENDED, false);
  sameNumber(
    SocketTable.sendDirectly(place, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS),
    NOT_OFFERED,
  );
  same(sent(fd), "");
  SocketTable.setFlag(place, SocketFlag.OWED, false);
  sameNumber(SocketTable.sendDirectly(place, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS), 6);
}

export function what_a_socket_does_not_take_is_the_callers_to_see_to(): void {
  const fd = host.openConnection();
  const place = SocketTable.add(fd);
  host.setRoom(fd, 2);
  sameNumber(SocketTable.sendDirectly(place, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS), 2);
  sameNumber(SocketTable.sendDirectly(place, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS), -AGAIN);
  host.setRoom(fd, -1);
  host.failSend(fd, PIPE);
  sameNumber(SocketTable.sendDirectly(place, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS), -PIPE);
  sameNumber(SocketTable.sentBytes(place), 0, "only what was taken whole is counted here:");
  const sends = Traffic.sends.count;
  SocketTable.countSent(place, 2);
  sameNumber(SocketTable.sentBytes(place), 2);
  sameNumber(Traffic.sends.count, sends + 1);
}

export function a_place_is_given_again_as_new_and_the_others_stay(): void {
  const first = SocketTable.add(host.openConnection());
  const second = SocketTable.add(host.openConnection());
  SocketTable.sendDirectly(first, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS);
  SocketTable.setFlag(first, SocketFlag.ENDED, true);
  SocketTable.remove(first);
  const third = SocketTable.add(host.openConnection());
  sameNumber(third, first);
  assert(!SocketTable.hasFlag(third, SocketFlag.ENDED));
  sameNumber(SocketTable.sentBytes(third), 0);
  assert(SocketTable.add(host.openConnection()) != second);
}

export function no_place_is_never_sent_to(): void {
  assert(SocketTable.add(host.openConnection()) != NO_PLACE);
  sameNumber(
    SocketTable.sendDirectly(NO_PLACE, text, 6, BLOCKING_FLAGS_OF_SEVERAL_CHUNKS),
    NOT_OFFERED,
  );
}
