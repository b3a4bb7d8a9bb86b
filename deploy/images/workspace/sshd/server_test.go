package main

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

func newKey(t *testing.T) ssh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// dial comes with a key to a server that lets in another, or the same.
func dial(t *testing.T, home string, lets, comes ssh.Signer) (*ssh.Client, error) {
	t.Helper()
	server, err := newServer(string(ssh.MarshalAuthorizedKey(lets.PublicKey())), home)
	if err != nil {
		t.Fatal(err)
	}
	// Not net.Pipe, which holds nothing: both ends of ssh begin by writing.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		if there, err := listener.Accept(); err == nil {
			server.HandleConn(there)
		}
	}()
	here, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	connection, channels, requests, err := ssh.NewClientConn(here, "workspace", &ssh.ClientConfig{
		User:            "anybody",
		Auth:            []ssh.AuthMethod{ssh.PublicKeys(comes)},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		return nil, err
	}
	client := ssh.NewClient(connection, channels, requests)
	t.Cleanup(func() { _ = client.Close() })
	return client, nil
}

func connect(t *testing.T, home string) *ssh.Client {
	t.Helper()
	key := newKey(t)
	client, err := dial(t, home, key, key)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func newSession(t *testing.T, client *ssh.Client) *ssh.Session {
	t.Helper()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func TestOnlyTheKeyGetsIn(t *testing.T) {
	if _, err := dial(t, t.TempDir(), newKey(t), newKey(t)); err == nil {
		t.Error("another key got in")
	}
	if _, err := newServer("no key", t.TempDir()); err == nil || !strings.Contains(err.Error(), "no key") {
		t.Errorf("a key that is none: %v", err)
	}
}

func TestACommandRunsInTheHomeAndTheEnvironmentOfTheServer(t *testing.T) {
	t.Setenv("RAY_ADDRESS", "127.0.0.1:6379")
	home := t.TempDir()
	session := newSession(t, connect(t, home))
	_ = session.Setenv("LC_ALL", "C.UTF-8")
	_ = session.Setenv("LD_PRELOAD", "mine.so")
	out, err := session.CombinedOutput(`pwd; echo "$RAY_ADDRESS $LC_ALL $LD_PRELOAD."`)
	if want := home + "\n127.0.0.1:6379 C.UTF-8 .\n"; err != nil || string(out) != want {
		t.Errorf("%q, %v, not %q", out, err, want)
	}
}

func TestInputOutputErrorsAndExitCode(t *testing.T) {
	session := newSession(t, connect(t, t.TempDir()))
	content := bytes.Repeat([]byte("0123456789\n"), 100_000)
	session.Stdin = bytes.NewReader(content)
	var out, err bytes.Buffer
	session.Stdout, session.Stderr = &out, &err
	var exit *ssh.ExitError
	if ended := session.Run("cat; echo wrong >&2; exit 7"); !errors.As(ended, &exit) || exit.ExitStatus() != 7 {
		t.Errorf("it ended with %v", ended)
	}
	if !bytes.Equal(out.Bytes(), content) || err.String() != "wrong\n" {
		t.Errorf("%d bytes, and %q", out.Len(), err.String())
	}
}

func TestACommandThatIsKilledEndsAsShellsSay(t *testing.T) {
	var exit *ssh.ExitError
	if ended := newSession(t, connect(t, t.TempDir())).Run("kill -9 $$"); !errors.As(ended, &exit) || exit.ExitStatus() != 137 {
		t.Errorf("it ended with %v", ended)
	}
}

// As rsync does: the client waits for the end of the command, and keeps its own end open.
func TestACommandDoesNotWaitForTheEndOfItsInput(t *testing.T) {
	session := newSession(t, connect(t, t.TempDir()))
	input, err := session.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = input.Close() }()
	if err := session.Run("head -n 0"); err != nil {
		t.Error(err)
	}
}

func TestATerminal(t *testing.T) {
	session := newSession(t, connect(t, t.TempDir()))
	if err := session.RequestPty("xterm-256color", 40, 120, nil); err != nil {
		t.Fatal(err)
	}
	input, err := session.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	session.Stdout = &out
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(input, "stty size; echo $TERM; exit 3\n")
	var exit *ssh.ExitError
	if ended := session.Wait(); !errors.As(ended, &exit) || exit.ExitStatus() != 3 {
		t.Errorf("it ended with %v", ended)
	}
	for _, want := range []string{"40 120\r\n", "xterm-256color\r\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q", want, out.String())
		}
	}
}

// As with ssh -t host command </dev/null.
func TestATerminalOutlivesTheEndOfItsInput(t *testing.T) {
	session := newSession(t, connect(t, t.TempDir()))
	if err := session.RequestPty("xterm", 40, 120, nil); err != nil {
		t.Fatal(err)
	}
	session.Stdin = strings.NewReader("")
	if out, err := session.Output("read -t 1; tty"); err != nil || !strings.HasPrefix(string(out), "/dev/") {
		t.Errorf("%q, %v", out, err)
	}
}

// What edits a whole screen says where each of its lines begins.
func TestATerminalSaysWhatItIsTold(t *testing.T) {
	session := newSession(t, connect(t, t.TempDir()))
	if err := session.RequestPty("xterm", 40, 120, nil); err != nil {
		t.Fatal(err)
	}
	if out, err := session.Output("stty raw; printf 'a\\nb'"); err != nil || string(out) != "a\nb" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestAShellMayLeaveSomethingRunning(t *testing.T) {
	session := newSession(t, connect(t, t.TempDir()))
	if err := session.RequestPty("xterm", 40, 120, nil); err != nil {
		t.Fatal(err)
	}
	var exit *ssh.ExitError
	if ended := session.Run("trap '' HUP; sleep 60 & exit 3"); !errors.As(ended, &exit) || exit.ExitStatus() != 3 {
		t.Errorf("it ended with %v", ended)
	}
}

func TestTheShellOfAClientThatHasLeftEnds(t *testing.T) {
	home := t.TempDir()
	session := newSession(t, connect(t, home))
	if err := session.RequestPty("xterm", 40, 120, nil); err != nil {
		t.Fatal(err)
	}
	out, err := session.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	// Where tests run under nohup, a shell can't trap what it was born deaf to.
	const waits = `exec env --default-signal=HUP bash -c 'trap "echo told >left; exit" HUP; echo ready; while :; do sleep 0.1; done'`
	if err := session.Start(waits); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("ready"))); err != nil {
		t.Fatal(err)
	}
	_ = session.Close()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if content, _ := os.ReadFile(filepath.Join(home, "left")); string(content) == "told\n" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("it goes on")
		}
	}
}

func TestFiles(t *testing.T) {
	home := t.TempDir()
	client, err := sftp.NewClient(connect(t, home))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	file, err := client.Create("notes.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte("mine")); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(filepath.Join(home, "notes.txt")); err != nil || string(content) != "mine" {
		t.Errorf("%q, %v", content, err)
	}
}

// What ssh -L and VS Code's way in by ssh ask for.
func TestAPortIsForwarded(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		accepted, err := listener.Accept()
		if err == nil {
			_, _ = io.WriteString(accepted, "dashboard")
			_ = accepted.Close()
		}
	}()
	connection, err := connect(t, t.TempDir()).Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(connection); err != nil || string(said) != "dashboard" {
		t.Errorf("%q, %v", said, err)
	}
}
