"""The tutorial's echo server, as the tutorial has it.

Repaired where it crashes or never ends, and nowhere else; each repair says so.
"""
import selectors
import threading
import socket
import logging

FORMAT = "%(asctime)s %(threadName)s %(thread)d %(message)s"
logging.basicConfig(format=FORMAT, level=logging.INFO)


def accept(sock: socket.socket, mask):
    conn, raddr = sock.accept()
    conn.setblocking(False)
    key = selector.register(conn, selectors.EVENT_READ, read)
    logging.info(key)


def read(conn: socket.socket, mask):
    # Repair: recv raises ConnectionResetError, which would end the thread and so the server.
    try:
        data = conn.recv(1024)
    except ConnectionResetError:
        data = b''
    # Repair: without it a client that has gone is answered for ever, or until send raises.
    if not data:
        selector.unregister(conn)
        conn.close()
        return
    msg = "Your msg is {}".format(data.decode())
    # Repair: send raises OSError for one that has reset its connection.
    try:
        conn.send(msg.encode())
    except OSError:
        pass


selector = selectors.DefaultSelector()

sock = socket.socket()
# Repair: without it, bind raises OSError while connections of the last run are remembered.
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(('0.0.0.0', 9999))
sock.listen()
logging.info(sock)

sock.setblocking(False)

key = selector.register(sock, selectors.EVENT_READ, accept)
logging.info(key)

e = threading.Event()


def select(e):
    while not e.is_set():
        events = selector.select()
        print('-' * 30)
        for key, mask in events:
            logging.info(key)
            logging.info(mask)
            callback = key.data
            callback(key.fileobj, mask)


threading.Thread(target=select, args=(e,), name='select').start()


def main():
    while not e.is_set():
        cmd = input('>>')
        # Repair: the list is named wrongly below in the tutorial, and filled after it is used.
        fobjs = []
        if cmd.strip() == 'quit':
            e.set()
            logging.info('{}'.format(list(selector.get_map().items())))
            for fd, key in selector.get_map().items():
                print(fd, key)
                print(key.fileobj)
                fobjs.append(key.fileobj)
            for fobj in fobjs:
                selector.unregister(fobj)
                fobj.close()
            selector.close()


if __name__ == '__main__':
    main()
