//! One occurrence of a meeting series: people are asked before, the agenda is posted with its thread, the meeting ends in
//! a summary.
//!
//! Never skipped silently: what cannot be held is put into writing, and said. Never looks at other aggregates: what the
//! agenda shows of tickets and actions comes in with [`Command::Open`]. Decisions stand in `meeting/decide.rs`,
//! who is told in `meeting/react.rs`.

mod decide;
pub mod react;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Kind, Ref};
use crate::domain::office::{Lang, MemberId, Office};
use crate::domain::time::{HOUR_MS, Timestamp};

/// How long a meeting lasts before its summary is posted by itself (PRODUCT U10: seven points of five minutes, and air).
pub const LENGTH_MS: i64 = HOUR_MS;
/// Open time in which a written meeting takes answers, from when it would have started.
pub const WRITTEN_MS: i64 = 4 * HOUR_MS;
/// A meeting needs this many people (PRODUCT U10: "< 2 present: moved or written").
pub const PRESENT_MIN: usize = 2;
/// Longest answer to one question, in characters.
pub const ANSWER_CHARS_MAX: usize = 1_000;
/// Longest added point or decision, in characters.
pub const POINT_CHARS_MAX: usize = 500;
/// Most added points, and most decisions, of one meeting: more cannot be read in one card.
pub const POINTS_MAX: usize = 50;

/// Where a meeting stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Known; nobody was asked yet.
    #[default]
    Planned,
    /// People were asked for their points.
    Asked,
    /// The agenda stands in the channel.
    Open,
    /// Over.
    Closed,
    /// The series changed or went away before anybody was asked.
    Cancelled,
}

impl Stage {
    /// Name under which it is stored.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Asked => "asked",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a meeting is held in writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// Nobody works that day.
    Holiday,
    /// Fewer than [`PRESENT_MIN`] people are there.
    TooFew,
    /// Its time passed while Vigie was down.
    Missed,
}

impl Written {
    /// Name used in wording keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Holiday => "holiday",
            Self::TooFew => "too-few",
            Self::Missed => "missed",
        }
    }
}

/// What a meeting is made with, copied from its series, so that a later edit cannot move one under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Making {
    /// Series name.
    pub series: String,
    /// Desk whose channels carry the agenda.
    pub desk: String,
    /// Title by language.
    pub title: BTreeMap<Lang, String>,
    /// When it starts.
    pub start: Timestamp,
    /// When people are asked.
    pub ask_at: Timestamp,
    /// When the agenda is posted.
    pub open_at: Timestamp,
}

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Who.
    pub member: MemberId,
    /// For whom else, because they are away.
    pub instead_of: Vec<MemberId>,
}

/// One person's points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What went well.
    pub wins: String,
    /// Where help is needed.
    pub help: String,
    /// What comes next.
    pub plan: String,
    /// When it was last changed.
    pub at: Timestamp,
}

/// Something somebody put on the agenda, or a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Who.
    pub by: MemberId,
    /// What.
    pub text: String,
}

/// What the agenda shows of live work, as it was when it was posted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Open actions of the series, oldest first.
    pub carried: Vec<i64>,
    /// Tickets past their deadline, most overdue first.
    pub overdue: Vec<i64>,
    /// The ticket that nobody has for the longest, and its age in business minutes.
    pub unassigned: Option<(i64, i64)>,
}

/// Who is there and in which form the meeting is held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Who is asked.
    pub invited: Vec<Invited>,
    /// Who is away.
    pub away: Vec<MemberId>,
    /// Why it is held in writing, if it is.
    pub written: Option<Written>,
    /// When it ends by itself.
    pub close_at: Timestamp,
}

