//! What counts of text: its words, and apart from them its formulas.
//!
//! Copies of one page differ in blanks, quotes, dashes, case and the marks of inline code. They may glue cells
//! together, and have a formula once, twice or not at all. None of that is a change of the page.

/// What counts of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Normal {
    /// Letters, digits and what changes them, in lower case.
    pub(super) words: String,
    /// Those of the formulas.
    pub(super) formulas: String,
}

impl Normal {
    /// Returns what counts of text.
    pub(super) fn of(text: &str) -> Self {
        let (text, formulas) = split(text);
        Self {
            words: plain(&text),
            formulas: formulas.concat(),
        }
    }
}

/// The delimiters of TeX that pages use.
const DELIMITERS: [(&str, &str); 4] = [("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"), ("$", "$")];
const LONGEST_FORMULA: usize = 500;

/// Splits text into what is no formula, and the formulas.
fn split(text: &str) -> (String, Vec<String>) {
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['$', '\\']) {
        let (before, tail) = rest.split_at(start);
        tokens.extend(before.split_whitespace().map(Token::of));
        match delimited(tail) {
            Some((formula, after)) => {
                let formula = if formula.contains(['^', '_', '{', '\\']) {
                    letters(formula)
                } else {
                    root(&letters(formula))
                };
                tokens.push(if is_variable(&formula) {
                    Token::Word(formula)
                } else {
                    Token::Formula(formula)
                });
                rest = after;
            }
            None => {
                // A word with a mark of TeX in it.
                let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
                let is_inside = before.ends_with(|c: char| !c.is_whitespace());
                let word = match tokens.pop_if(|_| is_inside) {
                    Some(Token::Word(word)) => format!("{word}{}", &tail[..end]),
                    Some(formula @ Token::Formula(_)) => {
                        tokens.push(formula);
                        tail[..end].to_owned()
                    }
                    None => tail[..end].to_owned(),
                };
                tokens.push(Token::of(&word));
                rest = &tail[end..];
            }
        }
    }
    tokens.extend(rest.split_whitespace().map(Token::of));
    separate(tokens)
}

enum Token {
    Word(String),
    /// By its letters and digits.
    Formula(String),
}

impl Token {
    fn of(word: &str) -> Self {
        let is_tex = word.contains('^')
            || word.contains("_{")
            || word.match_indices('\\').any(|(at, _)| {
                let next = word[at + 1..].chars().next();
                next.is_some_and(|c| c.is_ascii_alphabetic())
            });
        let letters = letters(word);
        if is_tex && !letters.is_empty() {
            Self::Formula(root(&letters))
        } else {
            Self::Word(word.to_owned())
        }
    }
}

/// Takes the formulas out, with what repeats them before and after.
fn separate(tokens: Vec<Token>) -> (String, Vec<String>) {
    const MOST: usize = 6;

    let mut words: Vec<String> = Vec::new();
    let mut formulas: Vec<String> = Vec::new();
    // What is left of the last formula, if all words since then repeat it.
    let mut repeated: Option<(String, usize)> = None;
    for token in tokens {
        match token {
            Token::Formula(formula) => {
                let again = repeated.as_ref().is_some_and(|(rest, _)| rest.is_empty());
                if again && formulas.last() == Some(&formula) {
                    continue;
                }
                for count in 1..=MOST.min(words.len()) {
                    let start = words.len() - count;
                    if words[start].len() > 2 * formula.len() + MOST {
                        break;
                    }
                    if letters(&words[start..].concat()) == formula {
                        words.truncate(start);
                        break;
                    }
                }
                repeated = Some((String::new(), words.len()));
                formulas.push(formula);
            }
            Token::Word(word) => {
                let formula = formulas.last();
                words.push(word);
                if let (Some((seen, start)), Some(formula)) = (&mut repeated, formula) {
                    seen.push_str(&letters(&words[words.len() - 1]));
                    if seen == formula {
                        words.truncate(*start);
                        seen.clear();
                    } else if !formula.starts_with(seen.as_str()) {
                        repeated = None;
                    }
                }
            }
        }
    }
    // Those of a single letter are words until here, for other formulas may be rendered letter by letter.
    let mut last = String::new();
    words.retain(|word| {
        let letters = letters(word);
        let before = std::mem::take(&mut last);
        if !is_variable(&letters) {
            return true;
        }
        last = root(&letters);
        if last != before {
            formulas.push(last.clone());
        }
        false
    });
    (words.join(" "), formulas)
}

