package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func sleeper(name string) Spec {
	return Spec{Name: name, Path: "/bin/sh", Args: []string{"-c", `echo "started $GREETING"; exec sleep 300`}, Env: []string{"GREETING=hello"}}
}

func startForTest(t *testing.T, stateDir string, s Spec) int {
	t.Helper()
	if err := Start(stateDir, s); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = Stop(stateDir, s.Name, 0) })
	return Pid(stateDir, s.Name)
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
	}
}

func TestStartAndStop(t *testing.T) {
	dir := t.TempDir()
	pid := startForTest(t, dir, sleeper("a"))
	if pid == 0 || !Running(dir, "a") {
		t.Fatal("it does not run")
	}
	eventually(t, "its output", func() bool { return LogTail(dir, "a", 5) == "started hello" })
	if err := Start(dir, sleeper("a")); err != nil || Pid(dir, "a") != pid {
		t.Errorf("a second start made another process (%v)", err)
	}
	if group, err := syscall.Getpgid(pid); err != nil || group != pid {
		t.Errorf("it is in the process group %d (%v), not in its own", group, err)
	}
	if err := Stop(dir, "a", time.Minute); err != nil {
		t.Fatal(err)
	}
	if Running(dir, "a") {
		t.Error("it still runs")
	}
	if err := Stop(dir, "a", time.Second); err != nil {
		t.Errorf("stopping what is gone: %v", err)
	}
	if err := Stop(dir, "never-started", time.Second); err != nil {
		t.Errorf("stopping what never was: %v", err)
	}
	if err := Restart(dir, "a"); err != nil || Pid(dir, "a") == 0 || Pid(dir, "a") == pid {
		t.Errorf("it was not started again (%v)", err)
	}
}

func TestReusedProcessIdIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	startForTest(t, dir, sleeper("a"))
	recorded, err := os.ReadFile(identityPath(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Stop(dir, "a", 0); err != nil {
		t.Fatal(err)
	}
	// Another process now has the process id that the record names.
	stranger := exec.Command("sleep", "300")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Process.Kill(); _ = stranger.Wait() }()
	_, rest, _ := strings.Cut(strings.TrimLeft(string(recorded), " "), " ")
	forged := fmt.Sprintf("%d %s", stranger.Process.Pid, rest)
	if runsOnLinux := strings.Contains(forged, "("); runsOnLinux {
		forged = changeStartTime(t, forged)
	}
	if err := os.WriteFile(identityPath(dir, "a"), []byte(forged), 0o644); err != nil {
		t.Fatal(err)
	}
	if Running(dir, "a") {
		t.Error("the stranger counts as the component")
	}
	if err := Stop(dir, "a", 0); err != nil {
		t.Fatal(err)
	}
	if identity(stranger.Process.Pid) == "" {
		t.Error("the stranger was killed")
	}
}

// changeStartTime makes sure that the record differs from the stranger also when both were
// started within one tick of the clock.
func changeStartTime(t *testing.T, recorded string) string {
	t.Helper()
	_, _, id := parseIdentity(recorded)
	ticks, _, ok := strings.Cut(id, "@")
	if !ok {
		t.Fatalf("no start time in %q", recorded)
	}
	return strings.Replace(recorded, " "+ticks+" ", " 1 ", 1)
}

