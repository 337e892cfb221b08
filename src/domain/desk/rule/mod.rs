//! A rule of auto-moderation, `R-4`: what it looks for, what it does, who switched it on, and each time it acted.
//!
//! A new or changed rule is off until somebody who saw what it would have done switches it on. One that hides far too much
//! switches itself off. Never decides about a ticket (`moderation` does). Start at [`Rule::decide`].

pub mod deed;
pub mod grammar;
pub mod matching;
mod reader;

use serde::{Deserialize, Serialize};

use self::deed::Deed;
use self::grammar::Condition;
use super::moderation::{Done, Spared};
use crate::domain::decide::{Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};
use crate::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};

/// Rules in one office, those that are off included: a list that people still read.
pub const RULES_MAX: usize = 100;
/// Rules that are on at once: all are tried on each message.
pub const RULES_ON_MAX: usize = 50;
/// A rule that hides more than this share of what comes in, in percent, has run wild: a flood of spam is rarely a third.
pub const WILD_PERCENT: i64 = 30;
/// ... once so many messages came in within an hour: of few messages a third means nothing.
pub const WILD_MESSAGES_MIN: i64 = 20;
/// The stretch over which hidden messages are counted.
pub const WILD_WINDOW_MS: i64 = HOUR_MS;
/// Hidden messages are counted in stretches of this length.
pub const BUCKET_MS: i64 = 10 * MINUTE_MS;

/// How much a rule has done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Times that it found something.
    pub acted: u32,
    /// Messages that it asked the network to hide.
    pub hid: u32,
    /// Times that it left something undone.
    pub spared: u32,
    /// Times that somebody took it back.
    pub undone: u32,
    /// Times that the network refused.
    pub failed: u32,
}

/// The state of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Number; 0 before it was made.
    pub id: i64,
    /// What it looks for.
    pub when: Condition,
    /// What it does.
    pub then: Vec<Deed>,
    /// In force.
    pub on: bool,
    /// Who made or changed it last.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// Counts its versions; carried by its buttons, so that nobody switches on what they have not seen.
    #[serde(default)]
    pub version: u32,
    /// Who switched it on last: answers in their name.
    pub switched_by: Option<MemberId>,
    /// How much it has done.
    pub tally: Tally,
    /// Hidden messages of the last hour, by the start of their stretch.
    pub hour: Vec<(Timestamp, u32)>,
    /// It switched itself off.
    pub wild: bool,
}

/// What can be asked of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A new one under this number.
    Make(i64, Condition, Vec<Deed>),
    /// Other words, or other deeds; it is off then.
    Edit(Condition, Vec<Deed>),
    /// Put it in force.
    SwitchOn,
    /// Take it out of force.
    SwitchOff,
    /// It found something.
    Act {
        /// The ticket.
        ticket: i64,
        /// What it does.
        done: Vec<Done>,
        /// What it leaves undone, and why.
        spared: Vec<(Deed, Spared)>,
    },
    /// It would hide far too much.
    RunWild {
        /// Messages hidden within an hour, with the one it was about to hide.
        hidden: i64,
        /// Messages that came in within that hour.
        seen: i64,
    },
    /// Somebody took back what it did.
    TakeBack {
        /// Which of its acts.
        number: u32,
        /// On which ticket.
        ticket: i64,
    },
    /// The network refused what it asked.
    Fail {
        /// Which of its acts.
        number: u32,
        /// On which ticket.
        ticket: i64,
        /// The network's words.
        cause: String,
    },
}

