//! One application of a playbook: which steps are done, by whom, and which were left out and why.
//!
//! The steps are copied when it starts, so that a later edit of the playbook changes no run under way. A step is never skipped
//! without a reason. Start at [`Run::decide`].

use serde::{Deserialize, Serialize};

use super::{Playbook, Step};
use crate::domain::decide::{Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};
use crate::domain::time::{MINUTE_MS, Timestamp};

/// Longest reason for leaving a step out, in characters.
pub const REASON_CHARS_MAX: usize = 300;

/// What became of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outcome {
    /// Still to do.
    #[default]
    Open,
    /// Done.
    Done {
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// Left out on purpose.
    Skipped {
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// A step of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStep {
    /// As it stood in the playbook.
    pub step: Step,
    /// When it should be done.
    pub due_at: Option<Timestamp>,
    /// What became of it.
    pub outcome: Outcome,
    /// Its owner was told that it is due.
    pub reminded: bool,
}

/// A playbook applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Number; 0 before it started.
    pub id: i64,
    /// The playbook as it was.
    pub playbook: Playbook,
    /// What it is about.
    pub about: Option<Ref>,
    /// When it started.
    pub started_at: Timestamp,
    /// Its steps.
    pub steps: Vec<RunStep>,
    /// When it was ended before its last step, and why.
    pub stopped: Option<(Timestamp, String)>,
}

/// What can be asked of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new one under this number.
    Start {
        /// Number.
        id: i64,
        /// Of which playbook.
        playbook: Box<Playbook>,
        /// What it is about.
        about: Option<Ref>,
    },
    /// A step is done; from 1.
    Finish(usize),
    /// A step is left out; from 1.
    Skip(usize, String),
    /// It ends before its last step.
    Stop(String),
    /// Time has passed: tell whoever has to do what is due.
    Tick {
        /// Who has the ticket, or leads.
        owner: Option<MemberId>,
    },
}

/// What happened to a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It started.
    Started {
        /// Number.
        id: i64,
        /// The playbook as it was.
        playbook: Box<Playbook>,
        /// What it is about.
        about: Option<Ref>,
        /// When.
        at: Timestamp,
        /// When each step should be done.
        due: Vec<Option<Timestamp>>,
    },
    /// A step was done.
    Finished {
        /// Which, from 1.
        step: usize,
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// A step was left out.
    Skipped {
        /// Which, from 1.
        step: usize,
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// It ended before its last step.
    Stopped {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// A step was due and its owner told.
    Reminded {
        /// Which, from 1.
        step: usize,
        /// Whom; nobody when nobody has it.
        to: Option<MemberId>,
    },
}

/// Why a run cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no step of this number.
    NoSuchStep {
        /// Asked for.
        step: usize,
        /// There are so many.
        steps: usize,
    },
    /// It was done or left out before.
    AlreadyClosed {
        /// Which.
        step: usize,
        /// By whom.
        by: MemberId,
    },
    /// A step is never left out without a reason.
    NeedsReason,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// The run has ended.
    Ended,
}

impl Decider for Run {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Start { id, playbook, about } => Ok(start(*id, playbook, *about, facts)),
            Command::Finish(step) => {
                self.open_step(*step)?;
                let by = facts.actor.member().cloned();
                Ok(by.map(|by| Event::Finished { step: *step, by, at: facts.now }).into_iter().collect())
            }
            Command::Skip(step, reason) => {
                self.open_step(*step)?;
                let reason = reason_of(reason)?;
                let by = facts.actor.member().cloned();
                Ok(by.map(|by| Event::Skipped { step: *step, by, at: facts.now, reason }).into_iter().collect())
            }
            Command::Stop(reason) => {
                if !self.is_open() {
                    return Err(Refusal::Ended);
                }
                Ok(vec![Event::Stopped { at: facts.now, reason: reason_of(reason)? }])
            }
            Command::Tick { owner } => Ok(self.tick(owner.as_ref(), facts.now)),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Started { id, playbook, about, at, due } => {
                self.id = *id;
                self.playbook = (**playbook).clone();
                self.about = *about;
                self.started_at = *at;
                let dues = due.iter().copied().chain(std::iter::repeat(None));
                self.steps = playbook
                    .steps
                    .iter()
                    .zip(dues)
                    .map(|(step, due_at)| RunStep { step: step.clone(), due_at, ..RunStep::default() })
                    .collect();
            }
            Event::Finished { step, by, at } => self.close(*step, Outcome::Done { by: by.clone(), at: *at }),
            Event::Skipped { step, by, at, reason } => {
                self.close(*step, Outcome::Skipped { by: by.clone(), at: *at, reason: reason.clone() });
            }
            Event::Stopped { at, reason } => self.stopped = Some((*at, reason.clone())),
            Event::Reminded { step, .. } => {
                if let Some(found) = step.checked_sub(1).and_then(|index| self.steps.get_mut(index)) {
                    found.reminded = true;
                }
            }
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        if !self.is_open() {
            return None;
        }
        self.steps
            .iter()
            .filter(|step| step.outcome == Outcome::Open && !step.reminded)
            .filter_map(|step| step.due_at)
            .min()
    }
}

