//! Events and spans for `tracing`, if its feature is enabled, named as OpenTelemetry's conventions for HTTP name them.

#[cfg(feature = "tracing")]
pub(crate) use enabled::{Span, observe};

#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::{Span, observe};

#[cfg(feature = "tracing")]
mod enabled {
    use retrospec::{Reason, SavedWait, Stop};
    use tracing::field::Empty;
    use tracing::instrument::{Instrument, Instrumented};
    use tracing::{Level, enabled};

    use crate::decision::rounded;
    use crate::kept::{About, Target};
    use crate::{Answer, Decision};

    /// Makes the event of a decision.
    pub(crate) fn observe(decision: &Decision, request: &impl About) {
        let Decision { code, name, answer } = *decision;
        macro_rules! event {
            ($level:expr, $resends:expr, $($fields:tt)*) => {
                if enabled!(target: "retrospec_client", $level) {
                    let target = request.target();
                    let (method, host, port) = parts(target.as_ref());
                    tracing::event!(
                        target: "retrospec_client",
                        $level,
                        http.request.method = method,
                        server.address = host,
                        server.port = port,
                        http.response.status_code = code,
                        http.request.resend_count = resend_count($resends),
                        name,
                        $($fields)*
                    );
                }
            };
        }
        match answer {
            Answer::Retry(SavedWait {
                retry, duration, ..
            }) => {
                event!(Level::INFO, retry.saturating_sub(1), retry, wait = ?rounded(duration), "the request is sent again");
            }
            Answer::Stop(Stop {
                reason, retries, ..
            }) if is_given_up(code, reason, retries) => {
                event!(Level::WARN, retries, retries, %reason, "the request is given up");
            }
            Answer::Stop(Stop {
                reason, retries, ..
            }) => {
                event!(Level::DEBUG, retries, retries, %reason, "the request is not sent again");
            }
        }
    }

    /// Returns whether a request failed that was sent again, or that the table would have sent again.
    fn is_given_up(code: Option<u16>, reason: Reason, retries: u32) -> bool {
        let is_success = matches!(code, Some(200..=299));
        !is_success && (retries > 0 || reason != Reason::NotRetried)
    }

    /// The number of the resend, which the first attempt does not have.
    fn resend_count(retries: u32) -> Option<u32> {
        Some(retries).filter(|retries| *retries > 0)
    }

    fn parts(target: Option<&Target>) -> (Option<&str>, Option<&str>, Option<u16>) {
        match target {
            Some(target) => (Some(&target.method), target.host.as_deref(), target.port),
            None => (None, None, None),
        }
    }

    /// The span of one attempt.
    pub(crate) struct Span(tracing::Span);

    impl Span {
        pub(crate) fn new(request: &impl About, retries: u32) -> Self {
            if !enabled!(target: "retrospec_client::attempt", Level::DEBUG) {
                return Self(tracing::Span::none());
            }
            let target = request.target();
            let (method, host, port) = parts(target.as_ref());
            Self(tracing::debug_span!(
                target: "retrospec_client::attempt",
                "attempt",
                otel.kind = "client",
                otel.name = method,
                http.request.method = method,
                server.address = host,
                server.port = port,
                http.request.resend_count = resend_count(retries),
                http.response.status_code = Empty,
            ))
        }

        pub(crate) fn in_scope<R>(&self, send: impl FnOnce() -> R) -> R {
            self.0.in_scope(send)
        }

        pub(crate) fn around<F>(&self, send: F) -> Instrumented<F> {
            send.instrument(self.0.clone())
        }

        pub(crate) fn end(self, code: Option<u16>) {
            self.0.record("http.response.status_code", code);
        }
    }
}

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self, reason = "with the feature, it is used")]
mod disabled {
    use crate::Decision;
    use crate::kept::About;

    pub(crate) fn observe(_: &Decision, _: &impl About) {}

    pub(crate) struct Span;

    impl Span {
        pub(crate) fn new(_: &impl About, _: u32) -> Self {
            Self
        }

        pub(crate) fn in_scope<R>(&self, send: impl FnOnce() -> R) -> R {
            send()
        }

        pub(crate) fn around<F>(&self, send: F) -> F {
            send
        }

        pub(crate) fn end(self, _: Option<u16>) {}
    }
}
