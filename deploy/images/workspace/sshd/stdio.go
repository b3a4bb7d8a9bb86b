package main

import (
	"errors"
	"net"
	"os"
	"time"
)

// stdio is a connection through standard input and output.
type stdio struct{}

func (stdio) Read(p []byte) (int, error)  { return os.Stdin.Read(p) }
func (stdio) Write(p []byte) (int, error) { return os.Stdout.Write(p) }
func (stdio) Close() error                { return errors.Join(os.Stdin.Close(), os.Stdout.Close()) }

func (stdio) LocalAddr() net.Addr  { return peer{} }
func (stdio) RemoteAddr() net.Addr { return peer{} }

// Nobody waits longer for the client than the client does for this.
func (stdio) SetDeadline(time.Time) error      { return nil }
func (stdio) SetReadDeadline(time.Time) error  { return nil }
func (stdio) SetWriteDeadline(time.Time) error { return nil }

// peer is where the client is: at the other end of an exec into the pod.
type peer struct{}

func (peer) Network() string { return "exec" }
func (peer) String() string  { return "exec" }
