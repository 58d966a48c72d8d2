//! Logarithmic axes that begin at 0.
//!
//! A value `v` is at log(1 + v / unit). Up to the unit the axis is about linear, so 0 has a place, and far above it the
//! axis is logarithmic.

use plotters::coord::combinators::WithKeyPoints;
use plotters::prelude::{BindKeyPoints, IntoLogRange, LogCoord};

/// The type of an axis.
pub(super) type Axis = WithKeyPoints<LogCoord<f64>>;

/// The times at which an axis can have a label, in seconds.
const TIMES: [f64; 13] = [
    0.001,
    0.01,
    0.1,
    1.0,
    10.0,
    60.0,
    600.0,
    3_600.0,
    36_000.0,
    86_400.0,
    864_000.0,
    8_640_000.0,
    86_400_000.0,
];

/// Returns an axis of seconds.
pub(super) fn time(unit: f64, end: f64, pixels: f64) -> Axis {
    // A label has up to six characters.
    axis(unit, end, pixels, 56.0, &TIMES)
}

/// Returns the unit of an axis on which `first` is one of the first times to be told from 0.
pub(super) fn unit(first: f64) -> f64 {
    let shorter = TIMES.iter().rev().find(|time| **time <= first);
    *shorter.unwrap_or(&TIMES[0])
}

/// Returns an axis of counts.
pub(super) fn count(end: f64, pixels: f64) -> Axis {
    let counts: Vec<f64> = (0..=12).map(|power| 10_f64.powi(power)).collect();
    axis(1.0, end, pixels, 20.0, &counts)
}

/// Returns an axis with a label at 0 and at those of `places` that are `distance` pixels away from the one before.
fn axis(unit: f64, end: f64, pixels: f64, distance: f64, places: &[f64]) -> Axis {
    let place = |value: f64| (value / unit).ln_1p() / (end / unit).ln_1p() * pixels;
    let mut labels = vec![0.0];
    let mut last = 0.0;
    for value in places.iter().filter(|value| **value <= end) {
        if place(*value) - last >= distance {
            last = place(*value);
            labels.push(*value);
        }
    }
    (0.0..end)
        .log_scale()
        .zero_point(-unit)
        .with_key_points(labels)
}
