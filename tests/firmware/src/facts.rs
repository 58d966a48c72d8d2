//! What Memfault's page says, from `tests/support/facts`.

/// What a page says to do.
#[derive(Clone, Copy, PartialEq)]
pub enum Action {
    Never,
    Header,
    Backoff,
    HeaderOrBackoff,
}

include!(concat!(env!("OUT_DIR"), "/facts.rs"));
