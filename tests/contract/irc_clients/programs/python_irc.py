"""A client with the library irc. It reads deeds as lines of JSON, and prints each event.

Usage: python_irc.py PORT
"""

import json
import sys
import threading
import time

import irc.client

NICK = "python-irc"
channels = []
reactor = irc.client.Reactor()
connection = reactor.server()


def show(_connection, event):
    if event.type == "all_raw_messages":
        return
    print(event.type, event.target, f"<{event.source}>", *event.arguments, flush=True)
    if event.type == "welcome":
        for channel in channels:
            connection.join(channel)
    if event.type == "disconnect":
        come_back()


def come_back():
    while not connection.is_connected():
        try:
            connection.reconnect()
        except irc.client.ServerConnectionError:
            time.sleep(0.05)


def join(channel):
    channels.append(channel)
    connection.join(channel)


def say(target, text):
    print("own message", target, text, flush=True)
    connection.privmsg(target, text)


deeds = {
    "join": join,
    "names": lambda channel: connection.names([channel]),
    "say": say,
    "act": lambda target, text: connection.action(target, text),
    "tell": say,
    "topic": lambda channel, text: connection.topic(channel, text),
    "kick": lambda channel, nick, why: connection.kick(channel, nick, why),
    "quit": lambda: connection.quit("good night"),
}


def read_deeds():
    for line in sys.stdin:
        deed, *words = json.loads(line)
        deeds[deed](*words)


reactor.add_global_handler("all_events", show)
connection.connect("127.0.0.1", int(sys.argv[1]), NICK, ircname="a real client")
threading.Thread(target=read_deeds, daemon=True).start()
reactor.process_forever(timeout=0.01)
