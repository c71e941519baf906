/** The two events of Python's `selectors`. A mask is their bitwise or. */

/** Readable: a read returns data, the end of the stream or an error, and does not block. */
export const EVENT_READ: u32 = 0b01;
/** Writable: a write takes bytes or returns an error, and does not block. */
export const EVENT_WRITE: u32 = 0b10;

/** The mask of all events. */
export const EVENT_ALL: u32 = EVENT_READ | EVENT_WRITE;
