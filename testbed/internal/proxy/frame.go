package proxy

import (
	"bufio"
	"encoding/binary"
	"io"
)

// Opcodes of WebSocket frames (RFC 6455, 5.2).
const (
	opText  = 1
	opClose = 8
)

// frame is one of a WebSocket, as it is on the wire and what it says.
type frame struct {
	final   bool
	opcode  byte
	payload []byte
	wire    []byte
}

// control frames may come between the parts of a message.
func (f frame) control() bool { return f.opcode&8 != 0 }

// readFrame reads a frame of a server, which never masks.
func readFrame(r *bufio.Reader) (frame, error) {
	wire := make([]byte, 2, 10)
	if _, err := io.ReadFull(r, wire); err != nil {
		return frame{}, err
	}
	length := uint64(wire[1] & 0x7f)
	extended := map[uint64]int{126: 2, 127: 8}[length]
	wire = wire[:2+extended]
	if _, err := io.ReadFull(r, wire[2:]); err != nil {
		return frame{}, unexpected(err)
	}
	switch extended {
	case 2:
		length = uint64(binary.BigEndian.Uint16(wire[2:]))
	case 8:
		length = binary.BigEndian.Uint64(wire[2:])
	}
	header := len(wire)
	wire = append(wire, make([]byte, length)...)
	if _, err := io.ReadFull(r, wire[header:]); err != nil {
		return frame{}, unexpected(err)
	}
	return frame{final: wire[0]&0x80 != 0, opcode: wire[0] & 0x0f, payload: wire[header:], wire: wire}, nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// newFrame makes a frame of a server.
func newFrame(opcode byte, payload []byte) []byte {
	wire := []byte{0x80 | opcode}
	switch n := len(payload); {
	case n < 126:
		wire = append(wire, byte(n))
	case n < 1<<16:
		wire = binary.BigEndian.AppendUint16(append(wire, 126), uint16(n))
	default:
		wire = binary.BigEndian.AppendUint64(append(wire, 127), uint64(n))
	}
	return append(wire, payload...)
}

// closeFrame says that all is well (status 1000).
func closeFrame() []byte { return newFrame(opClose, []byte{0x03, 0xe8}) }
