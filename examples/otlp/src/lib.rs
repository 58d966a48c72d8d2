//! Sends a request, and exports what became of it.

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::trace::SdkTracerProvider;
use reqwest::{Client, StatusCode};
use retrospec_client::SendWith;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Registry};

/// Creates a provider that exports to a collector: `http://localhost:4318/v1/traces`, say.
///
/// # Errors
///
/// Returns an error if the exporter has no HTTP client or the URL is malformed.
pub fn provider(collector: &str) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(collector)
        .build()?;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .build())
}

/// Creates a subscriber: spans of attempts have the level DEBUG, so that a program chooses them by their target.
pub fn subscriber(provider: &SdkTracerProvider) -> impl Subscriber + Send + Sync + use<> {
    let tracer = provider.tracer("example-otlp");
    Registry::default()
        .with(EnvFilter::new("info,retrospec_client::attempt=debug"))
        .with(tracing_opentelemetry::layer().with_tracer(tracer))
}

/// Creates a client that sends nothing by itself: each request is an attempt, and has a span.
///
/// # Errors
///
/// Returns an error if there is no TLS.
pub fn client() -> reqwest::Result<Client> {
    Client::builder()
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(Duration::from_millis(500))
        .build()
}

/// Uploads a chunk. The span of the upload has the attempts as its children, and the decisions as its events.
///
/// # Errors
///
/// Returns the error of the last attempt.
#[tracing::instrument(skip_all, err)]
pub async fn upload(client: &Client, url: &str, chunk: Vec<u8>) -> reqwest::Result<StatusCode> {
    let policy = memfault_status::policy().max_elapsed(Duration::from_hours(1));
    let finished = client.post(url).body(chunk).send_with(policy).await;
    Ok(finished.result?.status())
}
