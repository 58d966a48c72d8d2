//! What is slept, and what a sleep that ends a request returns.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// What a sleep returns: nothing, or a [`ControlFlow`] that can end the request.
///
/// After [`ControlFlow::Break`] there is no retry. The reason is [`Canceled`](retrospec::Reason::Canceled), and the
/// last result comes back. It is kept during the wait for that, and a response may hold a connection. No hook hears of
/// it: a wait that a hook has stored stays stored, to be resumed. If a resumed wait is ended, its attempt is made all
/// the same, and nothing after it.
///
/// An async request can also be ended by dropping its future, with the last result. The async adapters have that way
/// alone.
#[diagnostic::on_unimplemented(
    message = "a sleep does not return `{Self}`",
    note = "return nothing, or `ControlFlow::Break(())` to end the request",
    note = "a closure that only panics needs the type `()` for what it returns"
)]
pub trait Slept: Sealed {
    /// What is kept of a result during the wait.
    #[doc(hidden)]
    type Held<R>;

    #[doc(hidden)]
    fn hold<R>(result: R) -> Self::Held<R>;

    /// Returns the result if the request ends here.
    #[doc(hidden)]
    fn ended<R>(self, held: Self::Held<R>) -> Option<R>;
}

/// Not for other types, because what is held may change.
pub trait Sealed {}

macro_rules! never_ends {
    ($($slept:ty),*) => {
        $(impl Sealed for $slept {}

        impl Slept for $slept {
            type Held<R> = ();

            fn hold<R>(_: R) {}

            fn ended<R>(self, (): ()) -> Option<R> {
                None
            }
        })*
    };
}

// smol's timer returns the time at which it ended.
never_ends!((), Instant);

impl Sealed for ControlFlow<()> {}

impl Slept for ControlFlow<()> {
    type Held<R> = R;

    fn hold<R>(result: R) -> R {
        result
    }

    fn ended<R>(self, held: R) -> Option<R> {
        self.is_break().then_some(held)
    }
}

/// Returns whether a wait ended the request before there was a result.
pub(crate) fn is_ended<S: Slept>(slept: S) -> bool {
    slept.ended(S::hold(())).is_some()
}

/// Returns how long to sleep for a wait.
pub(crate) fn time_to_sleep(wait: Duration) -> Duration {
    #[cfg(feature = "testing")]
    let wait = crate::testing::divided(wait);
    wait
}