/// The state of a meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Number; 0 before it was planned.
    pub id: i64,
    /// Counts every change.
    pub revision: u64,
    /// What it was made with.
    pub making: Making,
    /// Where it stands.
    pub stage: Stage,
    /// Who is there.
    pub attendance: Attendance,
    /// Answers by person.
    pub answers: BTreeMap<MemberId, Answer>,
    /// Added points.
    pub points: Vec<Point>,
    /// Decisions.
    pub decisions: Vec<Point>,
    /// Live work on the agenda.
    pub live: Live,
    /// Actions made in it.
    pub made: Vec<i64>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Who ended it; `None` by itself.
    pub closed_by: Option<MemberId>,
}

/// What can be asked of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new one under this number.
    Plan(i64, Making),
    /// Ask people for their points.
    Ask(Attendance),
    /// Somebody went or came back after people were asked.
    Attend(Attendance),
    /// Somebody's points; the latest count.
    Answer(Answer),
    /// Put something on the agenda.
    Add(String),
    /// Post the agenda.
    Open(Live, Attendance),
    /// Write down a decision.
    Decide(String),
    /// An action was made here.
    Record {
        /// Its number.
        action: i64,
        /// Who does it.
        owner: MemberId,
        /// What.
        text: String,
        /// Chat in which everybody has seen it already.
        via: Option<String>,
    },
    /// End it.
    Close,
    /// Take it back before anybody was asked.
    Cancel,
}

/// What happened to a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was planned.
    Planned {
        /// Number.
        id: i64,
        /// With what.
        making: Making,
    },
    /// People were asked.
    Asked {
        /// Who, and in which form it is held.
        attendance: Attendance,
    },
    /// Others come than were asked.
    Reattended {
        /// Who, and in which form it is held.
        attendance: Attendance,
        /// Who is asked now.
        added: Vec<Invited>,
    },
    /// Somebody answered, or changed their answer.
    Answered {
        /// Who.
        by: MemberId,
        /// What.
        answer: Answer,
    },
    /// Something was put on the agenda.
    PointAdded {
        /// What.
        point: Point,
    },
    /// The agenda was posted.
    Opened {
        /// Live work on it.
        live: Live,
        /// Who is there now.
        attendance: Attendance,
    },
    /// Something was decided.
    Decided {
        /// What.
        point: Point,
    },
    /// An action was made.
    ActionMade {
        /// Its number.
        action: i64,
        /// Who does it.
        owner: MemberId,
        /// What.
        text: String,
        /// Chat in which everybody has seen it already.
        via: Option<String>,
    },
    /// It ended.
    Closed {
        /// When.
        at: Timestamp,
        /// By whom; `None` by itself.
        by: Option<MemberId>,
    },
    /// It was taken back.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// Why a meeting cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has begun: answers are fixed.
    AnswersClosed,
    /// It is over.
    Over,
    /// Its agenda does not stand yet.
    NotOpen {
        /// When it will.
        at: Timestamp,
    },
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// Too many points.
    TooMany {
        /// Most points.
        max: usize,
    },
}

/// Whom a series' loose ends go to: the lead of the first of its roles that has one.
#[must_use]
pub fn lead_of(office: &Office, series: &str) -> Option<MemberId> {
    let series = office.series.iter().find(|found| found.name == series)?;
    series.roles.iter().find_map(|role| office.roles.get(role)?.lead.clone())
}

impl Meeting {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Meeting, self.id)
    }

    /// Its title in a language, else in any, else its series' name.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        let title = self.making.title.get(&lang).or_else(|| self.making.title.values().next());
        title.map_or(self.making.series.as_str(), String::as_str)
    }

    /// Until when answers can be given and changed: the start, or the end of a written meeting.
    #[must_use]
    pub fn answers_until(&self) -> Timestamp {
        if self.attendance.written.is_some() { self.attendance.close_at } else { self.making.start }
    }

    /// Who was asked and has not answered.
    #[must_use]
    pub fn silent(&self) -> Vec<&MemberId> {
        let asked = self.attendance.invited.iter().map(|invited| &invited.member);
        asked.filter(|member| !self.answers.contains_key(*member)).collect()
    }

    /// Whether its agenda stands, or stood, in the channel.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Closed)
    }
}

#[cfg(test)]
#[path = "meeting/tests.rs"]
mod tests;
