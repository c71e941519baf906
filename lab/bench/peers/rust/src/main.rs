//! The chat on mio; the same source for native and wasm32-wasip1. What is said in a tick is
//! rendered once for each room, and sent once to each member; only what the kernel does not take is
//! copied.

mod chat;

use std::io::{self, ErrorKind};
use std::os::fd::FromRawFd;

use chat::Chat;
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};

const LISTENER: Token = Token(usize::MAX);
const EVENTS: usize = 1024;

fn main() -> io::Result<()> {
    let words = std::env::args().skip(1);
    let limits: Vec<usize> = words.filter_map(|word| word.parse().ok()).collect();
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(EVENTS);
    let listener = unsafe { std::net::TcpListener::from_raw_fd(3) };
    listener.set_nonblocking(true)?;
    let mut listener = TcpListener::from_std(listener);
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut chat = Chat::new(poll.registry().try_clone()?, limits[0], limits[1]);
    loop {
        chat.end_tick();
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            // On WASI a single reset fails the whole poll, without saying which connection it was.
            Err(_) if cfg!(target_os = "wasi") => {
                chat.read_all();
                continue;
            }
            other => other?,
        }
        for event in events.iter() {
            if event.token() == LISTENER {
                // mio reports a readable listener once, so all queued connections must be accepted.
                while let Ok((stream, _)) = listener.accept() {
                    chat.accept(stream);
                }
                continue;
            }
            if event.is_writable() {
                chat.write(event.token().0);
            }
            if event.is_readable() || event.is_read_closed() || event.is_error() {
                chat.read(event.token().0);
            }
        }
    }
}
