//! Who is told what while nobody answers: the owner, whoever gets it next, the lead. Start at `Ticket::react_to_silence`.

use super::silence::Deadline;
use super::ticket::{Event, Ticket};
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;

impl Ticket {
    pub(super) fn react_to_silence(&self, event: &Event, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        match event {
            Event::Reminded { deadline, late_ms } => {
                if let Some(owner) = &self.assignee {
                    let notice = said_late(self.about(&reminder(*deadline), *deadline, facts), *late_ms);
                    effects.push(self.urgent(owner, notice));
                }
            }
            Event::OwnerSilent { owner, late_ms, .. } if *late_ms > 0 => {
                let notice =
                    Notice::new("ticket-silent-late-line").member("who", owner).with("by", Arg::Span(*late_ms));
                effects.push(self.line(notice, None));
            }
            Event::NobodyElse { deadline } => {
                let notice = self.about("ticket-stuck-lead", *deadline, facts);
                self.say_to_lead(self.with_owner(notice), facts, effects);
            }
            Event::Acknowledged { by, deadline, until } => {
                let (line, told) = if until.is_some_and(|until| until > facts.now) {
                    ("ticket-on-it-line", "ticket-on-it-dm")
                } else {
                    ("ticket-on-it-late-line", "ticket-on-it-late-dm")
                };
                effects.push(self.line(self.about(line, *deadline, facts).member("who", by), None));
                effects.push(self.tell(by, self.about(told, *deadline, facts)));
            }
            Event::Escalated { deadline, late_ms } => {
                let late = self.due_of(*deadline).is_some_and(|due| due <= facts.now);
                let key = match (deadline, late) {
                    (Deadline::Resolution, true) => "ticket-unsolved-lead",
                    (Deadline::Resolution, false) => "ticket-unsolved-soon-lead",
                    (_, true) => "ticket-late-lead",
                    (_, false) => "ticket-unanswered-lead",
                };
                let notice = said_late(self.with_owner(self.about(key, *deadline, facts)), *late_ms);
                self.say_to_lead(notice, facts, effects);
            }
            _ => {}
        }
    }

    /// It went from a silent owner to somebody else: both are told why, and everybody who reads the thread.
    pub(super) fn tell_handed_on(
        &self,
        to: &MemberId,
        silent: &MemberId,
        facts: &Facts<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let about = |key: &str| self.about(key, self.pressing(), facts).member("who", to).member("whom", silent);
        let away = facts.office.away.is_away(silent, facts.now);
        effects.push(self.line(about(if away { "ticket-handed-on-away-line" } else { "ticket-handed-on-line" }), None));
        let key = if away { "ticket-handed-to-away-dm" } else { "ticket-handed-to-dm" };
        let notice = about(key)
            .text("customer", &self.opening.customer.name)
            .with("network", Arg::Networks(vec![self.opening.network.clone()]));
        effects.push(self.urgent(to, notice));
        // Who is away finds it on their return, in the list of what others took over.
        if !away {
            effects.push(self.urgent(silent, about("ticket-handed-on-dm")));
        }
    }

    /// A sentence about a deadline: its name, when it is, and how much business time is left, or how much it is late.
    fn about(&self, key: &str, deadline: Deadline, facts: &Facts<'_>) -> Notice {
        let notice = Notice::new(key)
            .subject("ticket", self.subject())
            .with("deadline", Arg::Word(format!("card-due-{}", deadline.name())));
        let Some(due) = self.due_of(deadline) else { return notice.text("due", "").text("left", "") };
        let calendar = facts.office.calendar_of_role(&self.opening.role);
        let left_ms = calendar.between(facts.now, due);
        let left = if due > facts.now { "deadline-left" } else { "deadline-over" };
        let left = Notice::new(left).with("left", Arg::Span(left_ms.abs()));
        notice.with("due", Arg::At(due)).with("left", Arg::Said(Box::new(left)))
    }

    fn with_owner(&self, notice: Notice) -> Notice {
        let owner = match &self.assignee {
            Some(owner) => Arg::Member(owner.clone()),
            None => Arg::Word("card-nobody".into()),
        };
        notice.with("owner", owner)
    }

    fn urgent(&self, member: &MemberId, notice: Notice) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent: true }
    }
}

fn reminder(deadline: Deadline) -> String {
    format!("ticket-reminder-{}-dm", deadline.name())
}

/// The sentence, and that it should have come earlier.
fn said_late(notice: Notice, late_ms: i64) -> Notice {
    if late_ms == 0 {
        return notice;
    }
    Notice::new("step-late").with("what", Arg::Said(Box::new(notice))).with("by", Arg::Span(late_ms))
}
