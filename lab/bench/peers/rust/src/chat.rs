//! Clients, rooms and outboxes. This file does not wait for events; main.rs does.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

const READ_BYTES: usize = 65536;
const LOBBY: u32 = u32::MAX;

struct Client {
    stream: TcpStream,
    name: Vec<u8>,
    line: Vec<u8>,
    queue: Vec<u8>,
    sent: usize,
    watches_out: bool,
    closed: bool,
    room: u32,
    place: usize,
    from: usize,
}

#[derive(Default)]
struct Room {
    bytes: Vec<u8>,
    members: Vec<usize>,
}

pub struct Chat {
    registry: Registry,
    line_most: usize,
    queue_most: usize,
    clients: Vec<Option<Client>>,
    free: Vec<usize>,
    rooms: HashMap<u32, Room>,
    dirty: Vec<u32>,
    ended: Vec<usize>,
    arrivals: u64,
    buffer: Vec<u8>,
    stamp: [u8; 9],
    is_stamped: bool,
}

impl Chat {
    pub fn new(registry: Registry, line_most: usize, queue_most: usize) -> Chat {
        Chat {
            registry,
            line_most,
            queue_most,
            clients: Vec::new(),
            free: Vec::new(),
            rooms: HashMap::new(),
            dirty: Vec::new(),
            ended: Vec::new(),
            arrivals: 0,
            buffer: vec![0; READ_BYTES],
            stamp: *b"00:00:00 ",
            is_stamped: false,
        }
    }

    pub fn accept(&mut self, mut stream: TcpStream) {
        let index = self.free.pop().unwrap_or_else(|| {
            self.clients.push(None);
            self.clients.len() - 1
        });
        if self.registry.register(&mut stream, Token(index), Interest::READABLE).is_err() {
            self.free.push(index);
            return;
        }
        self.arrivals += 1;
        self.clients[index] = Some(Client {
            stream,
            name: format!("client-{}", self.arrivals).into_bytes(),
            line: Vec::new(),
            queue: Vec::new(),
            sent: 0,
            watches_out: false,
            closed: false,
            room: LOBBY,
            place: 0,
            from: 0,
        });
        self.join(index, LOBBY);
        self.greet(index, "lobby");
    }

    pub fn read(&mut self, index: usize) {
        loop {
            let Some(client) = self.clients.get_mut(index).and_then(Option::as_mut) else { return };
            if client.closed {
                return;
            }
            let length = match client.stream.read(&mut self.buffer) {
                Ok(0) => return self.close(index),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return self.close(index),
            };
            let buffer = std::mem::take(&mut self.buffer);
            self.take_lines(index, &buffer[..length]);
            self.buffer = buffer;
            // After a short read, the next poll reports further data.
            if length < READ_BYTES {
                return;
            }
        }
    }

    /// Reads from all clients, to find those whose connection has failed.
    pub fn read_all(&mut self) {
        for index in 0..self.clients.len() {
            self.read(index);
        }
    }

