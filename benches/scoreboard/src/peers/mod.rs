//! The peers, a file each, and the glue that several share.

mod backon;
mod backon_docs;
mod reqwest_own;
mod reqwest_retry;
mod tokio_retry2;
mod tokio_retry2_never;
mod tower;
mod ureq_backon;

use std::time::Duration;

use ::reqwest::{Client, ClientBuilder, Response, header};

use crate::contender::Contender;
use crate::trial::CHUNK;

pub(crate) static PEERS: [Contender; 8] = [
    reqwest_own::PEER,
    reqwest_retry::PEER,
    tower::PEER,
    backon::PEER,
    backon_docs::PEER,
    tokio_retry2::PEER,
    tokio_retry2_never::PEER,
    ureq_backon::PEER,
];

/// This file, whose glue counts with every peer's configuration.
pub(crate) const SHARED: &str = include_str!("mod.rs");

/// No pool, for a connection that is kept has timers; no proxy, for the server is on loopback.
pub(crate) fn builder() -> ClientBuilder {
    Client::builder().pool_max_idle_per_host(0).no_proxy()
}

pub(crate) fn client() -> Client {
    builder().build().expect("a client")
}

// configuration
/// One attempt. The failure is the response, if there was one.
async fn post(client: &Client, url: &str) -> Result<Response, Option<Response>> {
    match client.post(url).body(CHUNK).send().await {
        Ok(response) if response.status().is_success() => Ok(response),
        Ok(response) => Err(Some(response)),
        Err(_) => Err(None),
    }
}

fn status(failure: Option<&Response>) -> Option<u16> {
    failure.map(|response| response.status().as_u16())
}

fn delay_seconds(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?;
    value.to_str().ok()?.parse().ok().map(Duration::from_secs)
}
// configuration