fn start(id: i64, playbook: &Playbook, about: Option<Ref>, facts: &Facts<'_>) -> Vec<Event> {
    let due = playbook
        .steps
        .iter()
        .map(|step| {
            let calendar = match &step.role {
                Some(role) => facts.office.calendar_of_role(role),
                None => &facts.office.calendar,
            };
            step.due_minutes.and_then(|minutes| calendar.due(facts.now, minutes * MINUTE_MS))
        })
        .collect();
    vec![Event::Started { id, playbook: Box::new(playbook.clone()), about, at: facts.now, due }]
}

fn reason_of(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::NeedsReason);
    }
    if text.chars().count() > REASON_CHARS_MAX {
        return Err(Refusal::TooLong { max: REASON_CHARS_MAX });
    }
    Ok(text.to_owned())
}

impl Run {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Run, self.id)
    }

    /// Something is still to do.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stopped.is_none() && self.next().is_some()
    }

    /// Steps done or left out.
    #[must_use]
    pub fn closed_steps(&self) -> usize {
        self.steps.iter().filter(|step| step.outcome != Outcome::Open).count()
    }

    /// The first step still to do, from 1.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        self.steps.iter().position(|step| step.outcome == Outcome::Open).map(|index| index + 1)
    }

    /// A step by its number, from 1.
    #[must_use]
    pub fn step(&self, number: usize) -> Option<&RunStep> {
        number.checked_sub(1).and_then(|index| self.steps.get(index))
    }

    fn open_step(&self, number: usize) -> Result<&RunStep, Refusal> {
        if self.stopped.is_some() {
            return Err(Refusal::Ended);
        }
        let step = self.step(number).ok_or(Refusal::NoSuchStep { step: number, steps: self.steps.len() })?;
        match &step.outcome {
            Outcome::Open => Ok(step),
            Outcome::Done { by, .. } | Outcome::Skipped { by, .. } => {
                Err(Refusal::AlreadyClosed { step: number, by: by.clone() })
            }
        }
    }

    fn close(&mut self, number: usize, outcome: Outcome) {
        if let Some(found) = number.checked_sub(1).and_then(|index| self.steps.get_mut(index)) {
            found.outcome = outcome;
        }
    }

    fn tick(&self, owner: Option<&MemberId>, now: Timestamp) -> Vec<Event> {
        if !self.is_open() {
            return Vec::new();
        }
        let is_due = |step: &RunStep| {
            step.outcome == Outcome::Open && !step.reminded && step.due_at.is_some_and(|due| due <= now)
        };
        let due = self.steps.iter().enumerate().filter(|(_, step)| is_due(step));
        due.map(|(index, _)| Event::Reminded { step: index + 1, to: owner.cloned() }).collect()
    }

    /// Says something about a step of it.
    #[must_use]
    pub fn about_step(&self, key: &str, number: usize) -> Notice {
        let title = self.step(number).map(|step| step.step.title.clone()).unwrap_or_default();
        self.notice(key).number("step", i64::try_from(number).unwrap_or(i64::MAX)).with("what", Arg::PerLanguage(title))
    }

    /// Says something about it: its playbook, and how far it is.
    #[must_use]
    pub fn notice(&self, key: &str) -> Notice {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let notice = Notice::new(key)
            .with("playbook", Arg::PerLanguage(self.playbook.title.clone()))
            .number("done", count(self.closed_steps()))
            .number("steps", count(self.steps.len()));
        match self.about {
            Some(about) => notice.subject("about", about),
            None => notice.subject("about", self.subject()),
        }
    }

    fn react_to(&self, event: &Event, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let said = match event {
            // Steps that a topic brings stand on the card; a line for each would double the traffic of a flood.
            Event::Started { .. } if facts.actor.member().is_none() => return self.inform(facts, effects),
            Event::Started { .. } => self.notice("play-line-started"),
            Event::Finished { step, by, .. } => self.about_step("play-line-done", *step).member("who", by),
            Event::Skipped { step, by, reason, .. } => {
                self.about_step("play-line-skipped", *step).member("who", by).text("reason", reason)
            }
            Event::Stopped { reason, .. } => self.notice("play-line-stopped").text("reason", reason),
            Event::Reminded { step, to } => {
                if let Some(member) = to {
                    let notice = self.about_step("play-due-dm", *step);
                    let subject = self.about.or(Some(self.subject()));
                    // The ticket has its message already: that one says it, without a further ping.
                    effects.push(Effect::Tell { member: member.clone(), subject, notice, urgent: false });
                }
                return;
            }
        };
        if let Some(subject) = self.about.filter(|about| about.kind == Kind::Ticket) {
            effects.push(Effect::Line { subject, notice: said, except: None });
        }
        if matches!(event, Event::Started { .. }) {
            self.inform(facts, effects);
        }
    }

    /// Those whom the playbook wants informed: who leads each of the roles, but whoever started it.
    fn inform(&self, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let mut told: Vec<&MemberId> = Vec::new();
        for lead in self.playbook.inform.iter().filter_map(|role| facts.office.roles.get(role)?.lead.as_ref()) {
            if facts.actor.member() == Some(lead) || told.contains(&lead) {
                continue;
            }
            told.push(lead);
            let subject = self.about.or(Some(self.subject()));
            let notice = self.notice("play-inform-dm");
            effects.push(Effect::Tell { member: lead.clone(), subject, notice, urgent: false });
        }
    }
}

impl Aggregate for Run {
    const KIND: Kind = Kind::Run;

    fn columns(&self) -> Columns {
        let status = match (&self.stopped, self.next()) {
            (Some(_), _) => "stopped",
            (None, Some(_)) => "open",
            (None, None) => "done",
        };
        Columns {
            status: status.to_owned(),
            topic: Some(self.playbook.name.clone()),
            due_at: self.due_at(),
            opened_at: Some(self.started_at),
            closed_at: self.stopped.as_ref().map(|(at, _)| *at),
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Started { .. } => "started",
            Event::Finished { .. } => "finished",
            Event::Skipped { .. } => "skipped",
            Event::Stopped { .. } => "stopped",
            Event::Reminded { .. } => "reminded",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(subject) = self.about.filter(|about| about.kind == Kind::Ticket && !events.is_empty()) {
            effects.push(Effect::Card { subject });
        }
        for event in events {
            self.react_to(event, facts, &mut effects);
        }
        effects
    }
}

#[cfg(test)]
mod tests;
