// Package dockerconfig changes single settings in docker's config.json.
//
// That file is docker's and the user's, and other programs write to it, too. So
// only the bytes of what is set or taken away change: order, spaces, numbers and
// what is not known here stay as they are. The file is replaced at once or not at
// all, keeps its mode, its owner and its place behind a symbolic link, and is not
// replaced where it changed since it was read.
//
// What docker does not read as its configuration is refused, and never mended.
package dockerconfig
