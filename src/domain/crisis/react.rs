//! Who is told what when a crisis changes.
//!
//! Its places (room, announcements) always show the newest state; every event that people should read is a line in the
//! room; what somebody must do is a direct message.

use std::collections::BTreeSet;

use super::crisis::{Call, Crisis, Duty, Event, What};
use crate::domain::decide::Facts;
use crate::domain::effect::{Effect, Place};
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Desk, MemberId, Office, Post};
use crate::domain::react::{Aggregate, Columns};

impl Aggregate for Crisis {
    const KIND: Kind = Kind::Crisis;

    fn columns(&self) -> Columns {
        Columns {
            status: if self.is_open() { "open" } else { "closed" }.to_owned(),
            owner: self.lead.as_ref().map(|member| member.0.clone()),
            role: None,
            network: self.networks.first().cloned(),
            // Exercises are told apart from real ones without reading their state.
            topic: Some(if self.drill { "drill" } else { "crisis" }.to_owned()),
            priority: Some(i64::from(4 - self.level.clamp(1, 3))),
            due_at: self.update_due.filter(|_| self.is_open()),
            opened_at: Some(self.declared_at),
            closed_at: self.closed_at,
        }
    }

    fn event_name(event: &Event) -> &'static str {
        event_name(event)
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if events.is_empty() {
            return effects;
        }
        if self.room && events.iter().any(changes_room) {
            effects.push(Effect::Room { crisis: self.subject() });
        }
        effects.push(Effect::Card { subject: self.subject() });
        for event in events {
            self.tell(event, events, facts.office, &mut effects);
            let said = !matches!(event.what, What::Declared { .. });
            effects.extend(self.line_of(event).filter(|_| said).map(|notice| self.line(notice)));
        }
        if self.closed_at.is_some() && events.iter().any(|event| changes_review(&event.what)) {
            effects.push(Effect::Bulletin { crisis: self.subject(), place: Place::Review });
        }
        effects
    }
}

fn changes_room(event: &Event) -> bool {
    matches!(
        event.what,
        What::Declared { .. }
            | What::Called { .. }
            | What::Joined
            | What::Relieved { .. }
            | What::AckMissed { step: 1, .. }
            | What::Updated { .. }
            | What::UpdateMissed { .. }
            | What::LevelChanged { .. }
            | What::StoodDown { .. }
    )
}

fn changes_review(what: &What) -> bool {
    matches!(what, What::StoodDown { .. } | What::MomentAdded { .. } | What::MomentAmended { .. })
}

