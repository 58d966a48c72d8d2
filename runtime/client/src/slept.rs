//! What is slept, and what a sleep that ends a request returns.

use std::ops::ControlFlow;
use std::time::Duration;

/// What a blocking sleep returns: nothing, or a [`ControlFlow`] that can end the request.
///
/// After [`ControlFlow::Break`] there is no retry. The reason is [`Canceled`](retrospec::Reason::Canceled), and the
/// last result comes back. It is kept during the wait for that, and a response may hold a connection. No hook hears of
/// it: a wait that a hook has stored stays stored, to be resumed. If a resumed wait is ended, its attempt is made all
/// the same, and nothing after it.
///
/// An async wait needs no such thing: drop its future, with the last result.
#[diagnostic::on_unimplemented(
    message = "a sleep does not return `{Self}`",
    note = "return nothing, or `ControlFlow::Break(())` to end the request",
    note = "a closure that only panics needs the type `()` for what it returns"
)]
pub trait Slept: Sealed {
    /// Whether a wait can be canceled.
    const IS_CANCELABLE: bool;

    /// Returns whether the wait was canceled.
    fn is_canceled(&self) -> bool;
}

/// Other types could say that they are not cancelable, and be canceled.
pub trait Sealed {}

impl Sealed for () {}
impl Sealed for ControlFlow<()> {}

impl Slept for () {
    const IS_CANCELABLE: bool = false;

    fn is_canceled(&self) -> bool {
        false
    }
}

impl Slept for ControlFlow<()> {
    const IS_CANCELABLE: bool = true;

    fn is_canceled(&self) -> bool {
        self.is_break()
    }
}

/// Returns how long to sleep for a wait.
pub(crate) fn time_to_sleep(wait: Duration) -> Duration {
    #[cfg(feature = "testing")]
    let wait = crate::testing::divided(wait);
    wait
}
