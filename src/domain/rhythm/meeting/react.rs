//! Who is told what when a meeting moves on.

use super::{Answer, Event, Invited, Meeting, Written};
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};

/// Answers longer than this on the card are said in full in the thread, in characters.
pub const CARD_CHARS_MAX: usize = 160;

impl Aggregate for Meeting {
    const KIND: Kind = Kind::Meeting;

    fn columns(&self) -> Columns {
        Columns {
            status: self.stage.stored().to_owned(),
            topic: Some(self.making.series.clone()),
            due_at: Some(self.making.start),
            opened_at: Some(self.making.ask_at),
            closed_at: self.closed_at,
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Planned { .. } => "planned",
            Event::Asked { .. } => "asked",
            Event::Reattended { .. } => "reattended",
            Event::Answered { .. } => "answered",
            Event::PointAdded { .. } => "point_added",
            Event::Opened { .. } => "opened",
            Event::Decided { .. } => "decided",
            Event::ActionMade { .. } => "action_made",
            Event::Closed { .. } => "closed",
            Event::Cancelled { .. } => "cancelled",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.is_shown() && !events.is_empty() {
            effects.push(Effect::Card { subject: self.subject() });
        }
        for event in events {
            self.react_to(event, facts, &mut effects);
        }
        effects
    }
}

impl Meeting {
    fn react_to(&self, event: &Event, facts: &Facts<'_>, effects: &mut Vec<Effect>) {
        match event {
            Event::Asked { attendance } => {
                effects.extend(attendance.invited.iter().map(|invited| self.ask(invited, facts)));
                self.say_written(effects);
            }
            Event::Reattended { added, .. } => {
                effects.extend(added.iter().map(|invited| self.ask(invited, facts)));
                self.say_written(effects);
            }
            Event::Opened { .. } => {
                self.remind(effects);
                let long = self.answers.iter().filter(|(_, answer)| is_long(answer));
                effects.extend(long.map(|(by, answer)| self.line(answer_notice(by, answer), None)));
            }
            Event::Answered { by, answer } if self.is_shown() => {
                effects.push(self.line(answer_notice(by, answer), None));
            }
            Event::PointAdded { point } if self.is_shown() => {
                let notice = Notice::new("meeting-point-line").member("who", &point.by).text("text", &point.text);
                effects.push(self.line(notice, None));
            }
            Event::Decided { point } => {
                let notice = Notice::new("meeting-decision-line").member("who", &point.by).text("text", &point.text);
                effects.push(self.line(notice, None));
            }
            Event::ActionMade { action, owner, text, via } if self.is_shown() => {
                let notice = Notice::new("meeting-action-line")
                    .subject("action", Ref::new(Kind::Action, *action))
                    .member("owner", owner)
                    .text("text", text);
                effects.push(self.line(notice, via.clone()));
            }
            Event::Closed { .. } => {
                effects.push(Effect::Document {
                    desk: self.making.desk.clone(),
                    document: format!("{}:summary", self.subject()),
                });
                // Who comes back later is told then; the others are there again already.
                for member in self.attendance.away.iter().filter(|who| !facts.office.away.is_away(who, facts.now)) {
                    effects.push(self.tell(member, self.with_title(Notice::new("meeting-catch-up-dm"))));
                }
            }
            Event::Planned { .. }
            | Event::Answered { .. }
            | Event::PointAdded { .. }
            | Event::ActionMade { .. }
            | Event::Cancelled { .. } => {}
        }
    }

    fn ask(&self, invited: &Invited, facts: &Facts<'_>) -> Effect {
        let key = match (self.attendance.written, invited.instead_of.is_empty()) {
            (Some(_), _) => "meeting-ask-written-dm",
            (None, true) => "meeting-ask-dm",
            (None, false) => "meeting-ask-for-dm",
        };
        let names: Vec<&str> = invited.instead_of.iter().map(|member| facts.office.name_of(member)).collect();
        let notice = self.with_title(Notice::new(key)).text("others", names.join(", "));
        self.tell(&invited.member, notice.with("until", Arg::At(self.answers_until())))
    }

    /// Who has not answered is reminded, but not on a day off.
    fn remind(&self, effects: &mut Vec<Effect>) {
        let key = match self.attendance.written {
            Some(Written::Holiday) => return,
            Some(_) => "meeting-reminder-written-dm",
            None => "meeting-reminder-dm",
        };
        for member in self.silent() {
            let notice = self.with_title(Notice::new(key)).with("until", Arg::At(self.answers_until()));
            effects.push(self.tell(member, notice));
        }
    }

    /// A meeting that is not held as planned is said to be so where everybody reads it.
    fn say_written(&self, effects: &mut Vec<Effect>) {
        let Some(why) = self.attendance.written else { return };
        let notice = Notice::new(&format!("meeting-written-{}", why.name()))
            .with("title", Arg::PerLanguage(self.making.title.clone()))
            .with("at", Arg::At(self.making.start))
            .with("until", Arg::At(self.attendance.close_at));
        effects.push(Effect::Announce { desk: self.making.desk.clone(), notice, urgent: false });
    }

    fn with_title(&self, notice: Notice) -> Notice {
        notice.with("title", Arg::PerLanguage(self.making.title.clone())).with("at", Arg::At(self.making.start))
    }

    fn tell(&self, member: &MemberId, notice: Notice) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent: true }
    }

    fn line(&self, notice: Notice, except: Option<String>) -> Effect {
        Effect::Line { subject: self.subject(), notice, except }
    }
}

/// Whether the card cannot hold all of an answer.
#[must_use]
pub fn is_long(answer: &Answer) -> bool {
    [&answer.wins, &answer.help, &answer.plan].into_iter().any(|text| text.chars().count() > CARD_CHARS_MAX)
}

fn answer_notice(by: &MemberId, answer: &Answer) -> Notice {
    let part = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    Notice::new("meeting-answer-line")
        .member("who", by)
        .text("wins", part(&answer.wins))
        .text("help", part(&answer.help))
        .text("plan", part(&answer.plan))
}
