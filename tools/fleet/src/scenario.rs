//! What is simulated: a fleet, an outage and a server.

use std::time::Duration;

/// A fleet of clients that each send one request, and the server that gets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The number of clients, from 1 to [`MOST_CLIENTS`](Self::MOST_CLIENTS).
    pub clients: u64,
    /// When the clients send their first attempts.
    pub arrival: Arrival,
    /// How long the server is down, from the first attempt of all on. It is rounded up to a whole step.
    pub outage: Duration,
    /// How many requests the server takes in each second once it is back. If it comes back within a second, the rest of
    /// that second has its part.
    pub capacity: u64,
    /// The budget that all clients share for their retries, or `None` if there is none.
    pub budget: Option<Budget>,
    /// Chooses the random numbers. The same seed gives the same report.
    pub seed: u64,
}

impl Scenario {
    /// The most clients that are counted, a trillion: their requests still fit `u64`.
    pub const MOST_CLIENTS: u64 = 1_000_000_000_000;
}

/// When the clients of a fleet send their first attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// All at time 0.
    AtOnce,
    /// Evenly from time 0 to this time.
    Over(Duration),
}

/// A budget of retries, counted as tower's [`TpsBudget`] and Finagle's [`RetryBudget`] count it.
///
/// Each first attempt deposits a part of a retry, and each retry withdraws a whole one, before its wait. Deposits
/// and withdrawals count for 10 s. A reserve comes on top, so that a few retries are always possible. A client whose
/// retry is refused has lost its request.
///
/// Here the whole fleet shares one budget, as behind a gateway that sends for all of it. A budget in each client is
/// another matter: a client with one request only ever draws on its own reserve.
///
/// The default is both libraries' default: 20 %, and 10 retries per second.
///
/// [`TpsBudget`]: https://docs.rs/tower/0.5.3/tower/retry/budget/struct.TpsBudget.html
/// [`RetryBudget`]: https://github.com/twitter/finagle/blob/0e26b57635f1194eb90abf2d446a5fc6358a4b9e/finagle-core/src/main/scala/com/twitter/finagle/service/RetryBudget.scala
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How much of a retry a first attempt deposits, in percent.
    pub percent: u32,
    /// How many retries per second the reserve allows.
    pub retries_per_second: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            percent: 20,
            retries_per_second: 10,
        }
    }
}
