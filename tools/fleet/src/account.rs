//! The balance of a budget.

use crate::Budget;
use crate::number::narrow;

/// How many seconds deposits and withdrawals count.
const SECONDS: usize = 10;
/// What a retry costs. A deposit of a percent of it is 1.
const RETRY: i128 = 100;

/// Deposits less withdrawals, second by second, for as long as they count.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    budget: Budget,
    slots: [i128; SECONDS],
    second: u64,
}

impl Account {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            slots: [0; SECONDS],
            second: 0,
        }
    }

    /// Goes on to a second, and drops what no longer counts.
    pub(crate) fn advance(&mut self, second: u64) {
        let passed = second.saturating_sub(self.second);
        for later in 1..=passed.min(SECONDS as u64) {
            let slot = self.slot(second - (passed.min(SECONDS as u64) - later));
            *slot = 0;
        }
        self.second = self.second.max(second);
    }

    /// Deposits for first attempts.
    pub(crate) fn deposit(&mut self, requests: u64) {
        let amount = i128::from(requests) * i128::from(self.budget.percent);
        *self.slot(self.second) += amount;
    }

    /// Withdraws for retries, and returns how many of them the balance allows.
    pub(crate) fn withdraw(&mut self, retries: u64) -> u64 {
        let reserve = i128::from(self.budget.retries_per_second) * SECONDS as i128 * RETRY;
        let balance = self.slots.iter().sum::<i128>() + reserve;
        let allowed = retries.min(narrow((balance / RETRY).max(0).unsigned_abs()));
        *self.slot(self.second) -= i128::from(allowed) * RETRY;
        allowed
    }

    fn slot(&mut self, second: u64) -> &mut i128 {
        // The remainder is below the length.
        &mut self.slots[usize::try_from(second % SECONDS as u64).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(percent: u32, retries_per_second: u32) -> Account {
        Account::new(Budget {
            percent,
            retries_per_second,
        })
    }

    #[test]
    fn a_deposit_counts_for_ten_seconds() {
        let mut account = account(20, 0);
        account.deposit(50);
        account.advance(9);
        assert_eq!(account.withdraw(4), 4);
        // The deposit no longer counts, but the withdrawal does.
        account.advance(10);
        account.deposit(25);
        assert_eq!(account.withdraw(4), 1);
        account.advance(18);
        assert_eq!(account.withdraw(4), 0);
        account.advance(19);
        assert_eq!(account.withdraw(9), 4);
    }

    #[test]
    fn the_reserve_comes_back_after_ten_seconds() {
        let mut account = account(0, 3);
        assert_eq!(account.withdraw(100), 30);
        account.advance(9);
        assert_eq!(account.withdraw(100), 0);
        account.advance(10);
        assert_eq!(account.withdraw(100), 30);
        account.advance(u64::MAX);
        assert_eq!(account.withdraw(u64::MAX), 30);
    }

    #[test]
    fn extremes_do_not_overflow() {
        let mut account = account(u32::MAX, u32::MAX);
        for second in 0..20 {
            account.advance(second);
            account.deposit(u64::MAX);
            assert_eq!(account.withdraw(u64::MAX), u64::MAX);
        }
    }
}
