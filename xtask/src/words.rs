//! How the project's English is written: figures for each crate and folder, and the places behind them.
//!
//! What counts is prose: comments and Markdown, without code blocks, generated files and generated tables.
//! All of it is found line by line, without a parser:
//!
//! - Lines of a string that look like comments are taken for comments. Other strings are not read.
//! - The first word of a summary is taken for a verb if it ends in `s`, short of a few words. So "Waits of a
//!   schedule" passes, and "Like `x`" does not.
//! - A sentence ends with a word that ends in `.`, `!` or `?`, or with its paragraph, heading or cell. Code in
//!   backticks is one word.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::mem;
use std::process::Command;

use retrospec_codegen::internal::terminal::{Failure, print};

const UNWANTED: &[&str] = &[
    "mend",
    "mends",
    "mended",
    "mending",
    "so many",
    "a text",
    "one's own",
    "what is wrong",
    "colour",
    "colours",
    "coloured",
    "honour",
    "honours",
    "honoured",
    "behaviour",
    "behaviours",
];
/// End in `s`, and are no verbs.
const NO_VERBS: &[&str] = &["always", "as", "its", "less", "plus", "this", "whose"];
/// End in a period, and end no sentence.
const ABBREVIATIONS: &[&str] = &["e.g.", "i.e.", "vs."];
const LONGEST_SENTENCE: usize = 25;
const LONGEST_NAME: usize = 45;

/// Prints the figures, or with `list` the places behind them.
pub(crate) fn run(list: bool) -> Result<(), Failure> {
    let paths = tracked()?;
    let crates: BTreeSet<&str> = paths
        .iter()
        .filter_map(|path| path.strip_suffix("/Cargo.toml"))
        .collect();
    let mut places = String::new();
    let mut areas: BTreeMap<&str, Prose> = BTreeMap::new();
    for path in &paths {
        let read: fn(&str) -> Prose = match path.rsplit_once('.') {
            Some((_, "rs")) => Prose::of_rust,
            Some((_, "md")) => Prose::of_markdown,
            _ => continue,
        };
        let source = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        if source.starts_with("// @generated") {
            continue;
        }
        let prose = read(&source);
        for found in prose.listed() {
            let _ = writeln!(places, "{path}:{}: {}", found.line, found.what);
        }
        areas.entry(area(path, &crates)).or_default().add(prose);
    }
    print(&if list { places } else { table(areas) })
}

/// Returns the paths of the files under version control.
fn tracked() -> Result<Vec<String>, Failure> {
    let output = Command::new("git").arg("ls-files").output()?;
    if !output.status.success() {
        return Err("`git ls-files` failed".into());
    }
    let paths = String::from_utf8(output.stdout)?;
    Ok(paths.lines().map(str::to_owned).collect())
}

/// Returns the innermost crate around `path`, or else its topmost folder.
fn area<'a>(path: &'a str, crates: &BTreeSet<&str>) -> &'a str {
    let folders: Vec<&str> = path
        .rmatch_indices('/')
        .map(|(end, _)| &path[..end])
        .collect();
    let innermost = folders.iter().find(|folder| crates.contains(*folder));
    innermost.or(folders.last()).copied().unwrap_or("(root)")
}

/// Lays out a line for each area, and one for all of them.
fn table(areas: BTreeMap<&str, Prose>) -> String {
    let mut text = format!(
        "{:30}{:>8}{:>8}{:>8}{:>8}{:>14}{:>10}{:>8}{:>8}\n",
        "", "words", "where", "if", "when", "verb first", "unwanted", "names", "long"
    );
    let mut total = Prose::default();
    for (area, prose) in areas {
        text += &row(area, &prose);
        total.add(prose);
    }
    text += &row("total", &total);
    text + "\nwhere, if, when: per 1,000 words. Verb first: of the documented public functions. Long: sentences of\n\
            over 25 words, per 1,000. Names: of tests, over 45 characters or with `_s_`.\n"
}

