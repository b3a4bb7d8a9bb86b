// Package testbed holds what the whole program shares: the file of pinned versions.
package testbed

import _ "embed"

// VersionsFile is versions.env as it was when the program was built.
//
//go:embed versions.env
var VersionsFile string
