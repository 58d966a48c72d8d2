//! The YAML as a tree of nodes with spans. `lower` checks what the tree contains.

#[cfg(feature = "import")]
mod foreign;
mod syntax;
mod syntax_help;

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Error, Location, Spanned, Tagged};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};

#[cfg(feature = "import")]
pub(crate) use foreign::{Refusal, read_foreign};
use syntax::{check_text, refusal};

/// The key that wraps a value which the source does not state.
pub(crate) const ASSUMED: &str = "assumed";

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
}

impl Node {
    /// Returns the value of a map whose only key is `assumed`.
    pub(crate) fn assumed(&self) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => match &entries[..] {
                [(key, value)] if key.is_word(ASSUMED) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns whether it is the scalar `word`.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(&self.value, Value::Scalar(Scalar { text, .. }) if text == word)
    }

    /// Returns it on one line, in YAML's flow style, without `assumed` around values in it.
    pub(crate) fn flow(&self) -> String {
        if let Some(value) = self.assumed() {
            return value.flow();
        }
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Scalar(scalar) => scalar.text.split_whitespace().collect::<Vec<_>>().join(" "),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(Self::flow).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Map(entries) => {
                let entry =
                    |(key, value): &(Self, Self)| format!("{}: {}", key.flow(), value.flow());
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Scalar(Scalar),
    List(Vec<Node>),
    /// All entries, including those with equal keys.
    Map(Vec<(Node, Node)>),
}

#[derive(Debug)]
pub(crate) struct Scalar {
    /// The string, or the source text if the YAML value is not a string.
    pub(crate) text: String,
    pub(crate) style: Style,
    /// Whether the YAML value is a string.
    pub(crate) is_text: bool,
}

/// The style of a scalar in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Quoted,
    /// After `|` or `>`.
    Block,
}

/// Returns the tree, or the errors that prevent it.
pub(crate) fn read(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    check_text(source)?;
    let parsed = parse(source.text())
        .map_err(|error| vec![refusal(source, span(&error, source), &error)])?;
    let mut tags = Vec::new();
    let root = node(parsed, source, &mut tags);
    if !tags.is_empty() {
        return Err(tags);
    }
    match root.value {
        Value::Null => Err(vec![
            Diagnostic::new(Code::Empty, Span::START, "expected a spec")
                .help("begin with `api: NAME`; see the tutorial in spec/README.md"),
        ]),
        _ => Ok(root),
    }
}

/// Parses the YAML. What a spec does not allow is kept, so that it can be reported with its span.
fn parse(text: &str) -> Result<Parsed, Error> {
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
    serde_yaml::from_str_with_options(text, options)
}

/// Returns the span of an error of the parser.
fn span(error: &Error, source: &Source) -> Span {
    let location = error.location();
    location.map_or(Span::START, |location| place(location, source))
}

/// Returns the span of a location. The parser may know it only by line and column.
fn place(location: Location, source: &Source) -> Span {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let span = location.span();
    let (start, len) = match (span.byte_offset(), span.byte_len()) {
        (Some(start), Some(len)) => (number(start), number(len)),
        _ => {
            let (line, column) = (location.line(), location.column());
            (source.byte(number(line).max(1), number(column).max(1)), 0)
        }
    };
    Span {
        start,
        end: start.saturating_add(len),
    }
}

fn node(parsed: Parsed, source: &Source, tags: &mut Vec<Diagnostic>) -> Node {
    // The parser's span of a collection is that of its first token.
    let mut span = place(parsed.location, source);
    let written = source.text().get(span.start..span.end).unwrap_or_default();
    if let Some(tag) = parsed.tag {
        tags.push(
            Diagnostic::new(Code::Tag, span, format!("tagged `{tag}`")).help("remove the tag"),
        );
    }
    let value = match parsed.content {
        Content::Null => Value::Null,
        Content::Text(meant) => {
            let style = if written == meant {
                Style::Plain
            } else if written.starts_with(['"', '\'']) {
                Style::Quoted
            } else {
                Style::Block
            };
            // The span of a block reaches to the next token.
            span.end = span.start + written.trim_end().len();
            Value::Scalar(Scalar {
                text: meant,
                style,
                is_text: true,
            })
        }
        Content::NoText => Value::Scalar(Scalar {
            text: written.to_owned(),
            style: Style::Plain,
            is_text: false,
        }),
        Content::List(items) => {
            let items: Vec<Node> = items
                .into_iter()
                .map(|item| node(item, source, tags))
                .collect();
            span = items.last().map_or(span, |last| span.to(last.span));
            Value::List(items)
        }
        Content::Map(entries) => {
            let entries: Vec<(Node, Node)> = entries
                .into_iter()
                .map(|(key, value)| (node(key, source, tags), node(value, source, tags)))
                .collect();
            span = entries.last().map_or(span, |(_, last)| span.to(last.span));
            Value::Map(entries)
        }
    };
    Node { value, span }
}

/// A node as the parser returns it.
struct Parsed {
    content: Content,
    tag: Option<String>,
    location: Location,
}

enum Content {
    Null,
    Text(String),
    /// A number or a boolean, which is read from the source.
    NoText,
    List(Vec<Parsed>),
    Map(Vec<(Parsed, Parsed)>),
}

impl<'de> Deserialize<'de> for Parsed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned {
            value: Tagged(content, tag),
            // What an alias stands for is read from its anchor.
            defined: location,
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

#[cfg(test)]
mod tests {
    use serde_yaml::ExternalMessageSource;
    use serde_yaml::granit_parser::ErrorKind;

