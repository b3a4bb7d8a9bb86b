package main

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"github.com/gliderlabs/ssh"
	"github.com/pkg/sftp"
	gossh "golang.org/x/crypto/ssh"
)

// newServer makes one that lets in who has the key, a line as in authorized_keys. Its own key is as
// young as it is: the API server has made sure already who talks with whom.
func newServer(authorized, home string) (*ssh.Server, error) {
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(authorized))
	if err != nil {
		return nil, fmt.Errorf("%q is no public key of ssh", authorized)
	}
	_, own, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	signer, err := gossh.NewSignerFromKey(own)
	if err != nil {
		return nil, err
	}
	return &ssh.Server{
		HostSigners: []ssh.Signer{signer},
		PublicKeyHandler: func(_ ssh.Context, offered ssh.PublicKey) bool {
			return ssh.KeysEqual(offered, key)
		},
		// What ssh -L and -D ask for, and the editors that come by ssh.
		ChannelHandlers: map[string]ssh.ChannelHandler{
			"session": func(_ *ssh.Server, conn *gossh.ServerConn, offered gossh.NewChannel, ctx ssh.Context) {
				openSession(conn, offered, ctx, home)
			},
			"direct-tcpip": ssh.DirectTCPIPHandler,
		},
		LocalPortForwardingCallback: func(ssh.Context, string, uint32) bool { return true },
	}, nil
}

// files serves sftp, and scp, which is the same to newer clients.
func files(s ssh.Session, home string) {
	server, err := sftp.NewServer(s, sftp.WithServerWorkingDirectory(home))
	if err != nil {
		fmt.Fprintln(s.Stderr(), "sftp:", err)
		_ = s.Exit(1)
		return
	}
	if err := server.Serve(); err != nil && !errors.Is(err, io.EOF) {
		fmt.Fprintln(s.Stderr(), "sftp:", err)
		_ = s.Exit(1)
		return
	}
	_ = s.Exit(0)
}