fn row(area: &str, prose: &Prose) -> String {
    let of_words = |kind| tenths(1000 * prose.count(kind), prose.words);
    let verbs = prose.summaries - prose.count(Kind::NoVerb);
    format!(
        "{area:30}{:>8}{:>8}{:>8}{:>8}{:>14}{:>10}{:>8}{:>8}\n",
        prose.words,
        of_words(Kind::Where),
        of_words(Kind::If),
        of_words(Kind::When),
        format!("{verbs} of {}", prose.summaries),
        prose.count(Kind::Unwanted),
        prose.count(Kind::Name),
        tenths(1000 * prose.count(Kind::Long), prose.sentences),
    )
}

/// Divides, and rounds down to a tenth.
fn tenths(dividend: usize, divisor: usize) -> String {
    let tenths = 10 * dividend / divisor.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What is counted in one file, or in several.
#[derive(Default)]
struct Prose {
    words: usize,
    sentences: usize,
    summaries: usize,
    found: Vec<Found>,
}

struct Found {
    kind: Kind,
    line: usize,
    what: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Where,
    If,
    When,
    Unwanted,
    Long,
    NoVerb,
    Name,
}

impl Prose {
    fn of_markdown(source: &str) -> Self {
        let mut prose = Self::default();
        prose.read(numbered(source));
        prose
    }

    fn of_rust(source: &str) -> Self {
        let mut prose = Self::default();
        prose.read(comments(source));
        prose.read_items(source);
        prose
    }

    fn add(&mut self, other: Self) {
        self.words += other.words;
        self.sentences += other.sentences;
        self.summaries += other.summaries;
        self.found.extend(other.found);
    }

    fn count(&self, kind: Kind) -> usize {
        self.found.iter().filter(|found| found.kind == kind).count()
    }

    /// Returns what somebody may want to write anew, line by line.
    fn listed(&self) -> Vec<&Found> {
        let is_listed = |found: &&Found| !matches!(found.kind, Kind::If | Kind::When);
        let mut listed: Vec<_> = self.found.iter().filter(is_listed).collect();
        listed.sort_by_key(|found| found.line);
        listed
    }

    fn find(&mut self, kind: Kind, line: usize, what: impl Into<String>) {
        let what = what.into();
        self.found.push(Found { kind, line, what });
    }

    fn read<'a>(&mut self, lines: impl Iterator<Item = (usize, &'a str)>) {
        for paragraph in paragraphs(lines) {
            let words = words(&paragraph);
            self.words += words.len();
            for (at, word) in words.iter().enumerate() {
                let plain = word.plain();
                let kind = match plain.as_str() {
                    "where" => Kind::Where,
                    "if" => Kind::If,
                    "when" => Kind::When,
                    _ => continue,
                };
                let context = &words[at.saturating_sub(4)..words.len().min(at + 5)];
                self.find(kind, word.line, format!("{plain}: {}", text(context)));
            }
            for phrase in UNWANTED {
                let length = phrase.split(' ').count();
                for found in words.windows(length) {
                    let plain: Vec<String> = found.iter().map(Word::plain).collect();
                    if plain.join(" ") == *phrase {
                        self.find(Kind::Unwanted, found[0].line, format!("unwanted: {phrase}"));
                    }
                }
            }
            for sentence in words.split_inclusive(Word::ends_sentence) {
                self.sentences += 1;
                let length = sentence.len();
                if length > LONGEST_SENTENCE {
                    let what = format!("{length} words: {} ...", text(&sentence[..6]));
                    self.find(Kind::Long, sentence[0].line, what);
                }
            }
        }
    }

    /// Reads names of tests, and summaries of public functions and of public traits' methods.
    fn read_items(&mut self, source: &str) {
        let mut summary = None;
        let (mut in_docs, mut in_trait, mut is_test) = (false, false, false);
        for (number, line) in numbered(source) {
            let code = line.trim_start();
            if let Some(doc) = code.strip_prefix("///") {
                if !in_docs {
                    summary = Some((number, doc.trim()));
                }
                in_docs = true;
                continue;
            }
            in_docs = false;
            is_test |= code == "#[test]" || code.ends_with("::test]");
            in_trait = (in_trait || line.starts_with("pub trait ")) && line != "}";
            if let Some(name) = function(code) {
                let summary = summary.take();
                if mem::take(&mut is_test) && (name.len() > LONGEST_NAME || name.contains("_s_")) {
                    self.find(Kind::Name, number, format!("name of a test: {name}"));
                }
                if (in_trait || code.starts_with("pub "))
                    && let Some((number, summary)) = summary
                {
                    self.summaries += 1;
                    if !begins_with_verb(summary) {
                        self.find(Kind::NoVerb, number, format!("no verb first: {summary}"));
                    }
                }
            }
            // Another item begins or ends.
            if code.ends_with(['{', '}', ';']) {
                summary = None;
                is_test = false;
            }
        }
    }
}

