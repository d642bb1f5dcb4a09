//! Where clients come in.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::peer::{check_same_user, refusal};
use crate::address::is_loopback;
use crate::{Address, Stream};

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("could not start listener: {address}: {error}")]
pub struct BindError {
    /// Where it was to listen.
    pub address: Address,
    /// What stood in the way.
    pub error: io::Error,
}

/// A place that clients can connect to. They may do so from now on, and are answered once the session is served.
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    closed: AtomicBool,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    /// The path is removed at the end.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// Listens at `address`; with port 0, on one that is free.
    pub fn bind(address: &Address) -> Result<Listener, BindError> {
        let bound = match address {
            Address::Tcp { host, port } => Address::resolve(host, *port)
                .and_then(|addresses| TcpListener::bind(&*addresses))
                .map(Socket::Tcp),
            Address::Unix(path) => UnixListener::bind(path).map(|socket| Socket::Unix(socket, path.clone())),
        };
        match bound {
            Ok(socket) => Ok(Listener { socket, closed: AtomicBool::new(false) }),
            Err(error) => Err(BindError { address: address.clone(), error }),
        }
    }

    /// The address as it is told to people and programs: `host:port` with the port that it got, or the bare path of a
    /// unix socket.
    pub fn address_text(&self) -> String {
        match &self.socket {
            Socket::Tcp(socket) => match socket.local_addr() {
                Ok(address) => address.to_string(),
                Err(error) => format!("(unknown: {error})"),
            },
            Socket::Unix(_, path) => path.display().to_string(),
        }
    }

    /// Can other machines connect? A unix socket and loopback addresses they cannot.
    pub fn is_remote(&self) -> bool {
        match &self.socket {
            Socket::Tcp(socket) => !socket.local_addr().is_ok_and(|address| is_loopback(address.ip())),
            Socket::Unix(..) => false,
        }
    }

    /// Waits for the one client of a server that has only one. The error is a text for people: nobody can come, or somebody
    /// who may not has come.
    pub fn accept_one(&self, only_same_user: bool) -> Result<Stream, String> {
        let stream = self.accept().map_err(|error| format!("could not take a client in: {error}"))?;
        match only_same_user.then(|| check_same_user(&stream)) {
            Some(Err(client)) => Err(refusal(&client)),
            _ => Ok(stream),
        }
    }

    /// Waits for the next client.
    pub(super) fn accept(&self) -> io::Result<Stream> {
        match &self.socket {
            Socket::Tcp(socket) => socket.accept()?.0.try_into(),
            Socket::Unix(socket, _) => Ok(socket.accept()?.0.into()),
        }
    }

    /// Takes no more clients in: whoever waits in [`Listener::accept`] gets an error, and so do clients.
    pub(super) fn close(&self) {
        if self.closed.swap(true, Ordering::SeqCst) {
            return;
        }
        let handle: io::Result<OwnedFd> = match &self.socket {
            Socket::Tcp(socket) => socket.try_clone().map(Into::into),
            Socket::Unix(socket, path) => {
                // Somebody may have removed it already.
                let _ = std::fs::remove_file(path);
                socket.try_clone().map(Into::into)
            }
        };
        // A listening socket is shut down like any other, but the standard library has that for connections only. One
        // that cannot be is closed when the process ends.
        let _ = handle.and_then(|handle| TcpStream::from(handle).shutdown(Shutdown::Both));
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.close();
    }
}
