package topology

import (
	"net/netip"
	"strings"
)

// Address is an IP address as an engine reported it. The text is always kept,
// so that nothing is lost when it does not parse; the zero value means that
// the engine gave none.
type Address struct {
	text string
	addr netip.Addr
}

// ParseAddress takes the address an engine wrote. Engines up to 28.0.0 write
// the gateway of an automatic IPv6 network as a prefix ("fd05::1/112",
// moby#52991); the address in it is what is meant.
func ParseAddress(text string) Address {
	a := Address{text: text}
	bare, _, _ := strings.Cut(text, "/")
	if addr, err := netip.ParseAddr(bare); err == nil {
		a.addr = addr
	}
	return a
}

// IsZero tells that the engine gave no address.
func (a Address) IsZero() bool { return a.text == "" }

// IP is the parsed address; it is not valid where the text does not parse.
func (a Address) IP() netip.Addr { return a.addr }

// Odd tells that there is a text, and that it is no IP address.
func (a Address) Odd() bool { return a.text != "" && !a.addr.IsValid() }

// String is the address in canonical form, or the engine's own text where
// that does not parse.
func (a Address) String() string {
	if a.addr.IsValid() {
		return a.addr.String()
	}
	return a.text
}

// MarshalText gives the engine's own text.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.text), nil }

// UnmarshalText never fails: a text that is no address is kept as it is.
func (a *Address) UnmarshalText(text []byte) error {
	*a = ParseAddress(string(text))
	return nil
}

// Subnet is an IP prefix as an engine reported it, kept like [Address].
type Subnet struct {
	text   string
	prefix netip.Prefix
}

// ParseSubnet takes the prefix an engine wrote.
func ParseSubnet(text string) Subnet {
	s := Subnet{text: text}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		s.prefix = prefix
	}
	return s
}

// IsZero tells that the engine gave no subnet.
func (s Subnet) IsZero() bool { return s.text == "" }

// Prefix is the parsed subnet; it is not valid where the text does not parse.
func (s Subnet) Prefix() netip.Prefix { return s.prefix }

// Odd tells that there is a text, and that it is no prefix.
func (s Subnet) Odd() bool { return s.text != "" && !s.prefix.IsValid() }

// String is the subnet in canonical form, or the engine's own text where that
// does not parse.
func (s Subnet) String() string {
	if s.prefix.IsValid() {
		return s.prefix.String()
	}
	return s.text
}

// MarshalText gives the engine's own text.
func (s Subnet) MarshalText() ([]byte, error) { return []byte(s.text), nil }

// UnmarshalText never fails: a text that is no prefix is kept as it is.
func (s *Subnet) UnmarshalText(text []byte) error {
	*s = ParseSubnet(string(text))
	return nil
}
