use std::time::Duration;

use retrospec_client::RunWith;
use ureq::Agent;
use ureq::http::Request;

fn main() {
    let agent = Agent::config_builder()
        .max_redirects(0)
        .max_idle_age(Duration::from_millis(500))
        .build()
        .new_agent();
    let url = std::env::var("RETROSPEC_URL").expect("an address") + "/api/v0/chunks/TESTSERIAL";
    let request = Request::post(url).body("chunk").expect("a request");
    let finished = agent.run_with(request, memfault_status::policy());
    eprintln!("{}", finished.stop);
}
