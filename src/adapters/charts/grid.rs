//! A map of cells: rows with names, columns of hours under days, each cell coloured by how well it is covered.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Area, Drawn, FAINT, GREY, INK, SIZE, count, pixel, text};
use crate::ports::chart::Grid;

/// Colours of covered, covered by a stand-in, gap: told apart by brightness too (Okabe and Ito's palette).
const COLOURS: [RGBColor; 3] = [RGBColor(0, 90, 156), RGBColor(240, 200, 90), RGBColor(200, 40, 40)];
/// Cells that nobody has to cover.
const NONE: RGBColor = RGBColor(244, 244, 244);
/// Where the cells stand, in pixels.
const LEFT: i32 = 250;
const RIGHT: i32 = SIZE.0 - 40;
const TOP: i32 = 260;
const BOTTOM: i32 = SIZE.1 - 50;
/// Highest row, in pixels: few networks are not blown up.
const ROW_MAX: i32 = 90;
/// An hour is written above its column when columns are at least so wide.
const HOUR_WIDTH_MIN: f64 = 26.0;
/// Longest name of a row, in characters.
const NAME_CHARS_MAX: usize = 16;

pub(super) fn draw(root: &Area<'_>, grid: &Grid) -> Drawn {
    root.fill(&WHITE)?;
    root.draw_text(&grid.title, &text(44, INK, HPos::Left, VPos::Top), (40, 32))?;
    root.draw_text(&grid.note, &text(30, GREY, HPos::Left, VPos::Top), (40, 92))?;
    legend(root, grid)?;
    if grid.rows.is_empty() {
        let style = text(36, GREY, HPos::Center, VPos::Center);
        root.draw_text(&grid.empty, &style, (SIZE.0 / 2, i32::midpoint(TOP, BOTTOM)))?;
        return Ok(());
    }
    let columns: usize = grid.groups.iter().map(|(_, columns)| columns).sum();
    let width = f64::from(RIGHT - LEFT) / count(columns.max(1));
    let rows = i32::try_from(grid.rows.len().max(1)).unwrap_or(1);
    let height = ((BOTTOM - TOP) / rows).clamp(1, ROW_MAX);
    heads(root, grid, width, TOP + height * rows)?;
    for (place, (name, cells)) in grid.rows.iter().enumerate() {
        let top = TOP + height * i32::try_from(place).unwrap_or(0);
        let short: String = name.chars().take(NAME_CHARS_MAX).collect();
        let style = text(30, INK, HPos::Right, VPos::Center);
        root.draw_text(&short, &style, (LEFT - 16, top + height / 2))?;
        for (column, cell) in cells.iter().take(columns).enumerate() {
            let (x0, x1) = (f64::from(LEFT) + count(column) * width, f64::from(LEFT) + count(column + 1) * width);
            let colour = usize::from(*cell).checked_sub(1).and_then(|found| COLOURS.get(found)).unwrap_or(&NONE);
            let corners = [(pixel(x0) + 1, top + 2), (pixel(x1) - 1, top + height - 2)];
            root.draw(&Rectangle::new(corners, colour.filled()))?;
            if *cell == 3 {
                // A gap is seen without colours too.
                let across = [(corners[0].0, corners[1].1), (corners[1].0, corners[0].1)];
                root.draw(&PathElement::new(across, WHITE.stroke_width(3)))?;
            }
        }
    }
    Ok(())
}

/// Days, and the hours under them.
fn heads(root: &Area<'_>, grid: &Grid, width: f64, bottom: i32) -> Drawn {
    let mut column = 0;
    for (label, columns) in &grid.groups {
        let x0 = f64::from(LEFT) + count(column) * width;
        let centre = x0 + count(*columns) * width / 2.0;
        root.draw_text(label, &text(26, INK, HPos::Center, VPos::Bottom), (pixel(centre), TOP - 40))?;
        root.draw(&PathElement::new([(pixel(x0), TOP - 70), (pixel(x0), bottom)], FAINT.stroke_width(2)))?;
        let every = if width >= HOUR_WIDTH_MIN { 1 } else { ((*columns).div_ceil(3)).max(1) };
        for hour in (0..*columns).step_by(every) {
            let shown = usize::try_from(grid.first_hour).unwrap_or(0) + hour;
            let words = if width >= HOUR_WIDTH_MIN { shown.to_string() } else { format!("{shown}{}", grid.hour_unit) };
            let x = x0 + count(hour) * width;
            root.draw_text(&words, &text(20, GREY, HPos::Left, VPos::Bottom), (pixel(x) + 2, TOP - 8))?;
        }
        column += columns;
    }
    Ok(())
}

fn legend(root: &Area<'_>, grid: &Grid) -> Drawn {
    let style = text(28, INK, HPos::Left, VPos::Top);
    let mut left = 40;
    for (name, colour) in grid.legend.iter().zip(COLOURS) {
        root.draw(&Rectangle::new([(left, 140), (left + 24, 164)], colour.filled()))?;
        root.draw_text(name, &style, (left + 38, 144))?;
        let (width, _) = root.estimate_text_size(name, &style)?;
        left = left.saturating_add(i32::try_from(width)?).saturating_add(100);
    }
    Ok(())
}
