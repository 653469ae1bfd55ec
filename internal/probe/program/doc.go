// Package program holds the netkit-probe programs that this build brings along,
// and makes an image of one.
//
// Built with the tag "probes", the plugin has those that scripts/probes built
// for this build (see brought/README). Without, or for an architecture that is not
// among them, it can only offer itself, where engine and plugin are of one kind. It
// speaks with no engine.
package program
