//! reqwest's blocking client: `send_with` in place of `send`, in both versions.

use std::thread;
use std::time::Duration;

use super::request::keep_built;
use super::reqwest_common::{begin, messages};
use crate::driver::run;
use crate::{Finished, Slept, Start};

/// Adds `send_with`, which is `send` with retries.
///
/// ```
/// use std::time::Duration;
///
/// use reqwest::{StatusCode, blocking::Client};
/// use retrospec_client::BlockingSendWith;
///
/// fn upload(client: &Client, url: &str, chunk: Vec<u8>) -> reqwest::Result<StatusCode> {
///     let policy = memfault_status::policy().max_elapsed(Duration::from_secs(3600));
///     let finished = client.post(url).body(chunk).send_with(policy);
///     Ok(finished.result?.status())
/// }
/// # use retrospec_conformance::{Reply, Script, Server};
/// # let busy = Reply::status(429).header("Retry-After", "0");
/// # let server = Server::start(Script::new(busy).then(Reply::status(202)));
/// # let status = upload(&Client::new(), &server.url("/"), vec![0x08]).unwrap();
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
/// use reqwest::blocking::Client;
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

    /// Sends the request as often as the policy says, and sleeps between attempts with [`thread::sleep`].
    ///
    /// The request is cloned once for each time it is sent, without copying its body. A body from a reader
    /// cannot be cloned, so its request is sent only once. If it would have been retried, the reason is
    /// [`CannotResend`](retrospec::Reason::CannotResend).
    ///
    /// A timeout of the request or the client (30 s unless set) applies to each attempt.
    /// [`max_elapsed`](retrospec::Policy::max_elapsed) lets no retry start later, but does not abort an
    /// attempt that has started.
    fn send_with(self, policy: impl Start) -> Finished<Result<Self::Response, Self::Error>> {
        self.send_with_sleep(policy, thread::sleep)
    }

    /// Like `send_with`, but sleeps with `sleep`, which can end the request: see [`Slept`].
    fn send_with_sleep<S: Slept>(
        self,
        policy: impl Start,
        sleep: impl FnMut(Duration) -> S,
    ) -> Finished<Result<Self::Response, Self::Error>>;
}

/// Implements the adapter for one version of reqwest.
macro_rules! adapter {
    ($reqwest:ident) => {
        messages!($reqwest::blocking);

        impl SendWith for $reqwest::blocking::RequestBuilder {
            type Response = $reqwest::blocking::Response;
            type Error = $reqwest::Error;

            fn send_with_sleep<S: Slept>(
                self,
                policy: impl Start,
                sleep: impl FnMut(Duration) -> S,
            ) -> Finished<Result<Self::Response, Self::Error>> {
                let (client, request) = self.build_split();
                let begun = begin(policy, &request);
                let send = |_, request: Result<_, _>| client.execute(request?);
                run(begun, request, keep_built, send, sleep)
            }
        }
    };
}

#[cfg(feature = "reqwest-blocking")]
adapter!(reqwest);
#[cfg(feature = "reqwest-0-12-blocking")]
adapter!(reqwest_0_12);