/// What happened to a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was made; it is off.
    Made {
        /// Number.
        id: i64,
        /// What it looks for.
        when: Condition,
        /// What it does.
        then: Vec<Deed>,
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// It was changed; it is off.
    Edited {
        /// What it looks for.
        when: Condition,
        /// What it does.
        then: Vec<Deed>,
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// It is in force.
    SwitchedOn {
        /// By whom.
        by: MemberId,
    },
    /// It is out of force.
    SwitchedOff {
        /// By whom.
        by: MemberId,
    },
    /// It acted.
    Acted {
        /// Which of its acts, from 1.
        number: u32,
        /// On which ticket.
        ticket: i64,
        /// What it did.
        done: Vec<Done>,
        /// What it left undone, and why.
        #[serde(default)]
        spared: Vec<(Deed, Spared)>,
        /// When.
        at: Timestamp,
    },
    /// It switched itself off.
    RanWild {
        /// Messages hidden within an hour.
        hidden: i64,
        /// Messages that came in within that hour.
        seen: i64,
    },
    /// Somebody took back what it did.
    TakenBack {
        /// Which of its acts.
        number: u32,
        /// On which ticket.
        ticket: i64,
        /// Who.
        by: MemberId,
    },
    /// The network refused what it asked.
    Failed {
        /// Which of its acts.
        number: u32,
        /// On which ticket.
        ticket: i64,
        /// The network's words.
        cause: String,
    },
}

/// Why a rule cannot do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is on already.
    IsOn,
    /// It is off already.
    IsOff,
    /// It is so already.
    Unchanged,
}

impl Decider for Rule {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = facts.actor.member().cloned();
        let at = facts.now;
        Ok(match (command, by) {
            (Command::Make(id, when, then), Some(by)) => {
                vec![Event::Made { id: *id, when: when.clone(), then: then.clone(), by, at }]
            }
            (Command::Edit(when, then), Some(by)) => {
                if *when == self.when && *then == self.then {
                    return Err(Refusal::Unchanged);
                }
                vec![Event::Edited { when: when.clone(), then: then.clone(), by, at }]
            }
            (Command::SwitchOn, Some(_)) if self.on => return Err(Refusal::IsOn),
            (Command::SwitchOn, Some(by)) => vec![Event::SwitchedOn { by }],
            (Command::SwitchOff, Some(_)) if !self.on => return Err(Refusal::IsOff),
            (Command::SwitchOff, Some(by)) => vec![Event::SwitchedOff { by }],
            (Command::Act { ticket, done, spared }, _) if self.on => {
                let number = self.tally.acted.saturating_add(1);
                let (done, spared) = (done.clone(), spared.clone());
                vec![Event::Acted { number, ticket: *ticket, done, spared, at }]
            }
            (Command::RunWild { hidden, seen }, _) if self.on => vec![Event::RanWild { hidden: *hidden, seen: *seen }],
            (Command::TakeBack { number, ticket }, Some(by)) => {
                vec![Event::TakenBack { number: *number, ticket: *ticket, by }]
            }
            (Command::Fail { number, ticket, cause }, _) => {
                vec![Event::Failed { number: *number, ticket: *ticket, cause: cause.clone() }]
            }
            _ => Vec::new(),
        })
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Made { id, when, then, by, at } => {
                self.id = *id;
                self.write(when, then, by, *at);
            }
            Event::Edited { when, then, by, at } => self.write(when, then, by, *at),
            Event::SwitchedOn { by } => {
                self.on = true;
                self.wild = false;
                self.switched_by = Some(by.clone());
                self.hour.clear();
            }
            Event::SwitchedOff { .. } => self.on = false,
            Event::Acted { number, done, spared, at, .. } => {
                self.tally.acted = *number;
                self.tally.spared = self.tally.spared.saturating_add(u32::from(!spared.is_empty()));
                if done.iter().any(|done| matches!(done, Done::Hid { .. })) {
                    self.tally.hid = self.tally.hid.saturating_add(1);
                    self.count_hidden(*at);
                }
            }
            Event::RanWild { .. } => {
                self.on = false;
                self.wild = true;
            }
            Event::TakenBack { .. } => self.tally.undone = self.tally.undone.saturating_add(1),
            Event::Failed { .. } => self.tally.failed = self.tally.failed.saturating_add(1),
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        None
    }
}

