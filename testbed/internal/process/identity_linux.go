package process

import (
	"fmt"
	"os"
	"strings"
)

// recordIdentity is the shell command by which a new process records who it is, before it
// becomes the component: its line in /proc (process id, start time) and the boot it belongs to.
const recordIdentity = `cat /proc/$$/stat /proc/sys/kernel/random/boot_id`

// identity is what makes a process id unique: when the process started, and in which boot.
// It is empty when there is no such process, or only its zombie.
func identity(pid int) string {
	state, id := inspect(pid)
	if state == "Z" || state == "X" {
		return ""
	}
	return id
}

func suspended(pid int) bool {
	state, _ := inspect(pid)
	return state == "T"
}

func inspect(pid int) (state, id string) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", ""
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", ""
	}
	_, state, id = parseIdentity(string(stat) + string(boot))
	return state, id
}

// parseIdentity reads the output of recordIdentity.
func parseIdentity(recorded string) (pid int, state, id string) {
	stat, boot, _ := strings.Cut(recorded, "\n")
	// The command's name, in parentheses, may hold blanks and parentheses itself.
	end := strings.LastIndex(stat, ")")
	if end < 0 {
		return 0, "", ""
	}
	fields := strings.Fields(stat[end+1:])
	const startTime = 19 // field 22 of proc(5), counted from the one after the name
	if len(fields) <= startTime {
		return 0, "", ""
	}
	if _, err := fmt.Sscanf(stat, "%d", &pid); err != nil {
		return 0, "", ""
	}
	return pid, fields[0], fields[startTime] + "@" + strings.TrimSpace(boot)
}
