//! A crisis: its state, what can be asked of it and what can have happened.
//!
//! The rules that decide are in `decide` (people) and `timers` (time). Start at [`Crisis`] and [`What`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::office::{CrisisPlan, MemberId};
use crate::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};

/// Time in which a second person must confirm an alert before the lead is told (PRODUCT U9: "a person confirms in 15 min").
pub const CONFIRM_MS: i64 = 15 * MINUTE_MS;
/// How long a proposal to lift a freeze or to end a crisis waits for its second person; later it counts as a new one.
pub const PROPOSAL_LIFE_MS: i64 = HOUR_MS;
/// Longest text of a declaration or of one part of an update, in characters: fits a section of either chat.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// Most moments kept in the crisis itself; older ones stay in the journal.
pub const TIMELINE_MAX: usize = 300;
/// Most updates kept in the crisis itself.
pub const UPDATES_MAX: usize = 100;
/// A next update can be promised at most so far ahead.
pub const NEXT_UPDATE_MS_MAX: i64 = 24 * HOUR_MS;

/// What made the detector declare a crisis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The network; `None` for all together.
    pub network: Option<String>,
    /// Messages in the window.
    pub messages: u32,
    /// Length of the window, in minutes.
    pub minutes: u32,
    /// What the same hours of the weeks before brought in as long a window; `None` without history.
    pub usual: Option<u32>,
}

/// Where a crisis came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum Origin {
    /// Somebody declared it.
    Person {
        /// Who.
        id: MemberId,
    },
    /// The detector did.
    Detected {
        /// By what.
        figures: Figures,
    },
}

impl Default for Origin {
    fn default() -> Self {
        Self::Detected { figures: Figures::default() }
    }
}

/// Times and numbers copied from the plan at the declaration, so that a later change of policy moves no running clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Time to acknowledge at level 2 and at level 3, in milliseconds.
    pub ack_ms: (i64, i64),
    /// Time between updates at level 2 and at level 3, in milliseconds.
    pub update_ms: (i64, i64),
    /// People who must agree to lift a freeze or end the crisis.
    pub standdown_people: u32,
}

impl Terms {
    /// The plan's.
    #[must_use]
    pub fn of(plan: &CrisisPlan) -> Self {
        let ms = |(second, third): (u32, u32)| (i64::from(second) * MINUTE_MS, i64::from(third) * MINUTE_MS);
        Self {
            ack_ms: ms(plan.ack_minutes),
            update_ms: ms(plan.update_minutes),
            standdown_people: plan.standdown_people,
        }
    }

    /// Time to acknowledge at a level.
    #[must_use]
    pub fn ack_ms(&self, level: u8) -> i64 {
        if level >= 3 { self.ack_ms.1 } else { self.ack_ms.0 }
    }

    /// Time between updates at a level.
    #[must_use]
    pub fn update_ms(&self, level: u8) -> i64 {
        if level >= 3 { self.update_ms.1 } else { self.update_ms.0 }
    }
}

/// Why somebody is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "duty", rename_all = "snake_case")]
pub enum Duty {
    /// Leads.
    Lead,
    /// Stands in for the lead.
    Deputy,
    /// Holds a role that is called.
    Role {
        /// Which.
        name: String,
    },
    /// Came by themselves.
    Volunteer,
}

/// Somebody who must acknowledge, and how far asking has gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who.
    pub member: MemberId,
    /// Why.
    pub duty: Duty,
    /// When called.
    pub at: Timestamp,
    /// When the next step is due; `None` once all were taken.
    pub due: Option<Timestamp>,
    /// Steps taken: 0 called, 1 reminded and stand-in called, 2 lead told, 3 everybody told.
    pub step: u8,
    /// Who was called in their place.
    pub stand_in: Option<MemberId>,
    /// When it was acknowledged.
    pub acked_at: Option<Timestamp>,
    /// By whom: the person or the stand-in.
    pub acked_by: Option<MemberId>,
}

