//! The rules of the gallery's vendors: lists of which the first line that fits decides.

use std::collections::BTreeSet;
use std::time::Duration;

use retrospec::Reason;

/// The shortest and the longest wait that jitter allows.
pub type Range = (Duration, Duration);

/// The rules of one vendor, as a file of `facts/gallery/` has them.
#[derive(Debug)]
pub struct Rules {
    /// The file that holds them.
    pub file: &'static str,
    /// The largest number of retries of one request, or `None` if there is no limit.
    pub retries: Option<u32>,
    /// No retry starts later than this after the first attempt.
    pub elapsed: Option<Duration>,
    lines: Vec<Line>,
    headers: Vec<ServerHeader>,
    longest: Duration,
    jitter: Jitter,
    schedules: Vec<Schedule>,
}

/// What happened to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A response with this code.
    Status(u16),
    /// No part of the request left the client.
    NotSent,
    /// The request may have arrived, but there was no response.
    NoResponse,
}

/// All that a decision may depend on, but for the number of retries.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What happened.
    pub status: Event,
    /// The names and values of the response's headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The error code in the response's body.
    pub error: Option<&'a str>,
    /// Whether the request is idempotent.
    pub idempotent: bool,
    /// The client's clock, in seconds since 1970.
    pub now: u64,
}

impl<'a> Case<'a> {
    fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value.trim_matches([' ', '\t']))
    }

    /// Returns the time that the response's `Date` gives, else the client's, in seconds since 1970.
    fn clock(&self) -> u64 {
        const END: &str = "Fri, 31 Dec 9999 23:59:59 GMT";
        const END_SECONDS: u64 = 253_402_300_799;
        let left = self.until_date(END).expect("END is a date");
        END_SECONDS - left.as_secs()
    }

    fn until_date(&self, value: &str) -> Result<Duration, Reason> {
        let date = self.header("date").map(str::as_bytes);
        retrospec::retry_after(value.as_bytes(), date, Some(self.now))
    }
}

