//! Every contender in every scenario.

use retrospec_test_support::Facts;

use crate::contender::Contender;
use crate::judge::{Tally, judge};
use crate::scenario::Scenario;
use crate::trial::Trial;

pub(crate) struct Score {
    pub(crate) name: &'static str,
    pub(crate) tally: Tally,
    /// In how many scenarios it went on until the server gave in.
    pub(crate) cut_off: usize,
}

impl Score {
    pub(crate) fn of(contender: &Contender, scenarios: &[Scenario], facts: &Facts) -> Self {
        let mut score = Self {
            name: contender.name,
            tally: Tally::default(),
            cut_off: 0,
        };
        for scenario in scenarios {
            let documented = scenario.documented(facts);
            let trial = Trial::run(contender, *scenario);
            score
                .tally
                .add(&documented, &judge(&documented, &trial.attempts));
            score.cut_off += usize::from(trial.is_cut_off);
        }
        score
    }

    pub(crate) fn is_perfect(&self) -> bool {
        self.tally.scenarios.right == self.tally.scenarios.all
    }
}
