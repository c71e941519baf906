// The chat in idiomatic Go: two goroutines for each client. The lines of a read are rendered once,
// and all clients share those bytes; a client's writer sends everything that is queued with one
// call.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

var lineMost, queueMost int

type room struct {
	sync.Mutex
	members map[*client]struct{}
}

type client struct {
	conn net.Conn
	name string
	room *room

	lock   sync.Mutex
	wake   chan struct{}
	owed   net.Buffers
	bytes  int
	closed bool
}

var (
	roomsLock sync.Mutex
	rooms     = map[string]*room{}
)

func roomOf(name string) *room {
	roomsLock.Lock()
	defer roomsLock.Unlock()
	found := rooms[name]
	if found == nil {
		found = &room{members: map[*client]struct{}{}}
		rooms[name] = found
	}
	return found
}

func (c *client) give(text []byte) {
	c.lock.Lock()
	c.bytes += len(text)
	if c.bytes > queueMost {
		c.closed = true
		c.conn.Close()
	}
	if !c.closed {
		c.owed = append(c.owed, text)
	}
	c.lock.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *client) write() {
	for range c.wake {
		c.lock.Lock()
		owed := c.owed
		c.owed = nil
		length := c.bytes
		closed := c.closed
		c.lock.Unlock()
		if closed {
			return
		}
		if len(owed) == 0 {
			continue
		}
		if _, err := owed.WriteTo(c.conn); err != nil {
			c.conn.Close()
			return
		}
		c.lock.Lock()
		c.bytes -= length
		c.lock.Unlock()
	}
}

func (c *client) join(name string) {
	if c.room != nil {
		c.leave()
	}
	c.room = roomOf(name)
	c.room.Lock()
	c.room.members[c] = struct{}{}
	size := len(c.room.members)
	c.give([]byte(fmt.Sprintf("* you are %s in %s (%d here)\n", c.name, name, size)))
	c.room.Unlock()
}

func (c *client) leave() {
	c.room.Lock()
	delete(c.room.members, c)
	c.room.Unlock()
}

func (r *room) say(text []byte) {
	r.Lock()
	for member := range r.members {
		member.give(text)
	}
	r.Unlock()
}

// onLine handles one line and appends to `said`. It returns false if the client must be closed.
func (c *client) onLine(line []byte, said *bytes.Buffer) bool {
	switch {
	case len(line) == 0 || len(line) > lineMost:
	case string(line) == "quit":
		return false
	case bytes.HasPrefix(line, []byte("/join ")):
		c.flush(said)
		c.join(string(line[6:]))
	case line[0] != '/':
		said.WriteString(time.Now().UTC().Format("15:04:05 "))
		said.WriteString(c.name)
		said.WriteString(": ")
		said.Write(line)
		said.WriteByte('\n')
	}
	return true
}

func (c *client) flush(said *bytes.Buffer) {
	if said.Len() > 0 {
		c.room.say(bytes.Clone(said.Bytes()))
		said.Reset()
	}
}

func (c *client) read() {
	var said bytes.Buffer
	reader := bufio.NewReaderSize(c.conn, 4096)
	var long []byte
	for {
		line, err := reader.ReadSlice('\n')
		if err == bufio.ErrBufferFull && len(long) <= lineMost {
			long = append(long, line...)
			continue
		}
		if err != nil {
			return
		}
		line = line[:len(line)-1]
		if long != nil {
			line = append(long, line...)
			long = nil
		}
		if !c.onLine(line, &said) {
			return
		}
		// Lines of one read are sent together.
		if buffered, _ := reader.Peek(reader.Buffered()); bytes.IndexByte(buffered, '\n') < 0 {
			c.flush(&said)
		}
	}
}

func serve(conn net.Conn, number int) {
	c := &client{conn: conn, name: "client-" + strconv.Itoa(number), wake: make(chan struct{}, 1)}
	go c.write()
	c.join("lobby")
	c.read()
	c.leave()
	c.lock.Lock()
	c.closed = true
	c.lock.Unlock()
	close(c.wake)
	conn.Close()
}

func main() {
	lineMost, _ = strconv.Atoi(os.Args[1])
	queueMost, _ = strconv.Atoi(os.Args[2])
	listener, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(70)
	}
	for number := 1; ; number++ {
		conn, err := listener.Accept()
		if err != nil {
			if strings.Contains(err.Error(), "too many") {
				time.Sleep(10 * time.Millisecond)
				continue
			}
			fmt.Fprintln(os.Stderr, err)
			os.Exit(70)
		}
		go serve(conn, number)
	}
}
