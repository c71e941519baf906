import {
  Chunk,
  CHUNK_BYTES,
  finish,
  LARGE_CHUNK_BYTES,
} from "../../../../assembly/net/sending/chunk";
import { expectAbort } from "./support/host";
import { sameNumber, step } from "./support/steps";

export function a_new_chunk_is_empty_and_held_once(): void {
  const chunk = Chunk.take();
  sameNumber(chunk.length, 0);
  sameNumber(chunk.left, CHUNK_BYTES);
  assert(chunk.end == chunk.at(0) && !chunk.isShared);
  sameNumber(Chunk.bytesInUse, CHUNK_BYTES);
}

export function what_is_written_stands_where_it_was_put(): void {
  const chunk = Chunk.take();
  store<u32>(chunk.end, 0x11223344);
  chunk.addWritten(4);
  step();
  sameNumber(chunk.length, 4);
  sameNumber(chunk.left, CHUNK_BYTES - 4);
  sameNumber(chunk.end - chunk.at(0), 4);
  sameNumber(load<u32>(chunk.at(0)), 0x11223344);
}

export function a_chunk_can_be_filled_to_its_last_byte(): void {
  const chunk = Chunk.take();
  chunk.addWritten(CHUNK_BYTES);
  sameNumber(chunk.left, 0);
  chunk.addWritten(0);
}

export function a_chunk_cannot_be_filled_beyond_its_last_byte(): void {
  const chunk = Chunk.take();
  chunk.addWritten(CHUNK_BYTES);
  expectAbort("chunk overrun");
  chunk.addWritten(1);
}

export function every_holder_lets_go_once(): void {
  const chunk = Chunk.take();
  chunk.hold();
  assert(chunk.isShared);
  chunk.release();
  assert(!chunk.isShared);
  sameNumber(Chunk.bytesInUse, CHUNK_BYTES);
  chunk.release();
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_chunk_that_nobody_holds_cannot_be_released(): void {
  const chunk = Chunk.take();
  chunk.release();
  expectAbort("release of a chunk that nobody holds");
  chunk.release();
}

export function a_chunk_that_nobody_holds_cannot_be_held(): void {
  const chunk = Chunk.take();
  chunk.release();
  expectAbort("hold of a chunk that nobody holds");
  chunk.hold();
}

export function a_released_chunk_is_used_again_and_is_empty(): void {
  const chunk = Chunk.take();
  chunk.addWritten(100);
  chunk.release();
  const again = Chunk.take();
  assert(again === chunk);
  sameNumber(again.length, 0);
}

export function a_chunk_that_is_still_held_is_not_used_again(): void {
  const chunk = Chunk.take();
  chunk.hold();
  chunk.release();
  assert(Chunk.take() !== chunk);
}

export function a_finished_chunk_keeps_only_what_slow_readers_hold(): void {
  const chunk = Chunk.take();
  store<u32>(chunk.end, 0x11223344);
  chunk.addWritten(4);
  chunk.hold();
  finish(chunk);
  step();
  sameNumber(Chunk.bytesInUse, 4);
  sameNumber(load<u32>(chunk.at(0)), 0x11223344);
  sameNumber(chunk.left, 0);
  chunk.release();
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_finished_chunk_that_nobody_else_holds_is_kept_whole_for_the_next_tick(): void {
  const chunk = Chunk.take();
  chunk.addWritten(4);
  finish(chunk);
  assert(Chunk.take() === chunk);
  sameNumber(chunk.left, CHUNK_BYTES);
}

export function a_full_or_an_empty_chunk_is_not_trimmed(): void {
  const full = Chunk.take();
  full.addWritten(CHUNK_BYTES);
  full.trim();
  const empty = Chunk.take();
  empty.trim();
  sameNumber(empty.left, CHUNK_BYTES);
  sameNumber(Chunk.bytesInUse, 2 * CHUNK_BYTES);
}

export function only_so_many_spare_chunks_are_kept(): void {
  const chunks = new Array<Chunk>();
  for (let i = 0; i < 100; i++) chunks.push(Chunk.take());
  sameNumber(Chunk.bytesInUse, 100 * CHUNK_BYTES);
  const pages = memory.size();
  for (let i = 0; i < 100; i++) chunks[i].release();
  sameNumber(Chunk.bytesInUse, 0);
  let again = 0;
  for (let i = 0; i < 100; i++) if (chunks.includes(Chunk.take())) again++;
  sameNumber(again, 16);
  assert(memory.size() - pages < 8, "what was freed is used again");
}

export function large_chunks_are_kept_for_who_wants_large_ones(): void {
  const large = new Array<Chunk>();
  for (let i = 0; i < 10; i++) large.push(Chunk.takeLarge());
  sameNumber(large[0].left, LARGE_CHUNK_BYTES);
  sameNumber(Chunk.bytesInUse, 10 * LARGE_CHUNK_BYTES);
  for (let i = 0; i < 10; i++) large[i].release();
  sameNumber(Chunk.bytesInUse, 0);
  assert(!large.includes(Chunk.take()), "an ordinary one is not large");
  let again = 0;
  for (let i = 0; i < 10; i++) if (large.includes(Chunk.takeLarge())) again++;
  sameNumber(again, 4);
}

export function trimmed_chunks_leave_no_memory_behind(): void {
  for (let i = 0; i < 50; i++) round();
  const pages = memory.size();
  for (let i = 0; i < 5000; i++) round();
  assert(memory.size() - pages < 8, "memory grows");
}

function round(): void {
  const chunk = Chunk.take();
  chunk.addWritten(1000);
  chunk.hold();
  finish(chunk);
  chunk.release();
}

export function a_chunk_has_the_room_that_is_asked_for(): void {
  const ordinary = Chunk.atLeast(CHUNK_BYTES);
  sameNumber(ordinary.left, CHUNK_BYTES);
  const longer = Chunk.atLeast(CHUNK_BYTES + 1);
  sameNumber(longer.left, CHUNK_BYTES + 1);
  ordinary.release();
  longer.release();
  sameNumber(Chunk.bytesInUse, 0);
}
