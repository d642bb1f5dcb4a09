package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
)

// UUID is as the well-known packages have it.
type UUID [16]byte

func parsed(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

func addresses() {
	v4 := net.IPv4(10, 0, 0, 1)      // = 10.0.0.1
	short := net.IP{192, 168, 0, 1}  // = 192.168.0.1
	v6 := net.ParseIP("2001:db8::1") // = 2001:db8::1
	var noIP net.IP
	_, network, _ := net.ParseCIDR("10.1.2.3/12")                                                                // = 10.0.0.0/12
	_, network6, _ := net.ParseCIDR("2001:db8::/32")                                                             // = 2001:db8::/32
	mask := net.CIDRMask(20, 32)                                                                                 // = /20
	tcp := &net.TCPAddr{IP: v6, Port: 443, Zone: "eth0"}                                                         // = [2001:db8::1%eth0]:443
	anywhere := &net.UDPAddr{Port: 53}                                                                           // = :53
	socket := &net.UnixAddr{Name: "/run/x", Net: "unix"}                                                         // = /run/x
	addr4 := netip.MustParseAddr("1.2.3.4")                                                                      // = 1.2.3.4
	addr6 := netip.MustParseAddr("fe80::1")                                                                      // = fe80::1
	zoned := netip.MustParseAddr("fe80::1%eth0")                                                                 // = fe80::1%eth0
	mapped := netip.MustParseAddr("::ffff:1.2.3.4")                                                              // = ::ffff:1.2.3.4
	var noAddr netip.Addr                                                                                        // = invalid IP
	port := netip.MustParseAddrPort("[::1]:80")                                                                  // = [::1]:80
	prefix := netip.MustParsePrefix("10.0.0.0/8")                                                                // = 10.0.0.0/8
	var noPrefix netip.Prefix                                                                                    // = invalid Prefix
	page := parsed("https://ada:secret@go.dev:8080/a%20b/c?q=1#top")                                             // = https://ada:secret@go.dev:8080/a%20b/c?q=1#top
	relative := parsed("../x?y")                                                                                 // = ../x?y
	opaque := parsed("mailto:a@b.c")                                                                             // = mailto:a@b.c
	uuid := UUID{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8} // = 6ba7b810-9dad-11d1-80b4-00c04fd430c8
	fmt.Println("addresses")                                                                                     // stop: addresses
	keep(v4, short, v6, noIP, network, network6, mask, tcp, anywhere, socket, addr4, addr6, zoned, mapped, noAddr)
	keep(port, prefix, noPrefix, page, relative, opaque, uuid)
}
