//! What happens while nobody answers: the owner is reminded, then the ticket goes to somebody else, then the lead is told.
//!
//! The instants are reckoned once, in business time of the ticket's role, from the steps that were copied into the ticket
//! when it was opened. A delivered answer, the end of the ticket, a wait for the customer and a word of its owner ("I'm on
//! it") stop what is left. Never decides who gets it next (`app::handing_on`). Start at [`Ticket::next_step`].

use serde::{Deserialize, Serialize};

use super::clock::Due;
use super::events::{Event, Refusal};
use super::ticket::{Status, Ticket};
use crate::domain::decide::Facts;
use crate::domain::office::promise::Steps;
use crate::domain::office::{MemberId, Office};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::time::{MINUTE_MS, Timestamp};

/// From so much on a step says how late it comes: timers turn every second, so this is Vigie having been down.
const LATE_FROM_MS: i64 = 5 * MINUTE_MS;
/// The most urgent priority reaches its owner at any hour (PRODUCT U4: "quiet outside one's hours except P1").
const ANY_HOUR_PRIORITY: u8 = 1;

/// What a deadline is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// The first answer.
    #[default]
    First,
    /// The answer to what the customer wrote after ours.
    Next,
    /// The solution.
    Resolution,
}

impl Deadline {
    /// Name in wording keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Next => "next",
            Self::Resolution => "resolution",
        }
    }
}

/// When each step of a deadline is due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTimes {
    /// The owner is reminded.
    #[serde(default)]
    pub remind: Option<Timestamp>,
    /// It goes to somebody else.
    #[serde(default)]
    pub hand_on: Option<Timestamp>,
    /// The lead is told; none is at the deadline.
    #[serde(default)]
    pub tell_lead: Option<Timestamp>,
}

impl StepTimes {
    /// The steps of a time promised from an instant on, of which `spent_ms` more business time does not count. No step comes
    /// before the one in front of it.
    #[must_use]
    pub fn of(steps: &Steps, from: Timestamp, promised_minutes: i64, spent_ms: i64, calendar: &Calendar) -> Self {
        let at = |minutes: Option<i64>| {
            let length_ms = minutes?.saturating_mul(MINUTE_MS).saturating_add(spent_ms);
            calendar.due(from, length_ms)
        };
        let remind = at(steps.remind.minutes_of(promised_minutes));
        let hand_on =
            at(steps.hand_on.minutes_of(promised_minutes)).map(|found| remind.map_or(found, |at| found.max(at)));
        let before = hand_on.or(remind);
        let tell_lead =
            at(steps.tell_lead.minutes_of(promised_minutes)).map(|found| before.map_or(found, |at| found.max(at)));
        Self { remind, hand_on, tell_lead }
    }

    /// Moved by the same means as the deadline.
    #[must_use]
    pub fn moved(&self, by: impl Fn(Timestamp) -> Timestamp) -> Self {
        Self { remind: self.remind.map(&by), hand_on: self.hand_on.map(&by), tell_lead: self.tell_lead.map(&by) }
    }
}

/// How far it has come with one deadline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Silence {
    /// 0: nothing yet; 1: the owner was reminded; 2: it went to somebody else, or could not; 3: the lead was told.
    pub level: u8,
    /// The deadline has passed, and the journal says so.
    pub breached: bool,
    /// Its owner said that they are on it.
    pub acknowledged: bool,
    /// Who was silent when it went to somebody else.
    pub silent: Option<MemberId>,
    /// Nobody else could take it.
    pub nobody: bool,
}

/// How far it has come with the answer that is owed, and with the solution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Silences {
    /// The first answer, or the next one.
    pub answer: Silence,
    /// The solution.
    pub solution: Silence,
}

/// A step that time takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Its time aside is over.
    Wake,
    /// Remind the owner.
    Remind,
    /// Give it to somebody else.
    HandOn,
    /// Note that the deadline has passed.
    Breach,
    /// Tell the lead.
    TellLead,
}

impl Ticket {
    /// The customer waits for an answer: none was given yet, or they have written since.
    #[must_use]
    pub fn owes_answer(&self) -> bool {
        self.answered_at.is_none() || self.due.turn_since.is_some()
    }

    /// Which answer is owed.
    #[must_use]
    pub fn answer_owed(&self) -> Deadline {
        if self.answered_at.is_none() { Deadline::First } else { Deadline::Next }
    }

    /// When it is due.
    #[must_use]
    pub fn due_of(&self, deadline: Deadline) -> Option<Timestamp> {
        match deadline {
            Deadline::First => self.due.first,
            Deadline::Next => self.due.next,
            Deadline::Resolution => self.due.resolution,
        }
    }

    /// How far it has come with the deadline.
    #[must_use]
    pub fn silence_of(&self, deadline: Deadline) -> &Silence {
        if deadline == Deadline::Resolution { &self.silences.solution } else { &self.silences.answer }
    }

