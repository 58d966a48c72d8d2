//! `example-otlp URL [COLLECTOR]`: uploads a chunk to a URL, and exports its spans to a collector.

use std::env;
use std::error::Error;

use tracing::subscriber::set_global_default;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments
        .next()
        .ok_or("usage: example-otlp URL [COLLECTOR]")?;
    let collector = arguments.next();
    let collector = collector
        .as_deref()
        .unwrap_or("http://localhost:4318/v1/traces");

    let provider = example_otlp::provider(collector)?;
    set_global_default(example_otlp::subscriber(&provider))?;
    let client = example_otlp::client()?;
    let uploaded = example_otlp::upload(&client, &url, vec![0x08]).await;
    provider.shutdown()?; // exports what is left
    println!("{}", uploaded?);
    Ok(())
}
