//! One file for each HTTP client, under its feature, and code that several of them share.

#[allow(dead_code, reason = "some adapters match on errors instead")]
mod errors;
#[cfg(feature = "__hyper")]
mod hyper;
#[cfg(feature = "hyper-util")]
mod hyper_util;
#[allow(dead_code, reason = "each adapter uses a part of it")]
mod request;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "reqwest-blocking")]
mod reqwest_blocking;
#[cfg(feature = "reqwest")]
mod reqwest_common;
#[cfg(feature = "reqwest-middleware")]
mod reqwest_middleware;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "ureq")]
mod ureq;

pub use request::CloneRequest;
#[cfg(feature = "reqwest")]
pub use reqwest::SendWith;
#[cfg(feature = "reqwest-blocking")]
pub use reqwest_blocking::SendWith as BlockingSendWith;
#[cfg(feature = "reqwest-middleware")]
pub use reqwest_middleware::RetryMiddleware;
#[cfg(feature = "tower")]
pub use tower::{HasExtensions, TowerPolicy};
#[cfg(feature = "ureq")]
pub use ureq::{ReplayBody, RunWith};
