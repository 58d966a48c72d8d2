//! Books a parcel, and retries as the API's table says.

mod parcels {
    include!(concat!(env!("OUT_DIR"), "/parcels.rs"));
}

use retrospec::{Next, Outcome};

fn main() {
    // These stand in for a client's responses: the printer is busy twice.
    let mut responses = vec![423, 423, 200].into_iter();
    let mut attempt = parcels::policy().first_attempt();
    let stop = loop {
        let code = responses.next().unwrap_or(200);
        match attempt.next(Outcome::status(code)) {
            Next::Retry(wait) => {
                attempt = wait.sleep(|duration| println!("{code}: again in {duration:?}"));
            }
            Next::Stop(stop) => break stop,
        }
    };
    println!("{stop}");
}
