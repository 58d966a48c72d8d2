//! The YAML as a tree of nodes with spans. What the tree may hold is for `lower` to judge.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::budget::BudgetBreach;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Error, Location, Spanned, Tagged};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{MAX_BYTES, Source, Span, code_point, is_false_blank};
use crate::syntax_help::syntax_help;

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Scalar(Scalar),
    List(Vec<Node>),
    /// Every entry, those of equal keys included.
    Map(Vec<(Node, Node)>),
}

#[derive(Debug)]
pub(crate) struct Scalar {
    /// What it means; of a plain scalar that is no text to YAML, what is written.
    pub(crate) text: String,
    pub(crate) style: Style,
    /// Whether YAML reads it as text.
    pub(crate) is_text: bool,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Quoted,
    /// After `|` or `>`.
    Block,
}

/// The tree, or the errors that leave none.
pub(crate) fn read(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    let text = source.text();
    if source.size > MAX_BYTES {
        let label = format!("there are more than {MAX_BYTES} bytes");
        return Err(vec![Diagnostic::new(Code::TooLarge, Span::START, label)]);
    }
    if let Some(start) = source.not_utf8 {
        let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
        return Err(vec![
            Diagnostic::new(Code::NotUtf8, Span { start, end }, "this byte").help(
                if source.is_utf16 {
                    "the file is UTF-16: save it as UTF-8"
                } else {
                    "save the file as UTF-8"
                },
            ),
        ]);
    }
    if let Some(control) = control(text) {
        return Err(vec![control]);
    }
    let indentation = indentation(text);
    if !indentation.is_empty() {
        return Err(indentation);
    }
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
            max_depth: 16,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        strict_booleans: true,
        with_snippet: false,
    };
    let parsed = serde_yaml::from_str_with_options::<Parsed>(text, options)
        .map_err(|error| vec![refusal(source, &error)])?;
    let mut tags = Vec::new();
    let root = node(parsed, text, &mut tags);
    if !tags.is_empty() {
        return Err(tags);
    }
    match root.value {
        Value::Null => Err(vec![
            Diagnostic::new(Code::Empty, Span::START, "there is nothing here")
                .help("begin with `api: NAME`; spec/README.md has a tutorial"),
        ]),
        _ => Ok(root),
    }
}

/// The first control character, of which YAML allows none.
fn control(text: &str) -> Option<Diagnostic> {
    let is_control = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
    let (start, found) = text.char_indices().find(|(_, c)| is_control(*c))?;
    let nuls = text.matches('\0').count();
    let help = match found {
        '\0' if nuls * 3 > text.len() => "the file seems to be UTF-16: save it as UTF-8",
        '\u{1a}' => "delete it: it marks the end of a file on DOS",
        _ => "delete it",
    };
    let end = start + found.len_utf8();
    let diagnostic = Diagnostic::new(
        Code::ControlCharacter,
        Span { start, end },
        "this character",
    )
    .message(format!(
        "the control character {} in a spec",
        code_point(found)
    ))
    .help(help);
    Some(diagnostic)
}

/// The parser takes some tabs for spaces and other blanks for text; an editor shows none of them.
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
                '\t' => Diagnostic::new(Code::Tab, span, "this tab"),
                _ => Diagnostic::new(Code::Tab, span, "this looks like a space")
                    .message(format!("{} in the indentation", code_point(blank))),
            };
            found.push(diagnostic.help("indent with spaces"));
        }
        start += line.len();
    }
    found
}

