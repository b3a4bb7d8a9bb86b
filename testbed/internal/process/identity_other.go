//go:build !linux

package process

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// recordIdentity is the shell command by which a new process records who it is, before it
// becomes the component.
const recordIdentity = `ps -o pid=,state=,lstart= -p $$`

// identity is what makes a process id unique: when the process started.
// It is empty when there is no such process, or only its zombie.
func identity(pid int) string {
	state, id := inspect(pid)
	if strings.HasPrefix(state, "Z") {
		return ""
	}
	return id
}

func suspended(pid int) bool {
	state, _ := inspect(pid)
	return strings.HasPrefix(state, "T")
}

func inspect(pid int) (state, id string) {
	out, err := exec.Command("ps", "-o", "pid=,state=,lstart=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return "", ""
	}
	_, state, id = parseIdentity(string(out))
	return state, id
}

// parseIdentity reads the output of recordIdentity.
func parseIdentity(recorded string) (pid int, state, id string) {
	fields := strings.Fields(recorded)
	if len(fields) < 3 {
		return 0, "", ""
	}
	if _, err := fmt.Sscanf(fields[0], "%d", &pid); err != nil {
		return 0, "", ""
	}
	return pid, fields[1], strings.Join(fields[2:], " ")
}