#[derive(Debug)]
struct Line {
    place: Place,
    events: Vec<Events>,
    conditions: Vec<Condition>,
    action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Events {
    Code(u16),
    Class(u16),
    Responses,
    NotSent,
    NoResponse,
}

impl Events {
    fn contain(self, event: Event) -> bool {
        match (self, event) {
            (Self::Code(code), Event::Status(status)) => status == code,
            (Self::Class(class), Event::Status(status)) => status / 100 == class,
            (Self::Responses, Event::Status(_))
            | (Self::NotSent, Event::NotSent)
            | (Self::NoResponse, Event::NoResponse) => true,
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Condition {
    Header(&'static str, &'static str),
    Error(&'static str),
    Idempotent,
}

impl Condition {
    fn holds(self, case: &Case) -> bool {
        match self {
            Self::Header(name, value) => case.header(name) == Some(value),
            Self::Error(code) => case.error == Some(code),
            Self::Idempotent => case.idempotent,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Never,
    Server,
    Schedule(&'static str),
    ServerOrSchedule(&'static str),
    NotIdempotent,
}

impl Action {
    fn schedule(self) -> Option<&'static str> {
        match self {
            Self::Schedule(name) | Self::ServerOrSchedule(name) => Some(name),
            Self::Never | Self::Server | Self::NotIdempotent => None,
        }
    }
}

#[derive(Debug)]
struct ServerHeader {
    name: &'static str,
    form: Form,
    conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    SecondsOrDate,
    Seconds,
    Milliseconds,
    UnixSeconds,
}

impl Form {
    const ALL: [(&'static str, Self); 4] = [
        ("seconds or date", Self::SecondsOrDate),
        ("seconds", Self::Seconds),
        ("milliseconds", Self::Milliseconds),
        ("unix seconds", Self::UnixSeconds),
    ];

    fn read(self, value: &str, case: &Case) -> Result<Duration, Reason> {
        let seconds = decimal(value).ok_or(Reason::InvalidRetryAfter);
        match self {
            Self::SecondsOrDate if value.contains(':') => case.until_date(value),
            Self::SecondsOrDate | Self::Seconds => seconds,
            Self::Milliseconds => seconds.map(|number| number / 1_000),
            Self::UnixSeconds => {
                seconds.map(|end| end.saturating_sub(Duration::from_secs(case.clock())))
            }
        }
    }
}

#[derive(Debug)]
struct Schedule {
    place: Place,
    name: &'static str,
    waits: Vec<Duration>,
    last_goes_on: bool,
    jitter: Jitter,
    ends_after: Option<u32>,
}

impl Schedule {
    fn range(&self, retry: u32) -> Option<Range> {
        if self.ends_after.is_some_and(|last| retry > last) {
            return None;
        }
        let last = self.waits.last().filter(|_| self.last_goes_on);
        let wait = self.waits.get(retry as usize - 1).or(last)?;
        Some(self.jitter.range(*wait))
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Jitter {
    percent_down: u32,
    percent_up: u32,
    up: Duration,
}

impl Jitter {
    fn percent(percent_down: u32, percent_up: u32) -> Self {
        Self {
            percent_down,
            percent_up,
            up: Duration::ZERO,
        }
    }

    fn range(self, wait: Duration) -> Range {
        let down = wait.saturating_mul(self.percent_down) / 100;
        let up = wait.saturating_mul(self.percent_up) / 100 + self.up;
        (wait.saturating_sub(down), wait.saturating_add(up))
    }
}

/// A line of a file, for messages about it.
#[derive(Clone, Copy, Debug)]
struct Place {
    file: &'static str,
    line: usize,
}

impl Place {
    fn fail(self, expected: &str, found: &str) -> ! {
        let Self { file, line } = self;
        panic!("{file}:{line}: expected {expected}, found `{found}`")
    }

    fn number(self, text: &str) -> u32 {
        text.parse()
            .unwrap_or_else(|_| self.fail("a whole number", text))
    }

    fn seconds(self, text: &str) -> Duration {
        decimal(text).unwrap_or_else(|| self.fail("a number of seconds", text))
    }

    fn events(self, text: &str) -> Events {
        match text {
            "any" | "other" => return Events::Responses,
            "not sent" => return Events::NotSent,
            "no response" => return Events::NoResponse,
            _ => {}
        }
        let class = text.strip_suffix("XX");
        let number = class.unwrap_or(text).parse().ok();
        match (class, number) {
            (Some(_), Some(class @ 1..=9)) => Events::Class(class),
            (None, Some(code @ 100..=999)) => Events::Code(code),
            _ => self.fail(
                "a code, a class such as `5XX`, `any`, `other`, `not sent` or `no response`",
                text,
            ),
        }
    }

    fn conditions(self, text: &'static str) -> Vec<Condition> {
        match text {
            "-" => Vec::new(),
            _ => text
                .split(" and ")
                .map(|part| self.condition(part))
                .collect(),
        }
    }

    fn condition(self, text: &'static str) -> Condition {
        match text.split_once('=').map(|(a, b)| (a.trim(), b.trim())) {
            None if text == "idempotent" => Condition::Idempotent,
            Some(("error", code)) if !code.is_empty() => Condition::Error(code),
            Some((name, value)) if is_header_name(name) && !value.is_empty() => {
                Condition::Header(name, value)
            }
            _ => self.fail(
                "`-`, `HEADER = VALUE`, `error = CODE` or `idempotent`, joined by ` and `",
                text,
            ),
        }
    }

    fn action(self, text: &'static str) -> Action {
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            ["never"] => Action::Never,
            ["server"] => Action::Server,
            ["not-idempotent"] => Action::NotIdempotent,
            ["schedule", name] => Action::Schedule(name),
            ["server-or-schedule", name] => Action::ServerOrSchedule(name),
            _ => self.fail(
                "`never`, `server`, `schedule NAME`, `server-or-schedule NAME` or `not-idempotent`",
                text,
            ),
        }
    }

    fn header_name(self, text: &'static str) -> &'static str {
        if !is_header_name(text) {
            self.fail("the name of a header in lower case", text);
        }
        text
    }

    fn form(self, text: &str) -> Form {
        let found = Form::ALL.into_iter().find(|(word, _)| *word == text);
        let Some((_, form)) = found else {
            let words = Form::ALL.map(|(word, _)| word).join(", ");
            self.fail(&format!("one of {words}"), text);
        };
        form
    }

    fn jitter(self, text: &str) -> Jitter {
        let expected = "`none`, `full`, `equal`, `20%`, `-25%`, `+25%` or `+1s`";
        match text {
            "none" => return Jitter::default(),
            "full" => return Jitter::percent(100, 0),
            "equal" => return Jitter::percent(50, 0),
            _ => {}
        }
        if let Some(number) = text
            .strip_prefix('+')
            .and_then(|text| text.strip_suffix('s'))
        {
            let up = self.seconds(number);
            return Jitter {
                up,
                ..Jitter::default()
            };
        }
        let Some(text) = text.strip_suffix('%') else {
            self.fail(expected, text);
        };
        let (sign, number) = match text.as_bytes() {
            [sign @ (b'-' | b'+'), ..] => (Some(sign), &text[1..]),
            _ => (None, text),
        };
        match (sign, number.parse()) {
            (Some(b'-'), Ok(percent @ 0..=100)) => Jitter::percent(percent, 0),
            (Some(_), Ok(percent @ 0..=100)) => Jitter::percent(0, percent),
            (None, Ok(percent @ 0..=100)) => Jitter::percent(percent, percent),
            _ => self.fail(expected, text),
        }
    }

    fn schedule(
        self,
        name: &'static str,
        waits: &str,
        jitter: &str,
        end: Option<&str>,
    ) -> Schedule {
        let goes_on = waits.strip_suffix(" and on");
        let ends_after = end.map(|end| match end.strip_prefix("ends after ") {
            Some(number) => self.number(number),
            None => self.fail("`ends after N`", end),
        });
        let waits = goes_on.unwrap_or(waits).split_whitespace();
        Schedule {
            place: self,
            name,
            waits: waits.map(|wait| self.seconds(wait)).collect(),
            last_goes_on: goes_on.is_some(),
            jitter: self.jitter(jitter),
            ends_after,
        }
    }
}

const FILES: [(&str, &str); 12] = [
    (
        "tests/support/facts/gallery/claude.txt",
        include_str!("../facts/gallery/claude.txt"),
    ),
    (
        "tests/support/facts/gallery/cloudflare.txt",
        include_str!("../facts/gallery/cloudflare.txt"),
    ),
    (
        "tests/support/facts/gallery/crates-io.txt",
        include_str!("../facts/gallery/crates-io.txt"),
    ),
    (
        "tests/support/facts/gallery/discord.txt",
        include_str!("../facts/gallery/discord.txt"),
    ),
    (
        "tests/support/facts/gallery/elasticsearch-logstash.txt",
        include_str!("../facts/gallery/elasticsearch-logstash.txt"),
    ),
    (
        "tests/support/facts/gallery/github.txt",
        include_str!("../facts/gallery/github.txt"),
    ),
    (
        "tests/support/facts/gallery/google-cloud-storage.txt",
        include_str!("../facts/gallery/google-cloud-storage.txt"),
    ),
    (
        "tests/support/facts/gallery/kubernetes-client-go.txt",
        include_str!("../facts/gallery/kubernetes-client-go.txt"),
    ),
    (
        "tests/support/facts/gallery/openai.txt",
        include_str!("../facts/gallery/openai.txt"),
    ),
    (
        "tests/support/facts/gallery/shopify-admin.txt",
        include_str!("../facts/gallery/shopify-admin.txt"),
    ),
    (
        "tests/support/facts/gallery/stripe.txt",
        include_str!("../facts/gallery/stripe.txt"),
    ),
    (
        "tests/support/facts/gallery/twilio.txt",
        include_str!("../facts/gallery/twilio.txt"),
    ),
];

/// Building rules, and deciding by them.
impl Rules {
    /// Returns the rules of all vendors of the gallery.
    #[must_use]
    pub fn gallery() -> Vec<Self> {
        FILES
            .into_iter()
            .map(|(file, text)| Self::parse(file, text))
            .collect()
    }

    /// Returns the vendor's name: that of the file without its folder and ending.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let (_, name) = self.file.rsplit_once('/').unwrap_or(("", self.file));
        name.strip_suffix(".txt").unwrap_or(name)
    }

    /// Returns the rules that `text` lists.
    ///
    /// # Panics
    ///
    /// Panics with the line and what was expected if a line is not understood, or if the list is not complete.
    #[must_use]
    pub fn parse(file: &'static str, text: &'static str) -> Self {
        let mut rules = Self {
            file,
            retries: None,
            elapsed: None,
            lines: Vec::new(),
            headers: Vec::new(),
            longest: Duration::from_hours(24),
            jitter: Jitter::default(),
            schedules: Vec::new(),
        };
        let mut has_retries = false;
        let mut end = Place { file, line: 0 };
        for (line, text) in (1..).zip(text.lines()) {
            end = Place { file, line };
            let (text, _) = text.split_once('#').unwrap_or((text, ""));
            let text = text.trim();
            if !text.is_empty() {
                has_retries |= text.starts_with("retries");
                rules.read(end, text);
            }
        }
        if !has_retries {
            end.fail("a line `retries | N`", "the end");
        }
        rules.check(end);
        rules
    }

    fn read(&mut self, place: Place, line: &'static str) {
        let cells = line.split('|').map(str::trim).collect::<Vec<_>>();
        if let Some(name) = cells[0].strip_prefix("schedule ") {
            let schedule = match cells[1..] {
                [waits, jitter] => place.schedule(name, waits, jitter, None),
                [waits, jitter, end] => place.schedule(name, waits, jitter, Some(end)),
                _ => place.fail("`schedule NAME | WAITS | JITTER`", line),
            };
            if self.schedule(name).is_some() {
                place.fail("another name", name);
            }
            self.schedules.push(schedule);
            return;
        }
        match cells[..] {
            ["retries", "unlimited"] => self.retries = None,
            ["retries", number] => self.retries = Some(place.number(number)),
            ["elapsed", number] => self.elapsed = Some(place.seconds(number)),
            ["server longest", number] => self.longest = place.seconds(number),
            ["server jitter", number] => self.jitter = Jitter::percent(0, place.number(number)),
            ["server", name, form, conditions] => self.headers.push(ServerHeader {
                name: place.header_name(name),
                form: place.form(form),
                conditions: place.conditions(conditions),
            }),
            [events, conditions, action] => self.lines.push(Line {
                place,
                events: events
                    .split(',')
                    .map(|word| place.events(word.trim()))
                    .collect(),
                conditions: place.conditions(conditions),
                action: place.action(action),
            }),
            _ => place.fail("`STATUSES | CONDITIONS | ACTION` or a setting", line),
        }
    }

    fn check(&self, end: Place) {
        for (events, word) in [
            (Events::Responses, "other"),
            (Events::NotSent, "not sent"),
            (Events::NoResponse, "no response"),
        ] {
            let decides = |line: &Line| line.conditions.is_empty() && line.events.contains(&events);
            if !self.lines.iter().any(decides) {
                let expected = format!("a line for `{word}` without conditions");
                end.fail(&expected, "the end");
            }
        }
        for Line { place, action, .. } in &self.lines {
            if let Some(name) = action.schedule()
                && self.schedule(name).is_none()
            {
                place.fail("the name of a schedule", name);
            }
            let asks = matches!(action, Action::Server | Action::ServerOrSchedule(_));
            if asks && self.headers.is_empty() {
                place.fail("a line `server | HEADER | FORM | CONDITION`", "none");
            }
        }
        for schedule in &self.schedules {
            let Schedule { place, waits, .. } = schedule;
            let last = schedule.ends_after.or(self.retries);
            let needed = match last {
                _ if schedule.last_goes_on => 1..=usize::MAX,
                Some(last) => last as usize..=last as usize,
                None => place.fail("`and on`, for retries are unlimited", schedule.name),
            };
            if !needed.contains(&waits.len()) {
                let expected = format!("{} waits or `and on`", needed.start());
                place.fail(&expected, &waits.len().to_string());
            }
        }
    }

    fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.name == name)
    }

    /// Returns the range of the wait after `retries_so_far` retries. It ignores [`elapsed`](Self::elapsed).
    ///
    /// # Errors
    ///
    /// Returns the reason to stop.
    ///
    /// # Panics
    ///
    /// Panics if no line fits, which [`parse`](Self::parse) rules out.
    pub fn decision(&self, case: &Case, retries_so_far: u32) -> Result<Range, Reason> {
        let fits = |line: &&Line| {
            line.events.iter().any(|events| events.contain(case.status))
                && line
                    .conditions
                    .iter()
                    .all(|condition| condition.holds(case))
        };
        let line = self.lines.iter().find(fits);
        let action = line.expect("a line for every event").action;
        let asked = match action {
            Action::Never => return Err(Reason::NotRetried),
            Action::NotIdempotent => return Err(Reason::NotIdempotent),
            Action::Server => Some(self.server_wait(case)?),
            Action::ServerOrSchedule(_) => {
                let asked = self.server_wait(case).ok();
                asked.filter(|wait| !wait.is_zero())
            }
            Action::Schedule(_) => None,
        };
        if self.retries.is_some_and(|max| retries_so_far >= max) {
            return Err(Reason::MaxRetries);
        }
        match asked {
            Some(wait) if wait > self.longest => Err(Reason::RetryAfterTooLong(wait)),
            Some(wait) => Ok(self.jitter.range(wait)),
            None => {
                let schedule = action.schedule().and_then(|name| self.schedule(name));
                let range =
                    schedule.and_then(|schedule| schedule.range(retries_so_far.saturating_add(1)));
                range.ok_or(Reason::MaxRetries)
            }
        }
    }

    fn server_wait(&self, case: &Case) -> Result<Duration, Reason> {
        let mut reason = Reason::NoRetryAfter;
        for header in &self.headers {
            if !header
                .conditions
                .iter()
                .all(|condition| condition.holds(case))
            {
                continue;
            }
            let Some(value) = case.header(header.name) else {
                continue;
            };
            match header.form.read(value, case) {
                Ok(wait) => return Ok(wait),
                Err(error) if reason == Reason::NoRetryAfter => reason = error,
                Err(_) => {}
            }
        }
        Err(reason)
    }
}

/// What a test has to try, so that every line of the file is at work.
impl Rules {
    /// Returns every code that is named, its neighbors, and both ends of every class.
    #[must_use]
    pub fn codes(&self) -> Vec<u16> {
        let ends = [100, 199, 200, 299, 300, 399, 400, 499, 500, 599, 600, 999];
        let named = self.lines.iter().flat_map(|line| &line.events);
        let near = named.flat_map(|events| match events {
            Events::Code(code) => code - 1..=code + 1,
            Events::Class(class) => class * 100..=class * 100,
            Events::Responses | Events::NotSent | Events::NoResponse => 200..=200,
        });
        let codes: BTreeSet<u16> = ends.into_iter().chain(near).collect();
        codes
            .into_iter()
            .filter(|code| (100..1000).contains(code))
            .collect()
    }

    /// Returns the names of all headers that decide, in lower case.
    #[must_use]
    pub fn headers(&self) -> Vec<&'static str> {
        let asking = self.headers.iter().map(|header| header.name);
        let named = self.header_conditions().map(|(name, _)| name);
        distinct(asking.chain(named))
    }

    /// Returns the headers that conditions name, each with the values to try: those that are named, and one more.
    #[must_use]
    pub fn conditions(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let names = distinct(self.header_conditions().map(|(name, _)| name));
        let with_values = names.into_iter().map(|name| {
            let same = self.header_conditions().filter(|(other, _)| *other == name);
            let values = same.map(|(_, value)| value);
            (name, distinct(values.chain(["other"])))
        });
        with_values.collect()
    }

    /// Returns the error codes that conditions name.
    #[must_use]
    pub fn errors(&self) -> Vec<&'static str> {
        distinct(
            self.all_conditions()
                .filter_map(|condition| match condition {
                    Condition::Error(code) => Some(*code),
                    Condition::Header(..) | Condition::Idempotent => None,
                }),
        )
    }

    fn header_conditions(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.all_conditions()
            .filter_map(|condition| match condition {
                Condition::Header(name, value) => Some((*name, *value)),
                Condition::Error(_) | Condition::Idempotent => None,
            })
    }

    fn all_conditions(&self) -> impl Iterator<Item = &Condition> {
        let of_lines = self.lines.iter().flat_map(|line| &line.conditions);
        let of_headers = self.headers.iter().flat_map(|header| &header.conditions);
        of_lines.chain(of_headers)
    }
}

fn distinct(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

fn is_header_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_allowed)
}

/// Returns the duration of seconds such as `30` and `0.5`. Digits beyond nanoseconds are dropped.
fn decimal(text: &str) -> Option<Duration> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    whole(fraction)?;
    let nanos = format!("{fraction:0<9}")[..9].parse().ok()?;
    Some(Duration::new(whole(seconds)?, nanos))
}

/// Returns the number that consists of digits alone, at most `u64::MAX`.
fn whole(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
# A comment.
any | x-should-retry = true | server-or-schedule doubling
any | x-should-retry = false | never
429 | error = spent | never
429, 503 | idempotent and x-kind = soft | schedule short # Another.
403 | - | server
408, 5XX | - | server-or-schedule doubling
other | - | never
not sent | - | schedule doubling
no response | idempotent | schedule doubling
no response | - | not-idempotent

server | retry-after-ms | milliseconds | -
server | retry-after | seconds or date | -
server | x-reset | unix seconds | x-remaining = 0
server longest | 120
server jitter | 20
retries | 4
elapsed | 900
schedule doubling | 0.5 1 2 and on | -25%
schedule short | 8 and on | +1s | ends after 2
";

    const NOW: u64 = 784_111_777;
    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn list() -> Rules {
        Rules::parse("list", LIST)
    }

    fn case<'a>(status: Event, headers: &'a [(&'a str, &'a str)]) -> Case<'a> {
        Case {
            status,
            headers,
            error: None,
            idempotent: false,
            now: NOW,
        }
    }

    fn after(code: u16, headers: &[(&str, &str)], retries: u32) -> Result<Range, Reason> {
        list().decision(&case(Event::Status(code), headers), retries)
    }

    fn millis(shortest: u64, longest: u64) -> Range {
        (
            Duration::from_millis(shortest),
            Duration::from_millis(longest),
        )
    }

    #[test]
    fn the_first_line_that_fits_decides() {
        assert_eq!(after(200, &[], 0), Err(Reason::NotRetried));
        let yes = [("X-Should-Retry", " true\t")];
        assert_eq!(after(200, &yes, 0), Ok(millis(375, 500)));
        assert_eq!(after(503, &[], 0), Ok(millis(375, 500)));
        let no = [("x-should-retry", "false")];
        assert_eq!(after(503, &no, 0), Err(Reason::NotRetried));
        assert_eq!(
            after(599, &[("x-should-retry", "True")], 0),
            Ok(millis(375, 500))
        );
        assert_eq!(after(600, &[], 0), Err(Reason::NotRetried));
    }

    #[test]
    fn all_conditions_of_a_line_must_hold() {
        let soft = [("x-kind", "soft")];
        let both = Case {
            idempotent: true,
            ..case(Event::Status(429), &soft)
        };
        assert_eq!(list().decision(&both, 0), Ok(millis(8_000, 9_000)));
        let one = Case {
            idempotent: false,
            ..both
        };
        assert_eq!(list().decision(&one, 0), Err(Reason::NotRetried));
        let earlier = Case {
            error: Some("spent"),
            ..both
        };
        assert_eq!(list().decision(&earlier, 0), Err(Reason::NotRetried));
    }

    #[test]
    fn no_response_needs_an_idempotent_request() {
        let unknown = case(Event::NoResponse, &[]);
        assert_eq!(list().decision(&unknown, 9), Err(Reason::NotIdempotent));
        let idempotent = Case {
            idempotent: true,
            ..unknown
        };
        assert_eq!(list().decision(&idempotent, 0), Ok(millis(375, 500)));
        assert_eq!(
            list().decision(&case(Event::NotSent, &[]), 1),
            Ok(millis(750, 1_000))
        );
    }

    #[test]
    fn the_first_valid_header_counts() {
        let both = [("retry-after-ms", "250"), ("retry-after", "9")];
        assert_eq!(after(403, &both, 0), Ok(millis(250, 300)));
        let second = [("retry-after-ms", "soon"), ("Retry-After", "9")];
        assert_eq!(after(403, &second, 0), Ok(millis(9_000, 10_800)));
        let reset = [
            ("retry-after", "soon"),
            ("x-reset", "784111787"),
            ("x-remaining", "0"),
        ];
        assert_eq!(after(403, &reset, 0), Ok(millis(10_000, 12_000)));
        let twice = [("retry-after", "1"), ("retry-after", "2")];
        assert_eq!(after(403, &twice, 0), Ok(millis(1_000, 1_200)));
    }

    #[test]
    fn a_missing_header_is_told_from_an_invalid_one() {
        assert_eq!(after(403, &[], 9), Err(Reason::NoRetryAfter));
        let invalid = [("retry-after", "soon")];
        assert_eq!(after(403, &invalid, 9), Err(Reason::InvalidRetryAfter));
        let unmet = [("x-reset", "soon"), ("x-remaining", "1")];
        assert_eq!(after(403, &unmet, 9), Err(Reason::NoRetryAfter));
        let met = [("x-reset", "soon"), ("x-remaining", "0")];
        assert_eq!(after(403, &met, 9), Err(Reason::InvalidRetryAfter));
    }

    #[test]
    fn a_wait_of_zero_counts_without_a_schedule() {
        let zero = [("retry-after", "0")];
        assert_eq!(after(403, &zero, 0), Ok(millis(0, 0)));
        assert_eq!(after(503, &zero, 0), Ok(millis(375, 500)));
    }

    #[test]
    fn exhausted_retries_precede_a_wait_too_long() {
        let long = [("retry-after", "120.5")];
        let too_long = Reason::RetryAfterTooLong(Duration::from_millis(120_500));
        assert_eq!(after(503, &long, 3), Err(too_long));
        assert_eq!(after(503, &long, 4), Err(Reason::MaxRetries));
        assert_eq!(
            after(403, &[("retry-after", "120")], 0),
            Ok(millis(120_000, 144_000))
        );
    }

    #[test]
    fn a_schedule_ends_where_it_says() {
        let soft = [("x-kind", "soft")];
        let case = Case {
            idempotent: true,
            ..case(Event::Status(503), &soft)
        };
        assert_eq!(list().decision(&case, 1), Ok(millis(8_000, 9_000)));
        assert_eq!(list().decision(&case, 2), Err(Reason::MaxRetries));
        assert_eq!(after(503, &[], 3), Ok(millis(1_500, 2_000)));
        assert_eq!(after(503, &[], 4), Err(Reason::MaxRetries));
    }

    #[test]
    fn times_count_from_the_date_else_from_now() {
        let later = "Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(
            after(403, &[("retry-after", later)], 0),
            Ok(millis(30_000, 36_000))
        );
        let dated = [
            ("retry-after", later),
            ("date", "Sun, 06 Nov 1994 08:50:02 GMT"),
        ];
        assert_eq!(after(403, &dated, 0), Ok(millis(5_000, 6_000)));
        for (date, wait) in [(DATE, 30), ("784111802", 30), (later, 0)] {
            let reset = [
                ("x-reset", "784111807"),
                ("x-remaining", "0"),
                ("date", date),
            ];
            assert_eq!(
                after(403, &reset, 0),
                Ok(millis(wait * 1_000, wait * 1_200)),
                "{date}"
            );
        }
    }

