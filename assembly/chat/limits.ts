/**
 * Bounds of the chat that no option moves, with their units; options/option_table has the others.
 * The bounds of single parts stand beside them: CHUNK_BYTES (net/sending/chunk), READ_BYTES and
 * CLOSE_SECONDS (net/connection/connection), ACCEPT_BUDGET and ACCEPT_RETRY_SECONDS (net/listener),
 * OUTPUT_BYTES (net/stdio/output).
 */

/** A line must fit a chunk after it has been made safe, which may triple it, with its stamp. */
export const LINE_BYTES_MOST: i64 = 16_384;

/** Newcomers beyond `--max-clients` who are told so at the same time; more are closed unheard. */
export const REFUSALS_AT_A_TIME: i32 = 64;

/** How long a stop waits for clients to take what they are owed, in seconds. */
export const STOP_SECONDS: f64 = 1;

/** A slow reader that takes something asks those in its room to wait for so long, in seconds. */
export const BACKPRESSURE_SECONDS: f64 = 0.1;
/** How long each of them then reads nothing after it has said something, in seconds. */
export const THROTTLE_SECONDS: f64 = 0.05;

/** Names listed by one answer; the rest are counted. */
export const NAMES_LISTED: i32 = 100;
/** Whom one person may ignore. */
export const IGNORED_MOST: i32 = 100;
/** Characters of a topic, and of a reason for being away. */
export const TOPIC_CHARACTERS: i32 = 300;
/** Characters shown of a word that somebody typed wrongly. */
export const SHOWN_CHARACTERS: i32 = 32;
