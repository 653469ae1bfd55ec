// Package page makes one HTML page of a picture: to pan and zoom, to search and filter,
// and with all there is to say of each network and container.
//
// The page is a single file that asks nobody for anything, and its content security
// policy holds it to that: no style and no script runs but its own, whatever a name
// holds. The one exception is the page that is served live, which asks its own server.
//
// What is said of an object comes from packages explain and checks; the picture from
// package render. Nothing is reasoned here. It is pure: it writes no file and serves
// nothing.
package page
