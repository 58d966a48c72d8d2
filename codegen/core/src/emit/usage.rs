//! How a table is used, for the docs of its crate: a loop that hands over what this table reads.

use crate::model::{Jitter, Model, WaitForm};

pub(super) fn section(model: &Model, krate: &str) -> String {
    let asks_server = model
        .behaviors()
        .any(|behavior| behavior.action.asks_server());
    let reads_retry_after = asks_server && model.has_only_retry_after();
    let reads_headers = asks_server && !reads_retry_after || model.should_retry.is_some();
    let reads_date = asks_server
        && model
            .wait_headers
            .iter()
            .any(|header| matches!(header.form, WaitForm::RetryAfter | WaitForm::UnixSeconds));
    let rows = model.rows.iter().map(|row| &row.errors);
    let classes = model.classes.iter().map(|row| &row.errors);
    let reads_error = rows.chain(classes).any(|errors| !errors.is_empty());
    let is_conditional = model.behaviors().any(|behavior| behavior.if_idempotent);
    let is_timed = model.max_elapsed.is_some();
    let is_spread = model.retry_after_jitter.is_some()
        || model
            .schedules
            .iter()
            .any(|schedule| schedule.jitter != Jitter::None);
    let tells_unsent = model.connect != model.transport;

    let lines = |condition: bool, lines: &'static str| if condition { lines } else { "" };
    let parts = [
        HEAD,
        lines(reads_retry_after, HEADER_FIELDS),
        lines(reads_headers, HEADERS_FIELD),
        lines(reads_error, ERROR_FIELD),
        SEND,
        lines(is_timed, "let start = std::time::Instant::now();\n"),
        lines(is_conditional, IDEMPOTENT),
        LOOP,
        lines(reads_retry_after, HEADER_VALUES),
        lines(reads_headers, HEADERS_VALUE),
        lines(reads_date, NOW),
        lines(reads_error, ERROR_VALUE),
        OUTCOME,
        lines(tells_unsent, NOT_SENT),
        ERROR,
        lines(is_conditional, ".idempotent(is_idempotent)"),
        lines(is_timed, ".elapsed(start.elapsed())"),
        lines(is_spread, ".random(random())"),
        NEXT,
        lines(reads_date, CLOCK),
        lines(is_spread, RANDOM),
        "```\n",
    ];
    parts.concat().replace("KRATE", krate)
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

const IDEMPOTENT: &str = "// Whether sending the request twice does no more than sending it once: a GET or a PUT, not a POST.
let is_idempotent = false;
";

const LOOP: &str = "let mut attempt = KRATE::policy().first_attempt();
let (result, stop) = loop {
    let result = send();
    let outcome = match &result {
        Ok(response) => Outcome::status(response.code)";

const HEADER_VALUES: &str = "
            .retry_after(response.retry_after.as_deref())
            .date(response.date.as_deref())";

const HEADERS_FIELD: &str = "    headers: Vec<(String, String)>,
";

const HEADERS_VALUE: &str = "
            .headers(&response.headers)";

const NOW: &str = "
            .now(unix_seconds())";

const ERROR_FIELD: &str = "    /// The error code in the body, if there is one.
    error: String,
";

const ERROR_VALUE: &str = "
            .error(&response.error)";

const OUTCOME: &str = ",
";

const NOT_SENT: &str = "        Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => Outcome::not_sent(),
";

const ERROR: &str = "        Err(_) => Outcome::no_response(),
    };
    match attempt.next(outcome";

const NEXT: &str = ") {
        Next::Retry(wait) => attempt = wait.sleep(std::thread::sleep),
        Next::Stop(stop) => break (result, stop),
    }
};
";

const CLOCK: &str = "
/// What a date in a header is counted from if the response has no `Date`.
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
