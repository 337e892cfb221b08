//! Who is told what when a ticket changes.

use super::ticket::{Choice, Event, Ticket, event_name};
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};

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
            due_at: if self.is_open() { self.deadline() } else { None },
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
        for event in events {
            self.react_to(event, facts, &mut effects);
        }
        effects
    }
}

impl Ticket {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Ticket, self.id)
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
            }
            Event::Resolved { by, outcome, .. } => {
                let notice = Notice::new("ticket-resolved-line")
                    .member("who", by)
                    .text("outcome", outcome.as_deref().unwrap_or_default())
                    .number("given", i64::from(outcome.is_some()));
                effects.push(self.line(notice, None));
            }
            Event::Reopened => effects.push(self.line(Notice::new("ticket-reopened-line"), None)),
            Event::LeftUnassigned => self.tell_lead("ticket-nobody", facts, effects),
            Event::Reminded => {
                if let Some(owner) = &self.assignee {
                    let notice = self.with_due(Notice::new("ticket-reminder-dm"));
                    effects.push(Effect::Tell {
                        member: owner.clone(),
                        subject: Some(self.subject()),
                        notice,
                        urgent: true,
                    });
                }
            }
            Event::Escalated => self.tell_lead("ticket-late-lead", facts, effects),
            Event::Opened { .. } | Event::Amended { .. } | Event::Prioritised { .. } | Event::Corrected { .. } | Event::Answered { .. } => {}
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
        if !matches!(choice, Choice::Claimed) {
            let notice = self.with_due(
                Notice::new("ticket-assigned-dm")
                    .text("customer", &self.opening.customer.name)
                    .with("network", Arg::Network(self.opening.network.clone())),
            );
            effects.push(self.tell(to, notice));
        }
        let Some(from) = from.filter(|from| Some(*from) != facts.actor.member()) else { return };
        let notice = Notice::new("ticket-taken-over-dm").subject("ticket", self.subject()).member("who", to);
        effects.push(self.tell(from, notice));
    }

    fn tell_lead(&self, key: &str, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        let notice = self.with_due(Notice::new(key));
        let lead = facts.office.roles.get(&self.opening.role).and_then(|role| role.lead.clone());
        match lead {
            Some(member) => effects.push(Effect::Tell { member, subject: Some(self.subject()), notice, urgent: true }),
            None => {
                effects.push(Effect::Announce { desk: self.opening.desk.clone(), notice, urgent: false });
            }
        }
    }

    fn with_due(&self, notice: Notice) -> Notice {
        let notice = notice.subject("ticket", self.subject());
        match self.deadline() {
            Some(due) => notice.with("due", Arg::At(due)).number("has_due", 1),
            None => notice.text("due", "").number("has_due", 0),
        }
    }

    fn tell(&self, member: &MemberId, notice: Notice) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent: false }
    }

    fn line(&self, notice: Notice, except: Option<String>) -> Effect {
        Effect::Line { subject: self.subject(), notice, except }
    }
}