/// Returns the formula that text begins with, and what follows.
fn delimited(text: &str) -> Option<(&str, &str)> {
    let (open, close) = DELIMITERS
        .into_iter()
        .find(|(open, _)| text.starts_with(open))?;
    let inside = &text[open.len()..];
    let near = &inside[..inside.floor_char_boundary(LONGEST_FORMULA)];
    let (formula, _) = near.split_once(close)?;
    let after = &inside[formula.len() + close.len()..];
    let has_tex = formula.contains(['^', '_', '\\', '{']) || is_variable(&letters(formula));
    // Between single dollars, amounts of money are no formula.
    let is_formula = open != "$"
        || (has_tex
            && !formula.starts_with(' ')
            && !formula.ends_with(' ')
            && !formula.contains('\n'));
    (is_formula && !letters(formula).is_empty()).then_some((formula, after))
}

/// Returns whether a word is a single letter, once or rendered more often, and neither a word nor a unit of time.
fn is_variable(letters: &str) -> bool {
    let mut chars = letters.chars();
    let first = chars.next();
    first.is_some_and(
        |c| matches!(c, 'b' | 'c' | 'e'..='g' | 'j'..='l' | 'n'..='r' | 't'..='z' | 'α'..='ω'),
    ) && letters.chars().count() <= 3
        && chars.all(|c| Some(c) == first)
}

/// Returns the letters, digits and operators of a formula, in lower case and without the commands of TeX that show none.
fn letters(formula: &str) -> String {
    let mut text = String::new();
    let mut rest = formula;
    while let Some(start) = rest.find('\\') {
        text.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let end = tail.find(|c: char| !c.is_ascii_alphabetic());
        let (command, after) = tail.split_at(end.unwrap_or(tail.len()));
        text.push_str(match command {
            "exp" | "lim" | "ln" | "log" | "max" | "min" => command,
            "ge" | "geq" => "≥",
            "le" | "leq" => "≤",
            "ne" | "neq" => "≠",
            "gt" => ">",
            "lt" => "<",
            _ => "",
        });
        rest = after;
    }
    text.push_str(rest);
    let letters = text.chars().filter_map(|c| match c {
        '-' | '−' => Some('-'),
        '+' | '<' | '=' | '>' | '≠' | '≤' | '≥' => Some(c),
        c => c.is_alphanumeric().then_some(c),
    });
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    // At the ends, it is a dash or an arrow beside a word.
    letters
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_owned()
}

/// Returns the shortest text of which `text` is a repetition.
fn root(text: &str) -> String {
    let lengths = text.char_indices().map(|(start, _)| start).skip(1);
    let mut whole = lengths.filter(|length| text.len().is_multiple_of(*length));
    let root = whole.find(|length| {
        text.as_bytes()
            .chunks(*length)
            .all(|part| part == &text.as_bytes()[..*length])
    });
    text[..root.unwrap_or(text.len())].to_owned()
}

/// Returns the letters, digits and pictures of text, in lower case, and the marks that make a number another one. What
/// refers to a note, as `[12]`, is left out.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut before = ' ';
    // The end of the last letter or digit.
    let mut end = 0;
    let mut note_end = 0;
    for (at, c) in text.char_indices() {
        if at < note_end {
            continue;
        }
        let rest = &text[at + c.len_utf8()..];
        if c == '[' {
            let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if digits.starts_with(']') {
                note_end = text.len() - digits.len();
            }
        } else if c.is_alphanumeric() {
            if c.is_ascii_digit() && plain.ends_with(|c: char| c.is_ascii_digit()) {
                plain.extend(separator(&text[..at], &text[end..at], &text[at..]));
            }
            plain.extend(c.to_lowercase());
            end = at + c.len_utf8();
        } else if is_picture(c) || is_operator(before, c, rest) {
            match c {
                '≤' => plain.push_str("<="),
                '≥' => plain.push_str(">="),
                '≠' => plain.push_str("!="),
                '−' => plain.push('-'),
                c => plain.push(c),
            }
        }
        before = c;
    }
    plain
}

/// Returns whether a character is a picture that says something: `✅`, `✗`, `⚠`. That of a link does not.
fn is_picture(c: char) -> bool {
    const LINK: char = '🔗';

    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b50}'..='\u{2b5f}' | '\u{1f300}'..='\u{1faff}')
        && c != LINK
}

/// Returns whether a mark compares, or belongs to the number beside it.
fn is_operator(before: char, c: char, rest: &str) -> bool {
    let begins_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let is_apart = || before.is_whitespace() && rest.starts_with(char::is_whitespace);
    match c {
        '≤' | '≥' | '≠' => true,
        '<' | '>' => rest.starts_with('=') || begins_number(rest.trim_start()) || is_apart(),
        '=' => {
            "<>!=".contains(before) || before.is_ascii_digit() || begins_number(rest.trim_start())
        }
        '!' => rest.starts_with('='),
        '%' => before.is_ascii_digit(),
        '+' => before.is_ascii_digit() || begins_number(rest),
        '-' | '−' => before.is_whitespace() && begins_number(rest),
        _ => false,
    }
}

