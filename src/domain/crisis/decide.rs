//! What people may do with a crisis, and what comes of it.
//!
//! Start at the `Decider` implementation.

use std::collections::{BTreeMap, BTreeSet};

use super::crisis::{
    Command, Crisis, Declaration, Duty, Event, Figures, Freeze, NEXT_UPDATE_MS_MAX, PROPOSAL_LIFE_MS, Proposal,
    Refusal, TEXT_CHARS_MAX, Terms, Update, What,
};
use super::timers;
use crate::domain::decide::{Decider, Facts};
use crate::domain::office::{MemberId, Office};
use crate::domain::rights::{self, Right, Scope};
use crate::domain::time::Timestamp;

impl Decider for Crisis {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Declare(_) | Command::AmendMoment { .. } | Command::AddMoment { .. } | Command::Tick { .. } => {}
            _ => self.must_be_open()?,
        }
        let whats = match command {
            Command::Declare(declaration) => declare(declaration, facts)?,
            Command::Confirm => self.confirm(facts)?,
            Command::Acknowledge => self.take_note(facts)?,
            Command::Substitute(stand_ins) => self.substitute(stand_ins),
            Command::Update { known, unknown, next } => self.update(known, unknown, *next, facts)?,
            Command::SetLevel { level, away } => self.set_level(*level, away, facts)?,
            Command::Freeze { networks, figures } => self.hold(networks, figures.as_ref())?,
            Command::Unfreeze => self.lift(facts)?,
            Command::StandDown { held } => self.end(held, facts)?,
            Command::AddMoment { who, text, at, source } => self.moment(who, text, *at, source.as_ref(), facts)?,
            Command::AmendMoment { source, text } => self.amended(source, text.as_ref()),
            Command::Tick { away } => timers::due(self, away, facts),
        };
        let by = facts.actor.member().cloned();
        Ok(whats.into_iter().map(|what| Event { at: facts.now, by: by.clone(), what }).collect())
    }

    fn evolve(self, event: &Event) -> Self {
        self.after(event)
    }

    fn due_at(&self) -> Option<Timestamp> {
        timers::due_at(self)
    }
}

/// Whether a member may lead crises.
#[must_use]
pub fn leads(office: &Office, member: &MemberId) -> bool {
    rights::check(office, member, Right::CrisisLead, Scope::default()).is_ok()
}

/// Whoever acts is a person who may lead crises.
fn actor_leads(facts: &Facts<'_>) -> bool {
    facts.actor.member().is_some_and(|member| leads(facts.office, member))
}

fn checked(text: &str, may_be_empty: bool) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() && !may_be_empty {
        return Err(Refusal::EmptyText);
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::TooLong { max: TEXT_CHARS_MAX });
    }
    Ok(text.to_owned())
}

fn declare(asked: &Declaration, facts: &Facts<'_>) -> Result<Vec<What>, Refusal> {
    let text = checked(&asked.text, asked.figures.is_some())?;
    if !(1..=3).contains(&asked.level) {
        return Err(Refusal::NoSuchLevel(asked.level));
    }
    if asked.level == 3 && !actor_leads(facts) {
        return Err(Refusal::NotLead);
    }
    let plan = &facts.office.crisis;
    let declaration = Declaration { text, ..asked.clone() };
    let mut whats = vec![What::Declared {
        lead: plan.lead.clone(),
        deputy: plan.deputy.clone(),
        terms: Terms::of(plan),
        confirm: asked.level == 2 && !asked.drill && !actor_leads(facts),
        declaration: Box::new(declaration),
    }];
    if asked.level >= 2 {
        if !asked.drill {
            whats.push(What::Frozen { freeze: Freeze::at_level(asked.level, &asked.networks), figures: None });
        }
        let called = to_call(asked.level, &BTreeSet::new(), &asked.away, facts.office);
        let declarer = facts.actor.member().filter(|by| called.iter().any(|(member, _)| member == *by)).cloned();
        whats.extend(called.into_iter().map(|(member, duty)| What::Called { member, duty }));
        // Whoever declares it knows of it.
        whats.extend(declarer.map(|member| What::Acknowledged { member }));
    }
    Ok(whats)
}

