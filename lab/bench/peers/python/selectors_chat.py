"""The tutorial's ChatServer with what it lacks: line framing, a bounded queue for each client,
EVENT_WRITE only while bytes are queued, and error handling for each client.
"""

import selectors
import socket
import sys
import time

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
READ_BYTES = 65536


class Client:
    def __init__(self, sock, name):
        self.sock = sock
        self.name = name
        self.line = b""
        self.queue = bytearray()
        self.room = None
        self.since = 0
        self.mask = READ


class Room:
    def __init__(self):
        self.members = {}
        self.bytes = bytearray()


class ChatServer:
    def __init__(self, sock, line_most, queue_most):
        self.line_most = line_most
        self.queue_most = queue_most
        self.selector = selectors.DefaultSelector()
        self.rooms = {}
        self.dirty = {}
        self.arrivals = 0
        sock.setblocking(False)
        self.selector.register(sock, READ, self.accept)

    def run(self):
        while True:
            for key, mask in self.selector.select():
                if callable(key.data):
                    key.data(key.fileobj)
                else:
                    self.handle(key.data, mask)
            self.end_tick()

    def accept(self, sock):
        for _ in range(256):
            try:
                conn, _address = sock.accept()
            except OSError:
                return
            conn.setblocking(False)
            self.arrivals += 1
            client = Client(conn, b"client-%d" % self.arrivals)
            self.selector.register(conn, READ, client)
            self.join(client, b"lobby")

    def handle(self, client, mask):
        if mask & WRITE and client.room is not None:
            self.give(client, b"")
        if mask & READ and client.room is not None:
            self.read(client)

    def read(self, client):
        try:
            data = client.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close(client)
            return
        lines = (client.line + data).split(b"\n")
        client.line = lines.pop()
        if len(client.line) > self.line_most:
            self.close(client)
            return
        said = []
        prefix = time.strftime("%H:%M:%S ", time.gmtime()).encode() + client.name + b": "
        for line in lines:
            if line == b"quit":
                self.say(client, said)
                self.close(client)
                return
            if line.startswith(b"/join "):
                self.say(client, said)
                said = []
                self.join(client, line[6:])
            elif line and len(line) <= self.line_most and not line.startswith(b"/"):
                said.append(prefix + line)
        self.say(client, said)

    def say(self, client, said):
        if said:
            said.append(b"")
            client.room.bytes += b"\n".join(said)
            self.dirty[client.room] = None

    def join(self, client, name):
        if client.room is not None:
            del client.room.members[client]
        room = self.rooms.setdefault(name, Room())
        room.members[client] = None
        client.room = room
        client.since = len(room.bytes)
        text = b"* you are %s in %s (%d here)\n"
        self.give(client, text % (client.name, name, len(room.members)))

    def give(self, client, data):
        if client.queue:
            client.queue += data
            data = client.queue
        try:
            sent = client.sock.send(data) if data else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close(client)
            return
        if data is client.queue:
            del client.queue[:sent]
        elif sent < len(data):
            client.queue += memoryview(data)[sent:]
        if len(client.queue) > self.queue_most:
            self.close(client)
            return
        mask = READ | WRITE if client.queue else READ
        if mask != client.mask:
            client.mask = mask
            self.selector.modify(client.sock, mask, client)

    def close(self, client):
        if client.room is None:
            return
        del client.room.members[client]
        client.room = None
        self.selector.unregister(client.sock)
        client.sock.close()

    def end_tick(self):
        for room in self.dirty:
            data = bytes(room.bytes)
            room.bytes.clear()
            for client in list(room.members):
                since, client.since = client.since, 0
                if since < len(data):
                    self.give(client, data[since:] if since else data)
        self.dirty.clear()


if __name__ == "__main__":
    ChatServer(socket.socket(fileno=3), int(sys.argv[1]), int(sys.argv[2])).run()
