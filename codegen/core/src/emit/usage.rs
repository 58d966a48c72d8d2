//! How a table is used, for the docs of its crate: a loop that hands over what this table reads.

use crate::model::{Behavior, Jitter, Model};

pub(super) fn section(model: &Model, krate: &str) -> String {
    let rows = model.rows.iter().map(|row| &row.retry);
    let classes = model.classes.iter().map(|row| &row.retry);
    let reads_header = rows
        .chain(classes)
        .chain([&model.unlisted])
        .any(reads_header);
    let is_timed = model.max_elapsed.is_some();
    let is_spread = model
        .schedules
        .iter()
        .any(|schedule| schedule.jitter != Jitter::None);

    let lines = |condition: bool, lines: &'static str| if condition { lines } else { "" };
    let parts = [
        HEAD,
        lines(reads_header, HEADER_FIELDS),
        SEND,
        lines(is_timed, "let start = std::time::Instant::now();\n"),
        LOOP,
        lines(reads_header, HEADER_VALUES),
        OUTCOME,
        lines(is_timed, ".elapsed(start.elapsed())"),
        lines(is_spread, ".random(random())"),
        NEXT,
        lines(reads_header, CLOCK),
        lines(is_spread, RANDOM),
        "```\n",
    ];
    parts.concat().replace("KRATE", krate)
}

fn reads_header(behavior: &Behavior) -> bool {
    matches!(
        behavior,
        Behavior::RetryAfter | Behavior::RetryAfterOrBackoff(_)
    )
}

// Not run: it may wait for hours.
const HEAD: &str = "
# Use

With an HTTP client, the crate `retrospec-client` has the loop: with reqwest it is
`request.send_with(KRATE::policy()).await.result?`. Without one, this is all of it:

```no_run
use retrospec::{Next, Outcome};

/// The response of your client.
struct Response {
    code: u16,
";

const HEADER_FIELDS: &str = "    retry_after: Option<Vec<u8>>,
    date: Option<Vec<u8>>,
";

const SEND: &str = "}

# fn send() -> std::io::Result<Response> { Err(std::io::ErrorKind::NotConnected.into()) }
";

const LOOP: &str = "let mut attempt = KRATE::policy().first_attempt();
let (result, stop) = loop {
    let result = send();
    let outcome = match &result {
        Ok(response) => Outcome::status(response.code)";

const HEADER_VALUES: &str = "
            .retry_after(response.retry_after.as_deref())
            .date(response.date.as_deref())
            .now(unix_seconds())";

const OUTCOME: &str = ",
        Err(_) => Outcome::no_response(),
    };
    match attempt.next(outcome";

const NEXT: &str = ") {
        Next::Retry(wait) => attempt = wait.sleep(std::thread::sleep),
        Next::Stop(stop) => break (result, stop),
    }
};
";

const CLOCK: &str = "
/// What a date in `Retry-After` is counted from if the response has no `Date`.
fn unix_seconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap_or_default().as_secs()
}
";

const RANDOM: &str = "
/// For the jitter: uniform over all of `u32`. Any generator will do.
fn random() -> u32 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) as u32
}
";
