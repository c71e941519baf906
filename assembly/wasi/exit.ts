/** The exit codes of the programs. */

/**
 * The exit codes, numbered as in sysexits.h. The launcher restarts the guest or stops, by this
 * code.
 */
export enum Exit {
  /** The program has stopped as requested. */
  OK = 0,
  /** An option is invalid. A restart would not help. */
  USAGE = 64,
  /** The host passed in no listener. A restart would not help. */
  UNAVAILABLE = 69,
  /** An assertion of the program failed. A restart should help. */
  SOFTWARE = 70,
}
