//! What can be asked of a meeting, and what comes of it.

use super::{
    ANSWER_CHARS_MAX, Answer, Attendance, Command, Event, Invited, Meeting, POINT_CHARS_MAX, POINTS_MAX, Point,
    Refusal, Stage,
};
use crate::domain::decide::{Decider, Facts};
use crate::domain::time::Timestamp;

impl Decider for Meeting {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Plan(id, making) => Ok(vec![Event::Planned { id: *id, making: making.clone() }]),
            Command::Ask(attendance) => Ok(match self.stage {
                Stage::Planned => vec![Event::Asked { attendance: attendance.clone() }],
                _ => Vec::new(),
            }),
            Command::Attend(attendance) => Ok(match self.stage {
                Stage::Asked if self.attends_otherwise(attendance) => {
                    vec![Event::Reattended { attendance: attendance.clone(), added: self.newly_asked(attendance) }]
                }
                _ => Vec::new(),
            }),
            Command::Answer(answer) => self.answer(answer, facts),
            Command::Add(text) => {
                self.must_not_be_over()?;
                let points = self.points.len();
                Ok(point(text, points, facts)?.map(|point| Event::PointAdded { point }).into_iter().collect())
            }
            Command::Open(live, attendance) => Ok(match self.stage {
                Stage::Asked => vec![Event::Opened { live: live.clone(), attendance: attendance.clone() }],
                _ => Vec::new(),
            }),
            Command::Decide(text) => {
                self.must_be_open()?;
                let decisions = self.decisions.len();
                Ok(point(text, decisions, facts)?.map(|point| Event::Decided { point }).into_iter().collect())
            }
            Command::Record { action, owner, text, via } => Ok(vec![Event::ActionMade {
                action: *action,
                owner: owner.clone(),
                text: text.clone(),
                via: via.clone(),
            }]),
            Command::Close => {
                self.must_be_open()?;
                Ok(vec![Event::Closed { at: facts.now, by: facts.actor.member().cloned() }])
            }
            Command::Cancel => Ok(match self.stage {
                Stage::Planned => vec![Event::Cancelled { at: facts.now }],
                _ => Vec::new(),
            }),
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        self.revision += 1;
        match event {
            Event::Planned { id, making } => {
                self.id = *id;
                self.making = making.clone();
            }
            Event::Asked { attendance } => {
                self.stage = Stage::Asked;
                self.attendance = attendance.clone();
            }
            Event::Reattended { attendance, .. } => self.attendance = attendance.clone(),
            Event::Answered { by, answer } => {
                self.answers.insert(by.clone(), answer.clone());
            }
            Event::PointAdded { point } => self.points.push(point.clone()),
            Event::Opened { live, attendance } => {
                self.stage = Stage::Open;
                self.live = live.clone();
                self.attendance = attendance.clone();
            }
            Event::Decided { point } => self.decisions.push(point.clone()),
            Event::ActionMade { action, .. } => self.made.push(*action),
            Event::Closed { at, by } => {
                self.stage = Stage::Closed;
                self.closed_at = Some(*at);
                self.closed_by.clone_from(by);
            }
            Event::Cancelled { at } => {
                self.stage = Stage::Cancelled;
                self.closed_at = Some(*at);
            }
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Planned => Some(self.making.ask_at),
            Stage::Asked => Some(self.making.open_at),
            Stage::Open => Some(self.attendance.close_at),
            Stage::Closed | Stage::Cancelled => None,
        }
    }
}

fn point(text: &str, already: usize, facts: &Facts<'_>) -> Result<Option<Point>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::EmptyText);
    }
    if text.chars().count() > POINT_CHARS_MAX {
        return Err(Refusal::TooLong { max: POINT_CHARS_MAX });
    }
    if already >= POINTS_MAX {
        return Err(Refusal::TooMany { max: POINTS_MAX });
    }
    Ok(facts.actor.member().map(|by| Point { by: by.clone(), text: text.to_owned() }))
}

impl Meeting {
    /// Other people come, or it is held another way; when it closes alone is no news.
    fn attends_otherwise(&self, attendance: &Attendance) -> bool {
        let known = &self.attendance;
        known.invited != attendance.invited || known.away != attendance.away || known.written != attendance.written
    }

    /// Who was not asked yet, or not for those.
    fn newly_asked(&self, attendance: &Attendance) -> Vec<Invited> {
        let known = |invited: &&Invited| !self.attendance.invited.contains(invited);
        let more = |invited: &&Invited| {
            let before = self.attendance.invited.iter().find(|before| before.member == invited.member);
            before.is_none_or(|before| invited.instead_of.iter().any(|whom| !before.instead_of.contains(whom)))
        };
        attendance.invited.iter().filter(known).filter(more).cloned().collect()
    }

    fn answer(&self, answer: &Answer, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_not_be_over()?;
        if facts.now >= self.answers_until() && self.stage != Stage::Planned {
            return Err(Refusal::AnswersClosed);
        }
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let tidy = |text: &str| text.trim().to_owned();
        let answer =
            Answer { wins: tidy(&answer.wins), help: tidy(&answer.help), plan: tidy(&answer.plan), at: facts.now };
        let parts = [&answer.wins, &answer.help, &answer.plan];
        if parts.iter().all(|text| text.is_empty()) {
            return Err(Refusal::EmptyText);
        }
        if parts.iter().any(|text| text.chars().count() > ANSWER_CHARS_MAX) {
            return Err(Refusal::TooLong { max: ANSWER_CHARS_MAX });
        }
        let same = |known: &Answer| Answer { at: answer.at, ..known.clone() } == answer;
        if self.answers.get(by).is_some_and(same) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Answered { by: by.clone(), answer }])
    }

    fn must_not_be_over(&self) -> Result<(), Refusal> {
        if matches!(self.stage, Stage::Closed | Stage::Cancelled) { Err(Refusal::Over) } else { Ok(()) }
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        self.must_not_be_over()?;
        if self.stage == Stage::Open { Ok(()) } else { Err(Refusal::NotOpen { at: self.making.open_at }) }
    }
}
