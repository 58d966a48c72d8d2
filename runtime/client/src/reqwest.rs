use reqwest::{Error, Request, RequestBuilder, Response};
use retrospec::Outcome;

use crate::attempted::of_response;
use crate::reqwest_common::unsent;
use crate::resend::resend_async;
use crate::retrying::may_resend;
use crate::{Attempted, Finished, Retrying};

impl Attempted for Response {
    fn outcome(&self) -> Outcome<'_> {
        of_response(self.status(), self.headers())
    }
}

/// `.send()`, again and again.
pub trait SendWith {
    /// Sends the request as often as the policy says, and sleeps between by tokio's clock.
    ///
    /// The request is cloned once for each time it is sent; its body is not copied. One that streams
    /// cannot be cloned: it is sent once, and where it would have been sent again, the reason is
    /// [`CannotResend`](retrospec::Reason::CannotResend).
    ///
    /// A timeout of the request or the client holds for each attempt;
    /// [`max_elapsed`](retrospec::Policy::max_elapsed) for all of them.
    fn send_with<P: Retrying + Send + Sync>(
        self,
        retrying: P,
    ) -> impl Future<Output = Finished<Result<Response, Error>>> + Send;
}

impl SendWith for RequestBuilder {
    async fn send_with<P: Retrying + Send + Sync>(
        self,
        retrying: P,
    ) -> Finished<Result<Response, Error>> {
        let (client, request) = self.build_split();
        let request = match request {
            Ok(request) => request,
            Err(error) => return unsent(&retrying, Err(error)),
        };
        let copy = |request: &Request| {
            let may = may_resend(&retrying, request.method());
            may.then(|| request.try_clone()).flatten()
        };
        let send = |_, request| client.execute(request);
        resend_async(&retrying, request, copy, send, tokio::time::sleep).await
    }
}
