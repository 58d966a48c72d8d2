//! Attempts over time as an SVG: what is documented, and what each contender did.

use std::fmt::Write;
use std::time::Duration;

use retrospec_test_support::Facts;

use crate::contender::Contender;
use crate::judge::{Mark, judge};
use crate::scenario::{Documented, Scenario};
use crate::trial::Trial;

const WIDTH: f64 = 900.0;
const LEFT: f64 = 268.0;
const RIGHT: f64 = 728.0;
const ROW: f64 = 21.0;
/// A wrong attempt that is closer to the one before is counted, not drawn.
const APART: f64 = 9.0;

const STYLE: &str = "\
text { font: 13px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
.head { font-weight: 600; font-size: 15px }
.ours { font-weight: 600 }
.small { font-size: 11px; fill: #59636e }
.wrong { font-size: 11px; fill: #bc4c00 }
.line { stroke: #d1d9e0 }
.due { stroke: #b6c7dc; stroke-dasharray: 2 3 }
.right { fill: #0969da }
.cross { stroke: #bc4c00; stroke-width: 2.2 }
.missing { fill: none; stroke: #59636e; stroke-dasharray: 2 1.6 }
";

/// From time to place.
enum Axis {
    Linear(Duration),
    Logarithmic(Duration),
}

impl Axis {
    /// `None` is off the axis.
    fn place(&self, time: Duration) -> Option<f64> {
        let (time, end, share): (_, _, fn(f64) -> f64) = match self {
            Self::Linear(end) => (time, end, |seconds| seconds),
            // The first attempt is at 0, which has no logarithm.
            Self::Logarithmic(end) => (time, end, |seconds| (1.0 + seconds / 4.0).ln()),
        };
        let share = share(time.as_secs_f64()) / share(end.as_secs_f64());
        (share <= 1.0).then_some(LEFT + share * (RIGHT - LEFT))
    }
}

pub(crate) fn svg(contenders: &[&Contender], scenarios: &[Scenario], facts: &Facts) -> String {
    let backoff = Scenario::find(scenarios, 503, None, None);
    let asked = Scenario::find(scenarios, 429, Some("30"), None);
    let end = |scenario: &Scenario| {
        *scenario
            .documented(facts)
            .attempts()
            .last()
            .expect("the first")
    };
    let mut drawing = Drawing {
        body: String::new(),
        y: 34.0,
    };
    drawing.panel(
        "503 for ever, without Retry-After (logarithmic axis)",
        backoff,
        &Axis::Logarithmic(end(&backoff)),
        contenders,
        facts,
    );
    drawing.y += 26.0;
    drawing.panel(
        "429 for ever, with Retry-After: 30",
        asked,
        &Axis::Linear(end(&asked).mul_f64(1.15)),
        contenders,
        facts,
    );
    drawing.legend();
    let height = drawing.y + 16.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\">\n\
         <title>When each client sends a request again, against what is documented</title>\n\
         <style>\n{STYLE}</style>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"8\" fill=\"#f6f8fa\"/>\n{}</svg>\n",
        drawing.body
    )
}

struct Drawing {
    body: String,
    y: f64,
}

impl Drawing {
    fn panel(
        &mut self,
        title: &str,
        scenario: Scenario,
        axis: &Axis,
        contenders: &[&Contender],
        facts: &Facts,
    ) {
        let documented = scenario.documented(facts);
        let due = documented.attempts();
        self.text(16.0, "head", "start", title);
        self.y += 26.0;
        let bottom = self.y + ROW * count(contenders.len() + 1) - 4.0;
        for time in &due {
            let x = axis.place(*time).expect("on the axis");
            self.text(x, "small", "middle", &human(*time));
            let top = self.y + 5.0;
            self.add(format_args!(
                "<line class=\"due\" x1=\"{x:.1}\" y1=\"{top:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\"/>"
            ));
        }
        self.y += ROW;
        self.row("documented", "ours", axis, &documented, &due);
        for contender in contenders {
            let trial = Trial::run(contender, scenario);
            let class = if contender.is_ours { "ours" } else { "peer" };
            self.row(contender.name, class, axis, &documented, &trial.attempts);
        }
    }

    fn row(
        &mut self,
        name: &str,
        class: &str,
        axis: &Axis,
        documented: &Documented,
        attempts: &[Duration],
    ) {
        let name = name.replace('`', "");
        self.text(16.0, class, "start", &name);
        let y = self.y - 4.5;
        self.add(format_args!(
            "<line class=\"line\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\"/>"
        ));
        let verdict = judge(documented, attempts);
        let mut last = f64::NEG_INFINITY;
        let mut at_once = 0;
        let mut later = 0;
        for (time, mark) in attempts.iter().zip(&verdict.marks) {
            let Some(x) = axis.place(*time) else {
                later += 1;
                continue;
            };
            if *mark != Mark::Right && x - last < APART {
                at_once += 1;
                continue;
            }
            last = x;
            self.mark(x, y, *mark);
        }
        if at_once > 0 {
            self.mark(last + 12.0, y, Mark::Cut);
            self.text(
                last + 21.0,
                "wrong",
                "start",
                &format!("{at_once} more at once"),
            );
        }
        if later > 0 {
            let end = attempts.last().copied().unwrap_or_default();
            let note = format!("{later} more, to {}", human(end));
            self.text(RIGHT + 10.0, "wrong", "start", &note);
        }
        for time in documented.attempts().iter().skip(attempts.len()) {
            let x = axis.place(*time).expect("on the axis");
            self.add(format_args!(
                "<circle class=\"missing\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>"
            ));
        }
        self.y += ROW;
    }

    fn mark(&mut self, x: f64, y: f64, mark: Mark) {
        if mark == Mark::Right {
            self.add(format_args!(
                "<circle class=\"right\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"
            ));
            return;
        }
        let (x, y) = (x - 4.0, y - 4.0);
        self.add(format_args!(
            "<path class=\"cross\" d=\"M{x:.1} {y:.1}l8 8m0-8l-8 8\"/>"
        ));
    }

    fn legend(&mut self) {
        self.y += 14.0;
        let y = self.y - 4.5;
        self.mark(LEFT, y, Mark::Right);
        self.text(LEFT + 12.0, "small", "start", "as documented");
        self.mark(LEFT + 130.0, y, Mark::Cut);
        self.text(
            LEFT + 142.0,
            "small",
            "start",
            "too early, too late, or too often",
        );
        let x = LEFT + 350.0;
        self.add(format_args!(
            "<circle class=\"missing\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>"
        ));
        self.text(x + 12.0, "small", "start", "documented, never sent");
    }

    fn text(&mut self, x: f64, class: &str, anchor: &str, text: &str) {
        let y = self.y;
        self.add(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        writeln!(self.body, "{element}").expect("a string takes everything");
    }
}

#[allow(clippy::cast_precision_loss, reason = "a few rows")]
fn count(rows: usize) -> f64 {
    rows as f64
}

/// In the two largest units.
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
