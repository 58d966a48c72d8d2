//! The sheet that pictures are drawn on: its colors, its text and its title.

use std::fmt::Write as _;
use std::io;

use plotters::coord::Shift;
use plotters::prelude::{
    Color as _, DrawingArea, DrawingAreaErrorKind, FontDesc, FontStyle, IntoDrawingArea, IntoFont,
    RGBColor, SVGBackend, Text, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::picture::words;

/// In pixels, as all lengths.
pub(super) const WIDTH: i32 = 640;
/// What is free at each side.
pub(super) const EDGE: i32 = 18;
/// From a line of text to the next.
pub(super) const LINE_HEIGHT: i32 = 22;
/// How many characters surely fit between the edges.
pub(super) const LINE_WIDTH: usize = 70;
const TITLE_LINE_HEIGHT: i32 = 27;
const TITLE_LINE_WIDTH: usize = 50;

/// By what the library divides the size of text.
const POINT: f64 = 1.24;
const FONTS: &str = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

/// A page may be dark although the reader's system is not, so the sheet brings its own paper.
const PAPER: RGBColor = RGBColor(0xf6, 0xf8, 0xfa);
pub(super) const TEXT: RGBColor = RGBColor(0x1f, 0x23, 0x28);
pub(super) const NOTE: RGBColor = RGBColor(0x59, 0x63, 0x6e);
pub(super) const GRID: RGBColor = RGBColor(0xd1, 0xd9, 0xe0);
pub(super) const SHADE: RGBColor = RGBColor(0xe6, 0xea, 0xef);
pub(super) const GOOD: RGBColor = RGBColor(0x09, 0x69, 0xda);
pub(super) const BAD: RGBColor = RGBColor(0xbc, 0x4c, 0x00);

/// What stands for each color on a dark page.
const DARK: [(RGBColor, RGBColor); 7] = [
    (PAPER, RGBColor(0x15, 0x1b, 0x23)),
    (TEXT, RGBColor(0xf0, 0xf6, 0xfc)),
    (NOTE, RGBColor(0x91, 0x98, 0xa1)),
    (GRID, RGBColor(0x3d, 0x44, 0x4d)),
    (SHADE, RGBColor(0x26, 0x2c, 0x36)),
    (GOOD, RGBColor(0x44, 0x93, 0xf8)),
    (BAD, RGBColor(0xf0, 0x88, 0x3e)),
];

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<io::Error>>;

/// Returns a sheet with a title. What is below the title is `height` pixels high, and drawn by `body`, which is told
/// at which height it begins.
pub(super) fn sheet(
    title: &str,
    height: i32,
    body: impl FnOnce(&Area<'_>, i32) -> Drawn,
) -> String {
    let title = words::lines(title, TITLE_LINE_WIDTH);
    let top = EDGE + TITLE_LINE_HEIGHT * length(title.len()) + 4;
    let size = (WIDTH.unsigned_abs(), (top + height).unsigned_abs());
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    let draw = || {
        area.fill(&PAPER)?;
        for (line, n) in title.iter().zip(0..) {
            let y = EDGE + n * TITLE_LINE_HEIGHT;
            text(&area, (EDGE, y), line, &bold(21.0, TEXT))?;
        }
        body(&area, top)?;
        area.present()
    };
    draw().expect("a string takes all that is written to it");
    drop(area);
    let (head, rest) = svg.split_once('\n').expect("the root has a line to itself");
    format!(
        "{head}\n<title>{}</title>\n{}{rest}",
        escape(&title.join(" ")),
        style_sheet()
    )
}

/// Returns a number of things as a factor for lengths.
pub(super) fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Returns the style of text that begins at its place.
pub(super) fn plain(size: f64, color: RGBColor) -> TextStyle<'static> {
    let font = (FONTS, size * POINT).into_font();
    style(font, color)
}

/// Returns the same, bold.
pub(super) fn bold(size: f64, color: RGBColor) -> TextStyle<'static> {
    let font = (FONTS, size * POINT, FontStyle::Bold).into_font();
    style(font, color)
}

fn style(font: FontDesc<'static>, color: RGBColor) -> TextStyle<'static> {
    let mut style = TextStyle::from(font);
    style.color = color.to_backend_color();
    style
}

/// Returns the style of text that ends at its place.
pub(super) fn at_end(style: &TextStyle<'static>) -> TextStyle<'static> {
    style.pos(Pos::new(HPos::Right, VPos::Top))
}

/// Writes a line of text. Its top is at `y`.
pub(super) fn text(area: &Area<'_>, place: (i32, i32), line: &str, style: &TextStyle<'_>) -> Drawn {
    area.draw(&Text::new(line, place, style))
}

/// Returns the rules that replace the colors on a dark page.
fn style_sheet() -> String {
    let hex = |RGBColor(red, green, blue)| format!("#{red:02X}{green:02X}{blue:02X}");
    let mut text = String::from("<style>\n@media (prefers-color-scheme: dark) {\n");
    for (light, dark) in DARK {
        for attribute in ["fill", "stroke"] {
            let (light, dark) = (hex(light), hex(dark));
            let _ = writeln!(text, "[{attribute}=\"{light}\"] {{ {attribute}: {dark} }}");
        }
    }
    text + "}\n</style>\n"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
