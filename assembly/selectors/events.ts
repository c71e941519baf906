/** The two events, as in Python's `selectors`; a mask is their bitwise or. */

/** There is something to read, or the end, or an error: a read would not wait. */
export const EVENT_READ: u32 = 0b01;
/** There is room to write, or an error: a write would not wait. */
export const EVENT_WRITE: u32 = 0b10;

/** Every event there is. */
export const EVENT_ALL: u32 = EVENT_READ | EVENT_WRITE;
