//! Numbers between integers and floats.

/// Returns `part / whole`, or 0 if both are zero.
#[expect(
    clippy::cast_precision_loss,
    reason = "a ratio is approximate, and 53 bits are plenty"
)]
pub(crate) fn ratio(part: u128, whole: u128) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Returns `number`, or the largest `u64` if it is larger.
pub(crate) fn narrow(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