    pub(super) fn silence_mut(&mut self, deadline: Deadline) -> &mut Silence {
        if deadline == Deadline::Resolution { &mut self.silences.solution } else { &mut self.silences.answer }
    }

    /// The deadline that people are told of: the answer while one is owed, else the solution.
    #[must_use]
    pub fn pressing(&self) -> Deadline {
        if self.owes_answer() { self.answer_owed() } else { Deadline::Resolution }
    }

    /// The next thing that time does, and when.
    #[must_use]
    pub fn next_step(&self) -> Option<(Timestamp, Step, Deadline)> {
        if !self.is_open() {
            return None;
        }
        let pressing = self.pressing();
        let mut steps = Vec::new();
        steps.extend(self.snooze.as_ref().map(|snooze| (snooze.until, Step::Wake, pressing)));
        if !self.clock_stands() {
            steps.extend(self.breach_of(pressing));
            steps.extend(self.breach_of(Deadline::Resolution));
            steps.extend(self.word_of(pressing));
        }
        steps.into_iter().min()
    }

    fn breach_of(&self, deadline: Deadline) -> Option<(Timestamp, Step, Deadline)> {
        let due = self.due_of(deadline).filter(|_| !self.silence_of(deadline).breached)?;
        Some((due, Step::Breach, deadline))
    }

    /// The next step towards people. Who has nothing in hand cannot be silent; nor is, for being moved, who has put it aside,
    /// locked it, waits for somebody in the house, or said that they are on it. One who has answered is not silent either:
    /// a late solution is never taken away from them.
    fn word_of(&self, deadline: Deadline) -> Option<(Timestamp, Step, Deadline)> {
        let silence = self.silence_of(deadline);
        let due = self.due_of(deadline)?;
        let times = if deadline == Deadline::Resolution { &self.due.solution } else { &self.due.answer };
        let in_hand = silence.acknowledged || self.snooze.is_some();
        let remind = times.remind.filter(|_| silence.level < 1 && self.assignee.is_some() && !in_hand);
        let stays = in_hand || self.lock.is_some() || self.status == Status::WaitingInternal;
        let hand_on = times
            .hand_on
            .filter(|_| silence.level < 2 && self.assignee.is_some() && !stays && deadline != Deadline::Resolution);
        let told = times.tell_lead.unwrap_or(due);
        let told = if in_hand { told.max(due) } else { told };
        let steps = [
            remind.map(|at| (at, Step::Remind, deadline)),
            hand_on.map(|at| (at, Step::HandOn, deadline)),
            (silence.level < 3).then_some((told, Step::TellLead, deadline)),
        ];
        steps.into_iter().flatten().min()
    }

    /// Does the first thing that has come due.
    pub(super) fn tick(&self, facts: &Facts<'_>) -> Vec<Event> {
        let Some((at, step, deadline)) = self.next_step().filter(|(at, ..)| *at <= facts.now) else {
            return Vec::new();
        };
        let late = facts.now.since(at);
        let late_ms = if late >= LATE_FROM_MS { late } else { 0 };
        match step {
            Step::Wake => self.come_back(facts),
            Step::Remind => self.remind(deadline, late_ms, facts),
            Step::HandOn => self.owner_silent(deadline, late_ms),
            Step::Breach => vec![Event::Breached { deadline, due: at }],
            Step::TellLead => vec![Event::Escalated { deadline, late_ms }],
        }
    }

    /// It is back from being put aside: what was due meanwhile is not made up for, its owner is told of it now.
    fn come_back(&self, facts: &Facts<'_>) -> Vec<Event> {
        let by = self.snooze.as_ref().map(|snooze| snooze.by.clone());
        let mut events = vec![Event::Woken { by_message: false, by }];
        events.extend(self.spared_until(facts.now));
        events
    }

    fn remind(&self, deadline: Deadline, late_ms: i64, facts: &Facts<'_>) -> Vec<Event> {
        let Some(owner) = &self.assignee else { return Vec::new() };
        // Nobody is there to read it: whoever can is asked at once.
        if deadline != Deadline::Resolution && facts.office.away.is_away(owner, facts.now) {
            return self.owner_silent(deadline, late_ms);
        }
        if self.opening.priority > ANY_HOUR_PRIORITY
            && let Some(at) = next_shift(owner, facts.office, facts.now)
        {
            return vec![Event::ReminderPutOff { deadline, until: at }];
        }
        vec![Event::Reminded { deadline, late_ms }]
    }

    fn owner_silent(&self, deadline: Deadline, late_ms: i64) -> Vec<Event> {
        let owner = self.assignee.clone();
        owner.map(|owner| Event::OwnerSilent { owner, deadline, late_ms }).into_iter().collect()
    }

    /// Whoever gets or takes up a ticket now is not reminded of what was due before.
    pub(super) fn spared_until(&self, now: Timestamp) -> Option<Event> {
        let deadline = self.pressing();
        let times = if deadline == Deadline::Resolution { &self.due.solution } else { &self.due.answer };
        let passed = [times.remind, times.hand_on].into_iter().flatten().any(|at| at <= now);
        (passed && self.silence_of(deadline).level < 2).then_some(Event::Spared { deadline, level: 2 })
    }