    #[test]
    fn numbers_are_read_in_the_form_of_their_header() {
        let case = case(Event::Status(503), &[]);
        for (form, value, wait) in [
            (Form::Seconds, "2.0", Some(Duration::from_secs(2))),
            (Form::Seconds, "0.0000000019", Some(Duration::from_nanos(1))),
            (
                Form::Seconds,
                "99999999999999999999",
                Some(Duration::from_secs(u64::MAX)),
            ),
            (Form::Seconds, "1.", None),
            (Form::Seconds, ".5", None),
            (Form::Seconds, "-1", None),
            (Form::Seconds, "+1", None),
            (Form::Seconds, "1.2.3", None),
            (Form::Seconds, "", None),
            (Form::Seconds, DATE, None),
            (Form::SecondsOrDate, DATE, Some(Duration::ZERO)),
            (
                Form::SecondsOrDate,
                "1.5",
                Some(Duration::from_millis(1_500)),
            ),
            (
                Form::Milliseconds,
                "1.5",
                Some(Duration::from_micros(1_500)),
            ),
            (
                Form::UnixSeconds,
                "784111777.5",
                Some(Duration::from_millis(500)),
            ),
            (Form::UnixSeconds, "1", Some(Duration::ZERO)),
            (Form::UnixSeconds, DATE, None),
        ] {
            let expected = wait.ok_or(Reason::InvalidRetryAfter);
            assert_eq!(form.read(value, &case), expected, "{form:?} of {value}");
        }
    }

