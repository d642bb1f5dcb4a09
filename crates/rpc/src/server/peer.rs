//! Which user is at the other end of a connection over loopback.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::MetadataExt;

use crate::Stream;
use crate::address::is_loopback;

/// What is said of a client that another user has started.
pub(super) fn refusal(client: &str) -> String {
    format!(
        "closing connection from different user ({client}): connections to localhost are only accepted from the same \
         UNIX user for security reasons"
    )
}

/// Was the connection made by the user that this process belongs to? Connections that do not come over loopback, and
/// hosts other than Linux, are not looked at. The error names the client.
pub(super) fn check_same_user(stream: &Stream) -> Result<(), String> {
    if std::env::consts::OS != "linux" {
        return Ok(());
    }
    let (here, client) = match stream.tcp_ends() {
        None => return Ok(()),
        // The client has gone already.
        Some(Err(error)) => return Err(error.to_string()),
        Some(Ok(ends)) => ends,
    };
    if !is_loopback(here.ip()) {
        return Ok(());
    }
    let own = fs::metadata("/proc/self").map(|metadata| metadata.uid()).ok();
    match user_of(client, here) {
        Some(user) if Some(user) == own => Ok(()),
        _ => Err(client.to_string()),
    }
}

/// The user who owns the socket that is bound to `local` and connected to `remote`.
fn user_of(local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    ["/proc/self/net/tcp", "/proc/self/net/tcp6"]
        .into_iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .find_map(|table| find_user(&table, local, remote))
}

/// Looks a connection up in a table of `/proc/net/tcp` or `tcp6`: `sl local_address rem_address st tx:rx tr:when
/// retrnsmt uid ...` (proc_pid_net(5)).
fn find_user(table: &str, local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    table.lines().skip(1).find_map(|line| {
        let mut columns = line.split_ascii_whitespace().skip(1);
        let is_it =
            same(socket_address(columns.next()?)?, local) && same(socket_address(columns.next()?)?, remote);
        if is_it { columns.nth(4)?.parse().ok() } else { None }
    })
}

fn same(a: SocketAddr, b: SocketAddr) -> bool {
    a.ip().to_canonical() == b.ip().to_canonical() && a.port() == b.port()
}

/// `0100007F:1F90`: groups of 32 bits as the host reads them from memory in network order, and the port.
fn socket_address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let mut bytes = Vec::with_capacity(16);
    for at in (0..address.len()).step_by(8) {
        let group = u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?;
        bytes.extend_from_slice(&group.to_ne_bytes());
    }
    let ip = match bytes.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?),
        16 => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use super::find_user;

    fn group(bytes: [u8; 4]) -> String {
        format!("{:08X}", u32::from_ne_bytes(bytes))
    }

    #[test]
    fn the_owner_is_found_in_both_tables() {
        let loopback = group([127, 0, 0, 1]);
        let table = format!(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: {loopback}:1F90 {loopback}:C001 01 00000000:00000000 00:00000000 00000000     0        0 1\n\
             1: {loopback}:C001 {loopback}:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2\n\
             garbage\n 3: zz:1 00:zz 1\n"
        );
        let mapped = format!("{0}{0}{1}{2}", group([0; 4]), group([0, 0, 255, 255]), group([127, 0, 0, 1]));
        let table6 = format!("header\n 0: {mapped}:C001 {mapped}:1F90 01 0:0 00:0 0 1002 0 3\n");
        for (client, table, user) in [
            ("127.0.0.1:49153", &table, Some(1001)),
            ("127.0.0.1:49153", &table6, Some(1002)),
            ("127.0.0.1:49154", &table, None),
            ("127.0.0.2:49153", &table, None),
        ] {
            let found = find_user(table, client.parse().unwrap(), "127.0.0.1:8080".parse().unwrap());
            assert_eq!(found, user, "{client}");
        }
    }
}
