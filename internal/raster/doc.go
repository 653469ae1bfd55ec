// Package raster makes pixels of a drawing, as PNG. It brings its fonts along and asks
// nothing of the machine. It says nothing about what is drawn and where: see package
// drawing.
package raster
