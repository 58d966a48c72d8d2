//! One page in every form that copies have, with what copies do to it. Inline code cuts cells, headers are repeated,
//! and formulas are rendered twice or not at all. Quotes and blanks are of other kinds.

use std::fmt::Write as _;

/// A page with a table of codes, and one of waits. In its texts, backticks are inline code and dollars a formula.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Row>,
    pub(crate) waits: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) meaning: String,
    pub(crate) retry: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Html,
    /// Without end tags, with cells that are only marked as such, and a script.
    OldHtml,
    Markdown,
    /// A browser's text, without a mark between cells.
    Glued,
    /// A browser's selection.
    Tabs,
    /// A terminal browser's columns, with lines broken.
    Columns,
    /// A table of characters, with lines broken.
    Bars,
}

impl Form {
    pub(crate) const ALL: [Self; 7] = [
        Self::Html,
        Self::OldHtml,
        Self::Markdown,
        Self::Glued,
        Self::Tabs,
        Self::Columns,
        Self::Bars,
    ];
}

const HEADER: [&str; 4] = ["Status Code", "Name", "Meaning", "Again?"];
const WAITS: [&str; 2] = ["Attempt", "Wait (seconds)"];

impl Page {
    pub(crate) fn parcels() -> Self {
        let row = |code: &str, name: &str, meaning: &str, retry: &str| Row {
            code: code.to_owned(),
            name: name.to_owned(),
            meaning: meaning.to_owned(),
            retry: retry.to_owned(),
        };
        let growing = "Send it again with growing waits";
        Self {
            rows: vec![
                row("200", "Done", "The parcel is on its way.", "Never"),
                row(
                    "202",
                    "Taken",
                    "A courier will come. 100 parcels fit.",
                    "Never",
                ),
                row(
                    "400",
                    "Bad Label",
                    "The `label.zpl` can't be read!",
                    "Never",
                ),
                row(
                    "409",
                    "Known Parcel",
                    "It is \"on its way\" already.",
                    "Never",
                ),
                row(
                    "429",
                    "Slow Down",
                    "More than 1,000 labels in an hour.",
                    "After the `Retry-After` header's wait, else never",
                ),
                row("500", "Depot On Fire", "Call us.", "Never"),
                row(
                    "502",
                    "Wrong Turn",
                    "A courier is lost.",
                    "Send it again, after waits of $2^{3n}$ seconds",
                ),
                row("503", "Depot Closed", "Nobody is there.", growing),
                row("504", "Late Courier", "The depot took too long.", growing),
            ],
            waits: ["8", "64", "512", "4,096", "32,768"]
                .map(str::to_owned)
                .to_vec(),
        }
    }

    pub(crate) fn render(&self, form: Form) -> String {
        match form {
            Form::Html => self.html(),
            Form::OldHtml => self.old_html(),
            Form::Markdown => self.markdown(),
            Form::Glued => self.glued(),
            Form::Tabs => self.tabs(),
            Form::Columns => self.columns(),
            Form::Bars => self.bars(),
        }
    }

    /// Calls `heading` before the first row of each class, and `row` for each row.
    fn each(&self, mut heading: impl FnMut(&str), mut row: impl FnMut(&Row)) {
        let mut class = "";
        for next in &self.rows {
            if !next.code.starts_with(class) || class.is_empty() {
                class = &next.code[..1];
                heading(&format!("{class}xx Codes"));
            }
            row(next);
        }
    }

