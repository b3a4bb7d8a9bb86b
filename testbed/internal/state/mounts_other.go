//go:build !linux

package state

// The profiles that run elsewhere than on Linux mount nothing.
func mountsBelow(string) ([]string, error) { return nil, nil }
