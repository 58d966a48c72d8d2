//! The policy for drivers and adapters, with settings that the engine does not know.

use std::fmt;
use std::sync::Arc;

use retrospec::{Policy, StatusTable};

use crate::Decision;

/// The policy for drivers and adapters: a plain [`Policy`], or [`RetryOptions`] with more settings.
///
/// One policy may serve many requests at once, so it is `Send` and `Sync`, and so is a hook. [`SharedPolicy`] names
/// one of any kind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a retry policy",
    note = "pass a table's `policy()`, `RetryOptions`, or a reference to one of them"
)]
pub trait RetryPolicy: Send + Sync {
    /// The table.
    type Table: StatusTable;

    /// Returns the table with its bounds.
    fn policy(&self) -> Policy<Self::Table>;

    /// Returns whether adapters retry only idempotent methods (RFC 9110 section 9.2.2).
    fn is_idempotent_only(&self) -> bool {
        false
    }

    /// Whether the requests are idempotent, or `None` if their methods tell.
    fn is_idempotent(&self) -> Option<bool> {
        None
    }

    /// Is called with every decision, before it is carried out.
    fn on_decision(&self, _decision: &Decision) {}
}

impl<T: StatusTable> RetryPolicy for Policy<T> {
    type Table = T;

    fn policy(&self) -> Policy<T> {
        *self
    }
}

macro_rules! policy_behind {
    ($($pointer:ty),*) => {
        $(impl<R: RetryPolicy + ?Sized> RetryPolicy for $pointer {
            type Table = R::Table;

            fn policy(&self) -> Policy<R::Table> {
                (**self).policy()
            }

            fn is_idempotent_only(&self) -> bool {
                (**self).is_idempotent_only()
            }

            fn is_idempotent(&self) -> Option<bool> {
                (**self).is_idempotent()
            }

            fn on_decision(&self, decision: &Decision) {
                (**self).on_decision(decision);
            }
        })*
    };
}

policy_behind!(&R, Box<R>, Arc<R>);

/// A policy for the table `T`, whatever its hook is: a type for a field.
///
/// ```
/// use std::sync::Arc;
///
/// use memfault_status::{Status, policy};
/// use retrospec_client::{RetryOptions, SharedPolicy};
///
/// #[derive(Clone, Debug)]
/// struct Uploader {
///     policy: SharedPolicy<Status>,
/// }
///
/// let options = RetryOptions::new(policy()).on_decision(|decision| eprintln!("{decision}"));
/// let uploader = Uploader { policy: Arc::new(options) };
/// // request.send_with(&uploader.policy)
/// ```
pub type SharedPolicy<T> = Arc<dyn RetryPolicy<Table = T>>;

/// Shows the table with its bounds, so that a struct with a [`SharedPolicy`] can derive `Debug`.
impl<T: StatusTable> fmt::Debug for dyn RetryPolicy<Table = T> + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("policy", &self.policy())
            .finish_non_exhaustive()
    }
}

/// A [`Policy`] with settings that an engine without I/O does not know.
///
/// ```
/// use retrospec_client::{Answer, RetryOptions, retry};
/// # use retrospec::Outcome;
/// # struct Response;
/// # impl retrospec_client::Attempted for Response {
/// #     fn outcome(&self) -> Outcome<'_> { Outcome::status(503) }
/// # }
/// # fn send() -> Response { Response }
///
/// let policy = memfault_status::policy().max_retries(2);
/// let watched = RetryOptions::new(policy).on_decision(|decision| {
///     if let Answer::Retry(wait) = decision.answer {
///         eprintln!("retry {} in {:?}", wait.retry, wait.duration);
///     }
/// });
/// let finished = retry(&watched, |_| send(), |_| {});
/// assert_eq!(finished.stop.retries, 2);
/// ```
pub struct RetryOptions<T, H = fn(&Decision)> {
    policy: Policy<T>,
    idempotent_only: bool,
    idempotent: Option<bool>,
    hook: H,
}

impl<T: StatusTable> RetryOptions<T> {
    /// Creates options with only this policy.
    #[must_use]
    pub const fn new(policy: Policy<T>) -> Self {
        Self {
            policy,
            idempotent_only: false,
            idempotent: None,
            hook: |_| {},
        }
    }
}

impl<T, H> RetryOptions<T, H> {
    /// Retries only requests whose method is idempotent. If another would be retried, it stops with
    /// [`NotIdempotent`](retrospec::Reason::NotIdempotent).
    ///
    /// Unless this is called, every method is retried: a table says which responses to retry, and its vendor
    /// knows the API. Drivers know no method and ignore this.
    #[must_use]
    pub fn idempotent_only(self) -> Self {
        Self {
            idempotent_only: true,
            ..self
        }
    }

    /// Sets whether the requests are idempotent, for a table or [`idempotent_only`](Self::idempotent_only) that
    /// asks.
    ///
    /// Unless this is called, adapters go by the method (RFC 9110 section 9.2.2). A request with an
    /// `Idempotency-Key` is idempotent to them as well. To drivers, no request is.
    #[must_use]
    pub fn idempotent(self, idempotent: bool) -> Self {
        Self {
            idempotent: Some(idempotent),
            ..self
        }
    }

    /// Calls `hook` with every decision before it is carried out, including the last one of a request. It does not hear
    /// of a wait that its [sleep](crate::Slept) ends.
    ///
    /// It is a `Fn`, and `Send` and `Sync`, because one policy may serve many requests at once. Count in an atomic
    /// or a `Mutex`.
    #[must_use]
    pub fn on_decision<H2: Fn(&Decision) + Send + Sync>(self, hook: H2) -> RetryOptions<T, H2> {
        RetryOptions {
            policy: self.policy,
            idempotent_only: self.idempotent_only,
            idempotent: self.idempotent,
            hook,
        }
    }
}

impl<T: StatusTable, H: Fn(&Decision) + Send + Sync> RetryPolicy for RetryOptions<T, H> {
    type Table = T;

    fn policy(&self) -> Policy<T> {
        self.policy
    }

    fn is_idempotent_only(&self) -> bool {
        self.idempotent_only
    }

    fn is_idempotent(&self) -> Option<bool> {
        self.idempotent
    }

    fn on_decision(&self, decision: &Decision) {
        (self.hook)(decision);
    }
}

// A derive would require the same traits of `T`.
impl<T, H: Clone> Clone for RetryOptions<T, H> {
    fn clone(&self) -> Self {
        Self {
            policy: self.policy,
            idempotent_only: self.idempotent_only,
            idempotent: self.idempotent,
            hook: self.hook.clone(),
        }
    }
}

impl<T, H: Copy> Copy for RetryOptions<T, H> {}

impl<T, H> fmt::Debug for RetryOptions<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryOptions")
            .field("policy", &self.policy)
            .field("idempotent_only", &self.idempotent_only)
            .field("idempotent", &self.idempotent)
            .finish_non_exhaustive()
    }
}
