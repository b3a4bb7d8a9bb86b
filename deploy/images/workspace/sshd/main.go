// Command sshd is the ssh server of a workspace: `sshd "ssh-ed25519 AAAA..."` talks with one client
// through its standard input and output, and ends with it. It lets in who has the key, and runs
// what is asked for as its own user, in its own environment and home: it is no door, for who could
// start it is inside already.
//
// OpenSSH's own needs a name for its user, and gives sessions the environment of a machine. Here
// they are to have that of the container: its PATH, its RAY_ADDRESS, its HOME.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: sshd PUBLIC-KEY")
		os.Exit(2)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "/"
	}
	server, err := newServer(os.Args[1], home)
	if err != nil {
		fmt.Fprintln(os.Stderr, "sshd:", err)
		os.Exit(2)
	}
	server.HandleConn(stdio{})
}
