//! `[rotation]` of the office file: what tickets weigh when work is shared out.
//!
//! Start at [`costs`].

use super::sheet::Section;
use crate::domain::people::rotation::{Cost, CostTable};

/// Largest cost of a ticket, in thousandths of an ordinary one: a hundred times the work of a p3.
const COST_MAX: i64 = 100_000;
/// Smallest cost: a ticket that weighs nothing would be given to the same person for ever.
const COST_MIN: i64 = 1;

/// The costs of the office; what is left out has its usual value.
pub(super) fn costs(root: &Section<'_>) -> CostTable {
    let mut table = CostTable::default();
    if !root.has("rotation") {
        return table;
    }
    let Some(section) = root.section("rotation") else { return table };
    if section.has("cost")
        && let Some(costs) = section.section("cost")
    {
        for (key, cost) in [("p1", &mut table.p1), ("p2", &mut table.p2), ("p3", &mut table.p3), ("p4", &mut table.p4)]
        {
            if let Some(found) = costs.thousandths(key, COST_MIN..=COST_MAX) {
                *cost = Cost(found.value);
            }
        }
        if let Some(factor) = costs.thousandths("reopened", 1_000..=10_000) {
            // In percent: a factor has two digits after its point.
            table.reopened_percent = u32::try_from(factor.value / 10).unwrap_or(table.reopened_percent);
        }
        costs.finish();
    }
    section.finish();
    table
}

#[cfg(test)]
mod tests {
    use crate::config::office::check_office;
    use crate::domain::people::rotation::{Cost, CostTable};

    fn office(rotation: &str) -> String {
        let sample = include_str!("../../config/office.toml");
        let (before, after) = sample.split_once("[rotation]").expect("the sample has the section");
        let rest = after.split_once("# --- Roles").expect("the sample goes on with its roles").1;
        format!("{before}{rotation}\n# {rest}")
    }

    #[test]
    fn costs_are_read_with_their_fractions_and_keep_their_defaults() {
        let text = office("[rotation]\ncost = { p1 = 8, p4 = 0.25, reopened = 2 }");
        let costs = check_office(&text, "office.toml").into_result().expect("a valid office").costs;
        let usual = CostTable::default();
        let wanted = CostTable { p1: Cost(8_000), p4: Cost(250), reopened_percent: 200, ..usual };
        assert_eq!(costs, wanted);
        let plain = check_office(&office(""), "office.toml").into_result().expect("a valid office").costs;
        assert_eq!(plain, usual);
    }

    #[test]
    fn a_cost_that_makes_no_sense_is_refused_where_it_stands() {
        for wrong in ["p1 = 0", "p1 = -1", "p2 = 1000", "p3 = \"two\"", "reopened = 0.5", "p4 = 0.0001", "p5 = 1"] {
            let text = office(&format!("[rotation]\ncost = {{ {wrong} }}"));
            let findings = check_office(&text, "office.toml").into_result().expect_err(wrong);
            assert_eq!(findings.len(), 1, "{wrong}: {findings:?}");
        }
    }
}