    #[test]
    fn jitter_spreads_down_and_up() {
        let place = Place {
            file: "list",
            line: 1,
        };
        for (text, shortest, longest) in [
            ("none", 8_000, 8_000),
            ("full", 0, 8_000),
            ("equal", 4_000, 8_000),
            ("20%", 6_400, 9_600),
            ("-25%", 6_000, 8_000),
            ("+25%", 8_000, 10_000),
            ("+1s", 8_000, 9_000),
        ] {
            let range = place.jitter(text).range(Duration::from_secs(8));
            assert_eq!(range, millis(shortest, longest), "{text}");
        }
    }

    #[test]
    fn a_test_learns_what_to_try() {
        let rules = list();
        let codes = rules.codes();
        for code in [100, 199, 402, 403, 404, 407, 409, 428, 504, 599, 600, 999] {
            assert!(codes.contains(&code), "{code}");
        }
        assert!(codes.is_sorted());
        assert_eq!(
            rules.headers(),
            [
                "retry-after-ms",
                "retry-after",
                "x-reset",
                "x-should-retry",
                "x-kind",
                "x-remaining"
            ]
        );
        assert_eq!(
            rules.conditions(),
            [
                ("x-should-retry", vec!["true", "false", "other"]),
                ("x-kind", vec!["soft", "other"]),
                ("x-remaining", vec!["0", "other"]),
            ]
        );
        assert_eq!(rules.errors(), ["spent"]);
        assert_eq!(
            (rules.retries, rules.elapsed),
            (Some(4), Some(Duration::from_mins(15)))
        );
    }