fn refusal(source: &Source, error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    let span = error.location().map_or(Span::START, |location| {
        span(location).unwrap_or_else(|| {
            let (line, column) = (location.line(), location.column());
            let start = source.byte(
                usize::try_from(line).unwrap_or(1).max(1),
                usize::try_from(column).unwrap_or(1).max(1),
            );
            Span { start, end: start }
        })
    });
    match error {
        Error::UnknownAnchor { .. }
        | Error::Budget {
            breach: BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. },
            ..
        } => Diagnostic::new(Code::Anchor, span, "this value")
            .help("write the value out wherever it is needed"),
        Error::MultipleDocuments { .. }
        | Error::Budget {
            breach: BudgetBreach::Documents { .. },
            ..
        } => Diagnostic::new(Code::SecondDocument, span, "it begins here")
            .help("one file holds one table: move the second to a file of its own"),
        Error::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => too_deep(span),
        other => {
            let text = other.to_string();
            let text = text.split(" at line ").next().unwrap_or_default();
            // The scanner, which reads ahead, has a limit of its own on brackets.
            if text == "recursion limit exceeded" {
                return too_deep(span);
            }
            let diagnostic = Diagnostic::new(Code::Syntax, span, text);
            if let Some((blank, place)) = false_blank(source, span) {
                return diagnostic
                    .label(place, format!("this is {}", code_point(blank)))
                    .help("write a space in its place");
            }
            let mapping = text.contains("mapping values are not allowed");
            match line_without_colon(source, span).filter(|_| mapping) {
                Some(line) => diagnostic
                    .label(line, "this has no `:`")
                    .help("write `:` and a blank after the key of the line before"),
                None => diagnostic.help(syntax_help(text, before(source, span))),
            }
        }
    }
}

/// What looks like a blank, in the line of a place or the one above, before quotes and comments.
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

/// What stands before a place, in its line.
fn before(source: &Source, span: Span) -> &str {
    let before = &source.text()[..source.text().floor_char_boundary(span.start)];
    before.rsplit('\n').next().unwrap_or_default()
}

/// The last line before the one of a place that holds anything, if it is a key that lost its `:`.
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
    Diagnostic::new(Code::TooDeep, span, "more than 16 levels")
        .help("a spec has five levels at most")
}

fn span(location: Location) -> Option<Span> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let len = usize::try_from(span.byte_len()?).ok()?;
    Some(Span {
        start,
        end: start + len,
    })
}

fn node(parsed: Parsed, text: &str, tags: &mut Vec<Diagnostic>) -> Node {
    // The parser gives a collection the span of its first token.
    let mut span = span(parsed.location).unwrap_or(Span::START);
    if let Some(tag) = parsed.tag {
        tags.push(
            Diagnostic::new(Code::Tag, span, format!("the tag of this is `{tag}`"))
                .help("leave the tag out"),
        );
    }
    let value = match parsed.content {
        Content::Null => Value::Null,
        Content::Text(meant) => {
            let written = text.get(span.start..span.end).unwrap_or_default();
            let style = if written == meant {
                Style::Plain
            } else if written.starts_with(['"', '\'']) {
                Style::Quoted
            } else {
                Style::Block
            };
            // That of a block goes on to whatever is next.
            span.end = span.start + written.trim_end().len();
            Value::Scalar(Scalar {
                text: meant,
                style,
                is_text: true,
            })
        }
        Content::NoText => Value::Scalar(Scalar {
            text: text
                .get(span.start..span.end)
                .unwrap_or_default()
                .to_owned(),
            style: Style::Plain,
            is_text: false,
        }),
        Content::List(items) => {
            let items: Vec<Node> = items
                .into_iter()
                .map(|item| node(item, text, tags))
                .collect();
            span = items.last().map_or(span, |last| span.to(last.span));
            Value::List(items)
        }
        Content::Map(entries) => {
            let entries: Vec<(Node, Node)> = entries
                .into_iter()
                .map(|(key, value)| (node(key, text, tags), node(value, text, tags)))
                .collect();
            span = entries.last().map_or(span, |(_, last)| span.to(last.span));
            Value::Map(entries)
        }
    };
    Node { value, span }
}

/// The tree as the parser hands it over.
struct Parsed {
    content: Content,
    tag: Option<String>,
    location: Location,
}

enum Content {
    Null,
    Text(String),
    /// A number or a boolean; the source has what is written.
    NoText,
    List(Vec<Parsed>),
    Map(Vec<(Parsed, Parsed)>),
}

impl<'de> Deserialize<'de> for Parsed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned {
            value: Tagged(content, tag),
            referenced: location,
            ..
        } = Spanned::deserialize(deserializer)?;
        Ok(Self {
            content,
            tag,
            location,
        })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Content, E> {
        Ok(Content::NoText)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Content, E> {
        Ok(Content::NoText)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Content, E> {
        Ok(Content::NoText)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Content, E> {
        Ok(Content::NoText)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Content, E> {
        Ok(Content::NoText)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Content, E> {
        Ok(Content::NoText)
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Content, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Content::Map(map))
    }
}
