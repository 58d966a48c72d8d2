//! Random counts.

use rand::RngExt;
use rand_distr::{Binomial, Distribution};
pub(crate) use rand_pcg::Pcg64 as Random;

/// Up to this many trials are made one by one.
const FEW: u64 = 32;

/// Returns how many of `trials` succeed if each does with this probability.
pub(crate) fn successes(trials: u64, probability: f64, random: &mut Random) -> u64 {
    if probability >= 1.0 {
        return trials;
    }
    if trials <= FEW {
        let succeeds = |_: &u64| random.random::<f64>() < probability;
        return (0..trials).filter(succeeds).count() as u64;
    }
    match Binomial::new(trials, probability) {
        Ok(binomial) => binomial.sample(random).min(trials),
        // It is no probability, which `ratio` rules out.
        Err(_) => 0,
    }
}
