/** How a program tells its starter how it went. */

/** The exit codes of every program here; the launcher decides by them. Numbers as in sysexits.h. */
export enum Exit {
  /** Stopped as asked. */
  OK = 0,
  /** An option that the program does not understand; starting it again would not help. */
  USAGE = 64,
  /** No listener was handed in; starting it again would not help. */
  UNAVAILABLE = 69,
  /** An assertion of ours failed; starting it again should help. */
  SOFTWARE = 70,
}
