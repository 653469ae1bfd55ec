// Package live serves a page to browsers and tells them of what changes in it.
//
// Whoever knows the address can see the page; nobody can change anything by it. The
// address holds a random token, since every program and every web site that a browser
// on this machine shows can send requests to this machine. What a web site has the
// browser send is refused even if it knows the token.
//
// It knows nothing of engines or pictures: it is given bytes. Of each kind of news it
// holds the newest alone, so that browsers that are slow or gone cost no memory and
// hold up nobody.
package live
