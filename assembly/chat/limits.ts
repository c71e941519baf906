/**
 * The fixed limits of the chat, with their units. options/option_table.ts has those that an option
 * sets. Limits of single parts are in their files: CHUNK_BYTES (net/sending/chunk), READ_BYTES and
 * CLOSE_SECONDS (net/connection/connection), ACCEPT_BUDGET and ACCEPT_RETRY_SECONDS (net/listener),
 * OUTPUT_BYTES (net/stdio/output).
 */

/**
 * The largest `--max-line`: a sanitized line may be three times as long, and must fit a chunk.
 * @limit bytes
 */
export const LINE_BYTES_MOST: i64 = 16_384;

/**
 * The server tells at most this many clients at a time that it is full; it closes others silently.
 * @limit clients
 */
export const REFUSALS_AT_A_TIME: i32 = 64;

/**
 * A full server makes room for a new client: it closes the oldest client that connected this long
 * ago and has said nothing since. @limit seconds
 */
export const SILENT_SECONDS: f64 = 60;

/**
 * A stopping server waits for this time until clients have taken their last bytes. @limit seconds
 */
export const STOP_SECONDS: f64 = 1;

/**
 * A slow consumer that takes some bytes throttles the speakers of its room for this time.
 * @limit seconds
 */
export const BACKPRESSURE_SECONDS: f64 = 0.1;
/**
 * After each message of a throttled speaker, the server does not read it for this time.
 * @limit seconds
 */
export const THROTTLE_SECONDS: f64 = 0.05;

/** One answer lists at most this many names and counts the rest. @limit names */
export const NAMES_LISTED: i32 = 100;
/** A user may ignore at most this many others. @limit users */
export const IGNORED_MOST: i32 = 100;
/** A topic, or an away text, has at most this many characters. @limit characters */
export const TOPIC_CHARACTERS: i32 = 300;
/** The most characters of a mistyped word that an error message quotes. */
export const SHOWN_CHARACTERS: i32 = 32;
