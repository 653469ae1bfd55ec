package main

import (
	"bytes"
	"encoding/binary"
)

// words are the arguments in a list where each ends with a zero byte, as Linux
// and macOS keep them.
func words(list []byte) []string {
	var args []string
	for len(list) > 0 {
		word, rest, _ := bytes.Cut(list, []byte{0})
		args = append(args, string(word))
		list = rest
	}
	return args
}

// procArgs reads what macOS tells of a process: how many arguments there are, the
// path of the program, zero bytes, the arguments, and the environment.
func procArgs(data []byte) []string {
	const size = 4
	if len(data) < size {
		return nil
	}
	count := int(binary.NativeEndian.Uint32(data))
	_, rest, _ := bytes.Cut(data[size:], []byte{0})
	args := words(bytes.TrimLeft(rest, "\x00"))
	if count > len(args) {
		return nil
	}
	return args[:count]
}
