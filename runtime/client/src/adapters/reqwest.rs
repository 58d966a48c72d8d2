//! reqwest: `send_with` in place of `send`, in both versions.

use std::time::Duration;

use super::reqwest_common::{begin, messages};
use crate::{Finished, Start};

/// Adds `send_with`, which is `send` with retries.
///
/// ```
/// use std::time::Duration;
///
/// use reqwest::{Client, StatusCode};
/// use retrospec_client::SendWith;
///
/// async fn upload(client: &Client, url: &str, chunk: Vec<u8>) -> reqwest::Result<StatusCode> {
///     let policy = memfault_status::policy().max_elapsed(Duration::from_secs(3600));
///     let finished = client.post(url).body(chunk).send_with(policy).await;
///     Ok(finished.result?.status())
/// }
/// # use retrospec_conformance::{Reply, Script, Server};
/// # let busy = Reply::status(429).header("Retry-After", "0");
/// # let server = Server::start(Script::new(busy).then(Reply::status(202)));
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # let status = runtime.block_on(upload(&Client::new(), &server.url("/"), vec![0x08])).unwrap();
/// # assert_eq!((status, server.requests().len()), (StatusCode::ACCEPTED, 2));
/// ```
///
/// # Set up the client
///
/// By default, reqwest resends by itself what an HTTP/2 server refuses, and follows redirects. It may also
/// send a retry on a connection that the server is closing. The policy sees none of it: see [what a client
/// does by itself](crate#what-a-client-does-by-itself). These lines leave it to the table:
///
/// ```
/// use std::time::Duration;
///
/// use reqwest::Client;
///
/// # fn main() -> reqwest::Result<()> {
/// let client = Client::builder()
///     .retry(reqwest::retry::never())
///     .redirect(reqwest::redirect::Policy::none())
///     // Less than the server keeps an idle connection open.
///     .pool_idle_timeout(Duration::from_millis(500))
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait SendWith: Sized {
    /// The client's response.
    type Response;
    /// The client's error.
    type Error;

    /// Sends the request as often as the policy says, and sleeps between attempts by tokio's clock.
    ///
    /// The request is cloned once for each time it is sent, without copying its body. A streaming body cannot
    /// be cloned, so its request is sent only once. If it would have been retried, the reason is
    /// [`CannotResend`](retrospec::Reason::CannotResend).
    ///
    /// A timeout of the request or the client applies to each attempt.
    /// [`max_elapsed`](retrospec::Policy::max_elapsed) lets no retry start later, but does not abort an
    /// attempt that has started. To abort it, put `tokio::time::timeout` around the whole call; the last
    /// result is then lost.
    fn send_with(
        self,
        policy: impl Start,
    ) -> impl Future<Output = Finished<Result<Self::Response, Self::Error>>> + Send {
        self.send_with_sleep(policy, tokio::time::sleep)
    }

    /// Like `send_with`, but awaits what `sleep` returns.
    fn send_with_sleep<S: Future<Output = ()> + Send>(
        self,
        policy: impl Start,
        sleep: impl FnMut(Duration) -> S + Send,
    ) -> impl Future<Output = Finished<Result<Self::Response, Self::Error>>> + Send;
}

/// Implements the adapter for one version of reqwest.
macro_rules! adapter {
    ($reqwest:ident) => {
        mod $reqwest {
            use std::error::Error as _;
            use std::time::Duration;

            use retrospec::Outcome;
            use $reqwest::{Error, RequestBuilder, Response};

            use super::{SendWith, begin, messages};
            use crate::adapters::request::keep_built;
            use crate::driver::run_async;
            use crate::{Attempted, Finished, Start, errors};

            messages!($reqwest);

            /// An error of `error_for_status` is a status, without its headers. A request counts as not sent if no
            /// connection was made: refused, no route, a name that is not found, a connect timeout. Other timeouts
            /// and broken connections count as no response, in the body, too. Never retried are a request that
            /// cannot be built or that fails on the client's side, and a URL that cannot be connected to. Neither
            /// are redirects, upgrades and a body that does not decode.
            impl Attempted for Error {
                fn outcome(&self) -> Outcome<'_> {
                    if let Some(status) = self.status() {
                        Outcome::status(status.as_u16())
                    } else if self.is_redirect() {
                        Outcome::failed()
                    } else if self.is_timeout() {
                        if self.is_connect() {
                            Outcome::not_sent()
                        } else {
                            Outcome::no_response()
                        }
                    } else {
                        errors::outcome(self.source(), self.is_connect())
                    }
                }
            }

            impl SendWith for RequestBuilder {
                type Response = Response;
                type Error = Error;

                fn send_with_sleep<S: Future<Output = ()> + Send>(
                    self,
                    policy: impl Start,
                    sleep: impl FnMut(Duration) -> S + Send,
                ) -> impl Future<Output = Finished<Result<Response, Error>>> + Send {
                    let (client, request) = self.build_split();
                    let begun = begin(policy, &request);
                    let send = move |_, request: Result<_, _>| {
                        let sending = request.map(|request| client.execute(request));
                        async { sending?.await }
                    };
                    run_async(begun, request, keep_built, send, sleep)
                }
            }
        }
    };
}

#[cfg(feature = "reqwest")]
adapter!(reqwest);
#[cfg(feature = "reqwest-0-12")]
adapter!(reqwest_0_12);
