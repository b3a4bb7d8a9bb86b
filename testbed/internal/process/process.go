package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sp-ray.dev/testbed/internal/lockfile"
)

// Start starts a component, detached from this process and its terminal. Its output goes to
// LogPath. Nothing happens when it already runs.
func Start(stateDir string, s Spec) error {
	if s.Name == "" || strings.ContainsAny(s.Name, "/ ") {
		return fmt.Errorf("%q is no name for a component", s.Name)
	}
	lock, err := lockfile.Acquire(context.Background(), lockPath(stateDir, s.Name), nil)
	if err != nil {
		return fmt.Errorf("start %s: %w", s.Name, err)
	}
	defer lock.Unlock()
	if pidOf(stateDir, s.Name) != 0 {
		return nil
	}
	if err := writeRecord(stateDir, s); err != nil {
		return fmt.Errorf("start %s: %w", s.Name, err)
	}
	if err := launch(stateDir, s, lock); err != nil {
		return fmt.Errorf("start %s: %w", s.Name, err)
	}
	return nil
}

// Restart starts a component again the way it was started before; a suspended one continues.
func Restart(stateDir, name string) error {
	s, err := Recorded(stateDir, name)
	if err != nil {
		return err
	}
	if pid := Pid(stateDir, name); pid != 0 {
		return syscall.Kill(pid, syscall.SIGCONT)
	}
	return Start(stateDir, s)
}

// Stop ends a component: TERM, and KILL for its whole process group when it is still there after
// the grace period. It returns when the process is gone; one that is gone already is no error.
func Stop(stateDir, name string, grace time.Duration) error {
	lock, err := lockfile.Acquire(context.Background(), lockPath(stateDir, name), nil)
	if err != nil {
		return fmt.Errorf("stop %s: %w", name, err)
	}
	defer lock.Unlock()
	pid := pidOf(stateDir, name)
	if pid != 0 && grace > 0 {
		// A suspended process acts on TERM only once it continues.
		if err := send(pid, syscall.SIGTERM, syscall.SIGCONT); err != nil {
			return fmt.Errorf("stop %s: %w", name, err)
		}
		awaitExit(stateDir, name, grace)
	}
	if pid = pidOf(stateDir, name); pid != 0 {
		if err := send(-pid, syscall.SIGKILL); err != nil {
			return fmt.Errorf("stop %s: %w", name, err)
		}
		if !awaitExit(stateDir, name, 10*time.Second) {
			return fmt.Errorf("stop %s: process %d does not end, not even by SIGKILL", name, pid)
		}
	}
	return os.RemoveAll(identityPath(stateDir, name))
}

// Signal sends a signal to a running component.
func Signal(stateDir, name string, signal syscall.Signal) error {
	if _, err := Recorded(stateDir, name); err != nil {
		return err
	}
	pid := Pid(stateDir, name)
	if pid == 0 {
		return fmt.Errorf("%s is not running", name)
	}
	return syscall.Kill(pid, signal)
}

// Running says whether the component's process is there.
func Running(stateDir, name string) bool { return Pid(stateDir, name) != 0 }

// Pid returns the component's process id, 0 when it is not running.
func Pid(stateDir, name string) int {
	if _, err := os.Stat(lockPath(stateDir, name)); err != nil {
		return 0 // never started; and no lock file may appear by asking
	}
	// The lock makes sure that a process that was just started has recorded itself.
	lock, err := lockfile.Acquire(context.Background(), lockPath(stateDir, name), nil)
	if err != nil {
		return pidOf(stateDir, name)
	}
	defer lock.Unlock()
	return pidOf(stateDir, name)
}

// What Condition says.
const (
	Up        = "running"
	Suspended = "suspended"
	Gone      = "not running"
)

// Condition returns the component's process id and how it is.
func Condition(stateDir, name string) (int, string) {
	pid := Pid(stateDir, name)
	if pid == 0 {
		return 0, Gone
	}
	if suspended(pid) {
		return pid, Suspended
	}
	return pid, Up
}

