//! Who is told what when a consultation changes: the thread and card of its ticket, the consulted, the asker, the lead.

use super::{Command, Consultation, Event, Whom};
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};

impl Aggregate for Consultation {
    const KIND: Kind = Kind::Consultation;

    fn columns(&self) -> Columns {
        Columns {
            status: self.status.stored().to_owned(),
            owner: Some(self.asking.by.0.clone()),
            role: match &self.asking.whom {
                Whom::Role { name } => Some(name.clone()),
                Whom::Member { .. } | Whom::Outside { .. } => None,
            },
            due_at: self.is_open().then_some(self.terms.due),
            opened_at: Some(self.asked_at),
            closed_at: self.closed_at,
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Asked { .. } => "asked",
            Event::AskedAgain { .. } => "asked_again",
            Event::Answered { .. } => "answered",
            Event::Cancelled { .. } => "cancelled",
            Event::Reminded => "reminded",
            Event::Chased => "chased",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !events.is_empty() {
            effects.push(Effect::Card { subject: self.ticket() });
        }
        for event in events {
            self.react_to(event, facts, &mut effects);
        }
        effects
    }
}

impl Consultation {
    /// Says something about it: its reference, ticket, question, who asks and who is asked, until when.
    #[must_use]
    pub fn about(&self, key: &str) -> Notice {
        Notice::new(key)
            .subject("consultation", self.subject())
            .subject("ticket", self.ticket())
            .text("question", &self.asking.question)
            .member("by", &self.asking.by)
            .with("whom", self.whom())
            .with("due", Arg::At(self.terms.due))
    }

    /// Who is asked, by name.
    #[must_use]
    pub fn whom(&self) -> Arg {
        match &self.asking.whom {
            Whom::Member { id } => Arg::Member(id.clone()),
            Whom::Role { name } => Arg::Strong(format!("@{name}")),
            Whom::Outside { name } => Arg::Strong(name.clone()),
        }
    }

    /// Who answered, by name.
    #[must_use]
    pub fn answered_by(&self) -> Arg {
        let by = self.answer.as_ref().and_then(|answer| answer.by.clone());
        // What the asker wrote down of an outside expert is the expert's word.
        match by.filter(|_| self.outside().is_none()) {
            Some(member) => Arg::Member(member),
            None => self.whom(),
        }
    }

    fn react_to(&self, event: &Event, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        match event {
            Event::Asked { .. } => {
                effects.push(self.line(self.about("consult-asked-line")));
                self.tell_asked(&self.about("consult-asked-dm"), true, facts, effects);
            }
            Event::AskedAgain { .. } => {
                effects.push(self.line(self.about("consult-again-line")));
                self.tell_asked(&self.about("consult-asked-dm"), true, facts, effects);
            }
            Event::Answered { answer } => {
                let said = |key: &str| self.about(key).text("text", &answer.text).with("who", self.answered_by());
                effects.push(self.line(said("consult-answered-line")));
                if facts.actor.member() != Some(&self.asking.by) {
                    effects.push(self.tell(&self.asking.by, said("consult-answered-dm"), true));
                }
                self.tell_asked(&said("consult-done-dm"), false, facts, effects);
            }
            Event::Cancelled { by, .. } => {
                let (line, dm) = match by {
                    Some(_) => ("consult-cancelled-line", "consult-cancelled-dm"),
                    None => ("consult-closed-line", "consult-closed-dm"),
                };
                effects.push(self.line(self.about(line)));
                self.tell_asked(&self.about(dm), false, facts, effects);
            }
            Event::Reminded if self.outside().is_some() => {
                effects.push(self.tell(&self.asking.by, self.about("consult-outside-due-dm"), true));
            }
            Event::Reminded => self.tell_asked(&self.about("consult-due-dm"), true, facts, effects),
            Event::Chased => {
                effects.push(self.line(self.about("consult-late-line")));
                effects.push(self.tell(&self.asking.by, self.about("consult-late-dm"), true));
                if let Some(lead) = self.asking.lead.as_ref().filter(|lead| **lead != self.asking.by) {
                    effects.push(self.tell(lead, self.about("consult-late-lead"), true));
                }
            }
        }
    }

    /// The consulted have one message about it, edited in place unless it must be noticed.
    fn tell_asked(&self, notice: &Notice, urgent: bool, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        for member in self.asked(facts.office) {
            effects.push(self.tell(&member, notice.clone(), urgent));
        }
    }

    fn tell(&self, member: &MemberId, notice: Notice, urgent: bool) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent }
    }

    fn line(&self, notice: Notice) -> Effect {
        Effect::Line { subject: self.ticket(), notice, except: None }
    }
}

impl Command {
    /// An answer that came by the link of an outside expert.
    #[must_use]
    pub fn by_link(text: String) -> Self {
        Self::Answer { text, outside: true }
    }
}
