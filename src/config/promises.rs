//! `[targets]` and `[escalation]` of the office file, and what roles and networks say differently.
//!
//! Never accepts a promise that cannot be kept in order: what contradicts itself is told where it stands, also when only two
//! places together make the contradiction. Start at [`targets`]; [`check`] compares the places.

use std::collections::BTreeMap;
use std::ops::Range;

use super::sheet::{At, Section, Sheet, Wrong};
use super::values;
use crate::domain::office::Target;
use crate::domain::office::promise::{OwnSteps, OwnTarget, OwnTargets, StepTime, Steps};

/// Priorities an office promises times for.
const PRIORITIES: [(&str, u8); 4] = [("p1", 1), ("p2", 2), ("p3", 3), ("p4", 4)];
/// The latest step, in percent of the time promised: who hears of a broken promise after three times its length hears history.
const PERCENT_MAX: u32 = 300;

/// Where a role or a network promises something of its own.
pub(super) struct OwnPlace {
    place: String,
    is_network: bool,
    role: Option<String>,
    targets: BTreeMap<u8, (OwnTarget, Range<usize>)>,
}

/// The office's targets; all four priorities are required.
pub(super) fn targets(root: &Section<'_>) -> BTreeMap<u8, Target> {
    let mut targets = BTreeMap::new();
    let Some(section) = root.section("targets") else {
        root.missing("targets", "{ p1 = { first_response = \"15m\", resolution = \"4h\" }, p2 = ... }");
        return targets;
    };
    let mut places = BTreeMap::new();
    for (key, priority) in PRIORITIES {
        let Some(target) = section.section(key) else {
            if !section.has(key) {
                section.missing(key, "{ first_response = \"1h\", resolution = \"8h\" }");
            }
            continue;
        };
        let needed = |key: &'static str| {
            if !target.has(key) {
                target.missing(key, "\"4h\"");
            }
            target.parsed(key, values::minutes)
        };
        let (first, resolution) = (needed("first_response"), needed("resolution"));
        let next = target.parsed("next_response", values::minutes);
        if let (Some(first), Some(resolution)) = (first, resolution) {
            let found = Target {
                first_response_minutes: first.value,
                next_response_minutes: next.as_ref().map(|next| next.value),
                resolution_minutes: resolution.value,
            };
            in_order(target.sheet(), key, &found, &first.span, next.as_ref().map(|next| &next.span));
            places.insert(priority, first.span);
            targets.insert(priority, found);
        }
        target.finish();
    }
    section.finish();
    by_urgency(root.sheet(), &targets, &places);
    targets
}

/// A first answer after the resolution is a mistake; a further one after it is a promise that never counts.
fn in_order(sheet: &Sheet<'_>, key: &str, target: &Target, first: &Range<usize>, next: Option<&Range<usize>>) {
    if target.first_response_minutes > target.resolution_minutes {
        let message = format!("{key} promises the answer after the resolution");
        sheet.error(first, message, "make first_response the shorter one");
    }
    if let Some(span) = next.filter(|_| target.next_minutes() > target.resolution_minutes) {
        let message = format!("{key} promises a further answer after the resolution");
        sheet.warning(span, message, "make next_response the shorter one, or leave it out: then it is first_response");
    }
}

/// What is more urgent is promised no later.
fn by_urgency(sheet: &Sheet<'_>, targets: &BTreeMap<u8, Target>, places: &BTreeMap<u8, Range<usize>>) {
    for (priority, target) in targets {
        let Some((less, slower)) = targets.range(priority + 1..).next() else { continue };
        if target.first_response_minutes > slower.first_response_minutes
            && let Some(span) = places.get(priority)
        {
            let message = format!("p{priority} is answered later than p{less}, which is less urgent");
            sheet.warning(span, message, format!("make first_response of p{priority} the shorter one"));
        }
    }
}

/// What a role or a network promises differently: any of the priorities, any of the times.
pub(super) fn own_targets(
    section: &Section<'_>,
    name: &str,
    is_network: bool,
    places: &mut Vec<OwnPlace>,
) -> OwnTargets {
    if !section.has("targets") {
        return OwnTargets::new();
    }
    let Some(outer) = section.section("targets") else { return OwnTargets::new() };
    let kind = if is_network { "accounts" } else { "roles" };
    let role = (!is_network).then(|| name.to_owned());
    let mut own = OwnPlace { place: format!("{kind}.{name}"), is_network, role, targets: BTreeMap::new() };
    for (key, priority) in PRIORITIES {
        if !outer.has(key) {
            continue;
        }
        let Some(target) = outer.section(key) else { continue };
        let read = |key: &'static str| target.parsed(key, values::minutes);
        let (first, next, resolution) = (read("first_response"), read("next_response"), read("resolution"));
        let minutes = |found: &Option<At<i64>>| found.as_ref().map(|found| found.value);
        let span = [&first, &next, &resolution].into_iter().flatten().next().map(|found| found.span.clone());
        let found = OwnTarget {
            first_response_minutes: minutes(&first),
            next_response_minutes: minutes(&next),
            resolution_minutes: minutes(&resolution),
        };
        target.finish();
        match span {
            Some(span) => drop(own.targets.insert(priority, (found, span))),
            None => {
                let message = format!("{}.targets.{key} says nothing", own.place);
                outer.sheet().warning(target.span(), message, "first_response, next_response or resolution = \"1h\"");
            }
        }
    }
    outer.finish();
    let targets = own.targets.iter().map(|(priority, (target, _))| (*priority, *target)).collect();
    places.push(own);
    targets
}

