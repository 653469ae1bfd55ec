package zoo

import (
	"archive/tar"
	"bytes"
	"context"
	"debug/elf"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
)

// Image is the image that the zoo's containers run: a shell, and the small
// tools of busybox.
const Image = "netkit-zoo:latest"

// applets are the programs that the image has.
var applets = []string{"sh", "sleep", "true", "ping", "nc", "httpd", "ip", "cat", "nslookup"}

// ensureImage imports the image where the engine lacks it. There is no
// registry in this: the image is this machine's own static busybox.
func ensureImage(ctx context.Context, e *Engine) error {
	err := e.Do(ctx, http.MethodGet, "/images/"+Image+"/json", nil, nil)
	if !Gone(err) {
		return err
	}
	busybox, err := staticBusybox()
	if err != nil {
		return err
	}
	var content bytes.Buffer
	w := tar.NewWriter(&content)
	const executable = 0o755
	add := func(h *tar.Header, body []byte) {
		h.Mode, h.Size = executable, int64(len(body))
		if err == nil {
			err = w.WriteHeader(h)
		}
		if err == nil {
			_, err = w.Write(body)
		}
	}
	for _, dir := range []string{"bin/", "tmp/", "etc/", "proc/", "sys/", "dev/"} {
		add(&tar.Header{Typeflag: tar.TypeDir, Name: dir}, nil)
	}
	add(&tar.Header{Typeflag: tar.TypeReg, Name: "bin/busybox"}, busybox)
	for _, applet := range applets {
		add(&tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + applet, Linkname: "busybox"}, nil)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("cannot make the image: %w", err)
	}
	return e.Do(ctx, http.MethodPost, "/images/create?fromSrc=-&repo=netkit-zoo&tag=latest", io.Reader(&content), nil)
}

func staticBusybox() ([]byte, error) {
	path, err := exec.LookPath("busybox")
	if err != nil {
		return nil, fmt.Errorf("the zoo's containers run busybox, which is not here (Debian: busybox-static): %w", err)
	}
	program, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	defer func() { _ = program.Close() }()
	for _, segment := range program.Progs {
		if segment.Type == elf.PT_INTERP {
			return nil, fmt.Errorf("%s needs libraries that containers do not have; install a static one (Debian: busybox-static)", path)
		}
	}
	return os.ReadFile(path)
}
