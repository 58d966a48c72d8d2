//! The diagnostics for text that is not YAML, or YAML that a spec does not allow.

use serde_yaml::budget::BudgetBreach;
use serde_yaml::granit_parser::ErrorKind;
use serde_yaml::{DefaultMessageFormatter, Error, ExternalMessageSource, MessageFormatter};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::syntax_help::{LOOK, syntax_help};
use crate::source::{MAX_BYTES, Source, Span, code_point, is_false_blank};

/// Checks the text before it is parsed.
pub(super) fn check_text(source: &Source) -> Result<(), Vec<Diagnostic>> {
    let first = too_large(source)
        .or_else(|| not_utf8(source))
        .or_else(|| control(source.text()));
    let found = match first {
        Some(diagnostic) => vec![diagnostic],
        None => indentation(source.text()),
    };
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn too_large(source: &Source) -> Option<Diagnostic> {
    let label = || format!("more than {MAX_BYTES} bytes");
    (source.size > MAX_BYTES).then(|| Diagnostic::new(Code::TooLarge, Span::START, label()))
}

fn not_utf8(source: &Source) -> Option<Diagnostic> {
    let start = source.not_utf8?;
    let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
    let help = if source.is_utf16 {
        "the file is UTF-16: save it as UTF-8"
    } else {
        "save the file as UTF-8"
    };
    Some(Diagnostic::new(Code::NotUtf8, Span { start, end }, "invalid byte").help(help))
}

/// Returns the first control character; YAML allows none.
fn control(text: &str) -> Option<Diagnostic> {
    let is_control = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
    let (start, found) = text.char_indices().find(|(_, c)| is_control(*c))?;
    let nuls = text.matches('\0').count();
    let help = match found {
        '\0' if nuls * 3 > text.len() => "the file seems to be UTF-16: save it as UTF-8",
        '\u{1a}' => "remove it: it marks the end of a file on DOS",
        _ => "remove it",
    };
    let end = start + found.len_utf8();
    let diagnostic = Diagnostic::new(
        Code::ControlCharacter,
        Span { start, end },
        "not allowed in YAML",
    )
    .message(format!("control character {} in a spec", code_point(found)))
    .help(help);
    Some(diagnostic)
}

/// Returns a diagnostic for every line that is not indented with spaces. The parser reads some tabs as
/// spaces and other blanks as text; an editor shows no difference.
fn indentation(text: &str) -> Vec<Diagnostic> {
    let is_blank = |c: char| c == ' ' || c == '\t' || is_false_blank(c);
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches(is_blank);
        let mut blanks = line[..line.len() - rest.len()].char_indices();
        let wrong = blanks.find(|(at, c)| *c != ' ' && !(*c == '\u{feff}' && start + at == 0));
        if let Some((at, blank)) = wrong.filter(|_| !rest.trim().is_empty()) {
            let span = Span {
                start: start + at,
                end: start + at + blank.len_utf8(),
            };
            let diagnostic = match blank {
                '\t' => Diagnostic::new(Code::Tab, span, "a tab"),
                _ => Diagnostic::new(Code::Tab, span, "looks like a space").message(format!(
                    "{} is not allowed in indentation",
                    code_point(blank)
                )),
            };
            found.push(diagnostic.help("indent with spaces"));
        }
        start += line.len();
    }
    found
}

/// Returns the diagnostic for an error of the parser at `span`.
pub(super) fn refusal(source: &Source, span: Span, error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    if let Error::ExternalMessage { source: from, .. } = error
        && let ExternalMessageSource::Parser(error) = &**from
    {
        return not_yaml(source, span, error.kind());
    }
    match error {
        Error::UnknownAnchor { .. }
        | Error::Budget {
            breach: BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. },
            ..
        } => Diagnostic::new(Code::Anchor, span, "not allowed here")
            .help("repeat the value in each place that needs it"),
        Error::MultipleDocuments { .. }
        | Error::Budget {
            breach: BudgetBreach::Documents { .. },
            ..
        } => Diagnostic::new(
            Code::SecondDocument,
            span,
            "the second document begins here",
        )
        .help("move the second table to another file"),
        Error::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => too_deep(span),
        other => {
            let label = DefaultMessageFormatter.format_message(other);
            Diagnostic::new(Code::Syntax, span, label).help(LOOK)
        }
    }
}

fn not_yaml(source: &Source, span: Span, kind: &ErrorKind) -> Diagnostic {
    // The scanner reads ahead and has its own limit on brackets.
    if *kind == ErrorKind::RecursionLimitExceeded {
        return too_deep(span);
    }
    let diagnostic = Diagnostic::new(Code::Syntax, span, kind.to_string());
    if let Some((blank, place)) = false_blank(source, span) {
        return diagnostic
            .label(place, format!("found {}", code_point(blank)))
            .help("replace it with a space");
    }
    if *kind == ErrorKind::MappingValueNotAllowed
        && let Some(line) = line_without_colon(source, span)
    {
        return diagnostic
            .label(line, "missing `:`")
            .help("add `:` and a space after the key on the line before");
    }
    diagnostic.help(syntax_help(kind, before(source, span)))
}

/// Returns a false blank in the line of `span` or the one above, before quotes and comments.
fn false_blank(source: &Source, span: Span) -> Option<(char, Span)> {
    let text = source.text();
    let at = text.floor_char_boundary(span.start);
    let start_of_line = |end: usize| text[..end].rfind('\n').map_or(0, |newline| newline + 1);
    let this = start_of_line(at);
    let above = start_of_line(this.saturating_sub(1));
    [above, this].into_iter().find_map(|start| {
        let line = text[start..].lines().next()?;
        let bare = line.split(['"', '\'', '#']).next()?;
        // A byte order mark begins a file.
        let blanks = bare.char_indices().map(|(at, c)| (start + at, c));
        let (start, blank) = blanks
            .filter(|(at, _)| *at > 0)
            .find(|(_, c)| is_false_blank(*c))?;
        let end = start + blank.len_utf8();
        Some((blank, Span { start, end }))
    })
}

/// Returns the text to the left of `span` in its line.
fn before(source: &Source, span: Span) -> &str {
    let before = &source.text()[..source.text().floor_char_boundary(span.start)];
    before.rsplit('\n').next().unwrap_or_default()
}

/// Returns the last nonempty line above `span` if it is a key without `:`.
fn line_without_colon(source: &Source, span: Span) -> Option<Span> {
    let at = source.text().floor_char_boundary(span.start);
    let start = at - before(source, span).len();
    let above = source.text()[..start].trim_end();
    let line = above.rsplit('\n').next()?.trim_start();
    let is_key = !line.contains(':') && !line.starts_with('#') && !line.is_empty();
    is_key.then(|| Span {
        start: above.len() - line.len(),
        end: above.len(),
    })
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, span, "more than 16 levels deep")
        .help("a spec has at most five levels")
}
