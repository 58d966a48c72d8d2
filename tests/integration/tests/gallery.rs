//! The gallery's tables against the facts of their vendors: statuses × headers × errors × idempotency × retries.

use std::collections::BTreeSet;
use std::time::Duration;

use retrospec::{Attempt, Next, Outcome, Policy, Reason, SavedWait, StatusTable};
use retrospec_test_support::{Case, Event, Rules};

/// 1994-11-06 08:49:37 UTC.
const NOW: u64 = 784_111_777;

/// What a header can say: seconds, a date, a time, words, nothing that is a number.
const VALUES: [&str; 12] = [
    "0",
    "30",
    " 1 ",
    "119999",
    "121",
    "86401",
    "784111822",
    "Sun, 06 Nov 1994 08:50:22 GMT",
    "-1",
    "soon",
    "",
    "18446744073709551616",
];

mod claude {
    retrospec_macros::table!("../../spec/gallery/claude.yaml");
}

mod cloudflare {
    retrospec_macros::table!("../../spec/gallery/cloudflare.yaml");
}

mod crates_io {
    retrospec_macros::table!("../../spec/gallery/crates-io.yaml");
}

mod discord {
    retrospec_macros::table!("../../spec/gallery/discord.yaml");
}

mod elasticsearch_logstash {
    retrospec_macros::table!("../../spec/gallery/elasticsearch-logstash.yaml");
}

mod github {
    retrospec_macros::table!("../../spec/gallery/github.yaml");
}

mod google_cloud_storage {
    retrospec_macros::table!("../../spec/gallery/google-cloud-storage.yaml");
}

mod kubernetes_client_go {
    retrospec_macros::table!("../../spec/gallery/kubernetes-client-go.yaml");
}

mod openai {
    retrospec_macros::table!("../../spec/gallery/openai.yaml");
}

mod shopify_admin {
    retrospec_macros::table!("../../spec/gallery/shopify-admin.yaml");
}

mod stripe {
    retrospec_macros::table!("../../spec/gallery/stripe.yaml");
}

mod twilio {
    retrospec_macros::table!("../../spec/gallery/twilio.yaml");
}

macro_rules! tests {
    ($($table:ident $name:literal)*) => {
        const NAMES: &[&str] = &[$($name),*];

        $(
            #[test]
            fn $table() {
                decisions_match::<$table::Status>($name);
            }
        )*
    };
}

tests! {
    claude "claude"
    cloudflare "cloudflare"
    crates_io "crates-io"
    discord "discord"
    elasticsearch_logstash "elasticsearch-logstash"
    github "github"
    google_cloud_storage "google-cloud-storage"
    kubernetes_client_go "kubernetes-client-go"
    openai "openai"
    shopify_admin "shopify-admin"
    stripe "stripe"
    twilio "twilio"
}

fn rules(name: &str) -> Rules {
    let mut gallery = Rules::gallery().into_iter();
    gallery.find(|rules| rules.name() == name).expect("facts")
}

#[test]
fn every_table_has_facts_and_a_test() {
    let stems = |folder: &str| -> BTreeSet<String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let files = paths.filter(|path| path.extension().is_some_and(|end| end != "md"));
        files
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect()
    };
    let names: BTreeSet<String> = NAMES.iter().map(ToString::to_string).collect();
    assert_eq!(stems("spec/gallery"), names);
    assert_eq!(stems("tests/support/facts/gallery"), names);
}

/// Returns the attempt after `retries` retries that took no time.
fn after<T: StatusTable>(retries: u32) -> Attempt<T> {
    let policy = Policy::<T>::new();
    if retries == 0 {
        return policy.first_attempt();
    }
    let saved = SavedWait {
        retry: retries,
        duration: Duration::ZERO,
        waited: Duration::ZERO,
        elapsed: Duration::ZERO,
    };
    policy.resume(saved, Duration::ZERO).into_attempt()
}

fn wait<T: StatusTable>(
    retries: u32,
    outcome: Outcome<'_>,
    random: u32,
) -> Result<Duration, Reason> {
    let outcome = outcome.now(NOW).elapsed(Duration::ZERO).random(random);
    match after::<T>(retries).next(outcome) {
        Next::Retry(wait) => Ok(wait.duration()),
        Next::Stop(stop) => Err(stop.reason),
    }
}

/// Returns every combination of the headers that the rules name, each with every value and left out.
fn headers(rules: &Rules) -> Vec<Vec<(&'static str, &'static str)>> {
    let conditions = rules.conditions();
    let mut all = vec![Vec::new()];
    for name in rules.headers() {
        let mut values = BTreeSet::new();
        match conditions.iter().find(|(header, _)| *header == name) {
            Some((_, named)) => values.extend(named.iter().copied()),
            None => values.extend(VALUES),
        }
        let with: Vec<_> = all
            .iter()
            .flat_map(|headers: &Vec<_>| {
                values
                    .iter()
                    .map(|value| [&headers[..], &[(name, *value)]].concat())
            })
            .collect();
        all.extend(with);
    }
    all
}

fn decisions_match<T: StatusTable>(name: &str) {
    let rules = rules(name);
    assert_eq!(
        (T::MAX_RETRIES, T::MAX_ELAPSED),
        (rules.retries, rules.elapsed)
    );
    let responses = rules.codes().into_iter().map(Event::Status);
    let events: Vec<Event> = responses
        .chain([Event::NotSent, Event::NoResponse])
        .collect();
    let errors = rules
        .errors()
        .into_iter()
        .map(Some)
        .chain([None, Some("another")]);
    let errors: Vec<Option<&str>> = errors.collect();
    // One past the last, or past the waits that differ.
    let last = rules.retries.unwrap_or(12);
    let mut decisions = 0_u64;
    for headers in headers(&rules) {
        for &status in &events {
            // Without a response, there is neither.
            if !matches!(status, Event::Status(_)) && !headers.is_empty() {
                continue;
            }
            for &error in &errors {
                for idempotent in [false, true] {
                    let case = Case {
                        status,
                        headers: &headers,
                        error,
                        idempotent,
                        now: NOW,
                    };
                    let mut outcome = match status {
                        Event::Status(code) => Outcome::status(code).headers(&headers),
                        Event::NotSent => Outcome::not_sent(),
                        Event::NoResponse => Outcome::no_response(),
                    };
                    // As adapters do.
                    let value = headers.iter().find(|(name, _)| *name == "retry-after");
                    outcome = outcome.retry_after(value.map(|(_, value)| value.as_bytes()));
                    if let Some(error) = error {
                        outcome = outcome.error(error);
                    }
                    let outcome = outcome.idempotent(idempotent);
                    for retries in 0..=last {
                        let [shortest, longest] =
                            [0, u32::MAX].map(|random| wait::<T>(retries, outcome, random));
                        let found = shortest.and_then(|shortest| Ok((shortest, longest?)));
                        let expected = rules.decision(&case, retries);
                        assert_eq!(found, expected, "{name}: {case:?} after {retries} retries");
                        decisions += 1;
                    }
                }
            }
        }
    }
    println!("{name}: {decisions} decisions");
}