fn numbered(source: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(source.lines())
}

/// Returns the text of each comment, and an empty line between comments that do not belong together.
fn comments(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut marker_before = "";
    numbered(source).flat_map(move |(number, line)| {
        let (marker, text) = comment(line).unwrap_or_default();
        let is_apart = marker != marker_before;
        marker_before = marker;
        let apart = is_apart.then_some((number, ""));
        apart.into_iter().chain([(number, text)])
    })
}

/// Returns what a comment begins with, and its text.
fn comment(line: &str) -> Option<(&str, &str)> {
    let code = line.trim_start();
    let comment = if code.starts_with("//") {
        code
    } else {
        let (code, _) = line.split_once(" // ")?;
        // With an odd number of quotes before them, the slashes stand in a string.
        let is_comment = code.matches('"').count() % 2 == 0;
        is_comment.then(|| &line[code.len() + 1..])?
    };
    let text = comment.trim_start_matches(['/', '!']);
    let marker = &comment[..comment.len() - text.len()];
    Some((marker, text.strip_prefix(' ').unwrap_or(text)))
}

type Paragraph<'a> = Vec<(usize, &'a str)>;

/// Splits Markdown into paragraphs, items of lists, headings and cells, and leaves out code blocks.
fn paragraphs<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<Paragraph<'a>> {
    let mut paragraphs: Vec<Paragraph<'a>> = vec![Vec::new()];
    // What ends the block that is left out.
    let mut closing: Option<&str> = None;
    for (number, line) in lines {
        let text = line.trim_start();
        if let Some(end) = closing {
            closing = closing.filter(|_| !text.starts_with(end));
            continue;
        }
        let blocks = [("```", "```"), ("~~~", "~~~"), ("<!-- begin", "<!-- end")];
        closing = blocks
            .into_iter()
            .find_map(|(begin, end)| text.starts_with(begin).then_some(end));
        let is_first = paragraphs.last().is_none_or(Vec::is_empty);
        let is_code = is_first && line.starts_with("    ");
        if closing.is_some() || text.is_empty() || is_code {
            paragraphs.push(Vec::new());
        } else if text.starts_with('|') {
            paragraphs.extend(text.split('|').map(|cell| vec![(number, cell)]));
            paragraphs.push(Vec::new());
        } else if text.starts_with('#') {
            paragraphs.push(vec![(number, text)]);
            paragraphs.push(Vec::new());
        } else if ["- ", "* ", ": "].iter().any(|item| text.starts_with(item)) {
            paragraphs.push(vec![(number, text)]);
        } else if let Some(last) = paragraphs.last_mut() {
            last.push((number, text));
        }
    }
    paragraphs
}

struct Word {
    line: usize,
    text: String,
}

impl Word {
    /// Returns the word in lower case without what stands around it. What holds code keeps its backtick.
    fn plain(&self) -> String {
        let is_around = |c: char| !c.is_alphanumeric() && c != '`';
        self.text.trim_matches(is_around).to_lowercase()
    }