    #[test]
    fn a_line_that_is_not_understood_is_named() {
        for (line, expected) in [
            ("429 | - | always", "`never`, `server`"),
            ("70 | - | never", "a code, a class"),
            ("429 | methods | never", "`-`, `HEADER = VALUE`"),
            ("429 | - | schedule fast", "the name of a schedule"),
            ("429 | - | server", "a line `server |"),
            ("429 - never", "`STATUSES |"),
            ("schedule fast | 1", "`schedule NAME |"),
            ("schedule fast | 1 | none", "2 waits or `and on`"),
            ("schedule fast | 1 2 | some", "`none`, `full`"),
            ("schedule fast | 1 2 | -101%", "`none`, `full`"),
            ("schedule fast | 1 2 | none | ends", "`ends after N`"),
            ("server | Retry-After | seconds | -", "the name of a header"),
            (
                "server | retry-after | minutes | -",
                "one of seconds or date",
            ),
            ("elapsed | long", "a number of seconds"),
            ("retries | many", "a whole number"),
        ] {
            let list = format!("other, not sent, no response | - | never\nretries | 2\n{line}");
            let text: &'static str = list.leak();
            let caught = std::panic::catch_unwind(|| Rules::parse("list", text));
            let payload = caught.expect_err(line);
            let message = payload.downcast_ref::<String>().expect("a message");
            let start = format!("list:3: expected {expected}");
            assert!(message.starts_with(&start), "{message}");
        }
    }

