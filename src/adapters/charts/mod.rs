//! Charts as PNG, drawn with an embedded font, so that they look the same on a machine without any.
//!
//! The font is Open Sans Regular (Google, Apache License 2.0; its text stands beside it). Start at [`Plotter`].

mod grid;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};

use crate::ports::chart::{BarChart, ChartError, Grid, Painter};

/// Size in pixels: both chats show a picture of this shape whole in a channel, and it stays sharp on a large screen.
const SIZE: (i32, i32) = (1_600, 800);
/// Name under which the font is registered.
const FONT: &str = "vigie";
const FONT_BYTES: &[u8] = include_bytes!("OpenSans-Regular.ttf");
/// Colours of the series: dark blue and orange differ in brightness too, for people who see no colours (Okabe and Ito's
/// palette).
const COLOURS: [RGBColor; 3] = [RGBColor(0, 90, 156), RGBColor(230, 159, 0), RGBColor(110, 110, 110)];
/// Most groups of bars.
const LABELS_MAX: usize = 31;
/// Tries at a folder name for the encoder.
const FOLDER_TRIES_MAX: u32 = 16;

/// Draws with plotters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plotter;

impl Painter for Plotter {
    fn bars(&self, chart: &BarChart) -> Result<Vec<u8>, ChartError> {
        png(|root| draw(root, chart))
    }

    fn grid(&self, chart: &Grid) -> Result<Vec<u8>, ChartError> {
        png(|root| grid::draw(root, chart))
    }
}

/// A picture as PNG.
fn png(draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<Vec<u8>, ChartError> {
    font()?;
    let folder = Folder::new()?;
    let path = folder.0.join("chart.png");
    {
        let root = BitMapBackend::new(&path, (SIZE.0.unsigned_abs(), SIZE.1.unsigned_abs())).into_drawing_area();
        draw(&root).map_err(|cause| ChartError(cause.to_string()))?;
        root.present().map_err(|cause| ChartError(cause.to_string()))?;
    }
    std::fs::read(&path).map_err(|cause| ChartError(cause.to_string()))
}

/// Registers the font once.
fn font() -> Result<(), ChartError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let registered = *DONE.get_or_init(|| register_font(FONT, FontStyle::Normal, FONT_BYTES).is_ok());
    if registered { Ok(()) } else { Err(ChartError("the embedded font is unreadable".to_owned())) }
}

/// A folder of our own for the PNG encoder, which writes to a path only; removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, ChartError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let mut cause = String::new();
        for _ in 0..FOLDER_TRIES_MAX {
            let name = format!("vigie-chart-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            // Fails when it exists: nobody else can have prepared it.
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) => cause = format!("{}: {error}", path.display()),
            }
        }
        Err(ChartError(cause))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "a folder of a chart could not be removed");
        }
    }
}

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

const INK: RGBColor = RGBColor(40, 40, 40);
const FAINT: RGBColor = RGBColor(222, 222, 222);
const GREY: RGBColor = RGBColor(120, 120, 120);

/// Where the bars stand, in pixels.
const LEFT: i32 = 120;
const RIGHT: i32 = SIZE.0 - 40;
const TOP: i32 = 220;
const BOTTOM: i32 = SIZE.1 - 96;

fn text(size: i32, colour: RGBColor, across: HPos, down: VPos) -> TextStyle<'static> {
    (FONT, size).into_font().color(&colour).pos(Pos::new(across, down))
}

fn draw(root: &Area<'_>, chart: &BarChart) -> Drawn {
    root.fill(&WHITE)?;
    root.draw_text(&chart.title, &text(56, INK, HPos::Left, VPos::Top), (LEFT - 80, 30))?;
    legend(root, chart)?;
    let highest = chart.series.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(0);
    let top = ceiling(highest);
    scale(root, top)?;
    let labels: Vec<&String> = chart.labels.iter().take(LABELS_MAX).collect();
    let width = f64::from(RIGHT - LEFT) / count(labels.len().max(1));
    for (group, label) in labels.iter().enumerate() {
        let centre = f64::from(LEFT) + (count(group) + 0.5) * width;
        root.draw_text(label, &text(40, INK, HPos::Center, VPos::Top), (pixel(centre), BOTTOM + 18))?;
        bars(root, chart, group, centre, width, top)?;
    }
    if highest == 0 {
        let style = text(48, GREY, HPos::Center, VPos::Bottom);
        root.draw_text(&chart.empty, &style, (i32::midpoint(LEFT, RIGHT), i32::midpoint(TOP, BOTTOM) - 20))?;
    }
    Ok(())
}