    /// What follows when the deadlines are set anew and a step of theirs is past already: the owner is reminded of it, unless it
    /// is their own doing, and keeps it. Being hurried is no silence.
    pub(super) fn at_new_pace(&self, due: &Due, facts: &Facts<'_>) -> Vec<Event> {
        let deadline = self.pressing();
        let times = if deadline == Deadline::Resolution { &due.solution } else { &due.answer };
        if times.hand_on.is_none_or(|at| at > facts.now) {
            return Vec::new();
        }
        let told = self.assignee.is_some() && self.assignee.as_ref() != facts.actor.member();
        let reminded = (told && !self.clock_stands()).then_some(Event::Reminded { deadline, late_ms: 0 });
        reminded.into_iter().chain([Event::Spared { deadline, level: 2 }]).collect()
    }

    /// Its owner is at it, as far as anybody can see: it stays with them, and the lead hears of it in time.
    pub(super) fn spare(&self) -> Vec<Event> {
        let deadline = self.pressing();
        if self.silence_of(deadline).level < 2 { vec![Event::Spared { deadline, level: 2 }] } else { Vec::new() }
    }

    /// Nobody else can have it.
    pub(super) fn nobody_else(&self) -> Vec<Event> {
        let deadline = self.pressing();
        if self.silence_of(deadline).nobody { Vec::new() } else { vec![Event::NobodyElse { deadline }] }
    }

    /// Its owner says that they are on it.
    pub(super) fn acknowledge(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_open()?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        if self.assignee.as_ref() != Some(by) {
            return Err(Refusal::NotYours { owner: self.assignee.clone() });
        }
        let deadline = self.pressing();
        if self.clock_stands() || self.silence_of(deadline).acknowledged {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Acknowledged { by: by.clone(), deadline, until: self.due_of(deadline) }])
    }

    /// One of the steps that are due may give it to somebody else.
    #[must_use]
    pub fn may_change_hands(&self, now: Timestamp) -> bool {
        let answer = &self.due.answer;
        let hand_on = answer.hand_on.is_some_and(|at| at <= now) || answer.remind.is_some_and(|at| at <= now);
        self.is_open() && self.owes_answer() && self.silences.answer.level < 2 && hand_on
    }

    /// Its owner was reminded and can still say that they are on it.
    #[must_use]
    pub fn can_be_acknowledged(&self) -> bool {
        let silence = self.silence_of(self.pressing());
        self.is_open() && !self.clock_stands() && silence.level >= 1 && !silence.acknowledged
    }

    /// Nobody has answered, its owner was silent, nobody else could take it, and the lead knows: only an alarm is left.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        let silence = &self.silences.answer;
        self.is_open() && !self.clock_stands() && self.owes_answer() && silence.nobody && silence.level >= 3
    }

    /// What the events of this file make of it.
    pub(super) fn goes_silent(&mut self, event: &Event) {
        match event {
            Event::Reminded { deadline, .. } => self.reaches(*deadline, 1),
            Event::ReminderPutOff { deadline, until } => {
                let times =
                    if *deadline == Deadline::Resolution { &mut self.due.solution } else { &mut self.due.answer };
                times.remind = Some(*until);
            }
            Event::OwnerSilent { owner, deadline, .. } => {
                self.reaches(*deadline, 2);
                self.silence_mut(*deadline).silent = Some(owner.clone());
            }
            Event::NobodyElse { deadline } => self.silence_mut(*deadline).nobody = true,
            Event::Spared { deadline, level } => self.reaches(*deadline, *level),
            Event::Acknowledged { deadline, .. } => self.silence_mut(*deadline).acknowledged = true,
            Event::Breached { deadline, .. } => self.silence_mut(*deadline).breached = true,
            Event::Escalated { deadline, .. } => self.reaches(*deadline, 3),
            _ => {}
        }
    }

    fn reaches(&mut self, deadline: Deadline, level: u8) {
        let silence = self.silence_mut(deadline);
        silence.level = silence.level.max(level);
    }

    /// Somebody else has it: they are not silent.
    pub(super) fn changes_hands(&mut self, to: &MemberId) {
        for silence in [&mut self.silences.answer, &mut self.silences.solution] {
            silence.acknowledged = false;
            silence.nobody = false;
            if silence.silent.as_ref() == Some(to) {
                silence.silent = None;
            }
            // Who gets it after the reminder has just got it: it does not move on at once.
            if silence.level == 1 {
                silence.level = 2;
            }
        }
    }
}

/// When somebody who is outside their own hours is there again; `None` while they are there, and for who never works.
fn next_shift(member: &MemberId, office: &Office, now: Timestamp) -> Option<Timestamp> {
    let hours = office.members.get(member)?.hours.as_ref().filter(|hours| !hours.is_open(now))?;
    hours.next_open(now)
}

#[cfg(test)]
#[path = "silence_tests.rs"]
mod tests;
