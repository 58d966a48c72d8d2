//! Requests over time as an SVG: what each contender sent, and when it is documented.

use std::mem;
use std::time::Duration;

use retrospec_test_support::Facts;

use crate::contender::Contender;
use crate::judge::{Mark, Verdict, judge};
use crate::scenario::{Documented, Scenario};
use crate::trial::Trial;

/// The picture is also shown at two thirds of this, so no text is small.
const WIDTH: f64 = 640.0;
const MARGIN: f64 = 18.0;
const LEFT: f64 = 30.0;
const RIGHT: f64 = 540.0;
const LINE: f64 = 21.0;
/// How many characters of names leave room for the verdict.
const NAMES: usize = 60;
/// A wrong request that is closer to the one before is counted, not drawn.
const APART: f64 = 12.0;

const STYLE: &str = "\
text { font: 16px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 21px; font-weight: 600 }
.head { font-size: 17px; font-weight: 600 }
.ours { font-weight: 600 }
.note { fill: #59636e }
.wrong { fill: #bc4c00 }
.paper { fill: #f6f8fa }
.line { stroke: #d1d9e0 }
.due { stroke: #818b98; stroke-width: 1.5 }
.right { fill: #0969da }
.cross { stroke: #bc4c00; stroke-width: 2.5 }
.missing { fill: #f6f8fa; stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 3 2 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.note { fill: #9198a1 }
.wrong { fill: #f0883e }
.paper { fill: #151b23 }
.line { stroke: #3d444d }
.due { stroke: #9198a1 }
.right { fill: #4493f8 }
.cross { stroke: #f0883e }
.missing { fill: #151b23; stroke: #9198a1 }
}
";

/// From time to place.
enum Axis {
    Linear(Duration),
    Logarithmic(Duration),
}

impl Axis {
    /// Returns where `time` is, or `None` if it is off the axis.
    fn place(&self, time: Duration) -> Option<f64> {
        let (time, end, share): (_, _, fn(f64) -> f64) = match self {
            Self::Linear(end) => (time, end, |seconds| seconds),
            // The first request is at 0, which has no logarithm.
            Self::Logarithmic(end) => (time, end, |seconds| (1.0 + seconds / 4.0).ln()),
        };
        let share = share(time.as_secs_f64()) / share(end.as_secs_f64());
        (share <= 1.0).then_some(LEFT + share * (RIGHT - LEFT))
    }
}

/// Contenders that did the same.
struct Row<'a> {
    ours: usize,
    peers: Vec<&'a str>,
    verdict: String,
    is_right: bool,
    /// The elements of its line, which is at 0.
    marks: String,
}

impl Row<'_> {
    /// Breaks the names into lines with a class each, ours apart from the others.
    fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        if self.ours > 0 {
            lines.push(("ours", format!("retrospec ({} adapters)", self.ours)));
        }
        let mut line = String::new();
        for name in &self.peers {
            let name = name.replace('`', "");
            if !line.is_empty() {
                line += " · ";
                if line.len() + name.len() > NAMES {
                    lines.push(("peer", mem::take(&mut line)));
                }
            }
            line += &name;
        }
        if !line.is_empty() {
            lines.push(("peer", line));
        }
        lines
    }
}

pub(crate) fn svg(contenders: &[&Contender], scenarios: &[Scenario], facts: &Facts) -> String {
    let asked = Scenario::find(scenarios, 429, Some("30"), None);
    let backoff = Scenario::find(scenarios, 503, None, None);
    let end = |scenario: &Scenario| scenario.documented(facts).attempts().pop();
    let asked_end = end(&asked).unwrap_or_default().mul_f64(1.15);
    let backoff_end = end(&backoff).unwrap_or_default();
    let panels = [
        (
            "429 each time, with Retry-After: 30",
            asked,
            Axis::Linear(asked_end),
        ),
        (
            "503 each time, without Retry-After (logarithmic)",
            backoff,
            Axis::Logarithmic(backoff_end),
        ),
    ];

    let mut drawing = Drawing::default();
    drawing.heading();
    for (title, scenario, axis) in panels {
        let documented = scenario.documented(facts);
        let rows = rows(contenders, scenario, &documented, &axis);
        drawing.panel(title, &documented, &axis, &rows);
    }
    let height = drawing.y + 18.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\">\n\
         <title>When each client sends a request again, and when Memfault's table says</title>\n\
         <style>\n{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\" rx=\"8\"/>\n{}</svg>\n",
        drawing.body
    )
}

/// Returns a row for each way in which contenders went through the scenario.
fn rows<'a>(
    contenders: &[&'a Contender],
    scenario: Scenario,
    documented: &Documented,
    axis: &Axis,
) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    for contender in contenders {
        let attempts = Trial::run(contender, scenario).attempts;
        let verdict = judge(documented, &attempts);
        let marks = marks(axis, documented, &attempts, &verdict);
        let in_words = in_words(&verdict);
        let same = rows
            .iter()
            .position(|row| row.marks == marks && row.verdict == in_words);
        let row = same.unwrap_or(rows.len());
        if same.is_none() {
            rows.push(Row {
                ours: 0,
                peers: Vec::new(),
                verdict: in_words,
                is_right: verdict.is_right(),
                marks,
            });
        }
        if contender.is_ours {
            rows[row].ours += 1;
        } else {
            rows[row].peers.push(contender.name);
        }
    }
    rows
}

/// Names each fault, and how often it was seen.
fn in_words(verdict: &Verdict) -> String {
    if verdict.is_right() {
        return "as documented".to_owned();
    }
    if verdict.marks.len() == 1 {
        return "never sends again".to_owned();
    }
    let counts = [
        (verdict.count(Mark::Cut), "too early"),
        (verdict.count(Mark::Invented), "too late"),
        (verdict.count(Mark::Forbidden), "too many"),
        (verdict.missing, "not sent"),
    ];
    let faults = counts.iter().filter(|(count, _)| *count > 0);
    let faults: Vec<_> = faults
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    faults.join(", ")
}

/// Draws what was sent, and what was not, on a line at 0.
fn marks(axis: &Axis, documented: &Documented, attempts: &[Duration], verdict: &Verdict) -> String {
    let mut marks = element(format_args!(
        "<path class=\"line\" d=\"M{LEFT} 0H{RIGHT}\"/>"
    ));
    let due: Vec<f64> = documented
        .attempts()
        .iter()
        .filter_map(|time| axis.place(*time))
        .collect();
    for x in &due {
        marks += &tick(*x);
    }
    let mut last = f64::NEG_INFINITY;
    let mut at_once = 0;
    let mut later = 0;
    for (time, mark) in attempts.iter().zip(&verdict.marks) {
        let Some(x) = axis.place(*time) else {
            later += 1;
            continue;
        };
        if *mark == Mark::Right {
            marks += &dot(x);
        } else if x - last < APART {
            at_once += 1;
            continue;
        } else {
            marks += &cross(x);
        }
        last = x;
    }
    if at_once > 0 {
        marks += &cross(last + 16.0);
        marks += &text(RIGHT + 8.0, 5.5, "wrong", &format!("{at_once} at once"));
    }
    if later > 0 {
        marks += &text(RIGHT + 8.0, 5.5, "wrong", &format!("{later} later ›"));
    }
    for x in due.iter().skip(attempts.len()) {
        marks += &hole(*x);
    }
    marks
}

#[derive(Default)]
struct Drawing {
    body: String,
    y: f64,
}

impl Drawing {
    fn heading(&mut self) {
        self.y = 34.0;
        self.write("title", "Who sends again when Memfault's table says to?");
        self.y += 28.0;
        self.write(
            "note",
            "Each dot is a request, at the time when it reached a test server.",
        );
        self.y += LINE;
        self.write("note", "Each peer is configured as its own docs say.");
        let legend = [
            [
                (dot(LEFT), "on time"),
                (hole(LEFT), "documented, but not sent"),
            ],
            [
                (tick(LEFT), "when one is documented"),
                (cross(LEFT), "too early, too late or too many"),
            ],
        ];
        self.y += 10.0;
        for items in legend {
            self.y += LINE + 3.0;
            for ((mark, meaning), x) in items.into_iter().zip([0.0, 260.0]) {
                let meaning = text(LEFT + 14.0, 5.5, "key", meaning);
                self.add(x, self.y - 5.5, &(mark + &meaning));
            }
        }
    }

    fn panel(&mut self, title: &str, documented: &Documented, axis: &Axis, rows: &[Row<'_>]) {
        self.y += 46.0;
        self.write("head", title);
        self.y += 26.0;
        for time in documented.attempts() {
            if let Some(x) = axis.place(time) {
                let (y, time) = (self.y, human(time));
                self.body += &element(format_args!(
                    "<text class=\"note\" x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{time}</text>"
                ));
            }
        }
        for row in rows {
            self.y += 28.0;
            let class = if row.is_right { "note" } else { "wrong" };
            let (x, y) = (WIDTH - MARGIN, self.y);
            self.body += &element(format_args!(
                "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
                row.verdict
            ));
            for (n, (class, line)) in row.lines().iter().enumerate() {
                if n > 0 {
                    self.y += LINE;
                }
                self.write(class, line);
            }
            self.y += 19.0;
            self.add(0.0, self.y, &row.marks);
            self.y += 6.0;
        }
    }

    fn write(&mut self, class: &str, words: &str) {
        self.body += &text(MARGIN, self.y, class, words);
    }

    fn add(&mut self, x: f64, y: f64, elements: &str) {
        self.body += &element(format_args!(
            "<g transform=\"translate({x} {y})\">\n{elements}</g>"
        ));
    }
}

fn dot(x: f64) -> String {
    element(format_args!(
        "<circle class=\"right\" cx=\"{x:.1}\" r=\"6\"/>"
    ))
}

fn hole(x: f64) -> String {
    element(format_args!(
        "<circle class=\"missing\" cx=\"{x:.1}\" r=\"5.5\"/>"
    ))
}

fn cross(x: f64) -> String {
    let x = x - 5.0;
    element(format_args!(
        "<path class=\"cross\" d=\"M{x:.1} -5l10 10m0-10l-10 10\"/>"
    ))
}

fn tick(x: f64) -> String {
    element(format_args!("<path class=\"due\" d=\"M{x:.1} -10v20\"/>"))
}

fn text(x: f64, y: f64, class: &str, words: &str) -> String {
    element(format_args!(
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y}\">{words}</text>"
    ))
}

fn element(element: std::fmt::Arguments<'_>) -> String {
    format!("{element}\n")
}

/// Writes a time in its two largest units.
fn human(time: Duration) -> String {
    let seconds = time.as_secs_f64().round();
    let [hours, minutes, seconds] =
        [seconds / 3600.0, seconds % 3600.0 / 60.0, seconds % 60.0].map(f64::floor);
    if hours > 0.0 {
        format!("{hours} h {minutes} min")
    } else if minutes > 0.0 && seconds > 0.0 {
        format!("{minutes} min {seconds} s")
    } else if minutes > 0.0 {
        format!("{minutes} min")
    } else {
        format!("{seconds} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: usize, peers: Vec<&str>) -> Row<'_> {
        let (verdict, marks) = (String::new(), String::new());
        Row {
            ours,
            peers,
            verdict,
            is_right: true,
            marks,
        }
    }

    #[test]
    fn names_fill_lines_and_are_not_broken() {
        let row = row(4, vec!["a client, configured by its docs"; 3]);
        let one = "a client, configured by its docs";
        let expected = [
            ("ours", "retrospec (4 adapters)".to_owned()),
            ("peer", format!("{one} · ")),
            ("peer", format!("{one} · ")),
            ("peer", one.to_owned()),
        ];
        assert_eq!(row.lines(), expected);
    }

    #[test]
    fn verdicts_say_every_fault() {
        use Mark::{Cut, Forbidden, Invented, Right};
        let words = |marks: &[Mark], missing| {
            let marks = marks.to_vec();
            in_words(&Verdict { marks, missing })
        };
        assert_eq!(words(&[Right, Right], 0), "as documented");
        assert_eq!(words(&[Right], 5), "never sends again");
        assert_eq!(words(&[Right, Cut], 3), "1 too early, 3 not sent");
        assert_eq!(
            words(&[Right, Invented, Forbidden], 0),
            "1 too late, 1 too many"
        );
    }

    #[test]
    fn times_have_two_units() {
        let times = [0, 72, 120, 37_448].map(|seconds| human(Duration::from_secs(seconds)));
        assert_eq!(times, ["0 s", "1 min 12 s", "2 min", "10 h 24 min"]);
    }
}
