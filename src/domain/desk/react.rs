//! Who is told what when a ticket changes.

use super::ticket::{Choice, Event, Ticket, WaitFor, event_name};
use super::triage::Field;
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{MemberId, Office};
use crate::domain::react::{Aggregate, Columns};
use crate::domain::rights::{self, Right, Scope};

impl Aggregate for Ticket {
    const KIND: Kind = Kind::Ticket;

    fn columns(&self) -> Columns {
        Columns {
            status: self.status.stored().to_owned(),
            owner: self.assignee.as_ref().map(|member| member.0.clone()),
            role: Some(self.opening.role.clone()),
            network: Some(self.opening.network.clone()),
            topic: Some(self.opening.topic.clone()),
            priority: Some(i64::from(self.opening.priority)),
            due_at: self.deadline().filter(|_| self.is_open() && !self.clock_stands()),
            opened_at: Some(self.opening.received_at),
            closed_at: self.resolved_at.filter(|_| !self.is_open()),
        }
    }

    fn event_name(event: &Event) -> &'static str {
        event_name(event)
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !events.is_empty() {
            effects.push(Effect::Card { subject: self.subject() });
        }
        // What a rule did is told in one line; the lines of its single steps would say it again.
        let by_rule = events.iter().any(|event| event.is_about_a_rule());
        for event in events.iter().filter(|event| !by_rule || event.is_told_beside_a_rule()) {
            self.react_to(event, facts, &mut effects);
        }
        effects
    }
}

fn resolved_line(by: Arg, outcome: Option<&str>, note: Option<&str>) -> Notice {
    let key = match (outcome, note) {
        (None, None) => "ticket-resolved-line",
        (_, None) => "ticket-resolved-outcome-line",
        (None, _) => "ticket-resolved-note-line",
        _ => "ticket-resolved-both-line",
    };
    let notice = Notice::new(key).with("who", by);
    let notice = match outcome {
        Some(outcome) => notice.with("outcome", Arg::Outcome(outcome.to_owned())),
        None => notice,
    };
    match note {
        Some(note) => notice.text("note", note),
        None => notice,
    }
}