/// Returns what makes two numbers of the digits on both sides of `between`: no blank, no quote, and no mark of thousands.
fn separator(before: &str, between: &str, after: &str) -> Option<char> {
    let is_digit = |c: &char| c.is_ascii_digit();
    let digits_after = after.chars().take_while(is_digit).count();
    let before = &before[..before.len() - between.len()];
    let digits_before = before.chars().rev().take_while(is_digit).count();
    if [",", "'", "’"].contains(&between) && digits_after == 3 && digits_before <= 3 {
        return None;
    }
    between.chars().find_map(|c| match c {
        '-' | '–' | '—' | '−' | '\u{2011}' => Some('-'),
        '.' | ':' => (between.len() == 1).then_some(c),
        ',' | ';' | '/' | '…' | '×' => Some(c),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::fingerprint::Fingerprint;

    fn is_same(one: &str, other: &str) -> bool {
        let of = |text| Fingerprint::of(&Normal::of(text));
        of(one).is_same(of(other))
    }

    #[track_caller]
    fn assert_same(texts: &[&str]) {
        for pair in texts.windows(2) {
            assert!(is_same(pair[0], pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn looks_do_not_count() {
        assert_same(&[
            "Don't retry. Use `Retry-After`, then wait.",
            "Don’t retry.\n\nUse Retry-After, then\u{a0}wait.",
            "DON'T RETRY.Use “Retry\u{2011}After”, then wait",
        ]);
        assert_same(&["1,000 requests", "1000 requests"]);
        assert_same(&["1'000 of 10,000,000", "1000 of 10000000"]);
        assert_same(&["see [1]the docs[12]", "see the docs"]);
        assert_same(&["1-5 seconds", "1–5 seconds", "1 - 5 seconds"]);
        assert_same(&["at least ≥ 5", "at least >= 5", "at least >=5"]);
        assert_same(&["`5`, `10`", "5, 10"]);
        assert_same(&["🔗 ● Slow - down", "Slow down"]);
    }

    #[test]
    fn what_a_text_says_counts() {
        for (one, other) in [
            ("Do not retry", "Do retry"),
            ("wait 12 s", "wait 21 s"),
            ("1.5 seconds", "15 seconds"),
            ("5% of all", "5 of all"),
            ("if < 5", "if > 5"),
            ("if <5", "if >5"),
            ("wait $2^{3n}$ now", "wait $2^{2n}$ now"),
            ("wait $2^{n-1}$ now", "wait $2^{n+1}$ now"),
            ("wait $2^{n-1}$ now", "wait $2^{n1}$ now"),
            ("wait $\\min(2^n,60)$ now", "wait $\\max(2^n,60)$ now"),
            ("$n_1 \\leq 5$", "$n_1 \\geq 5$"),
            ("$2^{22}$", "$2^{2222}$"),
            ("✅", "❌"),
            ("Retry ✓", "Retry ✗"),
            ("☑", "☐"),
            ("attempts ≥ 5", "attempts ≤ 5"),
            ("attempts >= n", "attempts <= n"),
            ("attempts > most", "attempts < most"),
            ("if n = 5", "if n != 5"),
            ("offset +1", "offset -1"),
            ("1-5 seconds", "15 seconds"),
            ("1–5 seconds", "15 seconds"),
            ("1, 2, 4 s", "12, 4 s"),
            ("1/2 s", "12 s"),
            ("5+ times", "5 times"),
        ] {
            assert!(!is_same(one, other), "{one}");
        }
    }

    #[test]
    fn a_formula_counts_once_however_it_is_shown() {
        assert_same(&[
            "waits of $2^{3n}$ seconds, where $n$ counts",
            "waits of \\(2^{3n}\\) seconds, where \\(n\\) counts",
            "waits of 23n2^{3n} seconds, where nn counts",
            "waits of 23n2^{3n}23n seconds, where nnn counts",
            "waits of 23n 2^{3n} 23n seconds, where n counts",
            "waits of 2 3n 2^{3n} 2 3 n seconds, where n counts",
            "waits of 2^(3n) seconds, where n counts",
            "waits of seconds, where counts",
        ]);
        assert_same(&[
            "a $\\frac{a}{b}$ c",
            "a \\frac{a}{b} c",
            "a ab\\frac{a}{b} c",
        ]);
        assert_same(&[
            "wait $2^{n-1}$ now",
            "wait 2n−12^{n-1} now",
            "wait 2n-1 2^{n-1} now",
            "wait now",
        ]);
        assert_same(&[
            "wait $\\min(2^n,60)$ now",
            "wait min(2n,60) \\min(2^n,60) now",
            "wait now",
        ]);
    }

    #[test]
    fn money_is_no_formula() {
        let normal = Normal::of("costs $5 and $10");
        assert_eq!(
            (normal.words.as_str(), normal.formulas.as_str()),
            ("costs5and10", "")
        );
    }
}
