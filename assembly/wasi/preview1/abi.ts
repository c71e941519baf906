/**
 * The WASI preview1 ABI as this project uses it: structs, constants and imports from
 * `@assemblyscript/wasi-shim`, and `sock_accept`, which the shim does not declare.
 *
 * Only the files of this folder import it. All other folders call the functions of
 * `assembly/wasi/`.
 */
import {
  event_fd_readwrite,
  fdstat,
  filestat,
  iovec,
  subscription_clock,
  subscription_fd_readwrite,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

export {
  args_get,
  args_sizes_get,
  clock_time_get,
  clockid,
  errno,
  errnoToString,
  event_fd_readwrite,
  eventtype,
  fd_close,
  fd_datasync,
  fd_fdstat_get,
  fd_fdstat_set_flags,
  fd_filestat_get,
  fd_filestat_set_size,
  fd_prestat_dir_name,
  fd_prestat_get,
  fd_read,
  fd_readdir,
  fd_write,
  fdflags,
  fdstat,
  filestat,
  filetype,
  iovec,
  oflags,
  path_open,
  path_unlink_file,
  poll_oneoff,
  prestat,
  proc_exit,
  random_get,
  rights,
  riflags,
  sched_yield,
  sdflags,
  sock_recv,
  sock_send,
  sock_shutdown,
  subscription_clock,
  subscription_fd_readwrite,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

/**
 * Accepts the next pending connection of a listener.
 *
 * @param fd the listener
 * @param flags `fdflags` of the new connection
 * @param accepted the address where the new descriptor (u32) is stored
 * @returns an errno; 6 (AGAIN) if no connection is pending and the listener is non-blocking
 */
@external("wasi_snapshot_preview1", "sock_accept")
export declare function sock_accept(fd: u32, flags: u16, accepted: usize): u16;

/** The size of a `subscription` in bytes. {@link assertLayout} checks its fields. */
export const SUBSCRIPTION_BYTES: usize = 48;
/** The size of an `event` in bytes. */
export const EVENT_BYTES: usize = 32;
/** The size of an `iovec` in bytes. */
const IOVEC_BYTES: usize = 8;
/** The size of an `fdstat` in bytes. */
export const FDSTAT_BYTES: usize = 24;
/** The size of a `filestat` in bytes. */
const FILESTAT_BYTES: usize = 64;

/**
 * Asserts that the compiler lays out the structs as the ABI does. A subclass follows its parent
 * without padding, so a wrong offset would go unnoticed. Source: the witx files of preview1.
 */
export function assertLayout(): void {
  assert(offsetof<subscription_clock>() == SUBSCRIPTION_BYTES, "size of subscription_clock");
  assert(offsetof<subscription_clock>("userdata") == 0, "subscription.userdata");
  assert(offsetof<subscription_clock>("type") == 8, "subscription.type");
  assert(offsetof<subscription_clock>("clock_id") == 16, "subscription.clock_id");
  assert(offsetof<subscription_clock>("timeout") == 24, "subscription.timeout");
  assert(offsetof<subscription_clock>("precision") == 32, "subscription.precision");
  assert(offsetof<subscription_clock>("flags") == 40, "subscription.flags");
  assert(offsetof<subscription_fd_readwrite>("file_descriptor") == 16, "subscription.fd");
  assert(offsetof<event_fd_readwrite>() == EVENT_BYTES, "size of event");
  assert(offsetof<subscription_fd_readwrite>() == SUBSCRIPTION_BYTES, "size of subscription_fd");
  assert(offsetof<event_fd_readwrite>("userdata") == 0, "event.userdata");
  assert(offsetof<event_fd_readwrite>("error") == 8, "event.error");
  assert(offsetof<event_fd_readwrite>("type") == 10, "event.type");
  assert(offsetof<event_fd_readwrite>("nbytes") == 16, "event.nbytes");
  assert(offsetof<event_fd_readwrite>("flags") == 24, "event.flags");
  assert(offsetof<iovec>() == IOVEC_BYTES, "size of iovec");
  assert(offsetof<iovec>("buf") == 0, "iovec.buf");
  assert(offsetof<iovec>("buf_len") == 4, "iovec.buf_len");
  assert(offsetof<fdstat>() == FDSTAT_BYTES, "size of fdstat");
  assert(offsetof<fdstat>("filetype") == 0, "fdstat.filetype");
  assert(offsetof<fdstat>("flags") == 2, "fdstat.flags");
  assert(offsetof<filestat>() == FILESTAT_BYTES, "size of filestat");
  assert(offsetof<filestat>("size") == 32, "filestat.size");
}