/// A situation update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// Author.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// What we know.
    pub known: String,
    /// What we do not know; may be empty.
    pub unknown: String,
    /// It came before it was due.
    pub on_time: bool,
}

/// What a crisis holds back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// Every network.
    pub all: bool,
    /// These networks.
    pub networks: BTreeSet<String>,
    /// Replies to customers too, not only posts (PRODUCT U9: from level 3).
    #[serde(default)]
    pub replies: bool,
}

impl Freeze {
    /// Posts on these networks, or on all when none is named.
    #[must_use]
    pub fn of(networks: &BTreeSet<String>) -> Self {
        Self { all: networks.is_empty(), networks: networks.clone(), replies: false }
    }

    /// What a level holds back by itself.
    #[must_use]
    pub fn at_level(level: u8, networks: &BTreeSet<String>) -> Self {
        match level {
            0 | 1 => Self::default(),
            2 => Self::of(networks),
            _ => Self { all: true, networks: BTreeSet::new(), replies: true },
        }
    }

    /// Holds nothing.
    #[must_use]
    pub fn is_none(&self) -> bool {
        !self.all && self.networks.is_empty()
    }

    /// Both together.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self {
            all: self.all || other.all,
            networks: self.networks.union(&other.networks).cloned().collect(),
            replies: self.replies || other.replies,
        }
    }
}

/// People who have agreed so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who, in order.
    pub by: Vec<MemberId>,
    /// When the latest of them agreed.
    pub at: Timestamp,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When it happened, which for a pinned message is when it was written.
    pub at: Timestamp,
    /// What.
    pub notice: Notice,
    /// Identity of the message it was taken from.
    pub source: Option<String>,
}

/// The state of a crisis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Crisis {
    /// Number; 0 before it was declared.
    pub id: i64,
    /// Counts every change; carried by buttons.
    pub revision: u64,
    /// 1 watch, 2 alert, 3 crisis.
    pub level: u8,
    /// An exercise: freezes nothing and is outside all figures.
    pub drill: bool,
    /// What it is about.
    pub text: String,
    /// Networks concerned; empty means all.
    pub networks: BTreeSet<String>,
    /// Where it came from.
    pub origin: Origin,
    /// When.
    pub declared_at: Timestamp,
    /// Leads.
    pub lead: Option<MemberId>,
    /// Stands in for the lead.
    pub deputy: Option<MemberId>,
    /// Copied from the plan.
    pub terms: Terms,
    /// When a second person must have confirmed it; `None` once confirmed, told, or not needed.
    pub confirm_due: Option<Timestamp>,
    /// Still to be confirmed.
    pub unconfirmed: bool,
    /// Who declared or raised it to an alert, and so cannot confirm it; `None` is Vigie.
    #[serde(default)]
    pub alarmed_by: Option<MemberId>,
    /// A room was asked for.
    pub room: bool,
    /// Who must acknowledge, in calling order.
    pub calls: Vec<Call>,
    /// Who carries on for somebody called who is away.
    #[serde(default)]
    pub relieved: BTreeMap<MemberId, MemberId>,
    /// Updates, oldest first.
    pub updates: Vec<Update>,
    /// When the next update is due; `None` at level 1.
    pub update_due: Option<Timestamp>,
    /// Steps taken for it: 0 none, 1 room reminded, 2 lead told, 3 deputy told.
    pub update_step: u8,
    /// Updates that never came.
    pub updates_missed: u32,
    /// What it holds back.
    pub freeze: Freeze,
    /// When it first froze something.
    pub frozen_at: Option<Timestamp>,
    /// People who agreed to lift the freeze.
    pub unfreeze: Option<Proposal>,
    /// People who agreed to end it.
    pub standdown: Option<Proposal>,
    /// References of what was held back when it ended; each waits for a person's decision.
    pub held: Vec<String>,
    /// Everything that happened, by time.
    pub timeline: Vec<Moment>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Who ended it.
    pub closed_by: Vec<MemberId>,
}

