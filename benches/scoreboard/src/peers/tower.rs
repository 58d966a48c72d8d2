use std::time::Duration;

use reqwest::{Error, Request, Response};
use tokio::time::{Sleep, sleep};
use tower::retry::backoff::{Backoff, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff};
use tower::util::rng::HasherRng;
use tower::{Service, ServiceExt, retry};

use super::{client, delay_seconds};
use crate::contender::{Contender, Send};
use crate::trial::CHUNK;

pub(super) const PEER: Contender = Contender {
    name: "tower's retry, its backoff",
    is_ours: false,
    crates: &["tower"],
    file: include_str!("tower.rs"),
    not_told: &[
        "the factor 8: ExponentialBackoff doubles; here it is drawn three times for each retry",
        "how often: the policy counts by itself",
        "a Retry-After that is a date: nothing of tower's reads one",
    ],
    send: Send::Async(|url| Box::pin(send(url))),
};

// configuration
#[derive(Clone)]
struct Documented {
    backoff: ExponentialBackoff,
    retries_left: u32,
}
impl retry::Policy<Request, Response, Error> for Documented {
    type Future = Sleep;
    fn retry(&mut self, _: &mut Request, result: &mut Result<Response, Error>) -> Option<Sleep> {
        self.retries_left = self.retries_left.checked_sub(1)?;
        let response = result.as_ref().ok()?;
        match response.status().as_u16() {
            429 => Some(sleep(delay_seconds(response)?)),
            502..=504 => {
                let wait = self.backoff.next_backoff();
                (0..2).for_each(|_| drop(self.backoff.next_backoff()));
                Some(wait)
            }
            _ => None,
        }
    }
    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        request.try_clone()
    }
}
fn policy() -> Documented {
    let (min, max) = (Duration::from_secs(8), Duration::from_secs(32_768));
    let maker = ExponentialBackoffMaker::new(min, max, 0.0, HasherRng::new());
    let backoff = maker.expect("valid bounds").make_backoff();
    Documented {
        backoff,
        retries_left: 5,
    }
}
// configuration

async fn send(url: String) {
    let client = client();
    let request = client.post(url).body(CHUNK).build().expect("a request");
    let mut service = retry::Retry::new(policy(), client);
    let _ = service
        .ready()
        .await
        .expect("always ready")
        .call(request)
        .await;
}
