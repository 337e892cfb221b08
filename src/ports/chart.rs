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
}
