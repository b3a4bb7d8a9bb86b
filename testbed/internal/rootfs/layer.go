package rootfs

import (
	"archive/tar"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// writeLayer writes the files below root as one layer tar, in lexical order.
// Devices and sockets are left out: a container gets its own /dev.
func writeLayer(out io.Writer, root string, reproducible bool) error {
	layer := tar.NewWriter(out)
	links := map[inode]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == root {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode()&(fs.ModeDevice|fs.ModeCharDevice|fs.ModeSocket|fs.ModeNamedPipe) != 0 {
			return nil
		}
		header, err := headerOf(path, filepath.ToSlash(name), info, links)
		if err != nil {
			return err
		}
		if reproducible {
			header.Uid, header.Gid, header.ModTime = 0, 0, epoch
		}
		if err := layer.WriteHeader(header); err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			return nil
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(layer, file)
		return err
	})
	if err != nil {
		return err
	}
	return layer.Close()
}

// inode tells the names of one file apart from copies of it.
type inode struct{ device, number uint64 }

// headerOf describes one file; the second and later names of a file with
// several hard links become links to the first.
func headerOf(path, name string, info fs.FileInfo, links map[inode]string) (*tar.Header, error) {
	target := ""
	if info.Mode()&fs.ModeSymlink != 0 {
		var err error
		if target, err = os.Readlink(path); err != nil {
			return nil, err
		}
	}
	header, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return nil, err
	}
	header.Name = name
	// Names of users and groups are those of this machine, not of the image.
	header.Uname, header.Gname = "", ""
	if info.IsDir() {
		header.Name += "/"
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.Mode().IsRegular() || stat.Nlink < 2 {
		return header, nil
	}
	id := inode{uint64(stat.Dev), stat.Ino}
	if first, seen := links[id]; seen {
		header.Typeflag, header.Linkname, header.Size = tar.TypeLink, first, 0
	} else {
		links[id] = header.Name
	}
	return header, nil
}