/// The names of the series under the title.
fn legend(root: &Area<'_>, chart: &BarChart) -> Drawn {
    let style = text(40, INK, HPos::Left, VPos::Top);
    let mut left = LEFT - 80;
    for ((name, _), colour) in chart.series.iter().zip(COLOURS) {
        root.draw(&Rectangle::new([(left, 112), (left + 34, 146)], colour.filled()))?;
        root.draw_text(name, &style, (left + 50, 110))?;
        let (width, _) = root.estimate_text_size(name, &style)?;
        left = left.saturating_add(i32::try_from(width)?).saturating_add(100);
    }
    Ok(())
}

/// Lines across, each with its number.
fn scale(root: &Area<'_>, top: u32) -> Drawn {
    let steps = [5, 4, 6, 3].into_iter().find(|steps| is_round(top, *steps)).unwrap_or(1);
    let style = text(38, INK, HPos::Right, VPos::Center);
    for step in 0..=steps {
        let value = top / steps * step;
        let y = height(value, top);
        let colour = if step == 0 { GREY } else { FAINT };
        root.draw(&PathElement::new([(LEFT, y), (RIGHT, y)], colour.stroke_width(2)))?;
        root.draw_text(&value.to_string(), &style, (LEFT - 16, y + 5))?;
    }
    Ok(())
}

/// One group: bars beside each other, the value above each.
fn bars(root: &Area<'_>, chart: &BarChart, group: usize, centre: f64, width: f64, top: u32) -> Drawn {
    let series = chart.series.len().clamp(1, COLOURS.len());
    let bar = (width * 0.76 / count(series)).min(90.0);
    let style = text(38, INK, HPos::Center, VPos::Bottom);
    for (place, ((_, values), colour)) in chart.series.iter().zip(COLOURS).enumerate() {
        let Some(value) = values.get(group).filter(|value| **value > 0) else { continue };
        let left = centre + (count(place) - count(series) / 2.0) * bar;
        let (x0, x1, y) = (pixel(left + 2.0), pixel(left + bar - 2.0), height(*value, top));
        root.draw(&Rectangle::new([(x0, y), (x1, BOTTOM - 1)], colour.filled()))?;
        if bar >= 30.0 {
            let number = value.to_string();
            let (wide, high) = root.estimate_text_size(&number, &style)?;
            let (half, high) = (i32::try_from(wide / 2)? + 4, i32::try_from(high)?);
            let middle = i32::midpoint(x0, x1);
            // The lines of the scale must not run through a number.
            root.draw(&Rectangle::new([(middle - half, y - high - 8), (middle + half, y - 2)], WHITE.filled()))?;
            root.draw_text(&number, &style, (middle, y - 6))?;
        }
    }
    Ok(())
}

/// Whether so many steps of the scale are 1, 2 or 5 times a power of ten each.
fn is_round(top: u32, steps: u32) -> bool {
    let mut step = top / steps;
    while step >= 10 && step.is_multiple_of(10) {
        step /= 10;
    }
    top.is_multiple_of(steps) && [1, 2, 5].contains(&step)
}

fn height(value: u32, top: u32) -> i32 {
    BOTTOM - pixel(f64::from(BOTTOM - TOP) * f64::from(value) / f64::from(top.max(1)))
}

/// The top of the scale: the smallest round number that no bar exceeds.
fn ceiling(highest: u32) -> u32 {
    let mut unit: u32 = 1;
    while unit.saturating_mul(10) < highest {
        unit = unit.saturating_mul(10);
    }
    let tops = [4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 60, 80, 100].into_iter();
    tops.map(|factor| unit.saturating_mul(factor) / if unit > 1 { 10 } else { 1 })
        .find(|top| *top >= highest)
        .unwrap_or(u32::MAX)
}

