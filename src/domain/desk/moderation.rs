//! What is done with a customer's message on its network, by people and by rules: hiding, showing again, deleting; and what a
//! rule did to the ticket beside that.
//!
//! Nothing is called hidden before the network said so. Deleting takes two people. What people must see themselves (urgent, press,
//! VIP, crisis) is never hidden or closed by a rule. Start at [`Ticket::plan`] (rules) and [`Ticket::moderate`] (people).

mod parts;
pub mod react;

pub use parts::{Act, Belongings, Done, Measure, Moderated, Order, Origin, Plan, RuleAct, Spared, Stage, Visibility};

use super::events::{Event, Refusal};
use super::rule::deed::{Deed, NAME_CHARS_MAX};
use super::ticket::{Choice, Status, Ticket};
use super::undo::UNDO_WITHIN_MS;
use crate::domain::content::approval::SECOND_LOOK_MS;
use crate::domain::decide::Facts;
use crate::domain::office::{MemberId, Office};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::{DAY_MS, Timestamp};

/// Measures remembered on a ticket; older finished ones stay in the journal.
pub const MEASURES_MAX: usize = 100;
/// Acts of rules remembered on a ticket; older ones stay in the journal.
pub const ACTS_MAX: usize = 50;
/// Tags on one ticket.
pub const TAGS_MAX: usize = 20;
/// How long a proposed deletion waits for its second person: who comes to work tomorrow can still confirm it.
pub const CONFIRM_WITHIN_MS: i64 = DAY_MS;
/// From so many followers on, somebody is looked at by people (PRODUCT U9: "press/VIP/>100k").
pub const VIP_FOLLOWERS_MIN: u64 = 100_000;
/// Topic and outcome of what a rule closes; left out of all figures.
pub const SPAM: &str = "spam";
/// Who resolves what a rule closes.
pub const VIGIE: &str = "Vigie";
/// Longest words of a network that are kept, in characters.
pub const CAUSE_CHARS_MAX: usize = 300;

fn happened(what: Moderated) -> Event {
    Event::Moderated { what: Box::new(what) }
}

impl Ticket {
    /// How the public sees a message of it.
    #[must_use]
    pub fn visibility(&self, source: &str) -> Visibility {
        let last = self.measures.iter().rev().find(|one| one.source == source && one.stage == Stage::Done);
        match last.map(|one| one.act) {
            Some(Act::Hide) => Visibility::Hidden,
            Some(Act::Delete) => Visibility::Deleted,
            _ => Visibility::Shown,
        }
    }

    /// A measure by number.
    #[must_use]
    pub fn measure(&self, number: u32) -> Option<&Measure> {
        self.measures.iter().find(|one| one.number == number)
    }

    /// What a rule did, by rule and number.
    #[must_use]
    pub fn rule_act(&self, rule: i64, number: u32) -> Option<&RuleAct> {
        self.rule_acts.iter().find(|act| act.rule == rule && act.number == number)
    }

    /// The deletions that wait for a second person.
    #[must_use]
    pub fn proposed(&self, now: Timestamp) -> Vec<&Measure> {
        let fresh = |one: &&Measure| one.stage == Stage::Proposed && now.since(one.at) <= CONFIRM_WITHIN_MS;
        self.measures.iter().filter(fresh).collect()
    }

    /// Whether a message is hidden, or will be once the network answers.
    fn is_being_hidden(&self, source: &str) -> bool {
        let counts = |one: &&Measure| one.source == source && matches!(one.stage, Stage::Done | Stage::Waiting);
        self.measures.iter().rev().find(counts).is_some_and(|one| one.act != Act::Unhide)
    }

    fn next_measure(&self) -> u32 {
        self.measures.iter().map(|one| one.number).max().unwrap_or(0).saturating_add(1)
    }

    /// Why a rule may neither hide nor close it.
    #[must_use]
    pub fn spared(&self) -> Option<Spared> {
        let opening = &self.opening;
        let followers = opening.customer.followers.unwrap_or(0);
        match opening.topic.as_str() {
            "press" => Some(Spared::Press),
            "crisis" | "boycott" => Some(Spared::Crisis),
            "vip" => Some(Spared::Vip),
            _ if followers >= VIP_FOLLOWERS_MIN => Some(Spared::Vip),
            _ if opening.priority == 1 => Some(Spared::Urgent),
            _ => None,
        }
    }