impl Rule {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Rule, self.id)
    }

    /// Its reference as people write it: a reply has the same letter, and nobody types one where a rule is asked for.
    #[must_use]
    pub fn label(&self) -> String {
        label(self.id)
    }

    /// What it does, as it is written.
    #[must_use]
    pub fn deeds(&self) -> String {
        deed::printed(&self.then)
    }

    fn write(&mut self, when: &Condition, then: &[Deed], by: &MemberId, at: Timestamp) {
        self.when = when.clone();
        self.then = then.to_vec();
        self.by = by.clone();
        self.at = at;
        self.version = self.version.saturating_add(1);
        self.on = false;
        self.wild = false;
    }

    fn count_hidden(&mut self, at: Timestamp) {
        self.hour.retain(|(start, _)| at.since(*start) < WILD_WINDOW_MS + BUCKET_MS);
        let start = bucket(at);
        match self.hour.iter_mut().find(|(known, _)| *known == start) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.hour.push((start, 1)),
        }
    }

    /// Messages that it hid within the last hour.
    #[must_use]
    pub fn hidden_lately(&self, now: Timestamp) -> i64 {
        let from = window_start(now);
        self.hour.iter().filter(|(start, _)| *start >= from).map(|(_, count)| i64::from(*count)).sum()
    }

    /// Whether one more hidden message would be far too many, when so many came in within the last hour.
    #[must_use]
    pub fn would_run_wild(&self, seen: i64, now: Timestamp) -> bool {
        let hidden = self.hidden_lately(now).saturating_add(1);
        seen >= WILD_MESSAGES_MIN && hidden.saturating_mul(100) > WILD_PERCENT.saturating_mul(seen)
    }
}

/// A rule's reference as people write it.
#[must_use]
pub fn label(id: i64) -> String {
    format!("R-{id}")
}

/// Start of the stretch that an instant falls in.
fn bucket(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(BUCKET_MS))
}

/// Start of the oldest stretch that counts as the last hour.
#[must_use]
pub fn window_start(now: Timestamp) -> Timestamp {
    bucket(now.plus_ms(-WILD_WINDOW_MS))
}

impl Aggregate for Rule {
    const KIND: Kind = Kind::Rule;

    fn columns(&self) -> Columns {
        Columns {
            status: if self.on { "on" } else { "off" }.to_owned(),
            owner: Some(self.by.0.clone()),
            opened_at: Some(self.at),
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Made { .. } => "made",
            Event::Edited { .. } => "edited",
            Event::SwitchedOn { .. } => "switched_on",
            Event::SwitchedOff { .. } => "switched_off",
            Event::Acted { .. } => "acted",
            Event::RanWild { .. } => "ran_wild",
            Event::TakenBack { .. } => "taken_back",
            Event::Failed { .. } => "failed",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let wild = events.iter().find_map(|event| match event {
            Event::RanWild { hidden, seen } => Some((*hidden, *seen)),
            _ => None,
        });
        let Some((hidden, seen)) = wild else { return Vec::new() };
        let notice = Notice::new("rule-ran-wild").subject("rule", self.subject());
        let notice = notice.number("hidden", hidden).number("seen", seen).number("percent", WILD_PERCENT);
        let notice = notice.with("when", crate::domain::notice::Arg::Code(self.when.to_string()));
        let leads = facts.office.roles.get(&facts.office.default_role).and_then(|role| role.lead.clone());
        let mut told: Vec<MemberId> = leads.into_iter().chain(facts.office.crisis.lead.clone()).collect();
        told.extend(self.switched_by.clone());
        told.sort();
        told.dedup();
        told.retain(|member| facts.office.members.contains_key(member));
        if told.is_empty() {
            let desk = facts.office.desks.first().map(|desk| desk.name.clone()).unwrap_or_default();
            return vec![Effect::Announce { desk, notice, urgent: true }];
        }
        let tell = |member| Effect::Tell { member, subject: None, notice: notice.clone(), urgent: true };
        told.into_iter().map(tell).collect()
    }
}

#[cfg(test)]
mod tests;