    fn html(&self) -> String {
        let katex = "<span class=\"katex\"><span class=\"katex-mathml\"><math><mrow><mn>2</mn><mn>3</mn><mi>n</mi></mrow>\
                     <annotation encoding=\"application/x-tex\">$1</annotation></math></span>\
                     <span class=\"katex-html\" aria-hidden=\"true\">2<span>3n</span></span></span>";
        let shown = |text: &str| {
            let text = text.replace('\'', "&#x27;").replace('"', "&quot;");
            formula(&code(&text, "<code>", "</code>"), |tex| {
                katex.replace("$1", tex)
            })
        };
        let head = format!("<th>{}</th>", HEADER.join("</th><th>"));
        let body = std::cell::RefCell::new(String::new());
        self.each(
            |heading| {
                let _ = write!(
                    body.borrow_mut(),
                    "<tr>{head}</tr>\n<tr><td colspan=\"4\"><strong>{heading}</strong></td></tr>\n"
                );
            },
            |row| {
                let (first, rest) = row.code.split_at(1);
                let _ = write!(
                    body.borrow_mut(),
                    "<tr>\n  <td><code>{first}</code>{rest}</td>\n  <td>{}</td>\n  <td><p>{}</p></td><td><p>{}</p>\n</td></tr>\n",
                    row.name,
                    shown(&row.meaning),
                    shown(&row.retry)
                );
            },
        );
        let waits = self.waits.iter().zip(1..);
        let waits: Vec<String> = waits
            .map(|(wait, n)| format!("<tr><td>{n}</td><td>{wait}</td></tr>"))
            .collect();
        let waits = waits.concat();
        format!(
            "<!DOCTYPE html>\n<html><head><title>Codes</title><script>let x = '<td>999</td>'</script></head><body>\
             <nav>Skip to 404</nav><h2>Codes</h2><table><thead><tr>{head}</tr></thead><tbody>{}</tbody></table>\
             <p>Waits of {}</p><table><thead><tr><th>{}</th><th>{}</th></tr></thead><tbody>{waits}</tbody></table></body></html>",
            body.into_inner(),
            shown("$2^{3n}$ seconds"),
            WAITS[0],
            WAITS[1],
        )
    }

    /// Its formulas are an image.
    fn old_html(&self) -> String {
        let shown = |text: &str| {
            formula(&code(text, "<TT>", "</TT>"), |_| {
                "<IMG SRC=f.gif>".to_owned()
            })
            .replace(' ', "\n")
        };
        let mut body = String::new();
        self.each(
            |_| {},
            |row| {
                let _ = writeln!(
                    body,
                    "<TR><TD>{}<TD>{}<TD>{}<TD>{}",
                    row.code,
                    row.name,
                    shown(&row.meaning),
                    shown(&row.retry)
                );
            },
        );
        let waits = self.waits.iter().zip(1..);
        let waits: Vec<String> = waits
            .map(|(wait, n)| format!("<TR><TD>{n}<TD>{wait} s"))
            .collect();
        let waits = waits.concat();
        format!(
            "<HTML><BODY><TABLE><TR><TD>{}\n{body}</TABLE>\n<TABLE><TR><TD>{}{waits}</TABLE>",
            HEADER.join("<TD>"),
            WAITS.join("<TD>")
        )
    }

    fn markdown(&self) -> String {
        let shown = |text: &str| {
            text.replace('\'', "\u{2019}")
                .replace(" \"", " “")
                .replace('"', "”")
        };
        let mut text = format!("# Codes\n\n| {} |\n|:--|---|---|---|\n", HEADER.join(" | "));
        let body = std::cell::RefCell::new(String::new());
        self.each(
            |heading| {
                let _ = writeln!(body.borrow_mut(), "| **{heading}** | | | |");
            },
            |row| {
                let (meaning, retry) = (shown(&row.meaning), shown(&row.retry));
                let _ = writeln!(
                    body.borrow_mut(),
                    "| `{}` | {} | {meaning} | {retry} |",
                    row.code,
                    row.name
                );
            },
        );
        text.push_str(&body.into_inner());
        let _ = writeln!(
            text,
            "\nWaits of $2^{{3n}}$ seconds.\n\n| {} |\n|--|--|",
            WAITS.join(" | ")
        );
        for (wait, n) in self.waits.iter().zip(1..) {
            let _ = writeln!(text, "| {n} | {wait} |");
        }
        text
    }

    /// Its formulas stand there twice.
    fn glued(&self) -> String {
        let shown = |text: &str| formula(&code(text, "", ""), |tex| format!("23n{tex}"));
        let mut text = format!("Codes\n\n{}\n", HEADER.concat());
        let body = std::cell::RefCell::new(String::new());
        self.each(
            |heading| {
                let _ = writeln!(body.borrow_mut(), "{heading}");
            },
            |row| {
                let Row { code, name, .. } = row;
                let (meaning, retry) = (shown(&row.meaning), shown(&row.retry));
                // Cells without a paragraph are glued to their neighbors.
                let _ = if meaning.len() < 20 {
                    writeln!(body.borrow_mut(), "{code}{name}{meaning}{retry}")
                } else {
                    writeln!(body.borrow_mut(), "{code}{name}\n\n{meaning}\n\n{retry}")
                };
            },
        );
        text.push_str(&body.into_inner());
        let _ = write!(
            text,
            "\nWaits\n\nWaits of 23n2^{{3n}} seconds.\n\n{}\n",
            WAITS.concat()
        );
        for (wait, n) in self.waits.iter().zip(1..) {
            let _ = writeln!(text, "{n}{wait}");
        }
        text
    }

