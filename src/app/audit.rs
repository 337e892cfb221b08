//! The audit log: who decided what, who was refused what, who got and lost which right. Only ever added to.
//!
//! It is the journal that every decision is written to anyway; here the refusals for want of a right are added, and the lines
//! that people ask for are picked out. Never shows what customers or the team wrote. Start at [`lines`].

use serde_json::{Value, json};

use super::Fault;
use super::work::{Work, encode};
use crate::domain::decide::OPERATOR;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::office::changes::OfficeChange;
use crate::domain::office::log::OfficeEvent;
use crate::domain::time::Timestamp;
use crate::store::counters;
use crate::store::journal::{self, Entry};

/// Journal kind of refusals.
const REFUSALS: &str = "audit";
/// Name of a refusal for want of a right.
const DENIED: &str = "denied";

/// Entries read for each line shown: some have the name of a decision and are none (a meeting that is planned).
const SPARE: i64 = 10;

/// What counts as a decision: the kind as stored, and the names of its events.
pub const DECISIONS: &[(&str, &[&str])] = &[
    (
        "ticket",
        &[
            "assigned",
            "released",
            "resolved",
            "reopened",
            "prioritised",
            "corrected",
            "measure_asked",
            "measure_confirmed",
            "rule_undone",
        ],
    ),
    ("rule", &["made", "edited", "switched_on", "switched_off", "ran_wild"]),
    ("post", &["submitted", "approved", "changes_asked", "revoked", "planned", "unplanned", "sent", "cancelled"]),
    ("reply", &["submitted", "approved", "changes_asked", "revoked", "sent", "cancelled"]),
    ("crisis", &["declared", "level_changed", "frozen", "unfrozen", "stood_down"]),
    ("meeting", &["decided", "cancelled"]),
    ("action", &["finished", "dropped"]),
];

/// Writes down that somebody was refused for want of a right; `notice` is what they were told.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn refused(work: &mut Work<'_>, who: &str, chat: &str, notice: &Notice) -> Result<(), Fault> {
    let number = counters::next(work.tx, REFUSALS).await?;
    let payload = encode("audit", &json!({ "chat": chat, "notice": notice }))?;
    journal::append(work.tx, REFUSALS, number, 1, work.now, who, &[(DENIED, &payload)]).await?;
    Ok(())
}

/// Whether a refusal is for want of a right.
#[must_use]
pub fn is_denial(notice: &Notice) -> bool {
    notice.key.starts_with("denied") || notice.key == "you-are-unknown"
}

/// The newest decisions, refusals and changes of the office in [from, to), newest first; of one member: what they did and
/// what was done about them.
///
/// # Errors
/// [`Fault::Store`].
pub async fn lines(
    work: &mut Work<'_>,
    who: Option<&MemberId>,
    from: Timestamp,
    to: Timestamp,
    max: i64,
) -> Result<Vec<(Timestamp, Notice)>, Fault> {
    let mut kinds: Vec<&str> = DECISIONS.iter().map(|(kind, _)| *kind).collect();
    kinds.extend([REFUSALS, Kind::Office.stored()]);
    let mut events: Vec<&str> = DECISIONS.iter().flat_map(|(_, events)| events.iter().copied()).collect();
    events.extend([DENIED, "grant_ended", "applied", "file_used"]);
    events.extend(OfficeChange::NAMES);
    // Two kinds may have events of one name of which only one is a decision.
    let read = max.saturating_mul(SPARE);
    let found = journal::latest(work.tx, &kinds, &events, who.map(MemberId::as_str), (from, to), read).await?;
    let shown = found.iter().filter(|entry| is_shown(entry)).take(usize::try_from(max).unwrap_or(usize::MAX));
    Ok(shown.map(|entry| (entry.at, line(entry))).collect())
}

fn is_shown(entry: &Entry) -> bool {
    let own = [REFUSALS, Kind::Office.stored()].contains(&entry.kind.as_str());
    own || DECISIONS.iter().any(|(kind, events)| *kind == entry.kind && events.contains(&entry.event.as_str()))
}

