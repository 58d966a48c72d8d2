use reqwest::{Error, Request, RequestBuilder, Response};
use retrospec::Outcome;

use crate::attempted::of_response;
use crate::request::copy;
use crate::reqwest_common::unsent;
use crate::run::run_async;
use crate::{Attempted, CloneRequest, Finished, Start};

impl Attempted for Response {
    fn outcome(&self) -> Outcome<'_> {
        of_response(self.status(), self.headers())
    }
}

impl CloneRequest for Request {
    fn method(&self) -> &http::Method {
        self.method()
    }

    fn try_clone(&self) -> Option<Self> {
        self.try_clone()
    }
}

/// `.send()`, again and again.
///
/// # Set up the client
///
/// As it comes, reqwest sends again by itself what an HTTP/2 server refuses, follows redirects, and sends a retry
/// on a connection that the server may be closing. The policy sees none of it: see
/// [what a client does by itself](crate#what-a-client-does-by-itself). These lines leave it to the table:
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
pub trait SendWith {
    /// Sends the request as often as the policy says, and sleeps between by tokio's clock.
    ///
    /// The request is cloned once for each time it is sent; its body is not copied. One that streams
    /// cannot be cloned: it is sent once, and if it would have been sent again, the reason is
    /// [`CannotResend`](retrospec::Reason::CannotResend).
    ///
    /// A timeout of the request or the client holds for each attempt.
    /// [`max_elapsed`](retrospec::Policy::max_elapsed) lets no retry start later; it does not cut an attempt
    /// that has started. Around all of it, `tokio::time::timeout` does, and the last result is lost.
    fn send_with<P: Start<Policy: Send + Sync> + Send>(
        self,
        policy: P,
    ) -> impl Future<Output = Finished<Result<Response, Error>>> + Send;
}

impl SendWith for RequestBuilder {
    async fn send_with<P: Start<Policy: Send + Sync> + Send>(
        self,
        policy: P,
    ) -> Finished<Result<Response, Error>> {
        let (client, request) = self.build_split();
        let request = match request {
            Ok(request) => request,
            Err(error) => return unsent(policy, Err(error)),
        };
        let send = |_, request| client.execute(request);
        run_async(policy, request, copy, send, tokio::time::sleep).await
    }
}
