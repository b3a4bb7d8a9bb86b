package realnodes

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// checkFileSystem refuses a state directory on which containers can't have
// their file systems: an overlay can't be laid on an overlay, as inside of
// another container.
func (l layout) checkFileSystem() error {
	if err := os.MkdirAll(l.stateDir, 0o755); err != nil {
		return err
	}
	out, err := run(context.Background(), "stat", "--file-system", "--format", "%T", l.stateDir)
	if err != nil {
		return err
	}
	if kind := strings.TrimSpace(out); kind == "overlayfs" {
		return fmt.Errorf("%s is on a file system of the kind %s, which can't hold containers; use --dir with a directory on a disk or a tmpfs", l.stateDir, kind)
	}
	return nil
}