/// Who is called at a level, besides those called already: lead, deputy, then the roles; backups for who is away.
fn to_call(level: u8, known: &BTreeSet<MemberId>, away: &BTreeSet<MemberId>, office: &Office) -> Vec<(MemberId, Duty)> {
    let plan = &office.crisis;
    let mut wanted: Vec<(MemberId, Duty)> = Vec::new();
    wanted.extend(plan.lead.clone().map(|member| (member, Duty::Lead)));
    wanted.extend(plan.deputy.clone().map(|member| (member, Duty::Deputy)));
    let more: &[String] = if level >= 3 { &plan.crisis_roles } else { &[] };
    for role in plan.alert_roles.iter().chain(more) {
        wanted.extend(office.holders(role).map(|member| (member.id.clone(), Duty::Role { name: role.clone() })));
    }
    let mut called: Vec<(MemberId, Duty)> = Vec::new();
    for (member, duty) in wanted {
        let present = if away.contains(&member) { timers::backup_of(&member, away, office) } else { Some(member) };
        let Some(member) = present.filter(|member| office.members.contains_key(member)) else { continue };
        if !known.contains(&member) && !called.iter().any(|(other, _)| *other == member) {
            called.push((member, duty));
        }
    }
    called
}

impl Crisis {
    fn must_be_open(&self) -> Result<(), Refusal> {
        match self.closed_at {
            Some(at) => Err(Refusal::Closed { at }),
            None => Ok(()),
        }
    }

    fn confirm(&self, facts: &Facts<'_>) -> Result<Vec<What>, Refusal> {
        if !self.unconfirmed {
            return Err(Refusal::AlreadyConfirmed);
        }
        let own = facts.actor.member() == self.alarmed_by.as_ref();
        // A team of one has nobody else.
        if facts.actor.member().is_none() || (own && !facts.office.is_solo()) {
            return Err(Refusal::OwnAlert);
        }
        Ok(vec![What::Confirmed])
    }

    /// Each part of somebody who is away goes to one person, and comes back with them.
    fn substitute(&self, stand_ins: &BTreeMap<MemberId, MemberId>) -> Vec<What> {
        let mut whats = Vec::new();
        for (member, by) in &self.relieved {
            if !stand_ins.contains_key(member) {
                whats.push(What::Resumed { member: member.clone(), by: by.clone() });
            }
        }
        for (member, by) in stand_ins.iter().filter(|(member, _)| self.concerns(member)) {
            if self.relieved.get(member) != Some(by) && member != by {
                whats.push(What::Relieved { member: member.clone(), by: by.clone() });
            }
        }
        whats
    }

    fn take_note(&self, facts: &Facts<'_>) -> Result<Vec<What>, Refusal> {
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let open: Vec<What> =
            self.calls_of(by).map(|call| What::Acknowledged { member: call.member.clone() }).collect();
        if !open.is_empty() {
            return Ok(open);
        }
        if self.calls.iter().any(|call| call.member == *by) {
            return Err(Refusal::AlreadyAcknowledged);
        }
        Ok(vec![What::Joined])
    }

    fn update(
        &self,
        known: &str,
        unknown: &str,
        next: Option<Timestamp>,
        facts: &Facts<'_>,
    ) -> Result<Vec<What>, Refusal> {
        let (known, unknown) = (checked(known, false)?, checked(unknown, true)?);
        let Some(by) = facts.actor.member().cloned() else { return Ok(Vec::new()) };
        if next.is_some_and(|next| !(1..=NEXT_UPDATE_MS_MAX).contains(&next.since(facts.now))) {
            return Err(Refusal::NextUpdateOutOfRange);
        }
        let usual = (self.level >= 2).then(|| facts.now.plus_ms(self.terms.update_ms(self.level)));
        let on_time = self.update_due.is_none_or(|due| facts.now <= due);
        let update = Update { by, at: facts.now, known, unknown, on_time };
        Ok(vec![What::Updated { update, next: next.or(usual) }])
    }

    fn set_level(&self, level: u8, away: &BTreeSet<MemberId>, facts: &Facts<'_>) -> Result<Vec<What>, Refusal> {
        if !(1..=3).contains(&level) {
            return Err(Refusal::NoSuchLevel(level));
        }
        if level == self.level {
            return Err(Refusal::SameLevel(level));
        }
        if (level == 3 || level < self.level) && !actor_leads(facts) {
            return Err(Refusal::NotLead);
        }
        let confirm = level == 2 && level > self.level && !self.drill && !actor_leads(facts);
        let mut whats = vec![What::LevelChanged { from: self.level, to: level, confirm }];
        if level < self.level {
            // A lower level lifts nothing: that takes its own agreement.
            return Ok(whats);
        }
        let freeze = self.freeze.with(&Freeze::at_level(level, &self.networks));
        if !self.drill && freeze != self.freeze {
            whats.push(What::Frozen { freeze, figures: None });
        }
        let known = self.calls.iter().map(|call| call.member.clone()).collect();
        let called = to_call(level, &known, away, facts.office);
        let raiser = facts.actor.member().filter(|by| called.iter().any(|(member, _)| member == *by)).cloned();
        whats.extend(called.into_iter().map(|(member, duty)| What::Called { member, duty }));
        whats.extend(raiser.map(|member| What::Acknowledged { member }));
        Ok(whats)
    }

