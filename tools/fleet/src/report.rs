//! What a simulation counted.

use std::time::Duration;

use crate::number::ratio;

/// What became of the clients, and what the server saw.
///
/// `served`, `lost` and `waiting` together are the clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The number of clients.
    pub clients: u64,
    /// How many got through.
    pub served: u64,
    /// How many gave up: their policy stopped, or the budget refused the retry.
    pub lost: u64,
    /// How many were neither when the simulation reached its [limits](crate#limits), those yet to arrive included.
    pub waiting: u64,
    /// How many requests the clients sent, first attempts included.
    pub requests: u64,
    /// The fullest second of the server that is back, or `None` if nothing arrived after the outage.
    pub peak: Option<Peak>,
    /// When the last client got through, or `None` if none did.
    pub last_served: Option<Duration>,
    /// How long a step was. If it is longer than a second, the whole was too long for finer ones, and all figures are
    /// approximate: a wave that arrives at once is served as if it arrived over the step.
    pub step: Duration,
    /// How much time was simulated.
    pub simulated: Duration,
    /// The requests over time, in order, without times at which nothing arrived.
    ///
    /// Bins last a second up to 128 s, and 1 to 2 % of the time after that. A picture with a logarithmic axis needs no
    /// more. There are at most some 1,200.
    pub series: Vec<Bin>,
}

impl Report {
    /// Returns the share of the clients that got through, from 0 to 1.
    #[must_use]
    pub fn served_share(&self) -> f64 {
        ratio(self.served.into(), self.clients.into())
    }

    /// Returns the share of the clients that gave up, from 0 to 1.
    #[must_use]
    pub fn lost_share(&self) -> f64 {
        ratio(self.lost.into(), self.clients.into())
    }

    /// Returns how many requests a client sent on average.
    #[must_use]
    pub fn requests_per_client(&self) -> f64 {
        ratio(self.requests.into(), self.clients.into())
    }
}

/// The fullest second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// How many requests arrived in it. If a step is longer than a second, it is the average of the step.
    pub per_second: u64,
    /// When it began, in whole seconds since the first attempt of all.
    pub at: Duration,
}

/// A part of the time, and what arrived in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// When it begins.
    pub start: Duration,
    /// How long it is.
    pub length: Duration,
    /// How many requests arrived in it.
    pub arrivals: u64,
    /// How many of them were served.
    pub served: u64,
    /// How many arrived in its fullest second.
    pub peak_per_second: u64,
}