func TestSuspendedProcessIsStoppedInOrder(t *testing.T) {
	dir := t.TempDir()
	s := Spec{Name: "a", Path: "/bin/sh", Args: []string{"-c", `trap 'echo orderly; exit' TERM; echo ready; while :; do sleep 0.02; done`}}
	startForTest(t, dir, s)
	eventually(t, "ready", func() bool { return LogTail(dir, "a", 1) == "ready" })
	if err := Signal(dir, "a", syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "suspended", func() bool { _, condition := Condition(dir, "a"); return condition == Suspended })
	if err := Stop(dir, "a", time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := LogTail(dir, "a", 1); got != "orderly" {
		t.Errorf("its last words: %q", got)
	}
}

func TestStubbornProcessAndItsChildrenAreKilled(t *testing.T) {
	dir := t.TempDir()
	s := Spec{Name: "a", Path: "/bin/sh", Args: []string{"-c", `trap '' TERM; sleep 300 & echo $!; wait`}}
	startForTest(t, dir, s)
	var child int
	eventually(t, "the child", func() bool { n, _ := fmt.Sscan(LogTail(dir, "a", 1), &child); return n == 1 })
	if err := Stop(dir, "a", 100*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the child is gone", func() bool { return identity(child) == "" })
}

func TestSetupRunsFirstAndItsFailureIsSeen(t *testing.T) {
	dir := t.TempDir()
	good := sleeper("good")
	good.Setup = "echo prepared"
	startForTest(t, dir, good)
	eventually(t, "both lines", func() bool { return LogTail(dir, "good", 5) == "prepared\nstarted hello" })
	bad := sleeper("bad")
	bad.Setup = "echo cannot; false"
	if err := Start(dir, bad); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it ends", func() bool { return !Running(dir, "bad") })
	if got := LogTail(dir, "bad", 5); got != "cannot" {
		t.Errorf("its output: %q", got)
	}
}

func TestMissingProgramIsAnErrorThatNamesTheComponent(t *testing.T) {
	err := Start(t.TempDir(), Spec{Name: "a", Path: "/no/such/program"})
	if err == nil || !strings.Contains(err.Error(), "start a:") {
		t.Errorf("got %v", err)
	}
}

func TestNamesAreInTheOrderOfTheFirstStart(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"c", "a", "b"} {
		startForTest(t, dir, sleeper(name))
	}
	if err := Stop(dir, "c", 0); err != nil {
		t.Fatal(err)
	}
	if err := Restart(dir, "c"); err != nil {
		t.Fatal(err)
	}
	if got := Names(dir); !slices.Equal(got, []string{"c", "a", "b"}) {
		t.Errorf("got %v", got)
	}
}

func TestStartsSideBySideMakeOneProcess(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			s := sleeper("a")
			s.Args[1] = `echo once; exec sleep 300`
			if err := Start(dir, s); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() { _ = Stop(dir, "a", 0) })
	group.Wait()
	eventually(t, "output", func() bool { return LogTail(dir, "a", 9) != "" })
	if got := LogTail(dir, "a", 9); got != "once" {
		t.Errorf("output:\n%s", got)
	}
}

// The starter is killed right after the process was made: whoever asks next has to find it.
func TestProcessIsFoundWhenItsStarterDies(t *testing.T) {
	if os.Getenv("PROCESS_TEST_STARTER") != "" {
		_ = Start(os.Getenv("PROCESS_TEST_STARTER"), sleeper("a"))
		select {}
	}
	for delay := time.Duration(0); delay < 60*time.Millisecond; delay += 3 * time.Millisecond {
		dir := t.TempDir()
		starter := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		starter.Env = append(os.Environ(), "PROCESS_TEST_STARTER="+dir)
		if err := starter.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(delay)
		_ = starter.Process.Kill()
		_ = starter.Wait()
		if err := Stop(dir, "a", 0); err != nil {
			t.Fatal(err)
		}
		if left := processesThatMention(dir); len(left) > 0 {
			t.Fatalf("killed after %s, it left %v", delay, left)
		}
	}
}

// processesThatMention finds processes by their working directory.
func processesThatMention(dir string) []string {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	var found []string
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == dir {
			found = append(found, link)
		}
	}
	return found
}

func TestSignalNames(t *testing.T) {
	for name, want := range map[string]syscall.Signal{"KILL": syscall.SIGKILL, "sigterm": syscall.SIGTERM, "STOP": syscall.SIGSTOP} {
		if got, err := SignalByName(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := SignalByName("NONSENSE"); err == nil {
		t.Error("NONSENSE was accepted")
	}
}

func TestNamespacesKeepTheProcessId(t *testing.T) {
	s := Spec{Path: "/bin/true", Args: []string{"x"}, Netns: "n", MountNs: true, Setup: "mount"}
	got := strings.Join(commandLine(s), " ")
	want := "nsenter --net=/run/netns/n -- unshare --mount --propagation private -- /bin/sh -e -c mount\nexec \"$@\" setup /bin/true x"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
