package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// ThisMachine describes it. What cannot be found out is left empty: it decides nothing.
func ThisMachine(root, jdk string) Machine {
	m := Machine{
		CPUs: runtime.NumCPU(),
		Go:   runtime.Version(),
		Java: value(content(filepath.Join(jdk, "release")), "JAVA_RUNTIME_VERSION", "="),
	}
	m.CPUModel = value(content("/proc/cpuinfo"), "model name", ":")
	kib, _ := strconv.ParseFloat(strings.TrimSuffix(value(content("/proc/meminfo"), "MemTotal", ":"), " kB"), 64)
	m.MemoryGiB = kib / (1 << 20)
	m.Kernel = strings.TrimSpace(content("/proc/sys/kernel/osrelease"))
	m.Kubernetes = value(content(filepath.Join(root, "testbed", "versions.env")), "KUBERNETES", "=")
	if out, err := exec.Command("git", "-C", root, "describe", "--always", "--dirty").Output(); err == nil {
		m.Revision = strings.TrimSpace(string(out))
	}
	return m
}

func content(file string) string {
	read, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	return string(read)
}

// value finds the first line that begins with the name.
func value(content, name, separator string) string {
	for line := range strings.Lines(content) {
		key, found, ok := strings.Cut(line, separator)
		if ok && strings.TrimSpace(key) == name {
			return strings.Trim(strings.TrimSpace(found), `"`)
		}
	}
	return ""
}
