//! Charts as PNG, drawn with an embedded font, so that they look the same on a machine without any.
//!
//! The font is Open Sans Regular (Google, Apache License 2.0; its text stands beside it). Start at [`Plotter`].

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};

use crate::ports::chart::{BarChart, ChartError, Painter};

/// Size in pixels: both chats show a picture of this shape whole in a channel, and it stays sharp on a large screen.
const SIZE: (u32, u32) = (1_000, 480);
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
        font()?;
        let folder = Folder::new()?;
        let path = folder.0.join("chart.png");
        {
            let root = BitMapBackend::new(&path, SIZE).into_drawing_area();
            draw(&root, chart).map_err(|cause| ChartError(cause.to_string()))?;
            root.present().map_err(|cause| ChartError(cause.to_string()))?;
        }
        std::fs::read(&path).map_err(|cause| ChartError(cause.to_string()))
    }
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

type Area<'a> = DrawingArea<BitMapBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(root: &Area<'_>, chart: &BarChart) -> Drawn {
    let ink = RGBColor(40, 40, 40);
    root.fill(&WHITE)?;
    let labels: Vec<&String> = chart.labels.iter().take(LABELS_MAX).collect();
    let groups = u32::try_from(labels.len()).unwrap_or(0).max(1);
    let highest = chart.series.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(0);
    let top = ceiling(highest);
    let mut context = ChartBuilder::on(root)
        .margin(20)
        .margin_right(30)
        .caption(&chart.title, (FONT, 28).into_font().color(&ink))
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d((0..groups).into_segmented(), 0..top)?;
    let steps = usize::try_from(top.min(5)).unwrap_or(5) + 1;
    context
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(222, 222, 222))
        .axis_style(RGBColor(120, 120, 120))
        .y_labels(steps)
        .x_labels(labels.len())
        .x_label_formatter(&|place| match place {
            SegmentValue::CenterOf(index) => {
                labels.get(usize::try_from(*index).unwrap_or(usize::MAX)).map_or_else(String::new, ToString::to_string)
            }
            _ => String::new(),
        })
        .label_style((FONT, 18).into_font().color(&ink))
        .draw()?;
    bars(root, &context, chart, groups, top)?;
    legend(root, chart, ink)?;
    if highest == 0 {
        let style = (FONT, 24).into_font().color(&RGBColor(120, 120, 120)).pos(plotters::style::text_anchor::Pos::new(
            plotters::style::text_anchor::HPos::Center,
            plotters::style::text_anchor::VPos::Center,
        ));
        root.draw_text(&chart.empty, &style, (middle(SIZE.0), middle(SIZE.1)))?;
    }
    Ok(())
}

type Plane = Cartesian2d<plotters::coord::ranged1d::SegmentedCoord<plotters::coord::types::RangedCoordu32>, plotters::coord::types::RangedCoordu32>;

/// Draws in pixels: groups of bars beside each other, the value above each bar.
fn bars(root: &Area<'_>, context: &ChartContext<'_, BitMapBackend<'_>, Plane>, chart: &BarChart, groups: u32, top: u32) -> Drawn {
    let (across, down) = context.plotting_area().get_pixel_range();
    let width = f64::from(across.end - across.start) / f64::from(groups);
    let height = f64::from(down.end - down.start);
    let count = chart.series.len().clamp(1, COLOURS.len());
    let bar = (width * 0.72 / count_f64(count)).min(48.0);
    let ink = RGBColor(40, 40, 40);
    let style = (FONT, 16).into_font().color(&ink).pos(plotters::style::text_anchor::Pos::new(
        plotters::style::text_anchor::HPos::Center,
        plotters::style::text_anchor::VPos::Bottom,
    ));
    for (place, (_, values)) in chart.series.iter().take(count).enumerate() {
        for (group, value) in values.iter().take(usize::try_from(groups).unwrap_or(0)).enumerate() {
            let centre = f64::from(across.start) + (count_f64(group) + 0.5) * width;
            let left = centre + (count_f64(place) - count_f64(count) / 2.0) * bar;
            let high = height * f64::from(*value) / f64::from(top.max(1));
            let (x0, x1) = (pixel(left + 1.0), pixel(left + bar - 1.0));
            let (y0, y1) = (down.end - pixel(high), down.end);
            if *value > 0 {
                root.draw(&Rectangle::new([(x0, y0), (x1, y1)], COLOURS[place].filled()))?;
            }
            if bar >= 14.0 && *value > 0 {
                root.draw_text(&value.to_string(), &style, ((x0 + x1) / 2, y0 - 3))?;
            }
        }
    }
    Ok(())
}

/// The names of the series, beside each other at the upper right.
fn legend(root: &Area<'_>, chart: &BarChart, ink: RGBColor) -> Drawn {
    let style = (FONT, 18).into_font().color(&ink);
    let mut right = i32::try_from(SIZE.0)? - 36;
    for (place, (name, _)) in chart.series.iter().take(COLOURS.len()).enumerate().rev() {
        let (width, _) = root.estimate_text_size(name, &style)?;
        let left = right - i32::try_from(width)?;
        root.draw_text(name, &style, (left, 56))?;
        root.draw(&Rectangle::new([(left - 24, 58), (left - 8, 74)], COLOURS[place].filled()))?;
        right = left - 48;
    }
    Ok(())
}

/// The top of the scale: a round number above the highest value, with room for the numbers above the bars.
fn ceiling(highest: u32) -> u32 {
    let wanted = highest.saturating_add(highest / 6).max(4);
    let mut unit: u32 = 1;
    while unit.saturating_mul(10) < wanted {
        unit = unit.saturating_mul(10);
    }
    [1, 2, 4, 5, 10].iter().map(|factor| unit.saturating_mul(*factor)).find(|top| *top >= wanted).unwrap_or(wanted)
}

fn middle(length: u32) -> i32 {
    i32::try_from(length / 2).unwrap_or(0)
}

#[allow(clippy::cast_precision_loss)] // Counts of bars: below 100.
fn count_f64(count: usize) -> f64 {
    count as f64
}

#[allow(clippy::cast_possible_truncation)] // Within the picture: below 1 000.
fn pixel(at: f64) -> i32 {
    at.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> BarChart {
        BarChart {
            title: "Reçus et répondus par jour, semaine 11".into(),
            labels: ["lun. 9", "mar. 10", "mer. 11", "jeu. 12", "ven. 13", "sam. 14", "dim. 15"].map(str::to_owned).into(),
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
    fn the_same_figures_give_the_same_picture() {
        assert_eq!(Plotter.bars(&week()), Plotter.bars(&week()));
    }

    #[test]
    fn strange_charts_are_drawn_or_refused_but_never_panic() {
        let none = BarChart { title: String::new(), labels: vec![], series: vec![], empty: String::new() };
        assert!(Plotter.bars(&none).is_ok());
        let long = BarChart { labels: vec!["x".repeat(300); 200], series: vec![("y".repeat(300), vec![u32::MAX; 300])], ..none };
        assert!(Plotter.bars(&long).is_ok());
    }

    #[test]
    fn the_scale_ends_on_a_round_number_above_the_highest_bar() {
        for (highest, top) in [(0, 4), (1, 4), (3, 4), (4, 4), (5, 5), (6, 10), (17, 20), (22, 40), (64, 100), (950, 2000)] {
            assert_eq!(ceiling(highest), top, "{highest}");
        }
    }
}
