//! What a server sees of a fleet over time.

use std::time::Duration;

use plotters::prelude::{
    ChartBuilder, Color as _, LabelAreaPosition, PathElement, Polygon, RGBColor, Rectangle,
    TRANSPARENT,
};

use crate::picture::sheet::{
    Area, BAD, Drawn, EDGE, GOOD, GRID, LINE_HEIGHT, LINE_WIDTH, NOTE, SHADE, TEXT, WIDTH, at_end,
    bold, length, plain, sheet, text,
};
use crate::picture::{axis, columns, words};
use crate::{Bin, Report};

/// The height of a variant's bars.
const BARS: i32 = 96;
/// What is left of the bars, for the counts.
const LEFT: i32 = 112;
/// What is right of them, for half a label.
const RIGHT: i32 = 26;
const GAP: i32 = 12;
/// The second column of the key.
const MIDDLE: i32 = 250;

/// Draws the requests that reach a server per second, with a band for each variant of a table.
///
/// Variants are reports of the same outage and the same capacity, each with a name. Both axes are logarithmic, because
/// both span many powers of ten: a herd of millions against a server that takes hundreds, and hours after seconds. Both
/// begin at 0. Bins too narrow to be told apart are one, as high as their fullest second.
#[must_use]
pub fn arrivals(
    title: &str,
    variants: &[(&str, &Report)],
    outage: Duration,
    capacity: u64,
) -> String {
    let heads: Vec<Head> = variants
        .iter()
        .map(|(name, report)| Head::new(name, report))
        .collect();
    let bands: i32 = heads.iter().map(Head::height).sum();
    let key = 4 * LINE_HEIGHT + GAP;
    let scale = Scale::new(variants, outage, capacity);
    sheet(title, key + bands + LINE_HEIGHT + GAP, |area, mut top| {
        draw_key(area, top, outage, capacity)?;
        top += key;
        for (n, (head, (_, report))) in heads.iter().zip(variants).enumerate() {
            head.draw(area, top)?;
            let bars = top + LINE_HEIGHT * length(head.name.len());
            draw_bars(area, bars, &report.series, &scale, n + 1 == variants.len())?;
            top += head.height();
        }
        Ok(())
    })
}

/// What stands above the bars of a variant.
struct Head {
    name: Vec<String>,
    loss: String,
    color: RGBColor,
}

impl Head {
    fn new(name: &str, report: &Report) -> Self {
        let loss = loss(report);
        Self {
            name: words::lines(name, LINE_WIDTH.saturating_sub(loss.len() + 8)),
            loss,
            color: if report.lost > 0 { BAD } else { NOTE },
        }
    }

    /// Returns the height of the whole band.
    fn height(&self) -> i32 {
        LINE_HEIGHT * length(self.name.len()) + BARS + GAP
    }

    fn draw(&self, area: &Area<'_>, top: i32) -> Drawn {
        for (line, n) in self.name.iter().zip(0..) {
            text(area, (EDGE, top + n * LINE_HEIGHT), line, &bold(16.0, TEXT))?;
        }
        let style = at_end(&plain(16.0, self.color));
        text(area, (WIDTH - EDGE, top), &self.loss, &style)
    }
}

/// Returns what became of the clients that were not served.
fn loss(report: &Report) -> String {
    let share = |part| words::percent(part, report.clients);
    let lost = match report.lost {
        0 => "none lost".to_owned(),
        lost if lost == report.clients => "all lost".to_owned(),
        lost => format!("{} lost", share(lost)),
    };
    match report.waiting {
        0 => lost,
        waiting => format!("{lost}, {} still waiting", share(waiting)),
    }
}

/// What all bands have in common.
struct Scale {
    /// When the last of all is over, in seconds.
    end: f64,
    /// The most per second of all.
    most: f64,
    outage: f64,
    capacity: u64,
}

