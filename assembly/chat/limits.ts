/**
 * Bounds of the chat that no option moves, with their units; options/option_table has the others.
 * The bounds of single parts stand beside them: CHUNK_BYTES (net/sending/chunk), READ_BYTES and
 * CLOSE_SECONDS (net/connection/connection), ACCEPT_BUDGET and ACCEPT_RETRY_SECONDS (net/listener),
 * OUTPUT_BYTES (net/stdio/output).
 */

/**
 * `--max-line` accepts this at most: a safe copy may be three times as long, and must fit a chunk.
 * @limit bytes
 */
export const LINE_BYTES_MOST: i64 = 16_384;

/**
 * The server tells this many clients at a time that it is full, and closes others without a word.
 * @limit clients
 */
export const REFUSALS_AT_A_TIME: i32 = 64;

/** A stop waits so long for clients to take their last bytes. @limit seconds */
export const STOP_SECONDS: f64 = 1;

/** A slow consumer that takes something holds back its speakers for so long. @limit seconds */
export const BACKPRESSURE_SECONDS: f64 = 0.1;
/** A speaker that is held back reads nothing for so long after each read. @limit seconds */
export const THROTTLE_SECONDS: f64 = 0.05;

/** A client is in so many rooms at a time. @limit rooms */
export const MEMBERSHIPS_MOST: i32 = 1;

/** One answer lists so many names and counts the rest. @limit names */
export const NAMES_LISTED: i32 = 100;
/** A user may ignore so many others. @limit users */
export const IGNORED_MOST: i32 = 100;
/** A topic, or a reason for being away, has so many characters at most. @limit characters */
export const TOPIC_CHARACTERS: i32 = 300;
/** Characters shown of a word that somebody typed wrongly. */
export const SHOWN_CHARACTERS: i32 = 32;
