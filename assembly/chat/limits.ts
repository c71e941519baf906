/**
 * Every bound of the chat, with its unit: the default, and how far an option may move it. The
 * bounds of single parts stand beside them: CHUNK_BYTES (net/chunk), READ_BYTES and CLOSE_SECONDS
 * (net/connection), ACCEPT_BUDGET and the rests (net/listener), OUTPUT_BYTES (net/output).
 */

/** Bytes of the longest line, its end not counted. */
export const LINE_BYTES: i64 = 4096;
export const LINE_BYTES_LEAST: i64 = 16;
/** A line must fit a chunk after it has been made safe, which may triple it, with its stamp. */
export const LINE_BYTES_MOST: i64 = 16_384;

/** People at a time. */
export const CLIENTS: i64 = 10_000;
export const CLIENTS_LEAST: i64 = 1;
export const CLIENTS_MOST: i64 = 100_000;

/** Bytes owed to one client above which it is slow. */
export const SOFT_BYTES: i64 = 262_144;
export const SOFT_BYTES_LEAST: i64 = 1024;
export const SOFT_BYTES_MOST: i64 = 67_108_864;

/** How long a client may be slow, in seconds. */
export const SOFT_SECONDS: i64 = 10;
export const SOFT_SECONDS_LEAST: i64 = 1;
export const SOFT_SECONDS_MOST: i64 = 3600;

/** Bytes owed to one client above which it is closed at once. */
export const HARD_BYTES: i64 = 1_048_576;
export const HARD_BYTES_LEAST: i64 = 1024;
export const HARD_BYTES_MOST: i64 = 268_435_456;

/** Lines a second of one client that are dealt with; the rest waits. 0: as many as come. */
export const RATE_LINES: i64 = 20;
export const RATE_LINES_MOST: i64 = 1_000_000;

/** Lines of one client that may come at once: a paste. */
export const BURST_LINES: i64 = 400;
/** A flood is over when half of a burst may come again: fewer lines would end it too soon. */
export const BURST_LINES_LEAST: i64 = 4;
export const BURST_LINES_MOST: i64 = 1_000_000;

/** How long a client may send more than is dealt with, in seconds. */
export const FLOOD_SECONDS: i64 = 60;
export const FLOOD_SECONDS_MOST: i64 = 86_400;

/** Newcomers beyond CLIENTS who are told so at the same time; any more are closed unheard. */
export const REFUSALS_AT_A_TIME: i32 = 64;

/** How long a stop waits for clients to take what they are owed, in seconds. */
export const STOP_SECONDS: f64 = 1;

/** Rooms at a time, the lobby included. */
export const ROOMS: i64 = 1000;
export const ROOMS_LEAST: i64 = 1;
export const ROOMS_MOST: i64 = 100_000;

/** Lines that a room remembers; its bytes are bounded too, by HISTORY_BYTES (history). */
export const HISTORY_LINES: i64 = 200;
export const HISTORY_LINES_MOST: i64 = 10_000;

/** Lines that somebody hears of what was said before, on coming into a room. */
export const REPLAY_LINES: i64 = 10;
export const REPLAY_LINES_MOST: i64 = 1000;

/** People in a room up to whom each is told who comes and goes. */
export const ANNOUNCE_PEOPLE: i64 = 50;
export const ANNOUNCE_PEOPLE_MOST: i64 = 10_000;

/** Names listed by one answer; the rest are counted. */
export const NAMES_LISTED: i32 = 100;
/** Whom one person may ignore. */
export const IGNORED_MOST: i32 = 100;
/** Characters of a topic, and of a reason for being away. */
export const TOPIC_CHARACTERS: i32 = 300;
/** Characters shown of a word that somebody typed wrongly. */
export const SHOWN_CHARACTERS: i32 = 32;
