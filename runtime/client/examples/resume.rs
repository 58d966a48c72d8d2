//! A device that is switched off while it waits: it stores the wait, ends, and goes on with what is left of
//! it when it is switched on again. This program is the server, and runs itself as the device.
//!
//! ```sh
//! cargo run -p retrospec-client --example resume --features serde,ureq
//! ```

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, fs, io, process, thread};

use retrospec::SavedWait;
use retrospec_client::{Answer, Finished, Resumed, RetryOptions, RunWith};
use retrospec_conformance::{Reply, Script, Server};
use serde::{Deserialize, Serialize};

/// What is stored: the wait, and when it began, in Unix time.
#[derive(Serialize, Deserialize)]
struct Pending {
    #[serde(with = "retrospec_client::saved_wait")]
    wait: SavedWait,
    since: f64,
}

fn unix_time() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_secs_f64()
}

fn load(file: &Path) -> Option<Pending> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// Uploads, and stays on for waits of up to three seconds.
fn device(url: &str, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let options = RetryOptions::new(memfault_status::policy()).on_decision(|decision| {
        println!("device: {decision}");
        let stored = match decision.answer {
            Answer::Retry(wait) => {
                let since = unix_time();
                let text = serde_json::to_vec(&Pending { wait, since });
                text.map_err(io::Error::from)
                    .and_then(|text| fs::write(file, text))
            }
            Answer::Stop(_) if file.exists() => fs::remove_file(file),
            Answer::Stop(_) => Ok(()),
        };
        if let Err(error) = stored {
            eprintln!("device: {}: {error}", file.display());
        }
    });
    let sleep = |wait| {
        if wait > Duration::from_secs(3) {
            println!("device: off");
            process::exit(0);
        }
        thread::sleep(wait);
    };

    let agent = ureq::Agent::config_builder()
        .max_redirects(0)
        // Less than the server keeps an idle connection open.
        .max_idle_age(Duration::from_millis(500))
        .build()
        .new_agent();
    let request = http::Request::post(url).body("chunk")?;
    let Finished { result, .. } = match load(file) {
        Some(Pending { wait, since }) => {
            let passed = Duration::try_from_secs_f64(unix_time() - since).unwrap_or_default();
            println!("device: on, with a stored wait before retry {}", wait.retry);
            let resumed = Resumed::new(&options, wait, passed);
            agent.run_with_sleep(request, resumed, sleep)
        }
        None => {
            println!("device: on");
            agent.run_with_sleep(request, options, sleep)
        }
    };
    println!("device: {}", result?.status());
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let ended = match &arguments[..] {
        [url, file] => device(url, Path::new(file)),
        _ => field_test(),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A server that is busy for four seconds, and a device that is switched on, and on again after two.
fn field_test() -> Result<(), Box<dyn std::error::Error>> {
    let busy = Reply::status(429).header("Retry-After", "4");
    let server = Server::start(Script::new(busy).then(Reply::status(202)));
    let file = env::temp_dir().join(format!("retrospec-{}.json", process::id()));
    for _ in 0..2 {
        let on = Command::new(env::current_exe()?)
            .arg(server.url("/api/v0/chunks/TESTSERIAL"))
            .arg(&file)
            .status()?;
        if !on.success() {
            return Err("the device failed".into());
        }
        thread::sleep(Duration::from_secs(2));
    }
    println!("requests that the server saw: {}", server.requests().len());
    Ok(())
}