// LogTail returns the last lines of a component's output.
func LogTail(stateDir, name string, lines int) string {
	file, err := os.Open(LogPath(stateDir, name))
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	const enough = 64 << 10
	if info, err := file.Stat(); err == nil && info.Size() > enough {
		_, _ = file.Seek(-enough, 2)
	}
	content := make([]byte, enough)
	n, _ := file.Read(content)
	all := strings.Split(strings.TrimRight(string(content[:n]), "\n"), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	return strings.Join(all, "\n")
}

// pidOf returns the process id from the record, 0 when that very process is gone:
// a process id that meanwhile belongs to another process does not count.
func pidOf(stateDir, name string) int {
	recorded, err := os.ReadFile(identityPath(stateDir, name))
	if err != nil {
		return 0
	}
	pid, _, id := parseIdentity(string(recorded))
	if pid <= 1 || id == "" || identity(pid) != id {
		return 0
	}
	return pid
}

func send(pid int, signals ...syscall.Signal) error {
	for _, signal := range signals {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}

func awaitExit(stateDir, name string, limit time.Duration) bool {
	for deadline := time.Now().Add(limit); pidOf(stateDir, name) != 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// The new process records itself and only then lets go of the lock, which it holds as file
// descriptor 3, and becomes the component.
const recordAndRun = recordIdentity + ` >"$0.new" && mv "$0.new" "$0" && exec 3>&- && exec "$@"`

func launch(stateDir string, s Spec, lock *lockfile.Lock) error {
	if _, err := exec.LookPath(s.Path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(LogPath(stateDir, s.Name)), 0o755); err != nil {
		return err
	}
	log, err := os.OpenFile(LogPath(stateDir, s.Name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	identityFile, err := filepath.Abs(identityPath(stateDir, s.Name))
	if err != nil {
		return err
	}
	_ = os.Remove(identityFile)
	cmd := exec.Command("/bin/sh", append([]string{"-c", recordAndRun, identityFile}, commandLine(s)...)...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{lock.File()}
	cmd.Env = environment(s)
	cmd.Dir = s.Dir
	if cmd.Dir == "" {
		cmd.Dir = stateDir
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	return awaitRecord(identityFile, s.Name, exited)
}

// awaitRecord waits until the new process has recorded itself, so that Running tells the truth
// from then on.
func awaitRecord(identityFile, name string, exited <-chan error) error {
	for {
		if _, err := os.Stat(identityFile); err == nil {
			return nil
		}
		select {
		case err := <-exited:
			if _, statErr := os.Stat(identityFile); statErr == nil {
				return nil // it ran and ended at once; whoever waits for it shows its log
			}
			return fmt.Errorf("%s could not record itself: %v", name, err)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// commandLine wraps the component into its namespaces. Every link of the chain replaces itself by
// the next, so that the process id stays the recorded one.
func commandLine(s Spec) []string {
	var command []string
	if s.Netns != "" {
		// Not `ip netns exec`: that would give each component a mount namespace of its own too.
		command = append(command, "nsenter", "--net=/run/netns/"+s.Netns, "--")
	}
	if s.MountNs {
		command = append(command, "unshare", "--mount", "--propagation", "private", "--")
	}
	if s.Setup != "" {
		command = append(command, "/bin/sh", "-e", "-c", s.Setup+"\n"+`exec "$@"`, "setup")
	}
	return append(append(command, s.Path), s.Args...)
}

// environment is the same wherever the component is started from: a proxy or a KUBECONFIG in the
// caller's shell must not change it.
func environment(s Spec) []string {
	var env []string
	for _, key := range []string{"PATH", "HOME", "USER", "TMPDIR", "LANG"} {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	return append(env, s.Env...)
}

// SignalByName turns KILL, SIGKILL and the like into the signal.
func SignalByName(name string) (syscall.Signal, error) {
	signal := unix.SignalNum("SIG" + strings.TrimPrefix(strings.ToUpper(name), "SIG"))
	if signal == 0 {
		return 0, fmt.Errorf("%q is no signal", name)
	}
	return signal, nil
}
