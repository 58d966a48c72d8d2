//! Arrivals per second, and over time.

use std::time::Duration;

use crate::number::narrow;
use crate::step::Steps;
use crate::{Bin, Peak};

/// Bins of an octave of time: up to twice this many windows, each has its own.
const BINS_OF_AN_OCTAVE: u32 = 64;

/// Adds up the steps of each window, and the windows of each bin.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    steps: Steps,
    window: u64,
    present: Window,
    bins: Vec<Bin>,
    peak: Option<Peak>,
}

/// What arrived in a window.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    arrivals: u64,
    /// Those that found the server back.
    after_outage: u64,
    served: u64,
}

impl Series {
    pub(crate) fn new(steps: Steps) -> Self {
        Self {
            steps,
            window: 0,
            present: Window::default(),
            bins: Vec::new(),
            peak: None,
        }
    }

    /// Counts a step. Steps must be given in order; those without arrivals may be left out.
    pub(crate) fn count(&mut self, step: u64, arrivals: u64, served: u64, is_up: bool) {
        let window = narrow(self.steps.start(step) / u128::from(self.steps.window()));
        if window != self.window {
            self.close();
            self.window = window;
        }
        self.present.arrivals += arrivals;
        self.present.served += served;
        if is_up {
            self.present.after_outage += arrivals;
        }
    }

    /// Returns the bins and the peak.
    pub(crate) fn finish(mut self) -> (Vec<Bin>, Option<Peak>) {
        self.close();
        (self.bins, self.peak)
    }

    fn close(&mut self) {
        let Window {
            arrivals,
            after_outage,
            served,
        } = std::mem::take(&mut self.present);
        if arrivals == 0 {
            return;
        }
        let (first, windows) = bin(self.window);
        let start = self.time(first);
        if self.bins.last().is_none_or(|bin| bin.start != start) {
            self.bins.push(Bin {
                start,
                length: self.time(windows),
                arrivals: 0,
                served: 0,
                peak_per_second: 0,
            });
        }
        let peak_per_second = self.per_second(arrivals);
        if let Some(bin) = self.bins.last_mut() {
            bin.arrivals += arrivals;
            bin.served += served;
            bin.peak_per_second = bin.peak_per_second.max(peak_per_second);
        }
        let per_second = self.per_second(after_outage);
        if per_second > self.peak.map_or(0, |peak| peak.per_second) {
            self.peak = Some(Peak {
                per_second,
                at: self.time(self.window),
            });
        }
    }

    fn time(&self, windows: u64) -> Duration {
        Duration::from_nanos_u128(u128::from(windows) * u128::from(self.steps.window()))
    }

    fn per_second(&self, arrivals: u64) -> u64 {
        let length = u128::from(self.steps.window());
        narrow((u128::from(arrivals) * 1_000_000_000).div_ceil(length))
    }
}

/// Returns the first window of the bin that a window is in, and the number of windows in the bin.
fn bin(window: u64) -> (u64, u64) {
    let octaves = (window / u64::from(BINS_OF_AN_OCTAVE)).max(1).ilog2();
    let windows = 1 << octaves;
    (window / windows * windows, windows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_grow_with_time() {
        let found = [0, 1, 63, 64, 127, 128, 129, 131, 255, 256, 1_000_000].map(bin);
        let expected = [
            (0, 1),
            (1, 1),
            (63, 1),
            (64, 1),
            (127, 1),
            (128, 2),
            (128, 2),
            (130, 2),
            (254, 2),
            (256, 4),
            (999_424, 8_192),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn steps_of_a_second_are_added_up() {
        let mut series = Series::new(Steps {
            length: 500_000_000,
            limit: 10,
        });
        for (step, arrivals) in [(0, 3), (1, 4), (2, 5), (7, 9)] {
            series.count(step, arrivals, 1, step > 0);
        }
        let (bins, peak) = series.finish();
        let found: Vec<_> = bins
            .iter()
            .map(|bin| (bin.start.as_secs(), bin.arrivals, bin.served))
            .collect();
        assert_eq!(found, [(0, 7, 2), (1, 5, 1), (3, 9, 1)]);
        let at = Duration::from_secs(3);
        assert_eq!(peak, Some(Peak { per_second: 9, at }));
    }
}
