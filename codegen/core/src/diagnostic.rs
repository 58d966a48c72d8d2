//! The mistakes a spec can have: one table of codes and messages, and how they are shown.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::source::{Source, Span};

/// What a diagnostic does to the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated all the same.
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
        /// A rule of the spec language that a spec breaks; `spec/README.md` has an example of each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $message] $variant,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the code as it is shown, `SPEC0201` for example.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// Returns what it does to the generator.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }

            /// Returns the mistake in a few words.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message),* }
            }
        }
    };
}

codes! {
    // The file and its YAML.
    NotUtf8 "SPEC0001" Error "the spec is not UTF-8"
    TooLarge "SPEC0002" Error "the spec is larger than 1 MiB"
    Empty "SPEC0003" Error "the spec is empty"
    Syntax "SPEC0004" Error "this is not YAML"
    Tab "SPEC0005" Error "a tab in the indentation"
    Anchor "SPEC0006" Error "anchors and aliases have no place in a spec"
    Tag "SPEC0007" Error "tags have no place in a spec"
    MergeKey "SPEC0008" Error "merge keys have no place in a spec"
    SecondDocument "SPEC0009" Error "a second document"
    TooDeep "SPEC0010" Error "this is nested too deeply"

    // Keys and the kinds of their values.
    DuplicateKey "SPEC0101" Error "a key is given twice"
    UnknownKey "SPEC0102" Error "an unknown key"
    MissingKey "SPEC0103" Error "a key is missing"
    WrongKind "SPEC0104" Error "a value of the wrong kind"
    YamlWord "SPEC0105" Error "YAML reads this as something else than text"
    EmptyText "SPEC0106" Error "a text is empty"
    ControlCharacter "SPEC0107" Error "a control character in a text"
    Url "SPEC0108" Error "a URL is invalid"
    Date "SPEC0109" Error "a date is invalid"
    Duration "SPEC0110" Error "a duration is invalid"
    CrateName "SPEC0111" Error "a crate's name is invalid"
    Version "SPEC0112" Error "a version is invalid"
    MaxRetries "SPEC0113" Error "a number of retries is invalid"
    License "SPEC0114" Error "a license is invalid"

    // Rows.
    NoRows "SPEC0201" Error "the table has no rows"
    StatusCode "SPEC0202" Error "a status code is invalid"
    DuplicateCode "SPEC0203" Error "a status code is given twice"
    Variant "SPEC0204" Error "a name makes no variant"
    DuplicateVariant "SPEC0205" Error "two rows have the same variant"
    ClassVariant "SPEC0206" Error "a class row has no variant"
    UnseenRow "SPEC0207" Warning "a row that few clients ever see"

    // Retry behaviors.
    Retry "SPEC0301" Error "an unknown retry behavior"
    RetryList "SPEC0302" Error "an impossible list"
    TransportRetryAfter "SPEC0303" Error "there is no header without a response"
    UnlimitedRetryAfter "SPEC0304" Error "a server could be asked without pause, for ever"

    // Schedules.
    ScheduleName "SPEC0401" Error "a schedule's name is invalid"
    ScheduleKind "SPEC0402" Error "a schedule is either a formula or a list"
    UnusedSchedule "SPEC0403" Warning "a schedule is never used"
    Multiplier "SPEC0404" Error "a multiplier is invalid"
    InitialOverMax "SPEC0405" Error "the first wait is longer than the longest"
    Overflow "SPEC0406" Error "a wait is too long to be computed"
    DocumentedWaits "SPEC0407" Error "the documented waits disagree with the formula"
    ShortSchedule "SPEC0408" Error "a schedule ends too soon"
    EndlessSchedule "SPEC0409" Error "a schedule never comes to an end, nor to a last wait"
    Jitter "SPEC0410" Error "a jitter is invalid"
    LateSchedule "SPEC0411" Warning "a schedule that starts too late"
}

/// A mistake in a spec: what, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The rule.
    pub code: Code,
    /// The mistake in this case.
    pub message: String,
    /// The places concerned, the most important one first.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
}

/// A place, and what it has to do with the diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to see there.
    pub text: String,
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

    /// Returns whether it stops the generator.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }

    /// Renders it as rustc would, with the lines of `source`, and without a newline at its end.
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
