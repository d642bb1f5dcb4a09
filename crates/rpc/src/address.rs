//! Where servers listen, and the connections made there.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Where a server listens: `host:port`, `:port` (every interface), or `unix:path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// TCP.
    Tcp {
        /// Name or address of the host, an IPv6 address without its brackets; empty for every interface.
        host: String,
        /// Port; 0 for any that is free.
        port: u16,
    },
    /// A unix socket, by its path.
    Unix(PathBuf),
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no port.
    #[error("address {0}: missing port in address (use host:port, :port or unix:path)")]
    MissingPort(String),
    /// The port is no number below 65536.
    #[error("address {0}: invalid port")]
    InvalidPort(String),
    /// An IPv6 address is not in brackets.
    #[error("address {0}: too many colons in address (use [host]:port for an IPv6 address)")]
    TooManyColons(String),
    /// `unix:` without a path.
    #[error("address {0}: missing path of the unix socket")]
    MissingPath(String),
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        if let Some(path) = text.strip_prefix("unix:") {
            if path.is_empty() {
                return Err(AddressError::MissingPath(text.to_owned()));
            }
            return Ok(Address::Unix(PathBuf::from(path)));
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(|| AddressError::MissingPort(text.to_owned()))?;
        let host = match host.strip_prefix('[') {
            Some(host) => host.strip_suffix(']').ok_or_else(|| AddressError::MissingPort(text.to_owned()))?,
            None if host.contains(':') => return Err(AddressError::TooManyColons(text.to_owned())),
            None => host,
        };
        // Go takes an empty port for 0.
        let port = match port {
            "" => 0,
            port => port.parse().map_err(|_| AddressError::InvalidPort(text.to_owned()))?,
        };
        Ok(Address::Tcp { host: host.to_owned(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Address::Tcp { host, port } => write!(f, "{host}:{port}"),
            Address::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Address {
    /// The socket addresses that a TCP address stands for; for an empty host those of every interface, IPv6 first
    /// because that takes IPv4 connections too.
    pub(crate) fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        if host.is_empty() {
            return Ok(vec![SocketAddr::from(([0u16; 8], port)), SocketAddr::from(([0u8; 4], port))]);
        }
        // Known without a resolver, which a machine with nothing but this program does not have.
        if host == "localhost" {
            return Ok(vec![
                SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
            ]);
        }
        let mut addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
        // As Go does: a name that has both is listened on by IPv4.
        addresses.sort_by_key(SocketAddr::is_ipv6);
        Ok(addresses)
    }

    /// Can other machines reach it? A unix socket and loopback addresses they cannot.
    pub fn is_remote(&self) -> bool {
        match self {
            Address::Unix(_) => false,
            Address::Tcp { host, port } => match Address::resolve(host, *port) {
                Ok(addresses) => !addresses.iter().all(|address| is_loopback(address.ip())),
                Err(_) => true,
            },
        }
    }
}

/// Is it this machine's own, written as IPv4, IPv6, or the former in the latter?
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// A connection, which several threads may read from and write to.
#[derive(Clone, Debug)]
pub struct Stream {
    socket: Arc<Socket>,
    /// Bytes that were read from it to see what they are, and come again.
    unread: Vec<u8>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    /// Connects to a server.
    pub fn connect(address: &Address) -> io::Result<Stream> {
        match address {
            Address::Unix(path) => Ok(UnixStream::connect(path)?.into()),
            Address::Tcp { host, port } => {
                let host = if host.is_empty() { "localhost" } else { host };
                TcpStream::connect(&*Address::resolve(host, *port)?)?.try_into()
            }
        }
    }

    /// The same connection, whose next bytes are `bytes`.
    pub(crate) fn with_unread(self, bytes: &[u8]) -> Stream {
        Stream { unread: [bytes, &self.unread].concat(), ..self }
    }

    /// Ends the connection in both directions: threads that wait for it go on.
    pub fn shut_down(&self) {
        // Whoever is at the other end may have done the same.
        let _ = match &*self.socket {
            Socket::Tcp(socket) => socket.shutdown(Shutdown::Both),
            Socket::Unix(socket) => socket.shutdown(Shutdown::Both),
        };
    }

    /// How long a read waits; `None` for ever.
    pub fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        match &*self.socket {
            Socket::Tcp(socket) => socket.set_read_timeout(timeout),
            Socket::Unix(socket) => socket.set_read_timeout(timeout),
        }
    }

    /// How long a write waits for the other end to take something; `None` for ever.
    pub fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        match &*self.socket {
            Socket::Tcp(socket) => socket.set_write_timeout(timeout),
            Socket::Unix(socket) => socket.set_write_timeout(timeout),
        }
    }

    /// Both ends of a TCP connection, this one first.
    pub(crate) fn tcp_ends(&self) -> Option<io::Result<(SocketAddr, SocketAddr)>> {
        match &*self.socket {
            Socket::Tcp(socket) => Some(socket.local_addr().and_then(|here| Ok((here, socket.peer_addr()?)))),
            Socket::Unix(_) => None,
        }
    }
}

impl From<UnixStream> for Stream {
    fn from(socket: UnixStream) -> Stream {
        Stream { socket: Arc::new(Socket::Unix(socket)), unread: Vec::new() }
    }
}

impl TryFrom<TcpStream> for Stream {
    type Error = io::Error;

    /// Small messages are sent at once.
    fn try_from(socket: TcpStream) -> io::Result<Stream> {
        socket.set_nodelay(true)?;
        Ok(Stream { socket: Arc::new(Socket::Tcp(socket)), unread: Vec::new() })
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.unread.is_empty() {
            let length = buffer.len().min(self.unread.len());
            buffer[..length].copy_from_slice(&self.unread[..length]);
            self.unread.drain(..length);
            return Ok(length);
        }
        match &*self.socket {
            Socket::Tcp(socket) => (&*socket).read(buffer),
            Socket::Unix(socket) => (&*socket).read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &*self.socket {
            Socket::Tcp(socket) => (&*socket).write(bytes),
            Socket::Unix(socket) => (&*socket).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_read_and_written() {
        for text in ["127.0.0.1:0", "localhost:8181", "[::1]:99", ":1234", "unix:/run/a b.sock", "unix:rel"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for text in ["", "localhost", "::1:80", "[::1]80", "a:b", "a:65536", "unix:"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_other_machines_reach_is_remote() {
        for (text, remote) in [
            ("127.0.0.1:0", false),
            ("127.9.9.9:1", false),
            ("[::1]:0", false),
            ("[::ffff:127.0.0.1]:0", false),
            ("unix:/x", false),
            (":0", true),
            ("0.0.0.0:0", true),
            ("192.0.2.1:80", true),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().is_remote(), remote, "{text}");
        }
    }
}