/// Everything known at a declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Number.
    pub id: i64,
    /// 1 to 3.
    pub level: u8,
    /// An exercise.
    pub drill: bool,
    /// What it is about.
    pub text: String,
    /// Networks concerned; empty means all.
    pub networks: BTreeSet<String>,
    /// What the detector saw; `None` when a person declares.
    pub figures: Option<Figures>,
    /// Who is away: their backups are called instead.
    pub away: BTreeSet<MemberId>,
}

/// What can be asked of a crisis.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A new crisis.
    Declare(Box<Declaration>),
    /// A second person says that it is real.
    Confirm,
    /// The caller is on it.
    Acknowledge,
    /// These are away at present; whoever is named carries on for them.
    Substitute(BTreeMap<MemberId, MemberId>),
    /// A situation update.
    Update {
        /// What we know.
        known: String,
        /// What we do not know.
        unknown: String,
        /// When the next one is due, if not after the usual time.
        next: Option<Timestamp>,
    },
    /// Another level.
    SetLevel {
        /// 1 to 3.
        level: u8,
        /// Who is away.
        away: BTreeSet<MemberId>,
    },
    /// Hold back more: these networks, or all when none is named.
    Freeze {
        /// Networks.
        networks: BTreeSet<String>,
        /// What the detector saw, when it asks.
        figures: Option<Figures>,
    },
    /// Propose or agree to lift the freeze.
    Unfreeze,
    /// Propose or agree to end the crisis.
    StandDown {
        /// References of what is held back now.
        held: Vec<String>,
    },
    /// Add a line to the timeline.
    AddMoment {
        /// Who said or did it: a name.
        who: String,
        /// What.
        text: String,
        /// When it happened.
        at: Timestamp,
        /// Identity of the message it was taken from.
        source: Option<String>,
    },
    /// A message in the timeline was edited or deleted.
    AmendMoment {
        /// Identity of the message.
        source: String,
        /// New text; `None` when deleted.
        text: Option<String>,
    },
    /// Time has passed.
    Tick {
        /// Who is away.
        away: BTreeSet<MemberId>,
    },
}

/// What happened, when and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who; `None` is Vigie.
    pub by: Option<MemberId>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened to a crisis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// It was declared.
    Declared {
        /// With what.
        declaration: Box<Declaration>,
        /// Leads.
        lead: Option<MemberId>,
        /// Stands in for the lead.
        deputy: Option<MemberId>,
        /// Copied from the plan.
        terms: Terms,
        /// Needs a second person.
        confirm: bool,
    },
    /// A second person confirmed it.
    Confirmed,
    /// Nobody confirmed it in time; the lead was told.
    LeftUnconfirmed,
    /// Somebody was called.
    Called {
        /// Who.
        member: MemberId,
        /// Why.
        duty: Duty,
    },
    /// Somebody who was not called came.
    Joined,
    /// A call was acknowledged, by the person or by the stand-in.
    Acknowledged {
        /// Whose call.
        member: MemberId,
    },
    /// Somebody who was called is away; another one carries on.
    Relieved {
        /// Who is away.
        member: MemberId,
        /// Who carries on.
        by: MemberId,
    },
    /// Somebody who was away carries on themselves.
    Resumed {
        /// Who.
        member: MemberId,
        /// Who did until now.
        by: MemberId,
    },
    /// A call was not acknowledged in time.
    AckMissed {
        /// Whose.
        member: MemberId,
        /// Which step this is, from 1.
        step: u8,
        /// Who is told: the stand-in (step 1) or the lead (step 2).
        told: Option<MemberId>,
    },
    /// A situation update.
    Updated {
        /// It.
        update: Update,
        /// When the next one is due.
        next: Option<Timestamp>,
    },
    /// An update is late.
    UpdateLate {
        /// Steps taken before.
        from: u8,
        /// Steps taken now.
        to: u8,
    },
    /// An update never came; the next one is due then.
    UpdateMissed {
        /// When.
        next: Timestamp,
    },
    /// Another level.
    LevelChanged {
        /// Before.
        from: u8,
        /// Now.
        to: u8,
        /// Needs a second person.
        confirm: bool,
    },
    /// Posts are held back.
    Frozen {
        /// All that is frozen now.
        freeze: Freeze,
        /// What the detector saw, when it asked.
        figures: Option<Figures>,
    },
    /// Somebody wants the freeze lifted.
    UnfreezeProposed {
        /// Who so far.
        people: Vec<MemberId>,
    },
    /// Enough people agreed: the freeze is lifted. What was held stays held.
    Unfrozen {
        /// Who.
        people: Vec<MemberId>,
    },
    /// Somebody wants it ended.
    StandDownProposed {
        /// Who so far.
        people: Vec<MemberId>,
    },
    /// Enough people agreed: it is over. What was held stays held.
    StoodDown {
        /// Who.
        people: Vec<MemberId>,
        /// References of what waits for a decision.
        held: Vec<String>,
    },
    /// A line of the timeline.
    MomentAdded {
        /// A name.
        who: String,
        /// What.
        text: String,
        /// When it happened.
        happened_at: Timestamp,
        /// Identity of the message.
        source: Option<String>,
    },
    /// A line of the timeline was edited (`text`) or deleted (`None`) at its source.
    MomentAmended {
        /// Identity of the message.
        source: String,
        /// New text.
        text: Option<String>,
    },
}

