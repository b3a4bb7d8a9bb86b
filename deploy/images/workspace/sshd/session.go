package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"
	"github.com/gliderlabs/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// patience is how long the last output of a command may take to its client.
const patience = time.Second

// killed is what shells add to the number of the signal that ended a command.
const killed = 128

// openSession serves a channel of a client: a shell, a command, or its files.
//
// The library changes line ends of what is written to a session with a terminal, as if there were
// none behind it; here there is one, and what it says goes to the channel beneath.
func openSession(conn *gossh.ServerConn, offered gossh.NewChannel, ctx ssh.Context, home string) {
	kept := &keptChannel{NewChannel: offered}
	ssh.DefaultSessionHandler(&ssh.Server{
		Handler: func(s ssh.Session) { session(s, kept.channel, home) },
		SubsystemHandlers: map[string]ssh.SubsystemHandler{
			"sftp": func(s ssh.Session) { files(s, home) },
		},
	}, conn, kept, ctx)
}

// keptChannel remembers what it was accepted as.
type keptChannel struct {
	gossh.NewChannel
	channel gossh.Channel
}

func (k *keptChannel) Accept() (gossh.Channel, <-chan *gossh.Request, error) {
	channel, requests, err := k.NewChannel.Accept()
	k.channel = channel
	return channel, requests, err
}

// session runs a shell, or the command that is asked for, to its end.
func session(s ssh.Session, channel io.Writer, home string) {
	command := exec.Command(shell())
	if raw := s.RawCommand(); raw != "" {
		command.Args = append(command.Args, "-c", raw)
	}
	command.Dir = home
	command.Env = append(withTools(os.Environ()), spoken(s.Environ())...)
	var err error
	if _, _, terminal := s.Pty(); terminal {
		err = runOnTerminal(s, channel, command)
	} else {
		err = runPlain(s, command)
	}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		fmt.Fprintln(s.Stderr(), "sshd:", err)
		_ = s.Exit(killed - 1)
		return
	}
	_ = s.Exit(exitCode(command.ProcessState))
}

// withTools adds what is brought along to the end of the path, behind what the image has: rsync asks
// for rsync at the other end.
func withTools(environment []string) []string {
	program, err := os.Executable()
	if err != nil {
		return environment
	}
	tools := filepath.Join(filepath.Dir(program), "..", "rsync", "bin")
	return append(environment, "PATH="+os.Getenv("PATH")+":"+tools)
}

// shell is bash where there is one. That of the user's entry may forbid to log in, and there may be
// no entry.
func shell() string {
	if bash, err := exec.LookPath("bash"); err == nil {
		return bash
	}
	return "/bin/sh"
}

// spoken are the variables that a client may set: those of its language, as servers commonly allow.
func spoken(offered []string) (taken []string) {
	for _, variable := range offered {
		if strings.HasPrefix(variable, "LANG=") || strings.HasPrefix(variable, "LC_") {
			taken = append(taken, variable)
		}
	}
	return taken
}

func runPlain(s ssh.Session, command *exec.Cmd) error {
	command.Stdout = s
	command.Stderr = s.Stderr()
	// Not command.Stdin: its end would be waited for.
	input, err := command.StdinPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(input, s)
		_ = input.Close()
	}()
	return command.Wait()
}

func runOnTerminal(s ssh.Session, channel io.Writer, command *exec.Cmd) error {
	asked, resized, _ := s.Pty()
	command.Env = append(command.Env, "TERM="+asked.Term)
	terminal, err := pty.StartWithSize(command, size(asked.Window))
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		for window := range resized {
			_ = pty.Setsize(terminal, size(window))
		}
		select {
		case <-ended:
		default:
			// The client has left: who runs on the terminal is told as when one is closed. To close it
			// here would tell nobody, as somebody reads from it.
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGHUP)
		}
	}()
	// The end of what the client types is not the end of the terminal.
	go func() { _, _ = io.Copy(terminal, s) }()
	told := make(chan struct{})
	go func() {
		defer close(told)
		_, _ = io.Copy(channel, terminal)
	}()
	err = command.Wait()
	close(ended)
	// What a shell leaves running keeps the terminal open, and isn't waited for.
	select {
	case <-told:
	case <-time.After(patience):
	}
	_ = terminal.Close()
	return err
}

func size(window ssh.Window) *pty.Winsize {
	return &pty.Winsize{Rows: uint16(window.Height), Cols: uint16(window.Width)}
}

func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return killed + int(status.Signal())
	}
	return state.ExitCode()
}
