//! Who is told what when a draft changes. Replies and posts are stored apart and share everything else.

use serde::{Deserialize, Serialize};

use super::diff;
use super::draft::{Command, Draft, Event, Plan, Receipt, Refusal, event_name};
use crate::domain::decide::{Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};
use crate::domain::time::Timestamp;

/// A draft as it is stored: `POST` tells under which kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Of<const POST: bool>(pub Draft);

/// A stored reply, `R-n`.
pub type Reply = Of<false>;
/// A stored post, `P-n`.
pub type Post = Of<true>;

impl<const POST: bool> Decider for Of<POST> {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.0.decide(command, facts)
    }

    fn evolve(self, event: &Event) -> Self {
        Self(self.0.evolve(event))
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.0.due_at()
    }
}

impl<const POST: bool> Aggregate for Of<POST> {
    const KIND: Kind = if POST { Kind::Post } else { Kind::Reply };

    fn columns(&self) -> Columns {
        let draft = &self.0;
        Columns {
            status: draft.status.stored().to_owned(),
            owner: Some(draft.opening.author.0.clone()),
            role: None,
            network: Some(draft.opening.network.clone()),
            topic: Some(draft.opening.topic.clone()),
            priority: None,
            due_at: draft.plan.as_ref().map(|plan| plan.at),
            opened_at: Some(draft.opening.at),
            closed_at: draft.closed_at,
        }
    }

    fn event_name(event: &Event) -> &'static str {
        event_name(event)
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut told = Told { draft: &self.0, facts, effects: Vec::new() };
        if !events.is_empty() {
            told.effects.push(Effect::Card { subject: self.0.card() });
        }
        for event in events {
            told.react_to(event);
        }
        told.effects
    }
}

struct Told<'a> {
    draft: &'a Draft,
    facts: &'a Facts<'a>,
    effects: Vec<Effect>,
}

