package operator

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"sp-ray.dev/bench/internal/install"
)

// JVM says how sp-ray's Java machine deviates from the chart's.
type JVM struct {
	Jar     string   // with its libraries in lib/ beside it; "" is the work tree's
	Heap    string   // -Xmx; "" leaves it to the chart's share of the memory limit
	Options []string // appended
	Args    []string // of the operator, appended
}

// SpRay starts the operator of the work tree as the chart's Deployment would.
func SpRay(root string, identity install.Identity, chart install.Command, jvm JVM, log string) (Spec, error) {
	jar, err := findJar(root, jvm)
	if err != nil {
		return Spec{}, err
	}
	home, err := JDK(root)
	if err != nil {
		return Spec{}, err
	}
	options := JVMOptions(chart, jvm)
	return Spec{
		Program: filepath.Join(home, "bin", "java"),
		Args: func(metricsPort, healthPort int) []string {
			args := append(append([]string{}, options...), "-jar", jar)
			args = append(args, chart.Args...)
			args = append(args, "--metrics-port="+strconv.Itoa(metricsPort), "--health-port="+strconv.Itoa(healthPort), "--signing-port=0")
			return append(args, jvm.Args...)
		},
		Kubeconfig: identity.Kubeconfig,
		Env:        []string{"LOG_FORMAT=json", "LOG_LEVEL=INFO"},
		Log:        log,
		Account:    identity.ServiceAccount,
	}, nil
}

func findJar(root string, jvm JVM) (string, error) {
	if jvm.Jar != "" {
		return filepath.Abs(jvm.Jar)
	}
	jars, err := filepath.Glob(filepath.Join(root, "operator", "target", "sp-ray-operator-*-SNAPSHOT.jar"))
	if err == nil && len(jars) != 1 {
		err = errors.New("the operator is not built: build/mvn -q package -DskipTests -pl api,operator -am")
	}
	if err != nil {
		return "", err
	}
	return jars[0], nil
}

// JVMOptions are the chart's. Outside of a container the Java machine is told the memory limit,
// which its heap is a share of.
func JVMOptions(chart install.Command, jvm JVM) []string {
	options := append([]string{}, chart.JVMOptions...)
	if chart.MemoryLimit > 0 {
		options = append(options, fmt.Sprintf("-XX:MaxRAM=%d", chart.MemoryLimit))
	}
	if jvm.Heap != "" {
		options = append(options, "-Xmx"+jvm.Heap)
	}
	return append(options, jvm.Options...)
}

// JDK is the home of the JDK that the work tree is built with.
func JDK(root string) (string, error) {
	out, err := exec.Command(filepath.Join(root, "build", "find-jdk")).Output()
	if err != nil {
		return "", fmt.Errorf("build/find-jdk: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// LiveHeap collects garbage and returns what is left, in MiB.
func LiveHeap(root string, pid int) (float64, error) {
	home, err := JDK(root)
	if err != nil {
		return 0, err
	}
	jcmd := filepath.Join(home, "bin", "jcmd")
	if out, err := exec.Command(jcmd, strconv.Itoa(pid), "GC.run").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("jcmd GC.run: %w: %s", err, out)
	}
	out, err := exec.Command(jcmd, strconv.Itoa(pid), "GC.heap_info").Output()
	if err != nil {
		return 0, fmt.Errorf("jcmd GC.heap_info: %w", err)
	}
	return usedHeap(string(out)), nil
}

// usedHeap adds up the generations of the serial collector, or reads the total of others. Metaspace
// is not heap.
func usedHeap(info string) float64 {
	kib := 0.0
	for line := range strings.Lines(info) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Metaspace") {
			break
		}
		_, used, found := strings.Cut(line, " used ")
		if !found {
			continue
		}
		number, _, _ := strings.Cut(used, "K")
		if n, err := strconv.ParseFloat(number, 64); err == nil {
			kib += n
		}
	}
	return kib / 1024
}
