//! A session that is served elsewhere.
//!
//! [`RemoteClient`] is an [`adit_api::Client`]: each method is a request over one connection. Replies are matched by
//! their ids, so that one thread may wait for the program to stop while another asks for just that. The server may be
//! adit's or Delve's; what an older or another server does not know is done without where that is possible.

mod connection;
mod methods;
mod reply;

use std::sync::OnceLock;

use adit_api::Result;
use adit_api::requests::{SetApiVersionIn, SetApiVersionOut};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Address;
use crate::server::Token;
use connection::Connection;

/// The version of the API that is spoken.
const API_VERSION: i64 = 2;

/// A session that a server has.
pub struct RemoteClient {
    connection: Connection,
    /// What does not change while the connection lasts.
    is_multiclient: OnceLock<bool>,
    is_attached: OnceLock<bool>,
}

impl RemoteClient {
    /// Connects to the server at `address`, and shows it the token if there is one.
    pub fn connect(address: &Address, token: Option<&Token>) -> Result<RemoteClient> {
        let client = RemoteClient {
            connection: Connection::open(address)?,
            is_multiclient: OnceLock::new(),
            is_attached: OnceLock::new(),
        };
        let token = token.map(|token| token.text().to_owned()).unwrap_or_default();
        let first = SetApiVersionIn { api_version: API_VERSION, token, readable_texts: true };
        client.call::<SetApiVersionOut>("SetApiVersion", &first)?;
        Ok(client)
    }

    fn call<Out: DeserializeOwned>(&self, method: &str, params: &impl Serialize) -> Result<Out> {
        self.connection.call(method, params)
    }

    /// As [`RemoteClient::call`] for a method that a server may not have: then the result is `otherwise`.
    fn call_if_known<Out: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
        otherwise: impl FnOnce() -> Result<Out>,
    ) -> Result<Out> {
        match self.call(method, params) {
            Err(error) if error.0 == format!("unknown method: RPCServer.{method}") => otherwise(),
            answered => answered,
        }
    }

    /// What `question` answers, asked once; a server that does not answer has not got it.
    fn learn(&self, known: &OnceLock<bool>, question: impl FnOnce() -> Result<bool>) -> bool {
        match known.get() {
            Some(answer) => *answer,
            None => question().map(|answer| *known.get_or_init(|| answer)).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests;