impl Crisis {
    /// The desk that is nearest to it: the one of its first network, else the office's first.
    #[must_use]
    pub fn desk<'o>(&self, office: &'o Office) -> Option<&'o Desk> {
        match self.networks.first() {
            Some(network) => office.desk_for_network(network),
            None => office.desks.first(),
        }
    }

    fn tell(&self, event: &Event, all: &[Event], office: &Office, effects: &mut Vec<Effect>) {
        match &event.what {
            What::Called { member, .. } => {
                let knows = all.iter().any(|other| is_ack_of(other, member));
                effects.extend(self.call_of(member).filter(|_| !knows).map(|call| self.call_notice(call, office)).map(
                    |notice| Effect::Tell {
                        member: member.clone(),
                        subject: Some(self.subject()),
                        notice,
                        urgent: true,
                    },
                ));
            }
            // Whoever declares it sees that it was; nobody else's call is settled in the event that makes it.
            What::Acknowledged { member } if !all.iter().filter_map(called_in).any(|called| called == member) => {
                self.tell_acknowledged(member, event, effects);
            }
            What::Relieved { member, by } => {
                let limit = Arg::Span(self.terms.ack_ms(self.level));
                let notice = self.titled("crisis-relieve-dm").member("whom", member).with("limit", limit);
                effects.push(self.dm(by, notice, true));
            }
            What::Resumed { member, by } => {
                effects.push(self.dm(member, self.titled("crisis-resume-dm").member("who", by), true));
            }
            What::AckMissed { member, step, told } => self.tell_missed(member, *step, told.as_ref(), office, effects),
            What::LeftUnconfirmed => self.tell_one(self.head(office), "crisis-unconfirmed-dm", effects),
            What::UpdateLate { from, to } => {
                for step in from + 1..=*to {
                    let whom = match step {
                        2 => self.lead.clone(),
                        3 => self.deputy.clone(),
                        _ => None,
                    };
                    self.tell_one(whom, "crisis-update-late-dm", effects);
                }
            }
            What::LevelChanged { .. } => {
                let new: BTreeSet<&MemberId> = all.iter().filter_map(called_in).collect();
                for call in self.calls.iter().filter(|call| !new.contains(&call.member)) {
                    self.tell_one(Some(call.member.clone()), "crisis-level-dm", effects);
                }
            }
            What::Frozen { figures: Some(_), .. } => self.tell_one(self.head(office), "crisis-wider-dm", effects),
            What::UnfreezeProposed { people } => self.ask_others(people, "crisis-unfreeze-dm", office, effects),
            What::StandDownProposed { people } => self.ask_others(people, "crisis-standdown-dm", office, effects),
            What::StoodDown { .. } => {
                for call in &self.calls {
                    effects.push(self.dm(&call.member, self.titled("crisis-closed-dm"), false));
                }
            }
            _ => {}
        }
    }

    /// Whoever leads: the lead, else the deputy.
    fn head(&self, office: &Office) -> Option<MemberId> {
        [&self.lead, &self.deputy].into_iter().flatten().find(|member| office.members.contains_key(*member)).cloned()
    }

    fn call_of(&self, member: &MemberId) -> Option<&Call> {
        self.calls.iter().find(|call| call.member == *member)
    }

    fn call_notice(&self, call: &Call, office: &Office) -> Notice {
        self.titled("crisis-call-dm")
            .with("duty", Arg::Word(duty_key(&call.duty, office).to_owned()))
            .with("limit", Arg::Span(self.terms.ack_ms(self.level)))
    }

    fn titled(&self, key: &str) -> Notice {
        Notice::new(key)
            .subject("crisis", self.subject())
            .number("level", i64::from(self.level))
            .text("text", &self.text)
    }

    fn tell_acknowledged(&self, member: &MemberId, event: &Event, effects: &mut Vec<Effect>) {
        effects.push(self.dm(member, self.titled("crisis-acked-dm"), false));
        if let Some(by) = event.by.as_ref().filter(|by| *by != member) {
            effects.push(self.dm(by, self.titled("crisis-acked-dm"), false));
        }
    }

    fn tell_missed(
        &self,
        member: &MemberId,
        step: u8,
        told: Option<&MemberId>,
        office: &Office,
        effects: &mut Vec<Effect>,
    ) {
        match (step, told) {
            (1, Some(told)) => {
                effects.push(self.dm(member, self.titled("crisis-ack-reminder-dm").member("who", told), true));
                let limit = Arg::Span(self.terms.ack_ms(self.level));
                let notice = self.titled("crisis-stand-in-dm").member("whom", member).with("limit", limit);
                effects.push(self.dm(told, notice, true));
            }
            (2, Some(told)) => {
                effects.push(self.dm(told, self.titled("crisis-ack-lead-dm").member("whom", member), true));
            }
            _ => {
                let Some(desk) = self.desk(office) else { return };
                let drill = if self.drill { "crisis-mark-drill" } else { "crisis-mark-none" };
                let notice = self
                    .titled("crisis-ack-all")
                    .with("whom", Arg::Ping(member.clone()))
                    .with("mark", Arg::Word(drill.to_owned()));
                effects.push(Effect::Announce { desk: desk.name.clone(), notice, urgent: true });
            }
        }
    }

    fn ask_others(&self, people: &[MemberId], key: &str, office: &Office, effects: &mut Vec<Effect>) {
        let Some(by) = people.last() else { return };
        for other in self.who_may_agree(office).iter().filter(|other| !people.contains(other)) {
            effects.push(self.dm(other, self.titled(key).member("who", by), true));
        }
    }

    fn tell_one(&self, whom: Option<MemberId>, key: &str, effects: &mut Vec<Effect>) {
        effects.extend(whom.map(|member| self.dm(&member, self.titled(key), true)));
    }

    fn dm(&self, member: &MemberId, notice: Notice, urgent: bool) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent }
    }

    fn line(&self, notice: Notice) -> Effect {
        Effect::Line { subject: self.subject(), notice, except: None }
    }
}

/// What somebody is asked to do first, by why they are called.
fn duty_key(duty: &Duty, office: &Office) -> &'static str {
    let post = match duty {
        Duty::Lead => return "crisis-duty-lead",
        Duty::Deputy => return "crisis-duty-deputy",
        Duty::Role { name } => office.roles.get(name).map(|role| role.post),
        Duty::Volunteer => None,
    };
    match post {
        Some(Post::CommunityManager | Post::SocialMediaManager) => "crisis-duty-community",
        Some(Post::Expert) => "crisis-duty-expert",
        Some(Post::Creator | Post::PaidSocial) => "crisis-duty-content",
        Some(Post::Brand) => "crisis-duty-brand",
        Some(Post::HeadOfSocial | Post::Executive) => "crisis-duty-head",
        Some(Post::Analyst | Post::Guest) | None => "crisis-duty-other",
    }
}

fn is_ack_of(event: &Event, whose: &MemberId) -> bool {
    matches!(&event.what, What::Acknowledged { member } if member == whose)
}

fn called_in(event: &Event) -> Option<&MemberId> {
    match &event.what {
        What::Called { member, .. } => Some(member),
        _ => None,
    }
}

/// The journal's names.
fn event_name(event: &Event) -> &'static str {
    match event.what {
        What::Declared { .. } => "declared",
        What::Confirmed => "confirmed",
        What::LeftUnconfirmed => "left_unconfirmed",
        What::Called { .. } => "called",
        What::Joined => "joined",
        What::Acknowledged { .. } => "acknowledged",
        What::Relieved { .. } => "relieved",
        What::Resumed { .. } => "resumed",
        What::AckMissed { .. } => "ack_missed",
        What::Updated { .. } => "updated",
        What::UpdateLate { .. } => "update_late",
        What::UpdateMissed { .. } => "update_missed",
        What::LevelChanged { .. } => "level_changed",
        What::Frozen { .. } => "frozen",
        What::UnfreezeProposed { .. } => "unfreeze_proposed",
        What::Unfrozen { .. } => "unfrozen",
        What::StandDownProposed { .. } => "stand_down_proposed",
        What::StoodDown { .. } => "stood_down",
        What::MomentAdded { .. } => "moment_added",
        What::MomentAmended { .. } => "moment_amended",
    }
}
