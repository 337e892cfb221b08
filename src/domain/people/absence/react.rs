//! Who is told what when an absence changes: one line for the team, and those whom it gives work.
//!
//! Never says why somebody is away: sickness and reasons are theirs.

use super::{Absence, Event, Restored};
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{MemberId, Office};
use crate::domain::react::{Aggregate, Columns};
use crate::domain::rhythm::day;
use crate::domain::time::Timestamp;

/// References named in one sentence; more are counted.
const REFS_MAX: usize = 12;

impl Aggregate for Absence {
    const KIND: Kind = Kind::Absence;

    fn columns(&self) -> Columns {
        Columns {
            status: self.stage.stored().to_owned(),
            owner: Some(self.plan.member.0.clone()),
            due_at: self.plan.until,
            opened_at: Some(self.plan.from),
            closed_at: self.closed_at,
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Proposed { .. } => "proposed",
            Event::BackupChosen { .. } => "backup_chosen",
            Event::Requested { .. } => "requested",
            Event::Confirmed { .. } => "confirmed",
            Event::Declined { .. } => "declined",
            Event::Began { .. } => "began",
            Event::Lent { .. } => "lent",
            Event::Offered { .. } => "offered",
            Event::Ended { .. } => "ended",
            Event::Cancelled { .. } => "cancelled",
            Event::Lapsed { .. } => "lapsed",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for event in events {
            self.react_to(event, facts, &mut effects);
        }
        effects
    }
}

/// The desk whose channels carry what concerns the whole team: the one of the digest, else the first.
#[must_use]
pub fn team_desk(office: &Office) -> Option<&str> {
    let reporting = office.reporting.as_ref().map(|reporting| reporting.desk.as_str());
    reporting.or_else(|| office.desks.first().map(|desk| desk.name.as_str()))
}

/// Ticket references as words: `T-1, T-4`, the first dozen, and how many more.
#[must_use]
pub fn refs(kind: Kind, ids: impl IntoIterator<Item = i64>) -> String {
    let names: Vec<String> = ids.into_iter().map(|id| Ref::new(kind, id).to_string()).collect();
    let shown = names.iter().take(REFS_MAX).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > REFS_MAX { format!("{shown} … +{}", names.len() - REFS_MAX) } else { shown }
}

impl Absence {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Absence, self.id)
    }

    /// When it is, as words: whole days by their dates, anything else with times.
    #[must_use]
    pub fn when(&self, office: &Office) -> Notice {
        let zone = office.members.get(&self.plan.member).and_then(|member| member.zone).unwrap_or(office.zone);
        let midnight = |at: Timestamp| day::start(day::of(at, zone), zone) == at;
        let from = self.plan.from;
        let Some(until) = self.plan.until else {
            return if from <= self.plan.at {
                Notice::new("absence-when-open")
            } else {
                Notice::new("absence-when-from").with("from", Arg::Day(from))
            };
        };
        let last = if midnight(until) { Arg::Day(until.plus_ms(-1)) } else { Arg::At(until) };
        if from <= self.plan.at {
            return Notice::new("absence-when-until").with("until", last);
        }
        if !midnight(from) {
            return Notice::new("absence-when-span").with("from", Arg::At(from)).with("until", last);
        }
        if day::of(from, zone) == day::of(until.plus_ms(-1), zone) && midnight(until) {
            return Notice::new("absence-when-day").with("day", Arg::Day(from));
        }
        Notice::new("absence-when-span").with("from", Arg::Day(from)).with("until", last)
    }

    /// A sentence about it.
    #[must_use]
    pub fn about(&self, key: &str, office: &Office) -> Notice {
        Notice::new(key)
            .subject("absence", self.subject())
            .member("who", &self.plan.member)
            .with("when", Arg::Said(Box::new(self.when(office))))
    }

    fn react_to(&self, event: &Event, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let office = facts.office;
        match event {
            Event::Requested { asked } => {
                let notice = self.about("absence-ask-dm", office).text("reason", &self.plan.reason);
                let notice = notice.number("has_reason", i64::from(!self.plan.reason.is_empty()));
                effects.extend(asked.iter().map(|member| self.tell(member, notice.clone(), true)));
            }
            Event::Confirmed { stand_in, approved } => self.confirmed(stand_in.as_ref(), *approved, facts, effects),
            Event::Declined { .. } => {
                let notice = self.about("absence-declined-dm", office);
                effects.push(self.tell(&self.plan.member, with_actor(notice, facts), true));
            }
            Event::Lapsed { .. } if self.lapsed_unanswered() => {
                effects.push(self.tell(&self.plan.member, self.about("absence-lapsed-dm", office), true));
            }
            Event::Lent { tickets } => {
                let mut to: Vec<&MemberId> = tickets.values().flatten().collect();
                to.sort_unstable();
                to.dedup();
                for member in to {
                    let theirs = tickets.iter().filter(|(_, found)| found.as_ref() == Some(member)).map(|(id, _)| *id);
                    let theirs: Vec<i64> = theirs.collect();
                    let notice = self.about("absence-lent-dm", office).text("tickets", refs(Kind::Ticket, theirs));
                    effects.push(Effect::Tell { member: member.clone(), subject: None, notice, urgent: true });
                }
            }
            Event::Offered { tickets, to, until } => self.offered(tickets, to.as_ref(), *until, office, effects),
            Event::Ended { early, restored, .. } => self.ended(*early, restored, facts, effects),
            Event::Cancelled { held: true, .. } => {
                self.announce(self.about("absence-cancelled-line", office), office, effects);
                if facts.actor.member().is_some_and(|by| *by != self.plan.member) {
                    let notice = with_actor(self.about("absence-cancelled-dm", office), facts);
                    effects.push(self.tell(&self.plan.member, notice, true));
                }
            }
            Event::Proposed { .. }
            | Event::BackupChosen { .. }
            | Event::Began { .. }
            | Event::Lapsed { .. }
            | Event::Cancelled { .. } => {}
        }
    }

    /// Somebody was asked and did not answer; a preview that was left alone is nobody's news.
    fn lapsed_unanswered(&self) -> bool {
        self.closed_at.is_some_and(|at| at >= self.plan.from)
    }

    fn confirmed(&self, stand_in: Option<&MemberId>, approved: bool, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let office = facts.office;
        let line = match stand_in {
            Some(other) => self.about("absence-line", office).member("stand_in", other),
            None => self.about("absence-line-alone", office),
        };
        self.announce(line, office, effects);
        if let Some(other) = stand_in.filter(|other| Some(*other) != facts.actor.member()) {
            effects.push(self.tell(other, self.about("absence-stand-in-dm", office), true));
        }
        if approved {
            let notice = with_actor(self.about("absence-approved-dm", office), facts);
            effects.push(self.tell(&self.plan.member, notice, true));
        } else if facts.actor.member().is_some_and(|by| *by != self.plan.member) {
            let notice = with_actor(self.about("absence-entered-dm", office), facts);
            effects.push(self.tell(&self.plan.member, notice, true));
        }
    }

    fn offered(
        &self,
        tickets: &[i64],
        to: Option<&MemberId>,
        until: Timestamp,
        office: &Office,
        effects: &mut Vec<Effect>,
    ) {
        let count = i64::try_from(tickets.len()).unwrap_or(i64::MAX);
        let key = if to.is_some() { "absence-offer-dm" } else { "absence-offer-line" };
        let notice = self
            .about(key, office)
            .text("tickets", refs(Kind::Ticket, tickets.iter().copied()))
            .number("count", count)
            .with("until", Arg::At(until));
        match to {
            Some(member) => effects.push(self.tell(member, notice, true)),
            None => self.announce(notice, office, effects),
        }
    }

    fn ended(&self, early: bool, restored: &Restored, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let office = facts.office;
        if early {
            self.announce(self.about("absence-back-line", office), office, effects);
        }
        if let Some(other) = restored.stand_in.as_ref().filter(|other| **other != self.plan.member) {
            let notice = self
                .about("absence-over-dm", office)
                .text("tickets", refs(Kind::Ticket, restored.tickets.iter().copied()))
                .number("count", i64::try_from(restored.tickets.len()).unwrap_or(i64::MAX));
            effects.push(self.tell(other, notice, true));
        }
        effects.push(self.tell(&self.plan.member, self.welcome(restored, office), true));
    }

    /// What somebody who comes back finds: what is theirs again, what others go on with, what they missed.
    #[must_use]
    pub fn welcome(&self, restored: &Restored, office: &Office) -> Notice {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let kept: Vec<String> = restored
            .kept
            .iter()
            .take(REFS_MAX)
            .map(|(id, by)| format!("{} ({})", Ref::new(Kind::Ticket, *id), office.name_of(by)))
            .collect();
        self.about("absence-welcome-dm", office)
            .text("tickets", refs(Kind::Ticket, restored.tickets.iter().copied()))
            .number("count", count(restored.tickets.len()))
            .text("kept", kept.join(", "))
            .number("kept_count", count(restored.kept.len()))
            .text("meetings", refs(Kind::Meeting, restored.missed.iter().copied()))
            .number("missed", count(restored.missed.len()))
    }

    fn announce(&self, notice: Notice, office: &Office, effects: &mut Vec<Effect>) {
        if let Some(desk) = team_desk(office) {
            effects.push(Effect::Announce { desk: desk.to_owned(), notice, urgent: false });
        }
    }

    fn tell(&self, member: &MemberId, notice: Notice, urgent: bool) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent }
    }
}

fn with_actor(notice: Notice, facts: &Facts<'_>) -> Notice {
    match facts.actor.member() {
        Some(by) => notice.member("by", by),
        None => notice.text("by", ""),
    }
}