    fn hold(&self, networks: &BTreeSet<String>, figures: Option<&Figures>) -> Result<Vec<What>, Refusal> {
        if self.drill {
            return Err(Refusal::DrillFreezesNothing);
        }
        let freeze = self.freeze.with(&Freeze::of(networks));
        if freeze == self.freeze || (self.freeze.all && !freeze.is_none()) {
            return Err(Refusal::AlreadyFrozen);
        }
        Ok(vec![What::Frozen { freeze, figures: figures.cloned() }])
    }

    fn lift(&self, facts: &Facts<'_>) -> Result<Vec<What>, Refusal> {
        if self.freeze.is_none() {
            return Err(Refusal::NotFrozen);
        }
        let (people, enough) = self.agree(self.unfreeze.as_ref(), facts)?;
        Ok(vec![if enough { What::Unfrozen { people } } else { What::UnfreezeProposed { people } }])
    }

    fn end(&self, held: &[String], facts: &Facts<'_>) -> Result<Vec<What>, Refusal> {
        let (people, enough) = self.agree(self.standdown.as_ref(), facts)?;
        Ok(vec![if enough {
            What::StoodDown { people, held: held.to_vec() }
        } else {
            What::StandDownProposed { people }
        }])
    }

    /// One more person agrees; tells whether that is enough.
    fn agree(&self, so_far: Option<&Proposal>, facts: &Facts<'_>) -> Result<(Vec<MemberId>, bool), Refusal> {
        let Some(by) = facts.actor.member() else { return Err(Refusal::NotLead) };
        let may = self.who_may_agree(facts.office);
        if !may.contains(by) {
            return Err(Refusal::NotLead);
        }
        let fresh = so_far.filter(|proposal| facts.now.since(proposal.at) <= PROPOSAL_LIFE_MS);
        // Somebody whose right was taken away meanwhile counts no more.
        let mut people: Vec<MemberId> =
            fresh.into_iter().flat_map(|proposal| &proposal.by).filter(|who| may.contains(*who)).cloned().collect();
        if people.contains(by) {
            let others = may.into_iter().filter(|other| !people.contains(other)).collect();
            return Err(Refusal::NeedsAnother { others });
        }
        people.push(by.clone());
        let enough = people.len() >= self.people_needed(may.len());
        Ok((people, enough))
    }

    fn people_needed(&self, eligible: usize) -> usize {
        usize::try_from(self.terms.standdown_people).unwrap_or(usize::MAX).clamp(1, eligible.max(1))
    }

    /// Who may agree to lift a freeze or to end it: those who may lead crises; the whole team where they are too few, so
    /// that a small office is never locked in.
    #[must_use]
    pub fn who_may_agree(&self, office: &Office) -> BTreeSet<MemberId> {
        let holding = |right: Right| -> BTreeSet<MemberId> {
            office
                .members
                .keys()
                .filter(|member| rights::check(office, member, right, Scope::default()).is_ok())
                .cloned()
                .collect()
        };
        let leaders = holding(Right::CrisisLead);
        if leaders.len() >= usize::try_from(self.terms.standdown_people).unwrap_or(usize::MAX) {
            return leaders;
        }
        holding(Right::CrisisDeclare)
    }

    fn moment(
        &self,
        who: &str,
        text: &str,
        at: Timestamp,
        source: Option<&String>,
        facts: &Facts<'_>,
    ) -> Result<Vec<What>, Refusal> {
        let known = |source: &String| self.timeline.iter().any(|moment| moment.source.as_ref() == Some(source));
        if source.is_some_and(known) {
            return Ok(Vec::new());
        }
        let text = match source {
            // Another person's message is taken as it is, shortened rather than refused.
            Some(_) => text.trim().chars().take(TEXT_CHARS_MAX).collect(),
            None => checked(text, false)?,
        };
        let happened_at = at.min(facts.now);
        Ok(vec![What::MomentAdded { who: who.to_owned(), text, happened_at, source: source.cloned() }])
    }

    fn amended(&self, source: &str, text: Option<&String>) -> Vec<What> {
        if !self.timeline.iter().any(|moment| moment.source.as_deref() == Some(source)) {
            return Vec::new();
        }
        let text = text.map(|text| text.chars().take(TEXT_CHARS_MAX).collect());
        vec![What::MomentAmended { source: source.to_owned(), text }]
    }
}
