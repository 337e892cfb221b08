//! How far two sayings about the same messages agree: who said what how often, and the mean F1.
//!
//! Start at [`Agreement::add`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Labels shown in a table; with more only the figures are told.
const TABLE_LABELS_MAX: usize = 12;

/// Pairs of what a person said and what Vigie said.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    pairs: BTreeMap<(String, String), usize>,
}

impl Agreement {
    /// One message.
    pub fn add(&mut self, said: &str, found: &str) {
        *self.pairs.entry((said.to_owned(), found.to_owned())).or_default() += 1;
    }

    /// Messages counted.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pairs.values().sum()
    }

    /// Share of messages on which both agree; 0 for none.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let agreed: usize = self.pairs.iter().filter(|((said, found), _)| said == found).map(|(_, count)| count).sum();
        agreed as f64 / self.count().max(1) as f64
    }

    /// Mean F1 over the labels that people gave.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        let labels: BTreeSet<&str> = self.pairs.keys().map(|(said, _)| said.as_str()).collect();
        let sum: f64 = labels.iter().map(|label| self.f1(label)).sum();
        sum / labels.len().max(1) as f64
    }

    /// F1 of one label.
    #[must_use]
    pub fn f1(&self, label: &str) -> f64 {
        let (mut both, mut either) = (0, 0);
        for ((said, found), count) in &self.pairs {
            either += usize::from(said == label) * count + usize::from(found == label) * count;
            both += usize::from(said == label && found == label) * count;
        }
        2.0 * both as f64 / either.max(1) as f64
    }

    /// The figures and, for few labels, the table: rows are what people said.
    #[must_use]
    pub fn shown(&self, field: &str) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{field}: {} labelled, agreement {:.3}, macro-F1 {:.3}",
            self.count(),
            self.accuracy(),
            self.macro_f1()
        );
        let labels: BTreeSet<&str> =
            self.pairs.keys().flat_map(|(said, found)| [said.as_str(), found.as_str()]).collect();
        if labels.len() > TABLE_LABELS_MAX {
            return out;
        }
        let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0).max(6);
        let _ = write!(out, "  {:width$}", "");
        for label in &labels {
            let _ = write!(out, " {label:>width$}");
        }
        let _ = writeln!(out, " {:>6}", "F1");
        for said in &labels {
            if !self.pairs.keys().any(|(label, _)| label == said) {
                continue;
            }
            let _ = write!(out, "  {said:width$}");
            for found in &labels {
                let count = self.pairs.get(&((*said).to_owned(), (*found).to_owned())).copied().unwrap_or(0);
                let _ = write!(out, " {count:>width$}");
            }
            let _ = writeln!(out, " {:>6.3}", self.f1(said));
        }
        out
    }
}