    #[test]
    #[should_panic(expected = "list:2: expected a line for `other` without conditions")]
    fn every_event_must_have_a_line() {
        let _ = Rules::parse(
            "list",
            "404, not sent, no response | - | never\nretries | 2",
        );
    }

    #[test]
    #[should_panic(expected = "list:2: expected a line `retries | N`, found `the end`")]
    fn the_number_of_retries_must_be_given() {
        let _ = Rules::parse(
            "list",
            "other | - | never\nnot sent, no response | - | never",
        );
    }

    #[test]
    #[should_panic(expected = "list:3: expected `and on`, for retries are unlimited, found `fast`")]
    fn a_schedule_goes_on_if_retries_are_unlimited() {
        let text = "other, not sent, no response | - | never\nretries | unlimited\nschedule fast | 1 | none";
        let _ = Rules::parse("list", text);
    }

    #[test]
    fn all_files_of_the_gallery_are_read() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/facts/gallery");
        let files = std::fs::read_dir(folder).expect("the folder of facts");
        let mut files: Vec<String> = files
            .map(|file| {
                file.expect("a file")
                    .file_name()
                    .into_string()
                    .expect("a name")
            })
            .collect();
        files.sort();
        let gallery = Rules::gallery();
        let read: Vec<String> = gallery
            .iter()
            .map(|rules| format!("{}.txt", rules.name()))
            .collect();
        assert_eq!(read, files);
        for rules in gallery {
            let success = case(Event::Status(200), &[]);
            let decision = rules.decision(&success, 0);
            assert_eq!(decision, Err(Reason::NotRetried), "{}", rules.file);
            let limited = case(Event::Status(429), &[("retry-after", "soon")]);
            let is_retried = rules.decision(&limited, 0) != Err(Reason::NotRetried);
            assert!(is_retried, "{}", rules.file);
        }
    }

