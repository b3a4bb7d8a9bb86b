package realnodes

import (
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// requirement is a program that must be there, and the distribution's package
// that has it.
type requirement struct{ program, pkg string }

var requirements = []requirement{
	{"containerd", "containerd"},
	{"ctr", "containerd"},
	{"runc", "runc"},
	{"ip", "iproute2"},
	{"iptables", "iptables"},
	{"conntrack", "conntrack"},
	{"socat", "socat"},
	{"ethtool", "ethtool"},
	{"mount", "mount"},
	{"nsenter", "util-linux"},
	{"unshare", "util-linux"},
	{"setpriv", "util-linux"},
	{"debootstrap", "debootstrap"},
	{"apt-get", "apt"},
	{"python3", "python3"},
}

// cgroupControllers are those without which no pod starts.
var cgroupControllers = []string{"cpu", "cpuset", "memory", "pids"}

// Missing says what this machine lacks, everything at once, one line each.
// Empty means that Up can run.
func Missing() []string {
	if runtime.GOOS != "linux" {
		return []string{"the profile real needs Linux; the profile sim runs here"}
	}
	withSystemPath()
	lines := missingPermission(os.Geteuid())
	if packages := MissingPackages(); len(packages) > 0 {
		lines = append(lines, packagesLine(packages))
	}
	return append(lines, missingKernelFeatures()...)
}

// withSystemPath makes the administrator's programs found, also where the
// user's PATH leaves them out, as after a plain `su`.
func withSystemPath() {
	path := os.Getenv("PATH")
	for _, directory := range []string{"/usr/sbin", "/sbin", "/usr/bin", "/bin"} {
		if !slices.Contains(strings.Split(path, ":"), directory) {
			path += ":" + directory
		}
	}
	os.Setenv("PATH", path)
}

func missingPermission(uid int) []string {
	if uid == 0 {
		return nil
	}
	return []string{"root is missing: containers and networks are made by root only; run it with sudo, or use the profile sim"}
}

// MissingPackages returns the distribution's packages to install.
func MissingPackages() []string {
	withSystemPath()
	packages := missingFrom(requirements, func(program string) bool {
		_, err := exec.LookPath(program)
		return err == nil
	})
	if _, err := cniPlugins(); err != nil {
		packages = append(packages, "containernetworking-plugins")
	}
	if !hasPip("python3") && !hasPip("/usr/bin/python3") {
		packages = append(packages, "python3-pip")
	}
	return packages
}

func hasPip(python string) bool {
	return exec.Command(python, "-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)").Run() == nil
}

func missingFrom(wanted []requirement, there func(program string) bool) []string {
	var packages []string
	for _, r := range wanted {
		if !there(r.program) && !slices.Contains(packages, r.pkg) {
			packages = append(packages, r.pkg)
		}
	}
	return packages
}

// InstallCommand is what installs the packages on a Debian-like machine. Not
// what they recommend: that would be another container engine's worth.
func InstallCommand(packages []string) string {
	return "apt-get install -y --no-install-recommends " + strings.Join(packages, " ")
}

func packagesLine(packages []string) string {
	return "packages are missing; install them: " + InstallCommand(packages)
}

// missingKernelFeatures tries what is needed and reads what can't be tried.
func missingKernelFeatures() []string {
	var lines []string
	if filesystems, err := os.ReadFile("/proc/filesystems"); err == nil && !hasOverlay(string(filesystems)) {
		lines = append(lines, "the kernel has no overlay file system; load it: modprobe overlay")
	}
	if !exists("/proc/self/ns/net") || !exists("/proc/self/ns/mnt") {
		lines = append(lines, "the kernel has no network or mount namespaces; boot one with CONFIG_NET_NS")
	}
	if os.Geteuid() == 0 {
		lines = append(lines, triedFeatures()...)
	}
	return append(lines, missingControllers()...)
}

func hasOverlay(filesystems string) bool {
	return slices.Contains(strings.Fields(filesystems), "overlay") || exec.Command("modprobe", "overlay").Run() == nil
}

// triedFeatures does in a namespace that ends with the command what Up will do.
func triedFeatures() []string {
	if _, err := exec.LookPath("unshare"); err != nil {
		return nil // said as a missing package
	}
	try := func(script string) bool {
		return exec.Command("unshare", "--net", "--mount", "--propagation", "private", "--", "sh", "-ec", script).Run() == nil
	}
	var lines []string
	if !try("mount -t tmpfs tmpfs /mnt") {
		return []string{"new namespaces or mounts are forbidden here (a container without --privileged?); use a machine of its own, or the profile sim"}
	}
	if _, err := exec.LookPath("ip"); err == nil && !try("ip link add end0 type veth peer name end1") {
		lines = append(lines, "the kernel makes no veth interfaces; load them: modprobe veth")
	}
	if _, err := exec.LookPath("iptables"); err == nil && !try("iptables -t nat -A POSTROUTING -m comment --comment x -j MASQUERADE") {
		lines = append(lines, "iptables can't make NAT rules; load the modules: modprobe -a ip_tables iptable_nat nf_nat xt_comment xt_MASQUERADE")
	}
	return lines
}

// missingControllers reads which cgroup controllers are mounted.
func missingControllers() []string {
	all, err := hierarchies()
	if err != nil || len(all) == 0 {
		return []string{"no cgroups are mounted at /sys/fs/cgroup; mount them: mount -t cgroup2 cgroup2 /sys/fs/cgroup"}
	}
	var there []string
	for _, h := range all {
		there = append(there, h.controllers...)
		if h.unified {
			content, _ := os.ReadFile(h.root + "/cgroup.controllers")
			there = append(there, strings.Fields(string(content))...)
		}
	}
	var lines []string
	for _, controller := range cgroupControllers {
		if !slices.Contains(there, controller) {
			lines = append(lines, "the cgroup controller "+controller+" is missing; enable it with the kernel parameter cgroup_enable="+controller)
		}
	}
	return lines
}