    fn ends_sentence(&self) -> bool {
        let text = self.text.trim_end_matches([')', ']', '"', '\'', '*', '_']);
        text.ends_with(['.', '!', '?']) && !ABBREVIATIONS.contains(&text)
    }
}

/// Splits at blanks, but for those in code.
fn words(paragraph: &[(usize, &str)]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut text = String::new();
    let mut in_code = false;
    for (line, part) in paragraph {
        for c in part.chars().chain([' ']) {
            in_code ^= c == '`';
            if in_code || !c.is_whitespace() {
                text.push(c);
            } else {
                let (line, text) = (*line, mem::take(&mut text));
                words.push(Word { line, text });
            }
        }
    }
    words.retain(|word| word.text.contains(char::is_alphanumeric));
    words
}

fn text(words: &[Word]) -> String {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    texts.join(" ")
}

/// Returns the name of the function whose first line this is.
fn function(code: &str) -> Option<&str> {
    let mut rest = code.strip_prefix("pub ").unwrap_or(code);
    for qualifier in ["const ", "async ", "unsafe ", "extern \"C\" "] {
        rest = rest.strip_prefix(qualifier).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    Some(&name[..end])
}

fn begins_with_verb(summary: &str) -> bool {
    let first = summary.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches([',', '.', ':']).to_lowercase();
    first.ends_with('s') && !first.ends_with("ss") && !NO_VERBS.contains(&first.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(prose: &Prose) -> Vec<(usize, &str)> {
        let listed = prose.listed().into_iter();
        listed
            .map(|found| (found.line, found.what.as_str()))
            .collect()
    }

    #[test]
    fn prose_is_what_is_counted() {
        let prose = Prose::of_markdown(
            "# Where it is\n\n```sh\nwhere\n```\nNo colour `if where`, when it\nis mended. If not, so\nmany.\n",
        );
        assert_eq!(prose.words, 14);
        assert_eq!(prose.sentences, 3);
        assert_eq!(
            [Kind::Where, Kind::If, Kind::When].map(|kind| prose.count(kind)),
            [1, 1, 1]
        );
        let expected = [
            (1, "where: Where it is"),
            (6, "unwanted: colour"),
            (7, "unwanted: mended"),
            (7, "unwanted: so many"),
        ];
        assert_eq!(listed(&prose), expected);
    }

    #[test]
    fn items_are_found_in_rust() {
        let source = [
            "/// Returns one. Of two.",
            "#[must_use]",
            "pub const fn one() -> u8 {",
            "    let place = 1; // where",
            "    1",
            "}",
            "/// The row.",
            "pub struct Row;",
            "pub trait Rows {",
            "    /// The first row.",
            "    fn first(&self) -> Row;",
            "}",
            "#[test]",
            "fn memfault_s_row() {}",
        ];
        let prose = Prose::of_rust(&source.join("\n"));
        assert_eq!(prose.summaries, 2);
        let expected = [
            (4, "where: where"),
            (10, "no verb first: The first row."),
            (14, "name of a test: memfault_s_row"),
        ];
        assert_eq!(listed(&prose), expected);
    }

    #[test]
    fn sentences_over_25_words_are_long() {
        let sentence = |words: usize| format!("{}end.", "a ".repeat(words - 1));
        let prose = Prose::of_markdown(&[sentence(25), sentence(26)].join("\n"));
        assert_eq!(listed(&prose), [(2, "26 words: a a a a a a ...")]);
    }

    #[test]
    fn areas_are_crates_or_else_folders() {
        let crates = BTreeSet::from(["codegen/core", "codegen/core/inner"]);
        let areas = [
            "codegen/core/src/lib.rs",
            "codegen/core/inner/src/lib.rs",
            "docs/deep/page.md",
            "README.md",
        ]
        .map(|path| area(path, &crates));
        let expected = ["codegen/core", "codegen/core/inner", "docs", "(root)"];
        assert_eq!(areas, expected);
    }
}