    #[test]
    fn vendors_decide_as_they_say() {
        let second = Duration::from_secs(1);
        let exactly = |seconds: u32| Ok((second * seconds, second * seconds));
        let too_long = Err(Reason::RetryAfterTooLong(second * 121));
        let wait = [("retry-after", "7")];
        let long = [("retry-after", "121")];
        let date = [("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")];
        let reset = [
            ("x-ratelimit-reset", "784111877"),
            ("x-ratelimit-remaining", "0"),
        ];
        for (name, code, headers, retries, expected) in [
            ("claude", 429, &[][..], 0, Err(Reason::NoRetryAfter)),
            ("claude", 529, &[], 1, Ok(millis(750, 1_000))),
            ("cloudflare", 429, &[], 0, exactly(300)),
            ("crates-io", 429, &date, 0, exactly(10)),
            ("discord", 502, &wait, 2, exactly(4)),
            ("elasticsearch-logstash", 400, &[], 1_000, exactly(64)),
            ("github", 403, &reset, 0, exactly(100)),
            ("github", 403, &[], 0, Err(Reason::NoRetryAfter)),
            ("github", 429, &[], 2, exactly(240)),
            (
                "google-cloud-storage",
                503,
                &[],
                0,
                Err(Reason::NotIdempotent),
            ),
            ("kubernetes-client-go", 500, &wait, 9, exactly(7)),
            (
                "kubernetes-client-go",
                429,
                &date,
                0,
                Err(Reason::InvalidRetryAfter),
            ),
            ("openai", 429, &wait, 1, exactly(7)),
            ("openai", 429, &long, 1, too_long),
            (
                "shopify-admin",
                429,
                &[("retry-after", "2.0")],
                0,
                exactly(2),
            ),
            ("shopify-admin", 783, &wait, 0, Err(Reason::NotRetried)),
            (
                "stripe",
                400,
                &[("stripe-should-retry", "true")],
                1,
                Ok(millis(750, 1_000)),
            ),
            ("twilio", 429, &wait, 2, Ok(millis(0, 800))),
            ("twilio", 429, &wait, 3, Err(Reason::MaxRetries)),
        ] {
            let gallery = Rules::gallery();
            let rules = gallery.iter().find(|rules| rules.name() == name);
            let case = case(Event::Status(code), headers);
            let decision = rules.expect(name).decision(&case, retries);
            assert_eq!(decision, expected, "{name} {code} {headers:?}");
        }
    }
}