fn line(entry: &Entry) -> Notice {
    let payload: Value = serde_json::from_str(&entry.payload).unwrap_or_default();
    let notice = match entry.kind.as_str() {
        REFUSALS => refusal(&payload),
        kind if kind == Kind::Office.stored() => match serde_json::from_value::<OfficeEvent>(payload) {
            Ok(OfficeEvent::Changed { what }) => described(&what),
            Ok(OfficeEvent::Ended { member, grant }) => {
                Notice::new("audit-grant-ended").member("member", &member).with("role", Arg::Strong(grant.role))
            }
            Ok(OfficeEvent::Applied { .. }) => Notice::new("audit-applied"),
            Ok(OfficeEvent::FileUsed) => Notice::new("audit-file-used"),
            Ok(OfficeEvent::Settled { .. }) | Err(_) => Notice::new("audit-office"),
        },
        kind => decision(kind, entry, &payload),
    };
    by(notice, &entry.actor)
}

fn by(notice: Notice, actor: &str) -> Notice {
    match actor {
        "system" => notice.with("who", Arg::Strong("Vigie".to_owned())),
        operator if operator.starts_with(OPERATOR) => {
            let name = Notice::new("audit-operator").text("name", operator.trim_start_matches(OPERATOR));
            notice.with("who", Arg::Said(Box::new(name)))
        }
        // A chat account that is nobody's: its id, as the chat gives it.
        stranger if stranger.contains(':') => notice.text("who", stranger),
        member => notice.member("who", &MemberId::new(member)),
    }
}

fn refusal(payload: &Value) -> Notice {
    let told: Option<Notice> = serde_json::from_value(payload["notice"].clone()).ok();
    match told.and_then(|mut told| told.args.remove("right")) {
        Some(right) => Notice::new("audit-denied").with("right", right),
        None => Notice::new("audit-stranger"),
    }
}

fn decision(kind: &str, entry: &Entry, payload: &Value) -> Notice {
    let family = if matches!(kind, "post" | "reply") { "draft" } else { kind };
    let key = format!("audit-{family}-{}", entry.event.replace('_', "-"));
    let subject = Kind::from_stored(kind).map(|kind| Ref::new(kind, entry.aggregate_id));
    let notice = Notice::new(&key).with("ref", subject.map_or_else(|| Arg::Text(kind.to_owned()), Arg::Ref));
    match (entry.event.as_str(), payload["to"].as_str()) {
        ("assigned", Some(to)) => notice.member("to", &MemberId::new(to)),
        _ => notice,
    }
}

/// A change of the office in words.
#[must_use]
pub fn described(change: &OfficeChange) -> Notice {
    let key = format!("audit-{}", change.name().replace('_', "-"));
    let notice = change.member().iter().fold(Notice::new(&key), |notice, member| notice.member("member", member));
    let role = |role: &str| Arg::Strong(role.to_owned());
    match change {
        OfficeChange::RoleAdded { role: name, .. }
        | OfficeChange::RoleRemoved { role: name }
        | OfficeChange::Revoked { role: name, .. }
        | OfficeChange::ShiftStrategy { role: name, .. } => notice.with("role", role(name)),
        OfficeChange::Granted { grant, .. } => {
            super::commands::role::limits(notice, grant).with("role", role(&grant.role))
        }
        OfficeChange::Linked { chat, .. } | OfficeChange::Unlinked { chat, .. } => {
            notice.with("chat", Arg::Word(format!("chat-{chat}")))
        }
        OfficeChange::Weight { weight, .. } => notice.number("weight", i64::from(*weight)),
        OfficeChange::Capacity { capacity, .. } => {
            notice.number("capacity", capacity.map_or(0, i64::from)).number("limited", i64::from(capacity.is_some()))
        }
        OfficeChange::Skill { topic, skill, .. } => notice.text("topic", topic).number("skill", i64::from(*skill)),
        OfficeChange::Backup { role: for_role, backup, .. } => notice
            .number("named", i64::from(backup.is_some()))
            .member("backup", &backup.clone().unwrap_or_default())
            .number("limited", i64::from(for_role.is_some()))
            .with("role", role(for_role.as_deref().unwrap_or_default())),
        OfficeChange::CoverHours { network, .. } => notice.text("network", network),
        OfficeChange::Learnt { lesson } => notice
            .with("rule", Arg::Code(lesson.name.clone()))
            .with("topic", Arg::Topic(lesson.topic.clone()))
            .number("on", i64::from(lesson.on)),
    }
}
