//! `[rotation]` of the office file, what tickets weigh when work is shared out, and how a role's tickets find their owner.
//!
//! Start at [`costs`] and [`strategy`].

use super::office::{Kind, Notes};
use super::sheet::{Section, Wrong};
use super::values;
use crate::domain::office::{MemberId, Strategy};
use crate::domain::people::rotation::{Cost, CostTable};

/// Largest cost of a ticket, in thousandths of an ordinary one: a hundred times the work of a p3.
const COST_MAX: i64 = 100_000;
/// Minutes of a day.
const DAY_MINUTES: u16 = 1_440;
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

/// How the tickets of a role find their owner: `strategy`, and for weeks on call `handoff`, `order`, `first`, `tickets_follow`.
pub(super) fn strategy(section: &Section<'_>, notes: &mut Notes) -> Strategy {
    let named = section.parsed("strategy", |text| match text {
        "turns" => Ok(false),
        "on_call" => Ok(true),
        _ => Err((format!("`{text}` is no strategy"), "\"turns\" or \"on_call\"".to_owned())),
    });
    let handoff = section.parsed("handoff", handoff);
    let order = notes.refer(Kind::Member, section.texts("order"));
    let first = section.text_or_date("first");
    let tickets_follow = section.flag("tickets_follow", false);
    if !named.as_ref().is_some_and(|named| named.value) {
        for key in ["handoff", "order", "first", "tickets_follow"] {
            if section.has(key) {
                let message = format!("`{key}` means something only with strategy = \"on_call\"");
                section.sheet().warning(section.span(), message, "add the strategy, or leave the key out");
            }
        }
        return Strategy::Turns;
    }
    if !section.has("handoff") {
        section.missing("handoff", "\"mon 09:00\"");
    }
    let first = first.and_then(|first| match values::date(&first.value) {
        Ok(date) => Some(date),
        Err((why, hint)) => {
            section.sheet().error(&first.span, why, hint);
            None
        }
    });
    let (weekday, minute) = handoff.map_or((0, 0), |handoff| handoff.value);
    Strategy::Weekly { weekday, minute, order: order.into_iter().map(MemberId).collect(), first, tickets_follow }
}

/// `mon 09:00`: weekday (0 is Monday) and minute of the day.
fn handoff(text: &str) -> Result<(u8, u16), Wrong> {
    let hint = || "a weekday and a time, e.g. \"mon 09:00\"".to_owned();
    let (weekday, time) = text.split_once(' ').ok_or_else(|| (format!("`{text}` is no hand-over"), hint()))?;
    let weekday = values::day(weekday.trim())?;
    let minute = values::minute_of_day(time.trim())?;
    if minute >= DAY_MINUTES {
        return Err((format!("`{text}` is no hand-over"), "00:00 of the next day".to_owned()));
    }
    let weekday = u8::try_from(weekday).map_err(|_| (format!("`{text}` is no hand-over"), hint()))?;
    Ok((weekday, minute))
}

#[cfg(test)]
mod tests {
    use crate::config::office::check_office;
    use crate::domain::office::Strategy;
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

    #[test]
    fn weeks_on_call_are_read_and_what_does_not_fit_is_told() {
        let sample = include_str!("../../config/office.toml");
        let legal = |lines: &str| sample.replacen("[roles.legal]\n", &format!("[roles.legal]\n{lines}\n"), 1);
        let text = legal(
            "strategy = \"on_call\"\nhandoff = \"fri 17:30\"\norder = [\"ines\", \"lea\"]\ntickets_follow = true",
        );
        let office = check_office(&text, "office.toml").into_result().expect("a valid office");
        let order = vec!["ines".into(), "lea".into()];
        let wanted = Strategy::Weekly { weekday: 4, minute: 1_050, order, first: None, tickets_follow: true };
        assert_eq!(office.roles["legal"].strategy, wanted);
        for wrong in [
            "strategy = \"weekly\"",
            "strategy = \"on_call\"",
            "strategy = \"on_call\"\nhandoff = \"monday\"",
            "strategy = \"on_call\"\nhandoff = \"mon 25:00\"",
            "strategy = \"on_call\"\nhandoff = \"mon 09:00\"\norder = [\"nobody\"]",
        ] {
            let findings = check_office(&legal(wrong), "office.toml").into_result().expect_err(wrong);
            assert_eq!(findings.len(), 1, "{wrong}: {findings:?}");
        }
    }
}