impl Told<'_> {
    fn react_to(&mut self, event: &Event) {
        match event {
            Event::Opened { .. } | Event::Claimed { .. } | Event::PutOff { .. } | Event::AnswerLost { .. } => {}
            Event::Edited { voided, .. } => self.edited(voided),
            Event::Submitted { by, .. } => self.asked_for_approval("draft-submitted-line", by),
            Event::Reasked { reviewers, added, dropped, .. } => self.asked_again(reviewers, added, dropped),
            Event::Approved { approval, comment, .. } => {
                let key = if comment.is_empty() { "draft-approved" } else { "draft-approved-comment" };
                let said = |told: &Self, end: &str| {
                    let who = Notice::acting(&approval.by, approval.instead_of.as_ref());
                    told.notice(&format!("{key}-{end}")).with("who", who).text("comment", comment.as_str())
                };
                self.line(said(self, "line"));
                self.author(said(self, "dm"), false);
                self.reviewers(&self.named("draft-decided-dm", &approval.by), false);
            }
            Event::ChangesAsked { wish } => {
                self.line(self.named("draft-changes-line", &wish.by).text("text", &wish.text));
                self.author(self.named("draft-changes-dm", &wish.by).text("text", &wish.text), true);
                self.reviewers(&self.named("draft-returned-by-dm", &wish.by), false);
            }
            Event::Revoked { by, .. } => {
                self.line(self.named("draft-revoked-line", by));
                self.author(self.named("draft-revoked-dm", by), true);
                self.reviewers(&self.named("draft-revoked-dm", by), false);
            }
            Event::Planned { plan, version, voided } => self.planned(plan, version.is_some(), voided),
            Event::Unplanned { by } => self.line(self.named("draft-unplanned-line", by)),
            Event::Reminded => self.reminded(),
            Event::Missed { at, approved } => {
                let key = if *approved { "draft-too-late" } else { "draft-missed" };
                self.alarm(key, |notice| notice.with("at", Arg::At(*at)));
            }
            Event::Released { .. } => self.publish(),
            Event::Returned => self.alarm("draft-returned", |notice| notice),
            Event::Sent { receipt } => self.sent(receipt),
            Event::Rejected { cause } => self.alarm("draft-refused", |notice| notice.text("cause", cause)),
            Event::NotFound { last: true, cause } => {
                self.alarm("draft-unknown", |notice| notice.text("cause", cause));
            }
            Event::NotFound { .. } => {}
            Event::Resent { by } => {
                self.line(self.named("draft-resent-line", by));
                self.publish();
            }
            Event::Held { by, .. } => {
                let by = by.clone().unwrap_or_else(|| "❄".to_owned());
                self.alarm("draft-held", |notice| notice.text("crisis", &by));
            }
            Event::Passed { approval } => self.line(self.named("draft-passed-line", &approval.by)),
            Event::LateTold { late_ms } => self.alarm("draft-late", |notice| notice.with("late", Arg::Span(*late_ms))),
            Event::Cancelled { by, .. } => {
                self.line(self.named("draft-cancelled-line", by));
                self.reviewers(&self.named("draft-cancelled-dm", by), false);
            }
        }
    }

    fn edited(&mut self, voided: &[MemberId]) {
        let versions = &self.draft.versions;
        let Some(current) = versions.last() else { return };
        let before = versions.iter().rev().nth(1).map_or("", |version| version.text.as_str());
        let changed = diff::summary(before, &current.text);
        let names: Vec<&str> = voided.iter().map(|one| self.facts.office.name_of(one)).collect();
        let key = if names.is_empty() { "draft-edited-line" } else { "draft-edited-voided-line" };
        let notice = self.named(key, &current.by).text("diff", &changed).text("names", names.join(", "));
        self.line(notice);
        self.author(self.named("draft-edited-dm", &current.by).text("diff", &changed), false);
        if self.draft.submitted > 0 {
            let notice = self.named("draft-being-edited-dm", &current.by).text("diff", &changed);
            for member in voided.iter().filter(|one| !self.draft.reviewers.contains(*one)) {
                self.tell(member, notice.clone(), false);
            }
            self.reviewers(&notice, false);
        }
    }

    fn asked_for_approval(&mut self, key: &str, by: &MemberId) {
        let names: Vec<&str> = self.draft.reviewers.iter().map(|one| self.facts.office.name_of(one)).collect();
        let notice = self.named(key, by).text("names", names.join(", ")).text("text", self.draft.text());
        self.line(notice);
        self.reviewers(&self.named("draft-review-dm", by), true);
    }

    /// Who can say yes now is asked, who cannot any more is relieved, and everybody reads in the thread whose word is
    /// awaited. With nobody left the author is told what to do.
    fn asked_again(&mut self, reviewers: &[MemberId], added: &[MemberId], dropped: &[MemberId]) {
        let names: Vec<&str> = reviewers.iter().map(|one| self.facts.office.name_of(one)).collect();
        let names = names.join(", ");
        if reviewers.is_empty() {
            self.alarm("draft-nobody-left", |notice| notice);
        } else {
            self.line(self.notice("draft-reasked-line").text("names", &names));
        }
        let relieved = match reviewers.is_empty() {
            true => self.notice("draft-relieved-alone-dm"),
            false => self.notice("draft-relieved-dm").text("names", &names),
        };
        dropped.iter().for_each(|member| self.tell(member, relieved.clone(), false));
        let author = self.draft.current().map_or(&self.draft.opening.author, |version| &version.by).clone();
        for member in added {
            let asked = self.named("draft-review-dm", &author);
            let notice = match self.draft.instead.get(member) {
                Some(whom) => {
                    Notice::new("absence-for-them").member("whom", whom).with("what", Arg::Said(Box::new(asked)))
                }
                None => asked,
            };
            self.tell(member, notice, true);
        }
    }

    fn planned(&mut self, plan: &Plan, reviewed_again: bool, voided: &[MemberId]) {
        let planned = |notice: Notice| notice.with("at", Arg::At(plan.at)).text("wall", plan.wall.replace('T', " "));
        self.line(planned(self.named("draft-planned-line", &plan.by)));
        if !reviewed_again {
            return;
        }
        if !voided.is_empty() {
            let names: Vec<&str> = voided.iter().map(|one| self.facts.office.name_of(one)).collect();
            self.line(self.notice("draft-window-voided-line").text("names", names.join(", ")));
        }
        self.author(planned(self.named("draft-window-dm", &plan.by)), false);
        self.reviewers(&self.named("draft-review-dm", &plan.by), true);
    }

    fn reminded(&mut self) {
        let Some(plan) = &self.draft.plan else { return };
        let notice = self.notice("draft-unapproved-dm").with("at", Arg::At(plan.at));
        self.author(notice.clone(), true);
        if self.draft.status == super::draft::Status::InReview {
            self.reviewers(&self.notice("draft-remind-dm").with("at", Arg::At(plan.at)), true);
        }
    }

    fn sent(&mut self, receipt: &Receipt) {
        let link = |notice: Notice| match receipt.url.is_empty() {
            true => notice.text("link", ""),
            false => notice.with("link", Arg::Link(receipt.url.clone(), "↗".to_owned())),
        };
        let line = match &receipt.by {
            Some(by) => self.named("draft-sent-by-word-line", by),
            None => link(self.notice("draft-sent-line")).text("text", self.draft.text()),
        };
        self.line(line);
        // Who sent it at once sees the card; who waited for an approval or a time is told.
        if self.draft.opening.post || !self.draft.approvals.is_empty() {
            self.author(link(self.notice("draft-sent-dm")), false);
        }
    }

    fn publish(&mut self) {
        self.effects.push(Effect::Publish { draft: self.draft.subject() });
    }

    /// Something that the author must know about and act on: in the thread, and as a message that is noticed.
    fn alarm(&mut self, key: &str, with: impl Fn(Notice) -> Notice) {
        self.line(with(self.notice(&format!("{key}-line"))));
        let author = self.draft.opening.author.clone();
        self.tell(&author, with(self.notice(&format!("{key}-dm"))), true);
    }

    fn notice(&self, key: &str) -> Notice {
        Notice::new(key)
            .subject("draft", self.draft.subject())
            .number("version", i64::from(self.draft.number()))
            .text("network", &self.draft.opening.network)
    }

    fn named(&self, key: &str, who: &MemberId) -> Notice {
        let opening = &self.draft.opening;
        let whom = opening.for_whom.as_ref().filter(|_| opening.author == *who);
        self.notice(key).with("who", Notice::acting(who, whom))
    }

    fn line(&mut self, notice: Notice) {
        self.effects.push(Effect::Line { subject: self.draft.card(), notice, except: None });
    }

    /// Tells the author, unless they did it themselves.
    fn author(&mut self, notice: Notice, urgent: bool) {
        let author = self.draft.opening.author.clone();
        if self.facts.actor.member() != Some(&author) {
            self.tell(&author, notice, urgent);
        }
    }

    /// Brings the messages of those who were asked to approve up to date, or asks them (`urgent`).
    fn reviewers(&mut self, notice: &Notice, urgent: bool) {
        for member in self.draft.reviewers.clone() {
            let own = self.facts.actor.member() == Some(&member);
            if !(own && urgent) && member != self.draft.opening.author {
                self.tell(&member, notice.clone(), urgent);
            }
        }
    }

    fn tell(&mut self, member: &MemberId, notice: Notice, urgent: bool) {
        let subject = Some(self.draft.subject());
        self.effects.push(Effect::Tell { member: member.clone(), subject, notice, urgent });
    }
}
