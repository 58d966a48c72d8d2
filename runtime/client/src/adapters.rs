//! One file for each HTTP client, under its feature, and code that several of them share.

#[cfg(feature = "__hyper")]
mod hyper;
#[cfg(feature = "hyper-util")]
mod hyper_util;
#[allow(dead_code, reason = "each adapter uses a part of it")]
mod request;
#[cfg(feature = "__reqwest")]
mod reqwest;
#[cfg(any(feature = "reqwest-blocking", feature = "reqwest-0-12-blocking"))]
mod reqwest_blocking;
#[cfg(feature = "__reqwest")]
mod reqwest_common;
#[cfg(feature = "reqwest-middleware")]
mod reqwest_middleware;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "ureq")]
mod ureq;

pub use request::CloneRequest;
#[cfg(feature = "__reqwest")]
pub use reqwest::SendWith;
#[cfg(any(feature = "reqwest-blocking", feature = "reqwest-0-12-blocking"))]
pub use reqwest_blocking::SendWith as BlockingSendWith;
#[cfg(feature = "reqwest-middleware")]
pub use reqwest_middleware::RetryMiddleware;
#[cfg(feature = "tower")]
pub use tower::{HasExtensions, TowerPolicy};
#[cfg(feature = "ureq")]
pub use ureq::{ReplayBody, RunWith};