/// Why a crisis cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is over.
    Closed {
        /// When it ended.
        at: Timestamp,
    },
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// Only somebody with the right to lead crises may.
    NotLead,
    /// Not a level from 1 to 3, or not one the asker may choose.
    NoSuchLevel(u8),
    /// It has this level already.
    SameLevel(u8),
    /// It is confirmed already.
    AlreadyConfirmed,
    /// Whoever declared it cannot confirm it.
    OwnAlert,
    /// The caller has acknowledged already.
    AlreadyAcknowledged,
    /// The same is frozen already.
    AlreadyFrozen,
    /// Nothing is frozen.
    NotFrozen,
    /// An exercise freezes nothing.
    DrillFreezesNothing,
    /// The caller agreed already; somebody else must.
    NeedsAnother {
        /// Who else may.
        others: Vec<MemberId>,
    },
    /// The next update cannot be due then.
    NextUpdateOutOfRange,
}

impl Crisis {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Crisis, self.id)
    }

    /// Not over yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.id > 0 && self.closed_at.is_none()
    }

    /// Calls that were acknowledged, and all calls.
    #[must_use]
    pub fn acknowledged(&self) -> (usize, usize) {
        (self.calls.iter().filter(|call| call.acked_at.is_some()).count(), self.calls.len())
    }

    /// Whether somebody has a part in it.
    #[must_use]
    pub fn concerns(&self, member: &MemberId) -> bool {
        let named = [&self.lead, &self.deputy].into_iter().flatten();
        self.is_open() && named.chain(self.calls.iter().map(|call| &call.member)).any(|one| one == member)
    }

    /// Everybody who has a part in it, each once.
    #[must_use]
    pub fn people(&self) -> BTreeSet<MemberId> {
        let named = [&self.lead, &self.deputy].into_iter().flatten();
        named.chain(self.calls.iter().map(|call| &call.member)).cloned().collect()
    }

    /// Whether something waits for an acknowledgement of this person, for themselves or for somebody else.
    #[must_use]
    pub fn awaits(&self, member: &MemberId) -> bool {
        self.is_open() && self.calls_of(member).next().is_some()
    }

    /// Open calls that this person can acknowledge.
    pub(super) fn calls_of<'a>(&'a self, member: &'a MemberId) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().filter(move |call| {
            call.acked_at.is_none() && (call.member == *member || call.stand_in.as_ref() == Some(member))
        })
    }

    /// Whether it concerns a network: it names it, or names none.
    #[must_use]
    pub fn touches(&self, network: &str) -> bool {
        self.networks.is_empty() || self.networks.contains(network)
    }
}
