//! The diagnostics of a spec: one table of codes and messages, and their rendering.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::source::{Source, Span};

/// Whether a diagnostic stops the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// The code is generated anyway.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $message:literal)*) => {
        /// A rule of the spec language; `spec/README.md` has an example of how a spec breaks each one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $message] $variant,)*
        }

        impl Code {
            /// All codes, in the order of their ids.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the code as it is printed, such as `SPEC0201`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// Returns whether the code stops the generator.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }

            /// Returns the general message of the code.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message),* }
            }
        }
    };
}

codes! {
    // The file and its YAML.
    NotUtf8 "SPEC0001" Error "the spec is not valid UTF-8"
    TooLarge "SPEC0002" Error "the spec is larger than 1 MiB"
    Empty "SPEC0003" Error "the spec is empty"
    Syntax "SPEC0004" Error "invalid YAML"
    Tab "SPEC0005" Error "tabs are not allowed in indentation"
    Anchor "SPEC0006" Error "anchors and aliases are not allowed"
    Tag "SPEC0007" Error "tags are not allowed"
    MergeKey "SPEC0008" Error "merge keys are not allowed"
    SecondDocument "SPEC0009" Error "more than one YAML document"
    TooDeep "SPEC0010" Error "nested too deeply"

    // Keys and the kinds of their values.
    DuplicateKey "SPEC0101" Error "duplicate key"
    UnknownKey "SPEC0102" Error "unknown key"
    MissingKey "SPEC0103" Error "missing key"
    WrongKind "SPEC0104" Error "wrong kind of value"
    YamlWord "SPEC0105" Error "expected a string, found another YAML value"
    EmptyText "SPEC0106" Error "empty string"
    ControlCharacter "SPEC0107" Error "control character in a string"
    Url "SPEC0108" Error "invalid URL"
    Date "SPEC0109" Error "invalid date"
    Duration "SPEC0110" Error "invalid duration"
    CrateName "SPEC0111" Error "invalid crate name"
    Version "SPEC0112" Error "invalid version"
    MaxRetries "SPEC0113" Error "invalid number of retries"
    License "SPEC0114" Error "invalid license"
    Assumed "SPEC0115" Error "invalid use of `assumed`"

    // Rows.
    NoRows "SPEC0201" Error "the table has no rows"
    StatusCode "SPEC0202" Error "invalid status code"
    DuplicateCode "SPEC0203" Error "duplicate status code"
    Variant "SPEC0204" Error "invalid variant"
    DuplicateVariant "SPEC0205" Error "duplicate variant"
    ClassVariant "SPEC0206" Error "a class row cannot have a variant"
    UnseenRow "SPEC0207" Warning "few clients see this row"

    // Retry behaviors.
    Retry "SPEC0301" Error "unknown retry behavior"
    RetryList "SPEC0302" Error "invalid list of retry behaviors"
    TransportRetryAfter "SPEC0303" Error "`retry-after` is not allowed under `transport`"
    UnlimitedRetryAfter "SPEC0304" Error "`retry-after` could retry forever without a pause"
    Undecided "SPEC0305" Error "undecided retry behavior"

    // Schedules.
    ScheduleName "SPEC0401" Error "invalid schedule name"
    ScheduleKind "SPEC0402" Error "expected either a formula or a list of waits"
    UnusedSchedule "SPEC0403" Warning "unused schedule"
    Multiplier "SPEC0404" Error "invalid multiplier"
    InitialOverMax "SPEC0405" Error "`initial` is longer than `max`"
    Overflow "SPEC0406" Error "a wait of this schedule will overflow"
    DocumentedWaits "SPEC0407" Error "`documented_waits` differ from the formula"
    ShortSchedule "SPEC0408" Error "too few waits"
    EndlessSchedule "SPEC0409" Error "a schedule without a last wait"
    Jitter "SPEC0410" Error "invalid jitter"
    LateSchedule "SPEC0411" Warning "a schedule starts after `max_elapsed`"
    ScheduleLimit "SPEC0412" Error "a schedule has more retries than the table"

    // What a response says beside its status.
    HeaderName "SPEC0501" Error "invalid header name"
    WaitForm "SPEC0502" Error "unknown form of a wait"
    NoWaitHeaders "SPEC0503" Error "no header asks for a wait"
    DuplicateHeader "SPEC0504" Error "duplicate header"
    UnusedRetryAfter "SPEC0505" Warning "nothing waits as long as the server asks"
    Percentage "SPEC0506" Error "invalid percentage"
    HeaderValue "SPEC0507" Error "invalid header value"
    ErrorCode "SPEC0508" Error "invalid error code"
    ShouldRetry "SPEC0509" Error "a header that decides nothing"
}

/// An error or a warning about a spec: a message, labeled places, and help.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The rule that the spec breaks.
    pub code: Code,
    /// The message for this case.
    pub message: String,
    /// The labeled places, the primary one first.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
}

/// A place in the spec, and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The text at the place.
    pub text: String,
}

/// Returns the message of a mismatch, as in "expected a list of rows, found nothing".
pub(crate) fn mismatch(expected: &str, found: &str) -> String {
    format!("expected {expected}, found {found}")
}

impl Diagnostic {
    pub(crate) fn new(code: Code, span: Span, label: impl Into<String>) -> Self {
        Self {
            code,
            message: code.message().to_owned(),
            labels: vec![Label {
                span,
                text: label.into(),
            }],
            help: None,
        }
    }

    pub(crate) fn message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.labels.push(Label { span, text });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns whether this diagnostic stops the generator.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }

    /// Renders the diagnostic in rustc's format, with the lines of `source`. There is no newline at the end.
    #[must_use]
    pub fn render(&self, source: &Source, color: bool) -> String {
        let level = match self.code.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let annotations = self.labels.iter().enumerate().map(|(index, label)| {
            let kind = match index {
                0 => AnnotationKind::Primary,
                _ => AnnotationKind::Context,
            };
            let text = source.text();
            let start = text.floor_char_boundary(label.span.start);
            let end = text.floor_char_boundary(label.span.end).max(start);
            kind.span(start..end).label(&label.text)
        });
        let snippet = Snippet::source(source.text())
            .path(source.name())
            .annotations(annotations);
        let mut group = level
            .primary_title(&self.message)
            .id(self.code.id())
            .element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }
}
