//! Bars that are a column of pixels wide, or more.

/// The outline of bars that touch, from the ground and back to it.
pub(super) type Outline = Vec<(i32, i32)>;

/// A bar from one column of pixels to before another, and its top. Pixels are counted from the top.
pub(super) type Bar = (i32, i32, i32);

/// Returns the outlines of bars that stand on `ground`. Of bars in the same column, the tallest is seen. Those narrower
/// than two pixels are widened.
pub(super) fn outlines(bars: impl Iterator<Item = Bar>, ground: i32) -> Vec<Outline> {
    let mut tops = std::collections::BTreeMap::new();
    for (from, to, top) in bars {
        for column in from..to.max(from + 2) {
            let seen = tops.entry(column).or_insert(ground);
            *seen = top.min(*seen);
        }
    }
    let mut outlines: Vec<Outline> = Vec::new();
    let mut last = None;
    for (column, top) in tops {
        match outlines.last_mut().filter(|_| last == Some(column)) {
            Some(outline) => step(outline, column, top),
            None => {
                close(&mut outlines, ground);
                outlines.push(vec![(column, ground), (column, top), (column + 1, top)]);
            }
        }
        last = Some(column + 1);
    }
    close(&mut outlines, ground);
    outlines
}

/// Goes on by one column.
fn step(outline: &mut Outline, column: i32, top: i32) {
    match outline.last_mut() {
        Some(end) if end.1 == top => end.0 = column + 1,
        _ => outline.extend([(column, top), (column + 1, top)]),
    }
}

/// Goes back to the ground.
fn close(outlines: &mut [Outline], ground: i32) {
    if let Some(outline) = outlines.last_mut()
        && let Some((end, _)) = outline.last()
    {
        outline.push((*end, ground));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_that_touch_share_an_outline() {
        let found = outlines([(1, 4, 5), (4, 4, 2), (9, 12, 7)].into_iter(), 10);
        assert_eq!(
            found,
            [
                vec![(1, 10), (1, 5), (4, 5), (4, 2), (6, 2), (6, 10)],
                vec![(9, 10), (9, 7), (12, 7), (12, 10)],
            ]
        );
    }

    #[test]
    fn the_tallest_bar_of_a_column_is_seen() {
        let found = outlines([(1, 3, 5), (1, 3, 2), (1, 3, 8)].into_iter(), 10);
        assert_eq!(found, [vec![(1, 10), (1, 2), (3, 2), (3, 10)]]);
        assert_eq!(outlines(std::iter::empty(), 10), Vec::<Outline>::new());
    }
}