    /// What a rule would do to this ticket about one of its messages. What is so already is not done again.
    #[must_use]
    pub fn plan(&self, deeds: &[Deed], source: &str, frozen: bool, facts: &Facts<'_>) -> Plan {
        let mut plan = Plan::default();
        let held = || self.spared().or(frozen.then_some(Spared::Frozen));
        for deed in deeds {
            let found = match deed {
                Deed::Hide if self.opening.is_private() => Err(Spared::Private),
                Deed::Hide if !self.is_public() => Err(Spared::NotThere),
                Deed::Hide if self.is_being_hidden(source) => Ok(None),
                Deed::Hide => held().map_or(Ok(Some(Done::Hid { measure: self.next_measure() })), Err),
                Deed::Tag(tag) => Ok(self.new_tag(tag)),
                Deed::Answer(snippet) => {
                    plan.answer = Some(*snippet);
                    Ok(None)
                }
                _ if !self.is_open() => Ok(None),
                Deed::Close => {
                    let topic = self.opening.topic.clone();
                    held().map_or(Ok(Some(Done::Closed { topic })), Err)
                }
                Deed::Priority(_) if self.opening.priority == 1 => Ok(None),
                Deed::Priority(to) => {
                    let from = self.opening.priority;
                    Ok((from != *to).then_some(Done::Prioritised { from, to: *to }))
                }
                Deed::Topic(to) => {
                    let from = self.opening.topic.clone();
                    Ok((from != *to).then(|| Done::Retopiced { from, to: to.clone() }))
                }
                Deed::AssignRole(role) if !facts.office.roles.contains_key(role) => Err(Spared::Gone),
                Deed::AssignRole(to) => {
                    let from = self.opening.role.clone();
                    Ok((from != *to).then(|| Done::Rerouted { from, to: to.clone() }))
                }
                Deed::AssignTo(member) => {
                    let to = MemberId::new(member);
                    let from = self.assignee.clone();
                    let known = facts.office.members.contains_key(&to);
                    let other = from.as_ref() != Some(&to);
                    if known { Ok(other.then_some(Done::Assigned { from, to })) } else { Err(Spared::Gone) }
                }
            };
            match found {
                Ok(done) => plan.done.extend(done),
                Err(why) => plan.spared.push((deed.clone(), why)),
            }
        }
        plan
    }

    fn new_tag(&self, tag: &str) -> Option<Done> {
        let room = self.tags.len() < TAGS_MAX && tag.chars().count() <= NAME_CHARS_MAX;
        (room && !self.tags.contains(tag)).then(|| Done::Tagged { tag: tag.to_owned() })
    }

