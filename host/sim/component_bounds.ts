/** Bounds of the component's own, which its observer has to know. */
import { SECOND_NS } from "../wasi/virtual/world.js";

/** Entries beyond which everybody is asked by itself now and then. */
export const SURE_ENTRIES = 100;
/** What a peer has for taking what was sent to it before the close. */
export const REMAINS_NS = 10 * SECOND_NS;

/** As the loop tries those who were busy a moment ago. */
export const EXPECT_TURNS = 8;
export const EXPECT_NS = 5_000_000;
export const EXPECTED_MOST = 32;