    /// Its formulas are missing.
    fn tabs(&self) -> String {
        let shown = |text: &str| formula(&code(text, "", ""), |_| String::new());
        let mut text = format!("Codes\n{}\n", HEADER.join("\t"));
        let body = std::cell::RefCell::new(String::new());
        self.each(
            |heading| {
                let _ = writeln!(body.borrow_mut(), "{}\n{heading}", HEADER.join("\t"));
            },
            |row| {
                let (meaning, retry) = (shown(&row.meaning), shown(&row.retry));
                let _ = writeln!(
                    body.borrow_mut(),
                    "{}\t{}\t\n{meaning}\n\n\t{retry}",
                    row.code,
                    row.name
                );
            },
        );
        text.push_str(&body.into_inner());
        let _ = write!(text, "\nWaits\n\nThey grow.\n\n{}\n", WAITS.join("\t"));
        for (wait, n) in self.waits.iter().zip(1..) {
            let _ = writeln!(text, "{n}\t{wait}");
        }
        text
    }

    fn columns(&self) -> String {
        let widths = [13, 15, 25, 24];
        let line = |cells: &[String; 4]| {
            let cells = cells.iter().zip(widths);
            let line: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            let line = line.concat();
            format!("{}\n", line.trim_end())
        };
        let shown = |text: &str| formula(&code(text, "", ""), str::to_owned);
        let mut text = format!("Codes\n\n{}\n", line(&HEADER.map(str::to_owned)));
        self.each(
            |_| {},
            |row| {
                text.extend(broken(row, shown, &widths).iter().map(line));
                text.push('\n');
            },
        );
        let _ = write!(
            text,
            "Waits\n\nThey grow.\n\n{}      {}\n",
            WAITS[0], WAITS[1]
        );
        for (wait, n) in self.waits.iter().zip(1..) {
            let _ = writeln!(text, "{n:<13}{wait}");
        }
        text
    }

    fn bars(&self) -> String {
        let widths = [13, 15, 25, 24];
        let line = |cells: &[String; 4]| {
            let cells = cells
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!(" {cell:width$} "));
            format!("│{}│\n", cells.collect::<Vec<_>>().join("│"))
        };
        let rule = format!(
            "├{}┤\n",
            widths.map(|width| "─".repeat(width + 2)).join("┼")
        );
        let shown = |text: &str| formula(&code(text, "", ""), |tex| format!("{tex} 23n"));
        let mut text = format!("Codes\n\n{rule}{}{rule}", line(&HEADER.map(str::to_owned)));
        self.each(
            |_| {},
            |row| {
                text.extend(broken(row, shown, &widths).iter().map(line));
                text.push_str(&rule);
            },
        );
        let _ = write!(text, "\nWaits:");
        for wait in &self.waits {
            let _ = write!(text, " {wait} s,");
        }
        text
    }
}

/// Returns a row with lines that fit into its columns.
fn broken(row: &Row, shown: impl Fn(&str) -> String, widths: &[usize; 4]) -> Vec<[String; 4]> {
    let texts = [
        row.code.clone(),
        row.name.clone(),
        shown(&row.meaning),
        shown(&row.retry),
    ];
    let mut columns: [Vec<String>; 4] = Default::default();
    for ((text, width), lines) in texts.iter().zip(widths).zip(&mut columns) {
        for word in text.split(' ') {
            match lines.last_mut() {
                Some(line) if line.len() + word.len() + 3 < *width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
    }
    let height = columns.iter().map(Vec::len).max().unwrap();
    let line = |n: usize| {
        columns
            .each_ref()
            .map(|lines| lines.get(n).cloned().unwrap_or_default())
    };
    (0..height).map(line).collect()
}

/// Returns text with other marks around inline code.
fn code(text: &str, open: &str, close: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(n, part)| {
        if n % 2 == 1 {
            format!("{open}{part}{close}")
        } else {
            part.to_owned()
        }
    });
    parts.collect()
}

/// Returns text with other formulas.
fn formula(text: &str, shown: impl Fn(&str) -> String) -> String {
    let parts = text.split('$').enumerate();
    let parts = parts.map(|(n, part)| {
        if n % 2 == 1 {
            shown(part)
        } else {
            part.to_owned()
        }
    });
    parts.collect()
}
