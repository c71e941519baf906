"""run.py PROGRAM PORT: runs a program of the tutorial on another port than its own, and says when
it listens. The program itself knows nothing of it."""
import importlib
import sys

program = importlib.import_module(sys.argv[1])
server = program.ChatServer
server.__init__.__defaults__ = ('127.0.0.1', int(sys.argv[2]))
start = server.start


def start_and_say(self):
    start(self)
    print(f'{sys.argv[1]}: listening on 127.0.0.1:{sys.argv[2]}', file=sys.stderr, flush=True)


server.start = start_and_say
program.main()
