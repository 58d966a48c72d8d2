//! The waits of one row of a table.

use std::time::Duration;

use plotters::prelude::{
    ChartBuilder, Circle, Color as _, LabelAreaPosition, RGBColor, Rectangle, TRANSPARENT,
};

use crate::picture::sheet::{
    Area, Drawn, EDGE, GOOD, GRID, LINE_HEIGHT, LINE_WIDTH, NOTE, TEXT, WIDTH, at_end, length,
    plain, sheet, text,
};
use crate::picture::{axis, words};

const ROW: i32 = 26;
/// What is left of the attempts, for their names.
const LEFT: i32 = 138;
/// What is right of them, for their times.
const RIGHT: i32 = 142;
const GAP: i32 = 12;

/// A retry, by its time since the first attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Without jitter.
    pub at: Duration,
    /// If jitter makes each wait as short as it can.
    pub earliest: Duration,
    /// If jitter makes each wait as long as it can.
    pub latest: Duration,
}

/// Draws the attempts of one request over a logarithmic time axis, and the range of jitter around each.
///
/// `end` is what is said below, such as why it ends.
#[must_use]
pub fn waits(title: &str, retries: &[Retry], end: &str) -> String {
    let is_spread = retries.iter().any(|retry| retry.earliest < retry.latest);
    let mut notes = vec!["Each dot is an attempt. The axis is logarithmic.".to_owned()];
    if is_spread {
        notes.push("Dots are without jitter. Jitter puts them anywhere on their bars.".to_owned());
    }
    let end = words::lines(end, LINE_WIDTH);
    let first = Retry {
        at: Duration::ZERO,
        earliest: Duration::ZERO,
        latest: Duration::ZERO,
    };
    let attempts: Vec<Retry> = [first].into_iter().chain(retries.iter().copied()).collect();
    let rows = ROW * length(attempts.len()) + LINE_HEIGHT;
    let height = LINE_HEIGHT * length(notes.len() + end.len()) + rows + 3 * GAP;
    sheet(title, height, |area, mut top| {
        top = write(area, top, &notes, NOTE)? + GAP;
        draw_attempts(area, top, &attempts)?;
        write(area, top + rows + GAP, &end, TEXT)?;
        Ok(())
    })
}

/// Writes lines, and returns what is below them.
fn write(area: &Area<'_>, top: i32, lines: &[String], color: RGBColor) -> Drawn<i32> {
    for (line, n) in lines.iter().zip(0..) {
        text(
            area,
            (EDGE, top + n * LINE_HEIGHT),
            line,
            &plain(16.0, color),
        )?;
    }
    Ok(top + LINE_HEIGHT * length(lines.len()))
}

fn draw_attempts(area: &Area<'_>, top: i32, attempts: &[Retry]) -> Drawn {
    let height = ROW * length(attempts.len());
    let times = attempts.iter().map(|attempt| attempt.at);
    let first = times.filter(|time| !time.is_zero()).min();
    let unit = axis::unit(first.unwrap_or(Duration::from_secs(1)).as_secs_f64());
    let ends = attempts
        .iter()
        .map(|attempt| attempt.latest.max(attempt.at));
    let end = ends.max().unwrap_or_default().as_secs_f64().max(unit);
    // Each row is 1 high, and its attempt is in the middle.
    let middle = |n: i32| f64::from(n) + 0.5;
    let chart_area = area
        .clone()
        .shrink((0, top), (WIDTH - RIGHT, height + LINE_HEIGHT));
    let mut chart = ChartBuilder::on(&chart_area)
        .set_label_area_size(LabelAreaPosition::Left, LEFT)
        .set_label_area_size(LabelAreaPosition::Bottom, LINE_HEIGHT)
        .build_cartesian_2d(
            axis::time(unit, end, f64::from(WIDTH - LEFT - RIGHT)),
            f64::from(length(attempts.len()))..0.0,
        )?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(GRID)
        .label_style(plain(16.0, NOTE))
        .x_label_formatter(&|seconds| words::time(Duration::from_secs_f64(*seconds)))
        .disable_y_mesh()
        .disable_y_axis()
        .draw()?;
    let times = at_end(&plain(16.0, TEXT));
    for (attempt, n) in attempts.iter().zip(0..) {
        let place = |time: Duration| {
            let (x, y) = (time.as_secs_f64(), middle(n));
            chart.plotting_area().map_coordinate(&(x, y))
        };
        let ((from, y), (to, _)) = (place(attempt.earliest), place(attempt.latest));
        if from < to {
            let bar = Rectangle::new([(from, y - 5), (to, y + 5)], GOOD.mix(0.4).filled());
            area.draw(&bar)?;
        }
        area.draw(&Circle::new(place(attempt.at), 6, GOOD.filled()))?;
        let name = match n {
            0 => "first attempt".to_owned(),
            retry => format!("retry {retry}"),
        };
        let y = top + n * ROW + 6;
        text(area, (EDGE, y), &name, &plain(16.0, TEXT))?;
        let label = words::time(attempt.at);
        text(area, (WIDTH - EDGE, y), &label, &times)?;
    }
    Ok(())
}
