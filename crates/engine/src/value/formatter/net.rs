//! Packages `net` and `net/netip`: addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::text::Text;
use super::view::View;
use super::{Family, Formatter, plain};

/// Bytes of a zone's or a socket's name.
const LONGEST_NAME: usize = 256;
/// Bytes of an IPv6 address, the longest there are.
const LONGEST_ADDR: usize = 16;

pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "IP" => |_, view| ip_text(&view.slice()?.bytes(LONGEST_ADDR)?),
        "IPMask" => |_, view| {
            let mask = view.slice()?.bytes(LONGEST_ADDR)?;
            match mask.len() {
                4 => prefix_len(&mask).map(|len| format!("/{len}")).or_else(|| ip_text(&mask)),
                16 => prefix_len(&mask).map(|len| format!("/{len}")),
                _ => None,
            }
        },
        "IPNet" => ip_net,
        "TCPAddr" | "UDPAddr" | "IPAddr" | "UnixAddr" => endpoint,
        _ => return None,
    })
}

pub(super) fn netip_family(name: &str) -> Option<Family> {
    Some(match name {
        "Addr" => |_, view| Some(addr(view)?.unwrap_or_else(|| "invalid IP".to_owned())),
        "AddrPort" => |_, view| {
            let port = view.field("port")?.uint()?;
            Some(match addr(&view.field("ip")?)? {
                None => "invalid AddrPort".to_owned(),
                Some(ip) if ip.contains(':') => format!("[{ip}]:{port}"),
                Some(ip) => format!("{ip}:{port}"),
            })
        },
        "Prefix" => prefix,
        _ => return None,
    })
}

/// Four bytes, or sixteen, as `net.IP.String` writes them.
fn ip_text(bytes: &[u8]) -> Option<String> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(v4).to_string());
    }
    let v6 = Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?);
    // Sixteen bytes may hold an IPv4 address, which is shown as one.
    Some(v6.to_ipv4_mapped().map_or_else(|| v6_text(v6), |v4| v4.to_string()))
}

/// Rust writes the addresses `::a.b.c.d` with dots, Go does not.
fn v6_text(v6: Ipv6Addr) -> String {
    let segments = v6.segments();
    match segments[..6] == [0; 6] && segments[6] != 0 {
        true => format!("::{:x}:{:x}", segments[6], segments[7]),
        false => v6.to_string(),
    }
}

/// The number of ones that a mask begins with, if nothing but zeros follows.
fn prefix_len(mask: &[u8]) -> Option<u32> {
    let ones = mask.iter().take_while(|byte| **byte == 0xff).count();
    let rest = mask.get(ones).copied().unwrap_or(0);
    let whole = rest.leading_ones() + rest.trailing_zeros() == 8;
    let zeros = mask.iter().skip(ones + 1).all(|byte| *byte == 0);
    (whole && zeros).then(|| ones as u32 * 8 + rest.leading_ones())
}

/// `net.IPNet`: an address and a mask.
fn ip_net(_: &Formatter, view: &View<'_>) -> Option<String> {
    let ip = view.field("IP")?.slice()?.bytes(LONGEST_ADDR)?;
    let mask = view.field("Mask")?.slice()?.bytes(LONGEST_ADDR)?;
    // An IPv4 address in sixteen bytes may have a mask of four, and the other way round.
    let v4 =
        ip.len() == 4 || ip.len() == 16 && ip[..12] == Ipv4Addr::UNSPECIFIED.to_ipv6_mapped().octets()[..12];
    let len = match (v4, mask.len()) {
        (true, 16) => prefix_len(&mask[12..])?,
        (true, 4) | (false, 16) => prefix_len(&mask)?,
        _ => return None,
    };
    Some(format!("{}/{len}", ip_text(&ip)?))
}

