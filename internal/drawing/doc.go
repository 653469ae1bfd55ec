// Package drawing lays out the map of an engine's networks: networks as rails,
// containers as cards under them, published ports as paths from the edge of the
// page. It is told what there is, in words, and says where each thing goes. It
// knows nothing of engines, and writes no format: see package render.
//
// What holds of every drawing: no two boxes overlap unless one is in the other;
// every text is within the room that is kept for it; a line runs through no box;
// the same content gives the same drawing.
package drawing
