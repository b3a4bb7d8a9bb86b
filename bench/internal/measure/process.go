package measure

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ticksPerSecond is USER_HZ, which is 100 on every architecture that Linux shows it to programs on.
const ticksPerSecond = 100

// CPUSeconds is what a process has used, in user and kernel mode.
func CPUSeconds(pid int) (float64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return cpuSeconds(string(stat))
}

func cpuSeconds(stat string) (float64, error) {
	// The second field is the program's name in brackets and may hold anything.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	const utime, stime = 11, 12 // counted from the third field
	if len(fields) <= stime {
		return 0, fmt.Errorf("not a line of /proc/PID/stat: %q", stat)
	}
	ticks := 0
	for _, field := range []string{fields[utime], fields[stime]} {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return float64(ticks) / ticksPerSecond, nil
}

// Memory is a process' resident memory in MiB, now and at its highest.
type Memory struct{ Now, Peak float64 }

// ResidentMemory reads it.
func ResidentMemory(pid int) (Memory, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Memory{}, err
	}
	return residentMemory(string(status)), nil
}

func residentMemory(status string) Memory {
	var m Memory
	for line := range strings.Lines(status) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kib, err := strconv.ParseFloat(fields[1], 64)
		switch {
		case err != nil:
		case fields[0] == "VmRSS:":
			m.Now = kib / 1024
		case fields[0] == "VmHWM:":
			m.Peak = kib / 1024
		}
	}
	return m
}

// BusySeconds is the CPU time that the whole machine has used.
func BusySeconds() (float64, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	return busySeconds(string(stat))
}

func busySeconds(stat string) (float64, error) {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, fmt.Errorf("not /proc/stat: %q", line)
	}
	ticks := 0
	// user, nice, system, irq, softirq, steal; not idle and iowait. Guests are in user already.
	for _, i := range []int{1, 2, 3, 6, 7, 8} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return float64(ticks) / ticksPerSecond, nil
}