/// `10.0.0.1:80`, `[fe80::1%eth0]:80`, `:80`; for `net.IPAddr` without a port, for `net.UnixAddr` its name.
pub(super) fn endpoint(_: &Formatter, view: &View<'_>) -> Option<String> {
    if let Some(name) = view.field("Name") {
        return Some(plain(&name.text(LONGEST_NAME)?));
    }
    let bytes = view.field("IP")?.slice()?.bytes(LONGEST_ADDR)?;
    let mut ip = if bytes.is_empty() { String::new() } else { ip_text(&bytes)? };
    let zone = view.text_field("Zone", LONGEST_NAME)?;
    if !zone.is_empty() {
        ip = format!("{ip}%{}", plain(&zone));
    }
    let Some(port) = view.field("Port") else { return Some(ip) };
    let port = port.int()?;
    Some(if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") })
}

/// What the field `z` of a `netip.Addr` says of it.
enum Zone {
    None,
    V4,
    V6,
    Named(Text),
}

/// The text of a `netip.Addr`; `Some(None)` if it is the zero value.
fn addr(view: &View<'_>) -> Option<Option<String>> {
    let word = |name: &str| view.path(&["addr", name])?.uint();
    let (hi, lo) = (word("hi")?, word("lo")?);
    let v6 = Ipv6Addr::from(u128::from(hi) << 64 | u128::from(lo));
    Some(match zone(&view.field("z")?, v6)? {
        Zone::None => None,
        Zone::V4 => Some(Ipv4Addr::from(lo as u32).to_string()),
        Zone::V6 => Some(mapped_text(v6)),
        Zone::Named(zone) => Some(format!("{}%{}", mapped_text(v6), plain(&zone))),
    })
}

/// As package netip writes it, which keeps IPv4 addresses in IPv6 apart from IPv4 addresses.
fn mapped_text(v6: Ipv6Addr) -> String {
    v6.to_ipv4_mapped().map_or_else(|| v6_text(v6), |v4| format!("::ffff:{v4}"))
}

/// Since go1.23 a `unique.Handle` of `{isV6, zoneV6}`; before, a pointer to an `intern.Value`, which for IPv4 and for
/// IPv6 without a zone is that in one of two variables (`net/netip/netip.go`).
fn zone(z: &View<'_>, v6: Ipv6Addr) -> Option<Zone> {
    if let Some(handle) = z.field("value") {
        let Some(detail) = handle.pointee()? else { return Some(Zone::None) };
        if detail.field("isV6")?.uint()? == 0 {
            return Some(Zone::V4);
        }
        let zone = detail.field("zoneV6")?.text(LONGEST_NAME)?;
        return Some(if zone.is_empty() { Zone::V6 } else { Zone::Named(zone) });
    }
    let Some(interned) = z.pointee()? else { return Some(Zone::None) };
    if let Some(name) = interned.field("cmpVal")?.dynamic()? {
        return Some(Zone::Named(name.text(LONGEST_NAME)?));
    }
    let is = |name| Some(z.global_pointer(name)? == interned.value.addr()?.0);
    // Where the variables are not known, an address that could be either is IPv4.
    let v4 = is("net/netip.z4").unwrap_or_else(|| v6.to_ipv4_mapped().is_some());
    Some(if v4 { Zone::V4 } else { Zone::V6 })
}

/// The bits are kept one higher since go1.21.
fn prefix(_: &Formatter, view: &View<'_>) -> Option<String> {
    let bits = match view.field("bitsPlusOne") {
        Some(bits) => bits.uint()?.cast_signed() - 1,
        None => view.field("bits")?.int()?,
    };
    let ip = addr(&view.field("ip")?)?;
    Some(match ip {
        Some(ip) if bits >= 0 => format!("{ip}/{bits}"),
        _ => "invalid Prefix".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{ip_text, prefix_len};

    #[test]
    fn addresses_are_written_as_go_writes_them() {
        let v6 = |text: &str| ip_text(&text.parse::<std::net::Ipv6Addr>().unwrap().octets()).unwrap();
        assert_eq!(ip_text(&[10, 0, 0, 1]).unwrap(), "10.0.0.1");
        assert_eq!(v6("::ffff:10.0.0.1"), "10.0.0.1");
        assert_eq!(v6("::1.2.3.4"), "::102:304");
        assert_eq!(v6("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
        assert_eq!(v6("::1"), "::1");
        assert_eq!(ip_text(&[1, 2, 3]), None);
    }

    #[test]
    fn masks_have_ones_first() {
        assert_eq!(prefix_len(&[255, 255, 255, 0]), Some(24));
        assert_eq!(prefix_len(&[255, 240, 0, 0]), Some(12));
        assert_eq!(prefix_len(&[0, 0, 0, 0]), Some(0));
        assert_eq!(prefix_len(&[255; 16]), Some(128));
        assert_eq!(prefix_len(&[255, 0, 255, 0]), None);
        assert_eq!(prefix_len(&[240, 15, 0, 0]), None);
        assert_eq!(prefix_len(&[254, 1, 0, 0]), None);
        assert_eq!(prefix_len(&[0b1010_0000, 0, 0, 0]), None);
    }
}