    use super::syntax_help::{LOOK, syntax_help};
    use super::*;

    fn kind(text: &str) -> ErrorKind {
        match parse(text).map(|_| ()) {
            Err(Error::ExternalMessage { source, .. }) => match *source {
                ExternalMessageSource::Parser(error) => error.kind().clone(),
                other => panic!("{text:?}: {other:?}"),
            },
            other => panic!("{text:?}: {other:?}"),
        }
    }

    /// A new version of the parser may report kinds that have no help.
    #[test]
    fn the_parser_reports_the_kinds_with_help() {
        use ErrorKind as Kind;

        for (text, expected) in [
            ("a: b: c", Kind::MappingValueNotAllowed),
            ("a: [b] c", Kind::ExpectedBlockMappingKey),
            ("a:\n  - b: c\n   - d", Kind::ExpectedBlockSequenceEntry),
            (" a: b\nc: d", Kind::ExpectedDocumentStart),
            ("a: b\nc\n", Kind::SimpleKeyExpected),
            ("a: {b:[c]}", Kind::FlowMappingValueAdjacentCollection),
            ("a: - b", Kind::BlockSequenceEntryNotAllowed),
            ("a: b # c\n  d", Kind::CommentInterceptedScalar),
            ("a: \"b\"#c", Kind::CommentNotSeparated),
            ("a: b]\nc: ]", Kind::MisplacedFlowCollectionEnd),
            (
                "a: [b}",
                Kind::MismatchedFlowCollectionEnd {
                    open: '[',
                    close: '}',
                },
            ),
            ("a: [b", Kind::UnclosedFlowCollection { open: '[' }),
            ("a: [b\nc: d", Kind::InvalidColonPlacement),
            ("a: [\n- b]", Kind::BlockEntryInFlowCollection),
            ("a: {b: c d: e}", Kind::ExpectedFlowMappingSeparator),
            ("a: [[b] c]", Kind::ExpectedFlowSequenceSeparator),
            ("a: 'b' c", Kind::InvalidTrailingSingleQuotedScalar),
            ("a: \"b\" c", Kind::InvalidTrailingDoubleQuotedScalar),
            (r#"a: "\d""#, Kind::UnknownQuotedScalarEscape),
            (r#"a: "\users""#, Kind::InvalidQuotedScalarHexEscape),
            (r#"a: "\UFFFFFFFF""#, Kind::InvalidUnicodeEscape),
            ("a: \"b", Kind::UnclosedQuotedScalar),
            ("a: @b", Kind::UnexpectedCharacter { character: '@' }),
        ] {
            assert_eq!(kind(text), expected, "{text:?}");
            assert_ne!(syntax_help(&expected, ""), LOOK, "{text:?}");
        }
        assert_eq!(kind(&"[".repeat(500)), Kind::RecursionLimitExceeded);
    }
}