impl Ticket {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Ticket, self.id)
    }

    /// For whom somebody acts on it: whose ticket it is while they are away, else whose right lets them.
    #[must_use]
    pub fn for_whom<'t>(&'t self, by: &MemberId, office: &'t Office) -> Option<&'t MemberId> {
        let scope = Scope { network: Some(&self.opening.network), topic: Some(&self.opening.topic), own: false };
        let lent = self.lent_by().filter(|_| self.assignee.as_ref() == Some(by));
        lent.or_else(|| rights::for_whom(office, by, Right::Claim, scope))
    }

    /// Somebody by name, and for whom they act.
    fn acting(&self, by: &MemberId, facts: &Facts<'_>) -> Arg {
        Notice::acting(by, self.for_whom(by, facts.office))
    }

    fn react_to(&self, event: &Event, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        match event {
            Event::Assigned { to, from, choice } => self.tell_assigned(to, from.as_ref(), choice, facts, effects),
            Event::Noted { note } => effects.push(self.mirrored(note.number)),
            Event::NoteAmended { amendment } => effects.push(self.mirrored(amendment.number)),
            Event::Added { entry, .. } => {
                let notice = Notice::new("ticket-added-line").text("who", &entry.author).text("text", &entry.text);
                effects.push(self.line(notice, None));
                if let Some(owner) = &self.assignee {
                    effects.push(self.tell(owner, Notice::new("ticket-added-dm").subject("ticket", self.subject())));
                }
                self.tell_watchers("ticket-added-dm", facts, effects);
            }
            Event::Resolved { by, outcome, note, .. } => {
                effects
                    .push(self.line(resolved_line(self.acting(by, facts), outcome.as_deref(), note.as_deref()), None));
                self.tell_watchers("ticket-resolved-dm", facts, effects);
            }
            Event::Released { from } => {
                let away = facts.office.away.is_away(from, facts.now);
                let key = if away { "ticket-released-away-line" } else { "ticket-released-line" };
                effects.push(self.line(Notice::new(key).member("who", from), None));
            }
            Event::Concluded { by, outcome } => {
                let notice = Notice::new("ticket-concluded-line").with("who", self.acting(by, facts));
                effects.push(self.line(notice.with("outcome", Arg::Outcome(outcome.clone())), None));
            }
            Event::Reopened { .. } => effects.push(self.line(Notice::new("ticket-reopened-line"), None)),
            Event::LeftUnassigned => self.tell_lead("ticket-nobody", facts, effects),
            other => {
                self.react_to_silence(other, facts, effects);
                self.react_to_life(other, facts, effects);
            }
        }
    }

    /// What pausing, joining and undoing say.
    fn react_to_life(&self, event: &Event, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let mut say = |key: &str, change: &dyn Fn(Notice) -> Notice| {
            let notice = Notice::new(key).subject("ticket", self.subject());
            let notice = match facts.actor.member() {
                Some(member) => notice.with("who", self.acting(member, facts)),
                None => notice.text("who", "Vigie"),
            };
            effects.push(self.line(change(notice), None));
        };
        let related = |id: i64| Ref::new(Kind::Ticket, id);
        match event {
            Event::Prioritised { priority, from, .. } => say("ticket-prioritised-line", &|notice| {
                notice.number("from", i64::from(*from)).number("to", i64::from(*priority))
            }),
            Event::Corrected { correction, .. } => match correction.field {
                Field::Topic => say("ticket-retopiced-line", &|notice| {
                    let (from, to) = (correction.from.clone(), correction.to.clone());
                    notice.with("from", Arg::Topic(from)).with("to", Arg::Topic(to))
                }),
                Field::Priority => say("ticket-prioritised-line", &|notice| {
                    let number = |value: &str| value.trim_start_matches('p').parse().unwrap_or(0);
                    notice.number("from", number(&correction.from)).number("to", number(&correction.to))
                }),
                // Mood and language stand on the card; nobody has to be told of them.
                _ => {}
            },
            Event::Rerouted { role, .. } => say("ticket-rerouted-line", &|notice| notice.text("role", role)),
            Event::Snoozed { until, .. } => {
                say("ticket-snoozed-line", &|notice| notice.with("until", Arg::At(*until)));
            }
            Event::Woken { by_message: false, by } => {
                say("ticket-woken-line", &|notice| notice);
                let told = self.assignee.as_ref().or(by.as_ref());
                if let Some(member) = told.filter(|member| Some(*member) != facts.actor.member()) {
                    let notice = self.with_due(Notice::new("ticket-woken-dm"));
                    let (member, subject) = (member.clone(), Some(self.subject()));
                    effects.push(Effect::Tell { member, subject, notice, urgent: true });
                }
            }
            Event::WaitBegan { on: WaitFor::Customer, .. } => say("ticket-wait-customer-line", &|notice| notice),
            Event::WaitBegan { on: WaitFor::Internal, .. } => say("ticket-wait-internal-line", &|notice| notice),
            Event::WaitEnded { .. } if self.is_open() => say("ticket-wait-over-line", &|notice| notice),
            Event::Locked { .. } => say("ticket-locked-line", &|notice| notice),
            Event::Unlocked { .. } => say("ticket-unlocked-line", &|notice| notice),
            Event::Merged { into, .. } => {
                say("ticket-merged-line", &|notice| notice.subject("into", related(*into)));
            }
            Event::Absorbed(absorbed) => {
                say("ticket-absorbed-line", &|notice| notice.subject("from", related(absorbed.from)));
                let others = self.assignee.iter().filter(|owner| Some(*owner) != facts.actor.member());
                for owner in others {
                    let notice = Notice::new("ticket-absorbed-dm").subject("ticket", self.subject());
                    effects.push(self.tell(owner, notice.subject("from", related(absorbed.from))));
                }
            }
            Event::SplitOff { into, sources } => say("ticket-split-line", &|notice| {
                let count = i64::try_from(sources.len()).unwrap_or(i64::MAX);
                notice.subject("into", related(*into)).number("count", count)
            }),
            Event::ContinuedIn { ticket } => {
                say("ticket-continued-line", &|notice| notice.subject("into", related(*ticket)));
            }
            Event::Undone { .. } => say("ticket-undone-line", &|notice| notice),
            Event::Moderated { what } => self.react_to_moderation(what, facts, effects),
            _ => {}
        }
    }

    fn tell_watchers(&self, key: &str, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        for member in self.watchers.iter().filter(|member| Some(*member) != facts.actor.member()) {
            effects.push(self.tell(member, Notice::new(key).subject("ticket", self.subject())));
        }
    }

    fn tell_assigned(
        &self,
        to: &MemberId,
        from: Option<&MemberId>,
        choice: &Choice,
        facts: &Facts<'_>,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(silent) = from.filter(|from| self.silences.answer.silent.as_ref() == Some(*from)) {
            return self.tell_handed_on(to, silent, facts, effects);
        }
        // Several tickets change hands at once with an absence: its own message names them all.
        match choice {
            Choice::Lent { whose, .. } => {
                let notice = Notice::new("ticket-lent-line").member("who", to).member("whom", whose);
                return effects.push(self.line(notice, None));
            }
            Choice::Returned => {
                return effects.push(self.line(Notice::new("ticket-given-back-line").member("who", to), None));
            }
            _ => {}
        }
        if !matches!(choice, Choice::Claimed) {
            let notice = self.with_due(
                Notice::new("ticket-assigned-dm")
                    .text("customer", &self.opening.customer.name)
                    .with("network", Arg::Networks(vec![self.opening.network.clone()])),
            );
            effects.push(self.tell(to, notice));
        }
        let Some(from) = from.filter(|from| Some(*from) != facts.actor.member()) else { return };
        let notice = Notice::new("ticket-taken-over-dm").subject("ticket", self.subject()).member("who", to);
        effects.push(self.tell(from, notice));
    }

    pub(super) fn tell_lead(&self, key: &str, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        self.say_to_lead(self.with_due(Notice::new(key)), facts, effects);
    }

    /// To the lead of the role; where the lead has it, or there is none, to everybody at the desk.
    pub(super) fn say_to_lead(&self, notice: Notice, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let lead = facts.office.roles.get(&self.opening.role).and_then(|role| role.lead.clone());
        match lead.filter(|lead| self.assignee.as_ref() != Some(lead)) {
            Some(member) => effects.push(Effect::Tell { member, subject: Some(self.subject()), notice, urgent: true }),
            None => {
                effects.push(Effect::Announce { desk: self.opening.desk.clone(), notice, urgent: false });
            }
        }
    }

    pub(super) fn with_due(&self, notice: Notice) -> Notice {
        let notice = notice.subject("ticket", self.subject());
        match self.deadline() {
            Some(due) => notice.with("due", Arg::At(due)).number("has_due", 1),
            None => notice.text("due", "").number("has_due", 0),
        }
    }

    pub(super) fn tell(&self, member: &MemberId, notice: Notice) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent: false }
    }

    pub(super) fn line(&self, notice: Notice, except: Option<String>) -> Effect {
        Effect::Line { subject: self.subject(), notice, except }
    }
}
