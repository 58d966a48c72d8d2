//! What the measured programs share: `PROGRAM CASE N` does a thing N times, to be counted, and
//! `PROGRAM time N` prints each case's median time in nanoseconds.

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use memfault_status::Status;
use retrospec::{Attempt, Next, Outcome};

/// In an odd number of rounds every case has its turn, so that a noisy minute is shared by all.
const ROUNDS: usize = 101;

/// A thing to measure: its name, and how to do it a number of times.
pub type Case<'a> = (&'a str, Box<dyn FnMut(u32) + 'a>);

/// `each` done `n` times.
pub fn case<'a>(name: &'a str, mut each: impl FnMut() + 'a) -> Case<'a> {
    (name, Box::new(move |n| (0..n).for_each(|_| each())))
}

/// Does what `CASE N` or `time N`, the last two arguments, ask for.
pub fn run(cases: &mut [Case]) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [.., name, n] = &arguments[..] else {
        return usage(cases);
    };
    let Ok(n) = n.parse() else {
        return usage(cases);
    };
    if name == "time" {
        time(cases, n);
    } else if let Some((_, run)) = cases.iter_mut().find(|case| case.0 == name) {
        run(n);
    } else {
        return usage(cases);
    }
    ExitCode::SUCCESS
}

/// The engine's decision, not inlined. It stands apart from the loops into which it is inlined.
#[inline(never)]
pub fn next(attempt: Attempt<Status>, outcome: Outcome) -> Next<Status> {
    attempt.next(outcome)
}

fn usage(cases: &[Case]) -> ExitCode {
    let names: Vec<&str> = cases.iter().map(|case| case.0).collect();
    eprintln!("usage: CASE|time N, with a case of: {}", names.join(" "));
    ExitCode::from(2)
}

fn time(cases: &mut [Case], n: u32) {
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for ((_, run), times) in cases.iter_mut().zip(&mut times) {
            let start = Instant::now();
            run(n);
            times.push(start.elapsed());
        }
    }
    for ((name, _), mut times) in cases.iter().zip(times) {
        times.sort();
        println!(
            "{name} {:.3}",
            times[ROUNDS / 2].as_secs_f64() * 1e9 / f64::from(n)
        );
    }
}
