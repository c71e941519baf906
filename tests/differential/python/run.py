"""run.py PROGRAM PORT: runs a program of the tutorial on another port than its own, and says when
it listens. The program itself knows nothing of it."""
import importlib
import socket
import sys

name, port = sys.argv[1], int(sys.argv[2])
bind, listen = socket.socket.bind, socket.socket.listen


def bind_there(self, _address):
    bind(self, ('127.0.0.1', port))


def listen_and_say(self):
    listen(self)
    print(f'{name}: listening on 127.0.0.1:{port}', file=sys.stderr, flush=True)


socket.socket.bind = bind_there
socket.socket.listen = listen_and_say
importlib.import_module(name).main()
