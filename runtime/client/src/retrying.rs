use std::fmt;

use retrospec::{Policy, StatusTable};

use crate::Decision;

/// What drivers and adapters go by: a [`Policy`] as it is, or a [`Retry`], which has more to set.
pub trait Retrying {
    /// The table.
    type Table: StatusTable;

    /// The table with its bounds.
    fn policy(&self) -> Policy<Self::Table>;

    /// Sees every decision, before it is carried out.
    fn decided(&self, _decision: &Decision) {}
}

impl<T: StatusTable> Retrying for Policy<T> {
    type Table = T;

    fn policy(&self) -> Policy<T> {
        *self
    }
}

impl<R: Retrying + ?Sized> Retrying for &R {
    type Table = R::Table;

    fn policy(&self) -> Policy<R::Table> {
        (**self).policy()
    }

    fn decided(&self, decision: &Decision) {
        (**self).decided(decision);
    }
}

/// A [`Policy`] and somebody who looks on.
///
/// ```
/// use retrospec_client::{Answer, Retry, retry};
/// # use retrospec::Outcome;
/// # struct Response;
/// # impl retrospec_client::Attempted for Response {
/// #     fn outcome(&self) -> Outcome<'_> { Outcome::status(503) }
/// # }
/// # fn send() -> Response { Response }
///
/// let policy = memfault_status::policy().max_retries(2);
/// let watched = Retry::new(policy, |decision| {
///     if let Answer::Retry { retry, wait } = decision.answer {
///         eprintln!("retry {retry} in {wait:?}");
///     }
/// });
/// let finished = retry(&watched, |_| send(), |_| {});
/// assert_eq!(finished.stop.retries, 2);
/// ```
#[derive(Clone, Copy)]
pub struct Retry<T, H> {
    policy: Policy<T>,
    on_retry: H,
}

impl<T: StatusTable, H: Fn(&Decision)> Retry<T, H> {
    /// `on_retry` sees every decision before it is carried out, the last one included.
    pub const fn new(policy: Policy<T>, on_retry: H) -> Self {
        Self { policy, on_retry }
    }
}

impl<T: StatusTable, H: Fn(&Decision)> Retrying for Retry<T, H> {
    type Table = T;

    fn policy(&self) -> Policy<T> {
        self.policy
    }

    fn decided(&self, decision: &Decision) {
        (self.on_retry)(decision);
    }
}

impl<T, H> fmt::Debug for Retry<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