    fn take_lines(&mut self, index: usize, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let Some(client) = self.clients[index].as_mut().filter(|client| !client.closed) else {
                return;
            };
            if client.line.is_empty() {
                self.on_line(index, &rest[..end]);
            } else {
                let mut line = std::mem::take(&mut client.line);
                line.extend_from_slice(&rest[..end]);
                self.on_line(index, &line);
            }
            rest = &rest[end + 1..];
        }
        let Some(client) = self.clients[index].as_mut() else { return };
        client.line.extend_from_slice(rest);
        if client.line.len() > self.line_most {
            self.close(index);
        }
    }

    fn on_line(&mut self, index: usize, line: &[u8]) {
        if line.is_empty() || line.len() > self.line_most {
            return;
        }
        if line == b"quit" {
            self.close(index);
        } else if let Some(name) = line.strip_prefix(b"/join r") {
            let number = std::str::from_utf8(name).ok().and_then(|text| text.parse().ok());
            let room: u32 = number.unwrap_or(0);
            self.leave(index);
            self.join(index, room);
            self.greet(index, &format!("r{room}"));
        } else if line[0] != b'/' {
            self.say(index, line);
        }
    }

    fn say(&mut self, index: usize, line: &[u8]) {
        if !self.is_stamped {
            self.restamp();
        }
        let Some(client) = self.clients[index].as_ref() else { return };
        let Some(room) = self.rooms.get_mut(&client.room) else { return };
        if room.bytes.is_empty() {
            self.dirty.push(client.room);
        }
        room.bytes.extend_from_slice(&self.stamp);
        room.bytes.extend_from_slice(&client.name);
        room.bytes.extend_from_slice(b": ");
        room.bytes.extend_from_slice(line);
        room.bytes.push(b'\n');
    }

    fn restamp(&mut self) {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
        let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
        let text = format!("{hour:02}:{minute:02}:{:02} ", seconds % 60);
        self.stamp.copy_from_slice(text.as_bytes());
        self.is_stamped = true;
    }

    fn join(&mut self, index: usize, number: u32) {
        let room = self.rooms.entry(number).or_default();
        let Some(client) = self.clients[index].as_mut() else { return };
        client.room = number;
        client.place = room.members.len();
        client.from = room.bytes.len();
        room.members.push(index);
    }

    fn leave(&mut self, index: usize) {
        let Some(client) = self.clients[index].as_ref() else { return };
        let place = client.place;
        let Some(room) = self.rooms.get_mut(&client.room) else { return };
        room.members.swap_remove(place);
        if let Some(moved) = room.members.get(place) {
            if let Some(other) = self.clients[*moved].as_mut() {
                other.place = place;
            }
        }
    }

    fn greet(&mut self, index: usize, room: &str) {
        let Some(client) = self.clients[index].as_ref() else { return };
        let size = self.rooms.get(&client.room).map_or(0, |room| room.members.len());
        let name = String::from_utf8_lossy(&client.name);
        let text = format!("* you are {name} in {room} ({size} here)\n");
        self.give(index, text.as_bytes());
    }

    fn give(&mut self, index: usize, bytes: &[u8]) {
        let Some(client) = self.clients[index].as_mut() else { return };
        let mut sent = 0;
        if client.queue.is_empty() {
            match client.stream.write(bytes) {
                Ok(length) => sent = length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return self.close(index),
            }
        }
        if sent == bytes.len() {
            return;
        }
        if client.queue.len() - client.sent + bytes.len() - sent > self.queue_most {
            return self.close(index);
        }
        client.queue.drain(..client.sent);
        client.sent = 0;
        client.queue.extend_from_slice(&bytes[sent..]);
        self.watch(index);
    }

    pub fn write(&mut self, index: usize) {
        let Some(client) = self.clients.get_mut(index).and_then(Option::as_mut) else { return };
        while client.sent < client.queue.len() && !client.closed {
            match client.stream.write(&client.queue[client.sent..]) {
                Ok(length) => client.sent += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => return self.close(index),
            }
        }
        client.queue.clear();
        client.sent = 0;
        self.watch(index);
    }

    fn watch(&mut self, index: usize) {
        let Some(client) = self.clients[index].as_mut() else { return };
        let out = !client.queue.is_empty();
        if out == client.watches_out || client.closed {
            return;
        }
        client.watches_out = out;
        let interest =
            if out { Interest::READABLE.add(Interest::WRITABLE) } else { Interest::READABLE };
        if self.registry.reregister(&mut client.stream, Token(index), interest).is_err() {
            self.close(index);
        }
    }

    fn close(&mut self, index: usize) {
        let Some(client) = self.clients[index].as_mut() else { return };
        if !client.closed {
            client.closed = true;
            self.ended.push(index);
        }
    }

    /// Sends what was said in this tick, and removes closed clients.
    pub fn end_tick(&mut self) {
        self.is_stamped = false;
        while let Some(number) = self.dirty.pop() {
            let Some(room) = self.rooms.get_mut(&number) else { continue };
            let mut bytes = std::mem::take(&mut room.bytes);
            for place in 0..self.rooms[&number].members.len() {
                let index = self.rooms[&number].members[place];
                let Some(client) = self.clients[index].as_mut() else { continue };
                let from = std::mem::take(&mut client.from);
                if !client.closed && from < bytes.len() {
                    self.give(index, &bytes[from..]);
                }
            }
            bytes.clear();
            if let Some(room) = self.rooms.get_mut(&number) {
                room.bytes = bytes;
            }
        }
        while let Some(index) = self.ended.pop() {
            self.leave(index);
            if let Some(mut client) = self.clients[index].take() {
                let _ = self.registry.deregister(&mut client.stream);
            }
            self.free.push(index);
        }
    }
}
