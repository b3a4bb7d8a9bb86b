// Package versions reads the pinned versions of everything that the testbed builds or installs.
package versions

import (
	"bufio"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"sp-ray.dev/testbed"
)

// Only what bash and Go read alike is allowed: no quotes, no expansion, no blanks.
var line = regexp.MustCompile(`^([A-Z][A-Z0-9_]*)=([A-Za-z0-9._+:/@-]+)$`)

// Get returns the version pinned under the key, such as KUBERNETES.
// An unknown key is a mistake in the program, therefore it panics.
func Get(key string) string {
	value, ok := pinned()[key]
	if !ok {
		panic(fmt.Sprintf("versions.env has no line %s=", key))
	}
	return value
}

var pinned = sync.OnceValue(func() map[string]string {
	parsed, err := Parse(testbed.VersionsFile)
	if err != nil {
		panic(err)
	}
	return parsed
})

// Parse reads KEY=value lines; blank lines and lines that start with # are skipped.
func Parse(text string) (map[string]string, error) {
	parsed := map[string]string{}
	scanner := bufio.NewScanner(strings.NewReader(text))
	for number := 1; scanner.Scan(); number++ {
		content := strings.TrimSpace(scanner.Text())
		if content == "" || strings.HasPrefix(content, "#") {
			continue
		}
		match := line.FindStringSubmatch(content)
		if match == nil {
			return nil, fmt.Errorf("versions.env, line %d: %q is not KEY=value without quotes and blanks", number, content)
		}
		if _, twice := parsed[match[1]]; twice {
			return nil, fmt.Errorf("versions.env, line %d: %s is there twice", number, match[1])
		}
		parsed[match[1]] = match[2]
	}
	return parsed, scanner.Err()
}
