//! How a table is used, for the docs of its crate: a loop that hands over what this table reads.

use crate::model::{Behavior, Jitter, Model};

pub(super) fn section(model: &Model, krate: &str) -> String {
    let behaviors = || {
        let rows = model.rows.iter().map(|row| &row.retry);
        let classes = model.classes.iter().map(|row| &row.retry);
        rows.chain(classes).chain([&model.unlisted])
    };
    let reads_header = behaviors().any(|behavior| {
        matches!(
            behavior,
            Behavior::RetryAfter | Behavior::RetryAfterOrBackoff(_)
        )
    });
    let is_spread = model
        .schedules
        .iter()
        .any(|schedule| schedule.jitter != Jitter::None);
    let only_if = |condition: bool, lines: &'static str| if condition { lines } else { "" };

    let fields = only_if(
        reads_header,
        "    retry_after: Option<Vec<u8>>,\n    date: Option<Vec<u8>>,\n",
    );
    let response = [
        "Outcome::status(response.code)",
        only_if(
            reads_header,
            "\n            .retry_after(response.retry_after.as_deref())\
             \n            .date(response.date.as_deref())\
             \n            .now(unix_seconds())",
        ),
    ]
    .concat();
    let start = only_if(
        model.max_elapsed.is_some(),
        "let start = std::time::Instant::now();\n",
    );
    let more = [
        only_if(model.max_elapsed.is_some(), ".elapsed(start.elapsed())"),
        only_if(is_spread, ".random(random())"),
    ]
    .concat();
    let clock = only_if(
        reads_header,
        "\n/// What a date in `Retry-After` is counted from if the response has no `Date`.\n\
         fn unix_seconds() -> u64 {\n    \
         let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);\n    \
         now.unwrap_or_default().as_secs()\n}\n",
    );
    let random = only_if(
        is_spread,
        "\n/// For the jitter: uniform over all of `u32`. Any generator will do.\n\
         fn random() -> u32 {\n    \
         use std::hash::{BuildHasher, RandomState};\n    \
         RandomState::new().hash_one(0) as u32\n}\n",
    );
    // Not run: it may wait for hours.
    format!(
        "\n# Use\n\n\
         With an HTTP client, the crate `retrospec-client` has the loop: with reqwest it is\n\
         `request.send_with({krate}::policy()).await.result?`. Without one, this is all of it:\n\n\
         ```no_run\n\
         use retrospec::{{Next, Outcome}};\n\
         \n\
         /// What your client's response has.\n\
         struct Response {{\n    code: u16,\n{fields}}}\n\
         \n\
         # fn send() -> std::io::Result<Response> {{ Err(std::io::ErrorKind::NotConnected.into()) }}\n\
         {start}\
         let mut attempt = {krate}::policy().first_attempt();\n\
         let (result, stop) = loop {{\n    \
             let result = send();\n    \
             let outcome = match &result {{\n        \
                 Ok(response) => {response},\n        \
                 Err(_) => Outcome::no_response(),\n    \
             }};\n    \
             match attempt.next(outcome{more}) {{\n        \
                 Next::Retry(wait) => attempt = wait.sleep(std::thread::sleep),\n        \
                 Next::Stop(stop) => break (result, stop),\n    \
             }}\n\
         }};\n\
         {clock}{random}\
         ```\n"
    )
}
