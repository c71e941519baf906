import {
  Chunk,
  CHUNK_BYTES,
  finishChunk,
  LARGE_CHUNK_BYTES,
} from "../../../../assembly/net/sending/chunk";
import { expectAbort } from "./support/host";
import { sameNumber, step } from "./support/steps";

export function a_new_chunk_is_empty_and_held_once(): void {
  const chunk = Chunk.takeEmpty();
  sameNumber(chunk.length, 0);
  sameNumber(chunk.bytesLeft, CHUNK_BYTES);
  assert(chunk.endAddress == chunk.addressOf(0) && !chunk.isShared);
  sameNumber(Chunk.bytesInUse, CHUNK_BYTES);
}

export function what_is_written_stands_where_it_was_put(): void {
  const chunk = Chunk.takeEmpty();
  store<u32>(chunk.endAddress, 0x11223344);
  chunk.addWritten(4);
  step();
  sameNumber(chunk.length, 4);
  sameNumber(chunk.bytesLeft, CHUNK_BYTES - 4);
  sameNumber(chunk.endAddress - chunk.addressOf(0), 4);
  sameNumber(load<u32>(chunk.addressOf(0)), 0x11223344);
}

export function a_chunk_can_be_filled_to_its_last_byte(): void {
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(CHUNK_BYTES);
  sameNumber(chunk.bytesLeft, 0);
  chunk.addWritten(0);
}

export function a_chunk_cannot_be_filled_beyond_its_last_byte(): void {
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(CHUNK_BYTES);
  expectAbort("chunk overrun");
  chunk.addWritten(1);
}

export function every_holder_lets_go_once(): void {
  const chunk = Chunk.takeEmpty();
  chunk.retain();
  assert(chunk.isShared);
  chunk.release();
  assert(!chunk.isShared);
  sameNumber(Chunk.bytesInUse, CHUNK_BYTES);
  chunk.release();
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_chunk_that_nobody_holds_cannot_be_released(): void {
  const chunk = Chunk.takeEmpty();
  chunk.release();
  expectAbort("release of a chunk that nobody holds");
  chunk.release();
}

export function a_chunk_that_nobody_holds_cannot_be_held(): void {
  const chunk = Chunk.takeEmpty();
  chunk.release();
  expectAbort("hold of a chunk that nobody holds");
  chunk.retain();
}

export function a_released_chunk_is_used_again_and_is_empty(): void {
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(100);
  chunk.release();
  const again = Chunk.takeEmpty();
  assert(again === chunk);
  sameNumber(again.length, 0);
}

export function a_chunk_that_is_still_held_is_not_used_again(): void {
  const chunk = Chunk.takeEmpty();
  chunk.retain();
  chunk.release();
  assert(Chunk.takeEmpty() !== chunk);
}

export function a_finished_chunk_keeps_only_what_slow_readers_hold(): void {
  const chunk = Chunk.takeEmpty();
  store<u32>(chunk.endAddress, 0x11223344);
  chunk.addWritten(4);
  chunk.retain();
  finishChunk(chunk);
  step();
  sameNumber(Chunk.bytesInUse, 4);
  sameNumber(load<u32>(chunk.addressOf(0)), 0x11223344);
  sameNumber(chunk.bytesLeft, 0);
  chunk.release();
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_finished_chunk_that_nobody_else_holds_is_kept_whole_for_the_next_tick(): void {
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(4);
  finishChunk(chunk);
  assert(Chunk.takeEmpty() === chunk);
  sameNumber(chunk.bytesLeft, CHUNK_BYTES);
}

export function a_full_or_an_empty_chunk_is_not_trimmed(): void {
  const full = Chunk.takeEmpty();
  full.addWritten(CHUNK_BYTES);
  full.trim();
  const empty = Chunk.takeEmpty();
  empty.trim();
  sameNumber(empty.bytesLeft, CHUNK_BYTES);
  sameNumber(Chunk.bytesInUse, 2 * CHUNK_BYTES);
}

export function only_so_many_spare_chunks_are_kept(): void {
  const chunks = new Array<Chunk>();
  for (let i = 0; i < 100; i++) chunks.push(Chunk.takeEmpty());
  sameNumber(Chunk.bytesInUse, 100 * CHUNK_BYTES);
  const pages = memory.size();
  for (let i = 0; i < 100; i++) chunks[i].release();
  sameNumber(Chunk.bytesInUse, 0);
  let again = 0;
  for (let i = 0; i < 100; i++) if (chunks.includes(Chunk.takeEmpty())) again++;
  sameNumber(again, 16);
  assert(memory.size() - pages < 8, "what was freed is used again");
}

export function large_chunks_are_kept_for_who_wants_large_ones(): void {
  const large = new Array<Chunk>();
  for (let i = 0; i < 10; i++) large.push(Chunk.takeLarge());
  sameNumber(large[0].bytesLeft, LARGE_CHUNK_BYTES);
  sameNumber(Chunk.bytesInUse, 10 * LARGE_CHUNK_BYTES);
  for (let i = 0; i < 10; i++) large[i].release();
  sameNumber(Chunk.bytesInUse, 0);
  assert(!large.includes(Chunk.takeEmpty()), "an ordinary one is not large");
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
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(1000);
  chunk.retain();
  finishChunk(chunk);
  chunk.release();
}

export function a_chunk_has_the_room_that_is_asked_for(): void {
  const ordinary = Chunk.atLeast(CHUNK_BYTES);
  sameNumber(ordinary.bytesLeft, CHUNK_BYTES);
  const longer = Chunk.atLeast(CHUNK_BYTES + 1);
  sameNumber(longer.bytesLeft, CHUNK_BYTES + 1);
  ordinary.release();
  longer.release();
  sameNumber(Chunk.bytesInUse, 0);
}