#[allow(clippy::cast_precision_loss)] // Counts of bars: below 100.
fn count(number: usize) -> f64 {
    number as f64
}

#[allow(clippy::cast_possible_truncation)] // Within the picture: below 10 000.
fn pixel(at: f64) -> i32 {
    at.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> BarChart {
        BarChart {
            title: "Reçus et répondus par jour, semaine 11".into(),
            labels: ["lun. 9", "mar. 10", "mer. 11", "jeu. 12", "ven. 13", "sam. 14", "dim. 15"]
                .map(str::to_owned)
                .into(),
            series: vec![
                ("Reçus".into(), vec![12, 18, 9, 22, 14, 3, 0]),
                ("Répondus (1re réponse)".into(), vec![10, 17, 11, 19, 16, 0, 0]),
            ],
            empty: "Rien reçu.".into(),
        }
    }

    #[test]
    fn a_week_becomes_a_png_that_differs_from_an_empty_one() {
        let full = Plotter.bars(&week()).expect("drawn");
        assert!(full.starts_with(b"\x89PNG\r\n\x1a\n"));
        let quiet = BarChart { series: vec![("Reçus".into(), vec![0; 7])], ..week() };
        assert_ne!(full, Plotter.bars(&quiet).expect("drawn"));
        if let Ok(folder) = std::env::var("VIGIE_SHOW_CHARTS") {
            std::fs::write(format!("{folder}/week.png"), &full).expect("written");
            std::fs::write(format!("{folder}/quiet.png"), Plotter.bars(&quiet).expect("drawn")).expect("written");
        }
    }

    #[test]
    fn a_map_is_drawn_with_any_cells() {
        let days = ["lun. 16 mars", "mar. 17 mars", "mer. 18 mars", "jeu. 19 mars", "ven. 20 mars", "sam. 21 mars"];
        let cells =
            |worst: u8| (0..60).map(|cell| if cell % 10 < 3 { 0 } else { u8::min(1 + cell % 3, worst) }).collect();
        let map = Grid {
            title: "Couverture du 16 mars au 22 mars".into(),
            note: "91 % (45 sur 49 heures-réseau)".into(),
            rows: vec![("Instagram".into(), cells(1)), ("TikTok".into(), cells(3)), ("X".into(), cells(2))],
            groups: days.map(|day| (day.to_owned(), 10)).into(),
            first_hour: 9,
            hour_unit: " h".into(),
            legend: ["Couvert", "Par remplacement", "Trou"].map(str::to_owned).into(),
            empty: "Rien de promis.".into(),
        };
        let full = Plotter.grid(&map).expect("drawn");
        assert!(full.starts_with(b"\x89PNG\r\n\x1a\n"));
        if let Ok(folder) = std::env::var("VIGIE_SHOW_CHARTS") {
            std::fs::write(format!("{folder}/map.png"), &full).expect("written");
        }
        let strange = Grid { rows: vec![("x".repeat(300), vec![9; 900])], groups: vec![], ..map };
        assert!(Plotter.grid(&strange).is_ok());
        assert!(Plotter.grid(&Grid { rows: vec![], ..strange }).is_ok());
    }

    #[test]
    fn the_same_figures_give_the_same_picture() {
        assert_eq!(Plotter.bars(&week()), Plotter.bars(&week()));
    }

    #[test]
    fn strange_charts_are_drawn_or_refused_but_never_panic() {
        let none = BarChart { title: String::new(), labels: vec![], series: vec![], empty: String::new() };
        assert!(Plotter.bars(&none).is_ok());
        let long = BarChart {
            labels: vec!["x".repeat(300); 200],
            series: vec![("y".repeat(300), vec![u32::MAX; 300])],
            ..none
        };
        assert!(Plotter.bars(&long).is_ok());
    }

    #[test]
    fn the_scale_ends_on_a_round_number_above_the_highest_bar() {
        for (highest, top) in [
            (0, 4),
            (1, 4),
            (5, 5),
            (7, 8),
            (10, 10),
            (11, 15),
            (17, 20),
            (22, 30),
            (64, 80),
            (950, 1_000),
            (u32::MAX, u32::MAX),
        ] {
            assert_eq!(ceiling(highest), top, "{highest}");
        }
    }
}
