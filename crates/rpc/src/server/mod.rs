//! Offers a session to clients.
