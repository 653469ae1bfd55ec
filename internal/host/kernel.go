package host

import (
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// kernelHas tells whether the kernel has a part, in itself or as a module that it can
// load. A file of the running kernel may prove it; then what it was built with tells,
// then which modules are at hand.
func kernelHas(option, module, proof string) topology.Ternary {
	for _, file := range []string{proof, "/sys/module/" + module} {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err == nil {
			return topology.Yes
		}
	}
	config, known := builtWith(release())
	if known {
		switch {
		case strings.Contains(config, "\nCONFIG_"+option+"=y\n"):
			return topology.Yes
		case !strings.Contains(config, "\nCONFIG_"+option+"=m\n"):
			return topology.No
		}
	}
	return hasModule("/lib/modules/"+release(), module)
}

func release() string {
	text, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// builtWith gives the configuration of the running kernel, where it is kept.
func builtWith(release string) (config string, known bool) {
	if file, err := os.Open("/proc/config.gz"); err == nil {
		defer func() { _ = file.Close() }() // it was only read
		if unpacked, err := gzip.NewReader(file); err == nil {
			const most = 4 << 20
			if text, err := io.ReadAll(io.LimitReader(unpacked, most)); err == nil {
				return "\n" + string(text), true
			}
		}
	}
	text, err := os.ReadFile("/boot/config-" + release)
	return "\n" + string(text), err == nil
}

// hasModule looks for a module's file. Without the directory it is not known: this
// program may run where the host's is not seen.
func hasModule(dir, module string) topology.Ternary {
	if builtin, err := os.ReadFile(filepath.Join(dir, "modules.builtin")); err == nil && strings.Contains(string(builtin), "/"+module+".ko") {
		return topology.Yes
	}
	if _, err := os.Stat(filepath.Join(dir, "kernel")); err != nil {
		return topology.Unknown
	}
	found := topology.No
	_ = filepath.WalkDir(filepath.Join(dir, "kernel", "net"), func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(filepath.Base(path), module+".ko") {
			found = topology.Yes
			return fs.SkipAll
		}
		return nil
	})
	return found
}