impl Scale {
    fn new(variants: &[(&str, &Report)], outage: Duration, capacity: u64) -> Self {
        let bins = || variants.iter().flat_map(|(_, report)| &report.series);
        let ends = bins().map(|bin| bin.start.saturating_add(bin.length));
        let end = ends.max().unwrap_or_default().max(outage);
        let most = bins().map(|bin| bin.peak_per_second).max().unwrap_or(0);
        Self {
            end: end.as_secs_f64().max(10.0),
            most: number(most.max(capacity)).max(1.0) * 1.5,
            outage: outage.as_secs_f64(),
            capacity,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a pixel is less precise")]
fn number(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the axis is labeled at whole counts"
)]
fn whole(count: f64) -> u64 {
    count.round() as u64
}

fn draw_key(area: &Area<'_>, top: i32, outage: Duration, capacity: u64) -> Drawn {
    let note = plain(16.0, NOTE);
    for (line, n) in [
        "Requests per second, by the time since the first one.",
        "Both axes are logarithmic. The fullest second of each place is shown.",
    ]
    .into_iter()
    .zip(0..)
    {
        text(area, (EDGE, top + n * LINE_HEIGHT), line, &note)?;
    }
    let outage = match outage {
        Duration::ZERO => "no outage".to_owned(),
        outage => format!("outage: {}", words::time(outage)),
    };
    let capacity = format!("capacity: {}/s", words::count(capacity));
    let (first, second) = (top + 2 * LINE_HEIGHT + 5, top + 3 * LINE_HEIGHT + 5);
    for ((x, y), color, height, label) in [
        ((EDGE, first), SHADE, 14, outage.as_str()),
        ((MIDDLE, first), TEXT, 2, &capacity),
        ((EDGE, second), GOOD, 14, "served"),
        (
            (MIDDLE, second),
            BAD,
            14,
            "turned away: sent again, or lost",
        ),
    ] {
        let place = y + (14 - height) / 2;
        area.draw(&Rectangle::new(
            [(x, place), (x + 22, place + height)],
            color.filled(),
        ))?;
        text(area, (x + 30, y), label, &plain(16.0, TEXT))?;
    }
    Ok(())
}

fn draw_bars(area: &Area<'_>, top: i32, series: &[Bin], scale: &Scale, is_last: bool) -> Drawn {
    let width = WIDTH - LEFT - RIGHT;
    let labels = if is_last { LINE_HEIGHT } else { 0 };
    let band = area
        .clone()
        .shrink((0, top), (WIDTH - RIGHT, BARS + labels));
    let mut chart = ChartBuilder::on(&band)
        .set_label_area_size(LabelAreaPosition::Left, LEFT)
        .set_label_area_size(LabelAreaPosition::Bottom, labels)
        .build_cartesian_2d(
            axis::time(1.0, scale.end, f64::from(width)),
            axis::count(scale.most, f64::from(BARS)),
        )?;
    if scale.outage > 0.0 {
        let corners = [(0.0, 0.0), (scale.outage, scale.most)];
        chart
            .plotting_area()
            .draw(&Rectangle::new(corners, SHADE.filled()))?;
    }
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(GRID)
        .label_style(plain(16.0, NOTE))
        .x_label_formatter(&|seconds| words::time(Duration::from_secs_f64(*seconds)))
        .y_label_formatter(&|count| words::count(whole(*count)))
        .draw()?;
    let place = |time: Duration, count: u64| {
        chart
            .plotting_area()
            .map_coordinate(&(time.as_secs_f64(), number(count)))
    };
    let bar = |bin: &Bin, count| {
        let (from, top) = place(bin.start, count);
        (from, place(bin.start.saturating_add(bin.length), 0).0, top)
    };
    let (_, ground) = place(Duration::ZERO, 0);
    let sent = series.iter().map(|bin| bar(bin, bin.peak_per_second));
    // What is served in the outage's last second counts as such.
    let served = series.iter().filter(|bin| bin.served > 0);
    let served = served.map(|bin| bar(bin, bin.peak_per_second.min(scale.capacity)));
    for (outlines, color) in [
        (columns::outlines(sent, ground), BAD),
        (columns::outlines(served, ground), GOOD),
    ] {
        for outline in outlines {
            area.draw(&Polygon::new(outline, color.filled()))?;
        }
    }
    let capacity = number(scale.capacity);
    let line = [(0.0, capacity), (scale.end, capacity)];
    chart
        .plotting_area()
        .draw(&PathElement::new(line, TEXT.stroke_width(2)))
}
