package commands

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// opener is the program, with its first words, that shows a file or an address in what
// the user has for that.
func opener(goos string) []string {
	switch goos {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	return []string{"xdg-open"}
}

// showFile shows a file, whose name may look like an address or a flag.
func showFile(name string) error {
	if whole, err := filepath.Abs(name); err == nil {
		name = whole
	}
	return showInBrowser(name)
}

// showInBrowser starts what shows a file or an address, and does not wait for it. It
// lives on when this program ends, and Ctrl-C is not for it.
func showInBrowser(what string) error {
	words := append(opener(runtime.GOOS), what)
	program, err := exec.LookPath(words[0])
	if err != nil {
		return fmt.Errorf("cannot show it in a browser: there is no %s here; open it yourself: %s", words[0], what)
	}
	cmd := exec.Command(program, words[1:]...) //nolint:noctx // it is to live on
	cmd.SysProcAttr = apart()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot show it in a browser: %w; open it yourself: %s", err, what)
	}
	go func() { _ = cmd.Wait() }() // so that it is no zombie as long as we live
	return nil
}

// temporaryFile keeps a picture for the browser to read, which it does at any time.
func temporaryFile(format string, content []byte) (name string, err error) {
	file, err := os.CreateTemp("", "netkit-*."+format)
	if err != nil {
		return "", fmt.Errorf("cannot keep the picture for the browser: %w", err)
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("cannot keep the picture for the browser: %w", err)
	}
	return file.Name(), nil
}
