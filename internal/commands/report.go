package commands

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/docker/cli/cli"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// The statuses with which a command ends.
const (
	statusFailed   = 1
	statusRefused  = 2
	statusBadUsage = 125
	// Interrupted is the status after Ctrl-C or a signal that ends programs.
	Interrupted = 130
)

// Report writes what is to be said of an error, and gives the status to end
// with. It is the one place where errors become statuses.
func Report(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		return Interrupted
	}
	status := statusFailed
	if coded, ok := errors.AsType[cli.StatusError](err); ok && coded.StatusCode != 0 {
		status = coded.StatusCode
	} else if wrongFlag(err) {
		status = statusBadUsage
	}
	if text := err.Error(); text != "" {
		_, _ = fmt.Fprintln(stderr, text)
	}
	return status
}

// wrongFlag tells errors about flags of netkit itself ("netkit --timeout x ls"):
// cobra gives them back as they are, and not in docker's form.
func wrongFlag(err error) bool {
	if _, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return true
	}
	_, ok := errors.AsType[*pflag.NotExistError](err)
	return ok
}

// badUsage is the error for flags and arguments that cannot be right, with
// docker's own form and status.
func badUsage(cmd *cobra.Command, format string, args ...any) error {
	return cli.StatusError{
		Status:     fmt.Sprintf(format, args...) + fmt.Sprintf("\n\nRun '%s --help' for more information", cmd.CommandPath()),
		StatusCode: statusBadUsage,
	}
}

// refused is the error of a command that does not do what it was asked for, and
// tells why in the text.
func refused(text string) error {
	return cli.StatusError{Status: text, StatusCode: statusRefused}
}

// quoteArg shows what a user typed, which need not be printable.
func quoteArg(arg string) string { return render.Printable(arg) }