    /// Written on a network where others can read it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        ["comment", "mention", "review"].contains(&self.opening.kind.as_str())
    }

    /// Decides about messages on their network, and about what rules did.
    pub(super) fn moderate(&self, order: &Order, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match order {
            Order::Hide | Order::Unhide | Order::Delete => self.ask_for(order, facts),
            Order::Confirm => self.confirm(facts),
            Order::Withdraw => {
                let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
                let numbers: Vec<u32> = self.proposed(facts.now).iter().map(|one| one.number).collect();
                if numbers.is_empty() {
                    return Err(Refusal::NothingProposed);
                }
                Ok(vec![happened(Moderated::Withdrawn { numbers, by: by.clone() })])
            }
            Order::Settle { number, answer } => {
                let waits = self.measure(*number).is_some_and(|one| one.stage == Stage::Waiting);
                let what = match answer {
                    Ok(()) => Moderated::Done { number: *number },
                    Err(cause) => {
                        Moderated::Refused { number: *number, cause: cause.chars().take(CAUSE_CHARS_MAX).collect() }
                    }
                };
                Ok(if waits { vec![happened(what)] } else { Vec::new() })
            }
            Order::ByRule(act) => Ok(self.by_rule(act, facts)),
            Order::UndoRule { rule, number } => self.undo_rule(*rule, *number, facts),
        }
    }

    fn ask_for(&self, order: &Order, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_free(facts)?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        if !self.is_public() {
            return Err(Refusal::NotOnNetwork { private: self.opening.is_private() });
        }
        let act = match order {
            Order::Hide => Act::Hide,
            Order::Unhide => Act::Unhide,
            _ => Act::Delete,
        };
        if act == Act::Delete && !self.proposed(facts.now).is_empty() {
            return Err(Refusal::DeletionProposed);
        }
        let there = self.opening.entries.iter().filter(|entry| !entry.deleted);
        let there = there.filter(|entry| self.visibility(&entry.source) != Visibility::Deleted);
        let sources: Vec<&str> = there
            .map(|entry| entry.source.as_str())
            .filter(|source| match act {
                Act::Hide => !self.is_being_hidden(source),
                Act::Unhide => self.is_being_hidden(source),
                Act::Delete => true,
            })
            .collect();
        if sources.is_empty() {
            return Err(Refusal::SoAlready { act });
        }
        let first = self.next_measure();
        let origin = Origin::Member { id: by.clone() };
        let stage = if act == Act::Delete { Stage::Proposed } else { Stage::Waiting };
        Ok((first..)
            .zip(sources)
            .map(|(number, source)| self.measure_event(number, source, act, &origin, &stage, facts.now))
            .collect())
    }

    fn measure_event(
        &self,
        number: u32,
        source: &str,
        act: Act,
        origin: &Origin,
        stage: &Stage,
        at: Timestamp,
    ) -> Event {
        let (source, origin, stage) = (source.to_owned(), origin.clone(), stage.clone());
        let measure = Measure { number, source, act, origin, at, confirmed_by: None, stage };
        happened(Moderated::Asked { measure })
    }

    fn confirm(&self, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_free(facts)?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let proposed = self.proposed(facts.now);
        if proposed.is_empty() {
            return Err(Refusal::NothingProposed);
        }
        if let Some(own) = proposed.iter().find(|one| one.origin == Origin::Member { id: by.clone() }) {
            if self.others_may_delete(by, facts.office) {
                return Err(Refusal::SecondPerson);
            }
            let again = own.at.plus_ms(SECOND_LOOK_MS);
            if facts.now < again {
                return Err(Refusal::SecondLook { again });
            }
        }
        let numbers = proposed.iter().map(|one| one.number).collect();
        Ok(vec![happened(Moderated::Confirmed { numbers, by: by.clone() })])
    }

    /// Somebody else could confirm a deletion. Where nobody can, whoever proposed it looks a second time.
    #[must_use]
    pub fn others_may_delete(&self, by: &MemberId, office: &Office) -> bool {
        let scope = Scope { network: Some(&self.opening.network), topic: Some(&self.opening.topic), own: false };
        let mut others = office.members.keys().filter(|member| *member != by);
        others.any(|member| rights::check(office, member, Right::Delete, scope).is_ok())
    }

    fn by_rule(&self, act: &RuleAct, facts: &Facts<'_>) -> Vec<Event> {
        let mut events = vec![happened(Moderated::Acted { act: act.clone() })];
        let origin = Origin::Rule { rule: act.rule, number: act.number };
        for done in &act.done {
            match done {
                Done::Hid { measure } => events.push(self.measure_event(
                    *measure,
                    &act.source,
                    Act::Hide,
                    &origin,
                    &Stage::Waiting,
                    facts.now,
                )),
                Done::Prioritised { from, to } => {
                    let due = Some(self.due_at_priority(*to, facts.office));
                    events.push(Event::Prioritised { priority: *to, from: *from, due });
                }
                Done::Retopiced { from, to } => {
                    events.push(happened(Moderated::Retopiced { to: to.clone(), from: from.clone() }));
                }
                Done::Rerouted { from, to } => {
                    events.push(Event::Rerouted { role: to.clone(), from: from.clone() });
                }
                Done::Assigned { from, to } => {
                    let choice = Choice::Rule { rule: act.rule, number: act.number };
                    events.push(Event::Assigned { to: to.clone(), from: from.clone(), choice });
                }
                Done::Closed { topic } => {
                    let from = topic.clone();
                    if from != SPAM {
                        events.push(happened(Moderated::Retopiced { to: SPAM.to_owned(), from }));
                    }
                    events.extend(self.end_of_wait(facts));
                    let outcome = Some(SPAM.to_owned());
                    events.push(Event::Resolved { by: MemberId::new(VIGIE), at: facts.now, outcome, note: None });
                }
                Done::Tagged { .. } | Done::Answered { .. } => {}
            }
        }
        events
    }

    fn undo_rule(&self, rule: i64, number: u32, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if let (Status::Merged, Some(into)) = (self.status, self.merged_into) {
            return Err(Refusal::Merged { into });
        }
        self.must_be_free(facts)?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let Some(act) = self.rule_act(rule, number) else { return Err(Refusal::NothingToUndo) };
        if let Some(by) = &act.undone_by {
            return Err(Refusal::UndoneAlready { by: by.clone() });
        }
        let mut events = vec![happened(Moderated::TakenBack { rule, number, by: by.clone() })];
        for done in act.done.iter().rev() {
            events.extend(self.reversed(done, act, by, facts));
        }
        Ok(events)
    }

    /// What takes one deed back, as far as nobody has changed it since.
    fn reversed(&self, done: &Done, act: &RuleAct, by: &MemberId, facts: &Facts<'_>) -> Vec<Event> {
        match done {
            Done::Hid { .. } if self.is_being_hidden(&act.source) => {
                let origin = Origin::Member { id: by.clone() };
                let number = self.next_measure();
                vec![self.measure_event(number, &act.source, Act::Unhide, &origin, &Stage::Waiting, facts.now)]
            }
            Done::Prioritised { from, to } if self.opening.priority == *to => {
                let due = Some(self.due_at_priority(*from, facts.office));
                vec![Event::Prioritised { priority: *from, from: *to, due }]
            }
            Done::Retopiced { from, to } if self.opening.topic == *to => {
                vec![happened(Moderated::Retopiced { to: from.clone(), from: to.clone() })]
            }
            Done::Rerouted { from, to } if self.opening.role == *to && facts.office.roles.contains_key(from) => {
                vec![Event::Rerouted { role: from.clone(), from: to.clone() }]
            }
            Done::Assigned { from, to } if self.assignee.as_ref() == Some(to) && self.is_open() => match from {
                Some(from) => {
                    let choice = Choice::Named { by: by.clone() };
                    vec![Event::Assigned { to: from.clone(), from: Some(to.clone()), choice }]
                }
                None => vec![Event::Released { from: to.clone() }],
            },
            Done::Closed { topic }
                if self.resolved_by.as_ref().is_some_and(|one| one.as_str() == VIGIE) && !self.is_open() =>
            {
                let changed = self.opening.topic == SPAM && topic != SPAM;
                let from = SPAM.to_owned();
                let topic = changed.then(|| happened(Moderated::Retopiced { to: topic.clone(), from }));
                let reopened = Event::Reopened { due: Some(self.due_when_reopened(facts)) };
                [topic, Some(reopened)].into_iter().flatten().collect()
            }
            _ => Vec::new(),
        }
    }

    /// What it brings along into a ticket that it is merged into.
    pub(super) fn moderation(&self) -> Belongings {
        let about_messages =
            |done: &Done| matches!(done, Done::Hid { .. } | Done::Tagged { .. } | Done::Answered { .. });
        let acts = self.rule_acts.iter().map(|act| {
            let done = act.done.iter().filter(|done| about_messages(done)).cloned().collect();
            RuleAct { done, fresh: false, ..act.clone() }
        });
        Belongings {
            measures: self.measures.iter().filter(|one| one.stage == Stage::Done).cloned().collect(),
            acts: acts.filter(|act| !act.done.is_empty()).collect(),
            tags: self.tags.clone(),
        }
    }

    /// Takes over what a merged ticket brings along; measures get numbers of this one.
    pub(super) fn take_moderation(&mut self, brought: &Belongings) {
        for measure in &brought.measures {
            let number = self.next_measure();
            self.measures.push(Measure { number, ..measure.clone() });
        }
        let over = self.measures.len().saturating_sub(MEASURES_MAX);
        self.measures.drain(..over);
        self.rule_acts.extend(brought.acts.iter().cloned());
        let over = self.rule_acts.len().saturating_sub(ACTS_MAX);
        self.rule_acts.drain(..over);
        self.tags.extend(brought.tags.iter().cloned());
    }

    /// When the next undo button has had its time.
    pub(super) fn lapses_at(&self) -> Option<Timestamp> {
        let fresh = self.rule_acts.iter().filter(|act| act.fresh);
        fresh.map(|act| act.at.plus_ms(UNDO_WITHIN_MS)).min()
    }

    /// The undo buttons whose time is over.
    pub(super) fn lapse(&self, now: Timestamp) -> Vec<Event> {
        let over = |act: &&RuleAct| act.fresh && act.at.plus_ms(UNDO_WITHIN_MS) <= now;
        let over = self.rule_acts.iter().filter(over);
        over.map(|act| happened(Moderated::Lapsed { rule: act.rule, number: act.number })).collect()
    }

    /// The state after one of these events.
    pub(super) fn after_moderation(&mut self, what: &Moderated) {
        match what {
            Moderated::Asked { measure } => {
                self.measures.push(measure.clone());
                if self.measures.len() > MEASURES_MAX {
                    let over = |one: &Measure| !matches!(one.stage, Stage::Waiting | Stage::Proposed);
                    let place = self.measures.iter().position(over).unwrap_or(0);
                    self.measures.remove(place);
                }
            }
            Moderated::Confirmed { numbers, by } => {
                for one in self.measures.iter_mut().filter(|one| numbers.contains(&one.number)) {
                    one.stage = Stage::Waiting;
                    one.confirmed_by = Some(by.clone());
                }
            }
            Moderated::Withdrawn { numbers, .. } => {
                let chosen = self.measures.iter_mut().filter(|one| numbers.contains(&one.number));
                chosen.for_each(|one| one.stage = Stage::Withdrawn);
            }
            Moderated::Done { number } => self.set_stage(*number, &Stage::Done),
            Moderated::Refused { number, cause } => self.set_stage(*number, &Stage::Refused { cause: cause.clone() }),
            Moderated::Acted { act } => {
                let tags = act.done.iter().filter_map(|done| match done {
                    Done::Tagged { tag } => Some(tag.clone()),
                    _ => None,
                });
                self.tags.extend(tags);
                self.rule_acts.push(RuleAct { fresh: true, ..act.clone() });
                if self.rule_acts.len() > ACTS_MAX {
                    self.rule_acts.remove(0);
                }
            }
            Moderated::TakenBack { rule, number, by } => self.forget_act(*rule, *number, by),
            Moderated::Lapsed { rule, number } => {
                let chosen = self.rule_acts.iter_mut().filter(|act| act.rule == *rule && act.number == *number);
                chosen.for_each(|act| act.fresh = false);
            }
            Moderated::Retopiced { to, .. } => self.opening.topic.clone_from(to),
        }
    }

    fn set_stage(&mut self, number: u32, stage: &Stage) {
        let chosen = self.measures.iter_mut().filter(|one| one.number == number);
        chosen.for_each(|one| one.stage = stage.clone());
    }

    fn forget_act(&mut self, rule: i64, number: u32, by: &MemberId) {
        let Some(place) = self.rule_acts.iter().position(|act| act.rule == rule && act.number == number) else {
            return;
        };
        self.rule_acts[place].undone_by = Some(by.clone());
        self.rule_acts[place].fresh = false;
        let tagged = |act: &RuleAct, wanted: &str| {
            act.undone_by.is_none() && act.done.iter().any(|done| matches!(done, Done::Tagged { tag } if tag == wanted))
        };
        for done in self.rule_acts[place].done.clone() {
            if let Done::Tagged { tag } = done
                && !self.rule_acts.iter().any(|act| tagged(act, &tag))
            {
                self.tags.remove(&tag);
            }
        }
    }
}

#[cfg(test)]
mod tests;
