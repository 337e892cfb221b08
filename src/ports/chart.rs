//! Pictures of figures. Words come in the reader's language; nothing here knows what is counted.

/// Bars side by side, one group a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarChart {
    /// Words above.
    pub title: String,
    /// Words under each group, e.g. days; at most 31.
    pub labels: Vec<String>,
    /// (name, a value for each label) of each series; at most 3.
    pub series: Vec<(String, Vec<u32>)>,
    /// Words shown when every value is zero.
    pub empty: String,
}

/// A map of cells: rows against the hours of several days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Words above.
    pub title: String,
    /// A line under the title.
    pub note: String,
    /// Name and cells of each row; a cell is 0 (not needed) or the place of its colour in the legend, from 1.
    pub rows: Vec<(String, Vec<u8>)>,
    /// Words above each group of columns (a day), and how many columns it has.
    pub groups: Vec<(String, usize)>,
    /// Hour of each group's first column.
    pub first_hour: u32,
    /// What follows an hour where only some are written, e.g. ` h`.
    pub hour_unit: String,
    /// Names of the colours: covered, covered by a stand-in, gap.
    pub legend: Vec<String>,
    /// Words shown when there are no rows.
    pub empty: String,
}

/// Why a picture could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the chart cannot be drawn: {0}")]
pub struct ChartError(pub String);

/// Draws pictures.
pub trait Painter: Send + Sync {
    /// Draws a bar chart; the bytes are a PNG.
    ///
    /// # Errors
    /// [`ChartError`].
    fn bars(&self, chart: &BarChart) -> Result<Vec<u8>, ChartError>;

    /// Draws a map of cells; the bytes are a PNG.
    ///
    /// # Errors
    /// [`ChartError`].
    fn grid(&self, grid: &Grid) -> Result<Vec<u8>, ChartError>;
}
