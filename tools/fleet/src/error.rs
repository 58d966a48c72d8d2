//! What cannot be simulated.

use std::error;
use std::fmt;
use std::time::Duration;

use crate::Scenario;

/// Why a scenario cannot be simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// [`Scenario::clients`] is zero.
    NoClients,
    /// [`Scenario::clients`] is more than [`Scenario::MOST_CLIENTS`].
    TooManyClients(u64),
    /// [`Scenario::capacity`] is zero.
    NoCapacity,
    /// [`Arrival::Over`](crate::Arrival::Over) is too long for steps that still tell the waits apart.
    ArrivalTooLong {
        /// How long the clients take to arrive.
        arrival: Duration,
        /// How long they may take at most.
        longest: Duration,
    },
    /// The policy ends after more retries than are counted one by one.
    TooManyRetries {
        /// How many may be allowed at most, unless there is no limit.
        most: u32,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoClients => f.write_str("clients: expected at least 1, found 0"),
            Self::TooManyClients(clients) => write!(
                f,
                "clients: expected at most {}, found {clients}",
                Scenario::MOST_CLIENTS
            ),
            Self::NoCapacity => f.write_str("capacity: expected at least 1 per second, found 0"),
            Self::ArrivalTooLong { arrival, longest } => write!(
                f,
                "arrival: expected at most {} s with waits this short, found {} s",
                longest.as_secs(),
                arrival.as_secs()
            ),
            Self::TooManyRetries { most } => write!(
                f,
                "max_retries: expected at most {most}, or no limit, found more"
            ),
        }
    }
}

impl error::Error for Error {}
