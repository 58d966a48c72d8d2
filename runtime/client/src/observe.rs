//! Events and spans for `tracing`, if its feature is enabled, named as OpenTelemetry's conventions for HTTP name them.

#[cfg(feature = "tracing")]
pub(crate) use enabled::{Span, observe};

#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::{Span, observe};

#[cfg(feature = "tracing")]
mod enabled {
    use retrospec::{Outcome, Reason, SavedWait, Stop};
    use tracing::field::Empty;
    use tracing::instrument::{Instrument, Instrumented};
    use tracing::{Level, enabled};

    use crate::decision::rounded;
    use crate::kept::{About, Target};
    use crate::{Answer, Decision};

    /// Makes the event of a decision.
    pub(crate) fn observe(decision: &Decision, outcome: &Outcome<'_>, request: &impl About) {
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
                        error.type = kind(outcome),
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
        reason != Reason::NotRetried || (is_failure(code) && retries > 0)
    }

    /// Returns the kind of a failure without a status.
    fn kind(outcome: &Outcome<'_>) -> Option<&'static str> {
        match outcome.code() {
            Some(_) => None,
            None if outcome.is_not_sent() => Some("not_sent"),
            None if outcome.is_no_response() => Some("no_response"),
            None => Some("failed"),
        }
    }

    /// Returns whether a client's span is an error: 4xx, 5xx, or no response.
    fn is_failure(code: Option<u16>) -> bool {
        code.is_none_or(|code| code >= 400)
    }

    /// The number of the resend, which the first attempt does not have.
    fn resend_count(retries: u32) -> Option<u32> {
        Some(retries).filter(|retries| *retries > 0)
    }

    fn parts(target: Option<&Target>) -> (Option<&str>, Option<&str>, Option<u16>) {
        let Some(target) = target else {
            return (None, None, None);
        };
        let host = target.host.as_deref();
        // A URL has an IPv6 address in brackets.
        let host = host.map(|host| host.trim_start_matches('[').trim_end_matches(']'));
        (Some(known(&target.method)), host, target.port)
    }

    /// Returns the method, or what the conventions call one that is not known.
    fn known(method: &str) -> &str {
        match method {
            "CONNECT" | "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT"
            | "QUERY" | "TRACE" => method,
            _ => "_OTHER",
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
                otel.name = method.map(|method| if method == "_OTHER" { "HTTP" } else { method }),
                http.request.method = method,
                server.address = host,
                server.port = port,
                http.request.resend_count = resend_count(retries),
                http.response.status_code = Empty,
                otel.status_code = Empty,
                error.type = Empty,
            ))
        }

        pub(crate) fn in_scope<R>(&self, send: impl FnOnce() -> R) -> R {
            self.0.in_scope(send)
        }

        pub(crate) fn around<F>(&self, send: F) -> Instrumented<F> {
            send.instrument(self.0.clone())
        }

        pub(crate) fn end(self, outcome: &Outcome<'_>) {
            let code = outcome.code();
            self.0.record("http.response.status_code", code);
            if is_failure(code) && !self.0.is_disabled() {
                self.0.record("otel.status_code", "ERROR");
                match code {
                    Some(code) => self.0.record("error.type", code.to_string()),
                    None => self.0.record("error.type", kind(outcome)),
                };
            }
        }
    }
}

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self, reason = "with the feature, it is used")]
mod disabled {
    use retrospec::Outcome;

    use crate::Decision;
    use crate::kept::About;

    pub(crate) fn observe(_: &Decision, _: &Outcome<'_>, _: &impl About) {}

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

        pub(crate) fn end(self, _: &Outcome<'_>) {}
    }
}
