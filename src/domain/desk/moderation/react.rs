//! Who is told what about hidden and deleted messages, and about what rules did.

use super::{Act, Done, Measure, Moderated, Origin, Stage};
use crate::domain::decide::Facts;
use crate::domain::desk::events::Event;
use crate::domain::desk::ticket::Ticket;
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};

impl Event {
    /// It is what a rule did, or its undoing: told in one line.
    pub(in crate::domain::desk) fn is_about_a_rule(&self) -> bool {
        matches!(self, Self::Moderated { what } if matches!(**what, Moderated::Acted { .. } | Moderated::TakenBack { .. }))
    }

    /// Told of its own even as a step of a rule: who got the ticket, and what the network is asked.
    pub(in crate::domain::desk) fn is_told_beside_a_rule(&self) -> bool {
        matches!(self, Self::Moderated { .. } | Self::Assigned { .. })
    }
}

/// Sentences as one, with commas between them.
#[must_use]
pub fn listed(notices: Vec<Notice>) -> Arg {
    let mut rest = notices.into_iter().rev();
    let Some(last) = rest.next() else { return Arg::Text(String::new()) };
    let joined = rest.fold(last, |after, notice| {
        Notice::new("moderation-list")
            .with("first", Arg::Said(Box::new(notice)))
            .with("rest", Arg::Said(Box::new(after)))
    });
    Arg::Said(Box::new(joined))
}

impl Done {
    /// In a few words, as part of a sentence.
    #[must_use]
    pub fn notice(&self) -> Notice {
        match self {
            Self::Hid { .. } => Notice::new("done-hid"),
            Self::Tagged { tag } => Notice::new("done-tagged").with("tag", Arg::Code(tag.clone())),
            Self::Prioritised { from, to } => {
                Notice::new("done-prioritised").number("from", i64::from(*from)).number("to", i64::from(*to))
            }
            Self::Retopiced { to, .. } => Notice::new("done-retopiced").with("to", Arg::Topic(to.clone())),
            Self::Rerouted { to, .. } => Notice::new("done-rerouted").with("role", Arg::Strong(to.clone())),
            Self::Assigned { to, .. } => Notice::new("done-assigned").member("to", to),
            Self::Answered { reply } => Notice::new("done-answered").subject("reply", Ref::new(Kind::Reply, *reply)),
            Self::Closed { .. } => Notice::new("done-closed"),
        }
    }
}

/// A rule by reference.
#[must_use]
pub fn rule_ref(rule: i64) -> Arg {
    Arg::Ref(Ref::new(Kind::Rule, rule))
}

impl Measure {
    /// What became of it, as a line in the thread; `key` names the stage.
    fn said(&self, key: &str, ticket: &Ticket) -> Notice {
        let notice = Notice::new(&format!("measure-{}-{key}", self.act.name()))
            .with("network", Arg::Networks(vec![ticket.opening.network.clone()]));
        match &self.origin {
            Origin::Rule { rule, number } => {
                notice.number("by_rule", 1).with("who", rule_ref(*rule)).number("number", i64::from(*number))
            }
            Origin::Member { id } => notice.number("by_rule", 0).member("who", id).number("number", 0),
        }
    }
}

impl Ticket {
    pub(in crate::domain::desk) fn react_to_moderation(
        &self,
        what: &Moderated,
        facts: &Facts<'_>,
        effects: &mut Vec<Effect>,
    ) {
        match what {
            Moderated::Asked { measure } if measure.stage == Stage::Waiting => {
                effects.push(Effect::Moderate { ticket: self.subject(), number: measure.number });
            }
            Moderated::Asked { measure } if self.is_first_proposal(measure) => {
                let count = i64::try_from(self.proposed(facts.now).len()).unwrap_or(i64::MAX);
                effects.push(self.line(measure.said("proposed", self).number("count", count), None));
            }
            Moderated::Confirmed { numbers, by } => {
                effects.push(self.line(Notice::new("measure-delete-confirmed").member("who", by), None));
                let asked = numbers.iter().map(|number| Effect::Moderate { ticket: self.subject(), number: *number });
                effects.extend(asked);
            }
            Moderated::Withdrawn { by, .. } => {
                effects.push(self.line(Notice::new("measure-delete-withdrawn").member("who", by), None));
            }
            Moderated::Done { number } => {
                let said = self.measure(*number).map(|measure| measure.said("done", self));
                effects.extend(said.map(|notice| self.line(notice, None)));
            }
            Moderated::Refused { number, cause } => self.tell_refused(*number, cause, effects),
            Moderated::Acted { act } => {
                let done = listed(act.done.iter().map(Done::notice).collect());
                let notice = Notice::new("rule-acted-line").with("rule", rule_ref(act.rule));
                let notice = notice.number("number", i64::from(act.number)).with("done", done);
                effects.push(self.line(notice, None));
            }
            Moderated::TakenBack { rule, number, by } => {
                let notice = Notice::new("rule-undone-line").with("rule", rule_ref(*rule)).member("who", by);
                effects.push(self.line(notice.number("number", i64::from(*number)), None));
            }
            _ => {}
        }
    }

    /// Of several messages proposed at once, one line speaks for all.
    fn is_first_proposal(&self, measure: &Measure) -> bool {
        let same = |one: &&Measure| one.act == Act::Delete && one.at == measure.at && one.stage == Stage::Proposed;
        measure.stage == Stage::Proposed
            && self.measures.iter().find(same).map(|one| one.number) == Some(measure.number)
    }

    fn tell_refused(&self, number: u32, cause: &str, effects: &mut Vec<Effect>) {
        let Some(measure) = self.measure(number) else { return };
        let notice = measure.said("refused", self).text("cause", cause);
        effects.push(self.line(notice.clone(), None));
        if let Origin::Member { id } = &measure.origin {
            let subject = Some(self.subject());
            effects.push(Effect::Tell { member: id.clone(), subject, notice, urgent: true });
        }
    }
}
