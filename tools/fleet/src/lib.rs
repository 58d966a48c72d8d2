//! Simulates what a retry table does to a fleet of clients, and to the server that comes back after an outage.
//!
//! ```
//! use std::time::Duration;
//!
//! use retrospec::{Jitter, Outcome};
//! use retrospec_fleet::{Arrival, Scenario, simulate};
//!
//! let scenario = Scenario {
//!     clients: 1_000_000,
//!     arrival: Arrival::AtOnce,
//!     outage: Duration::from_mins(30),
//!     capacity: 200,
//!     budget: None,
//!     seed: 1,
//! };
//! let policy = memfault_status::policy();
//! let documented = simulate(policy, Outcome::status(503), &scenario)?;
//! assert_eq!((documented.served, documented.lost), (400, 999_600));
//!
//! let spread = simulate(policy.jitter(Jitter::Percent(10)), Outcome::status(503), &scenario)?;
//! assert_eq!((spread.served, spread.lost), (1_000_000, 0));
//! # Ok::<(), retrospec_fleet::Error>(())
//! ```
//!
//! # The model
//!
//! Each client sends one request. Until the outage ends, each attempt gets the answer that the caller of [`simulate`]
//! gives. After it, the server takes as many requests as its capacity in each second, the first to come first.
//! Everyone above that gets the same answer. The engine decides who retries, and when. A client that is told to stop
//! has lost its request.
//!
//! Time goes in steps of equal length: a 64th of the shortest wait, or longer if the whole is long. Clients are counted
//! by step and number of retries, so a billion cost as much as a thousand:
//!
//! - The engine is asked for the shortest and the longest wait before each retry. Waits between are equally likely.
//!   They end in the nearest step, and at least one step later.
//! - How many waits end in a step is drawn from a binomial distribution, so that counts vary as those of single
//!   clients do. Up to 32 clients that fail together draw their waits one by one.
//! - If a step has more arrivals than the server takes, each number of retries is served in proportion.
//! - If a policy bounds the elapsed time and clients arrive over a time, clients that arrive within a 32nd of the bound
//!   share one arrival.
//!
//! Attempts take no time. The answer is the same throughout, so a date in its `Retry-After` always asks for the same
//! wait.
//!
//! # Limits
//!
//! If retries have no limit and the server stays down, there is no end to simulate. After 4 million steps, or 100
//! million counts, the report says who still waits. The counts run out if clients arrive over a day and make hundreds
//! of retries. Waits of more than a century count as a century.

/// The code in the README compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod account;
mod capacity;
mod cohort;
mod decision;
mod error;
mod number;
mod pending;
pub mod picture;
mod random;
mod report;
mod scenario;
mod series;
mod share;
mod simulate;
mod step;

pub use error::Error;
pub use report::{Bin, Peak, Report};
pub use scenario::{Arrival, Budget, Scenario};
pub use simulate::simulate;