/// Contradictions that only show once the office's targets and a role's or network's are laid over each other.
pub(super) fn check(sheet: &Sheet<'_>, office: &BTreeMap<u8, Target>, places: &[OwnPlace]) {
    for own in places {
        for (priority, (target, span)) in &own.targets {
            let Some(base) = office.get(priority) else { continue };
            let of_roles = places.iter().filter(|_| own.is_network).filter(|other| other.role.is_some());
            let of_roles = of_roles.filter_map(|other| {
                let (found, _) = other.targets.get(priority)?;
                Some((format!(" for {}", other.place), found.over(*base)))
            });
            for (with, base) in std::iter::once((String::new(), *base)).chain(of_roles) {
                let all = target.over(base);
                let place = format!("{}.targets.p{priority}", own.place);
                if all.first_response_minutes > all.resolution_minutes {
                    let message = format!("{place} makes the answer{with} come after the resolution");
                    let hint = format!(
                        "answer in {} min, resolution in {} min: say both here",
                        all.first_response_minutes, all.resolution_minutes
                    );
                    sheet.error(span, message, hint);
                    break;
                }
                if all.next_minutes() > all.resolution_minutes {
                    let message = format!("{place} makes a further answer{with} come after the resolution");
                    sheet.warning(span, message, "say next_response here too");
                    break;
                }
            }
        }
    }
}

/// What the office does while an owner is silent; what is left out has its default.
pub(super) fn steps(root: &Section<'_>) -> Steps {
    own_steps(root).over(Steps::default())
}

/// What a section says of `[escalation]`.
pub(super) fn own_steps(section: &Section<'_>) -> OwnSteps {
    if !section.has("escalation") {
        return OwnSteps::default();
    }
    let Some(inner) = section.section("escalation") else { return OwnSteps::default() };
    let remind = inner.parsed("remind", step);
    let hand_on = inner.parsed("move", step);
    let tell_lead = inner.parsed("lead", step);
    if let Some(At { span, .. }) = tell_lead.as_ref().filter(|at| at.value == StepTime::Never) {
        let hint = "\"100%\" tells the lead at the deadline, \"200%\" once twice the time is over";
        inner.sheet().error(span, "somebody has to hear of a broken promise", hint);
    }
    for (early, late, what) in [
        (&remind, &hand_on, "the ticket would move before its owner is reminded"),
        (&hand_on, &tell_lead, "the lead would be told before the ticket moves"),
        (&remind, &tell_lead, "the lead would be told before the owner is reminded"),
    ] {
        if let (Some(early), Some(late)) = (early, late)
            && is_after(early.value, late.value)
        {
            inner.sheet().error(&late.span, what, "remind first, then move, then lead");
            break;
        }
    }
    inner.finish();
    let value = |found: Option<At<StepTime>>| found.map(|found| found.value);
    OwnSteps { remind: value(remind), hand_on: value(hand_on), tell_lead: value(tell_lead) }
}

/// Whether a step comes after another one, where that can be known without a promise to measure by.
fn is_after(one: StepTime, other: StepTime) -> bool {
    match (one, other) {
        (StepTime::Share { percent: one }, StepTime::Share { percent: other }) => one > other,
        (StepTime::After { minutes: one }, StepTime::After { minutes: other }) => one > other,
        _ => false,
    }
}

/// A step's time: `75%`, `30m`, `off`.
fn step(text: &str) -> Result<StepTime, Wrong> {
    if text == "off" {
        return Ok(StepTime::Never);
    }
    let Some(percent) = text.strip_suffix('%') else {
        let hint = "a share of the time promised (75%), working time after the message (30m, 1h30m), or off";
        return values::minutes(text)
            .map(|minutes| StepTime::After { minutes })
            .map_err(|_| (format!("`{text}` is no time of a step"), hint.to_owned()));
    };
    match percent.trim().parse::<u32>() {
        Ok(percent) if (1..=PERCENT_MAX).contains(&percent) => Ok(StepTime::Share { percent }),
        _ => Err((format!("`{text}` is no share"), format!("from 1% to {PERCENT_MAX}%"))),
    }
}
