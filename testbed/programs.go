package testbed

import "embed"

// Programs are the sources of the testbed's own small programs, with what
// builds them: so the testbed can build them wherever it runs.
//
//go:embed go.mod go.sum cmd/pause/main.go cmd/device-plugin/main.go
var Programs embed.FS
