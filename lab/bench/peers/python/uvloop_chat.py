"""The chat on asyncio with uvloop. What is said in one turn of the event loop is rendered once for
each room, and sent to each member with one write.
"""

import asyncio
import socket
import sys
import time

import uvloop

LINE_MOST, QUEUE_MOST = int(sys.argv[1]), int(sys.argv[2])


class Room:
    def __init__(self):
        self.members = {}
        self.said = []


rooms = {}
dirty = {}
arrivals = 0


def end_tick():
    for room in dirty:
        data = b"".join(room.said)
        room.said.clear()
        for client in list(room.members):
            client.give(data)
    dirty.clear()


class Client(asyncio.Protocol):
    def connection_made(self, transport):
        global arrivals
        arrivals += 1
        self.transport = transport
        self.name = b"client-%d" % arrivals
        self.line = b""
        self.room = None
        self.join(b"lobby")

    def connection_lost(self, _error):
        self.room.members.pop(self, None)

    def give(self, data):
        self.transport.write(data)
        if self.transport.get_write_buffer_size() > QUEUE_MOST:
            self.transport.abort()

    def join(self, name):
        if self.room is not None:
            del self.room.members[self]
        # A client that joins gets what is said from now on.
        end_tick()
        self.room = rooms.setdefault(name, Room())
        self.room.members[self] = None
        self.give(b"* you are %s in %s (%d here)\n" % (self.name, name, len(self.room.members)))

    def data_received(self, data):
        lines = (self.line + data).split(b"\n")
        self.line = lines.pop()
        if len(self.line) > LINE_MOST:
            self.transport.abort()
        said = []
        prefix = time.strftime("%H:%M:%S ", time.gmtime()).encode() + self.name + b": "
        for line in lines:
            if line == b"quit":
                self.transport.close()
                break
            if line.startswith(b"/join "):
                self.say(said)
                said = []
                self.join(line[6:])
            elif line and len(line) <= LINE_MOST and not line.startswith(b"/"):
                said.append(prefix + line)
        self.say(said)

    def say(self, said):
        if not said:
            return
        said.append(b"")
        self.room.said.append(b"\n".join(said))
        if not dirty:
            asyncio.get_running_loop().call_soon(end_tick)
        dirty[self.room] = None


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Client, sock=socket.socket(fileno=3), backlog=4096)
    await server.serve_forever()


uvloop.install()
asyncio.run(main())
