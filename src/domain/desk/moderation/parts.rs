//! The parts of moderation: measures, what rules did and left undone, what can be asked and what can have happened.
//!
//! Values only; what happens to them is decided in `moderation`. Start at [`Measure`] and [`RuleAct`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::desk::rule::deed::Deed;
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// What is done with a message on its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Hide it from the public.
    Hide,
    /// Show it again.
    Unhide,
    /// Delete it for good.
    Delete,
}

impl Act {
    /// Name in wording keys and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hide => "hide",
            Self::Unhide => "unhide",
            Self::Delete => "delete",
        }
    }
}

/// Whose doing a measure is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Origin {
    /// A person's.
    Member {
        /// Who.
        id: MemberId,
    },
    /// A rule's.
    Rule {
        /// Which.
        rule: i64,
        /// Which of its acts.
        number: u32,
    },
}

/// Where a measure stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// A second person has to confirm it.
    Proposed,
    /// Given up before it left.
    Withdrawn,
    /// The network has to answer.
    Waiting,
    /// The network said that it is done.
    Done,
    /// The network said no.
    Refused {
        /// Its words.
        cause: String,
    },
}

/// One measure about one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// From 1, on its ticket.
    pub number: u32,
    /// The message, by its identity at the source.
    pub source: String,
    /// What.
    pub act: Act,
    /// Whose doing.
    pub origin: Origin,
    /// When it was asked for.
    pub at: Timestamp,
    /// The second person of a deletion.
    #[serde(default)]
    pub confirmed_by: Option<MemberId>,
    /// Where it stands.
    pub stage: Stage,
}

/// How the public sees a message, as far as the network told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// As it was written.
    Shown,
    /// Hidden.
    Hidden,
    /// Gone.
    Deleted,
}

/// Something that a rule did to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Done {
    /// Asked the network to hide the message.
    Hid {
        /// The measure on the ticket.
        measure: u32,
    },
    /// Tagged it.
    Tagged {
        /// With what.
        tag: String,
    },
    /// Set its priority.
    Prioritised {
        /// Before.
        from: u8,
        /// Now.
        to: u8,
    },
    /// Set its topic.
    Retopiced {
        /// Before.
        from: String,
        /// Now.
        to: String,
    },
    /// Handed it to a role.
    Rerouted {
        /// Before.
        from: String,
        /// Now.
        to: String,
    },
    /// Handed it to a person.
    Assigned {
        /// Before.
        from: Option<MemberId>,
        /// Now.
        to: MemberId,
    },
    /// Answered with words of the library.
    Answered {
        /// The reply.
        reply: i64,
    },
    /// Resolved it as spam.
    Closed {
        /// The topic before.
        topic: String,
    },
}

/// Why a rule left something undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spared {
    /// It is urgent: people look at it.
    Urgent,
    /// The press wrote.
    Press,
    /// Somebody of weight wrote.
    Vip,
    /// It is about a crisis.
    Crisis,
    /// Nobody but us sees a private message.
    Private,
    /// It was not written on a network.
    NotThere,
    /// A crisis has stopped what Vigie does by itself.
    Frozen,
    /// The role or person is not in the office any more.
    Gone,
    /// The snippet is not approved, or out of use.
    NoWords,
    /// The snippet has no version in the customer's language, or is for another network.
    OtherLanguage,
    /// Its topic asks for a person's approval.
    Sensitive,
    /// The customer had an automatic answer of this rule within a day.
    AnsweredLately,
    /// This ticket had an automatic answer.
    AnsweredOnce,
    /// Somebody of the team answers already.
    BeingAnswered,
    /// It was written by one of our own accounts.
    Own,
    /// Nothing can leave to this network, or the words are too long for it.
    CannotLeave,
}

impl Spared {
    /// Name in wording keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Press => "press",
            Self::Vip => "vip",
            Self::Crisis => "crisis",
            Self::Private => "private",
            Self::NotThere => "not-there",
            Self::Frozen => "frozen",
            Self::Gone => "gone",
            Self::NoWords => "no-words",
            Self::OtherLanguage => "other-language",
            Self::Sensitive => "sensitive",
            Self::AnsweredLately => "answered-lately",
            Self::AnsweredOnce => "answered-once",
            Self::BeingAnswered => "being-answered",
            Self::Own => "own",
            Self::CannotLeave => "cannot-leave",
        }
    }
}

/// A rule acted on a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleAct {
    /// Which rule.
    pub rule: i64,
    /// Which of its acts.
    pub number: u32,
    /// The message that it found.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// What it did.
    pub done: Vec<Done>,
    /// Who undid it.
    #[serde(default)]
    pub undone_by: Option<MemberId>,
    /// Its undo button stands on the card.
    #[serde(default)]
    pub fresh: bool,
}

/// What a rule would do to a ticket, and what it leaves undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What it does.
    pub done: Vec<Done>,
    /// What it leaves undone, and why.
    pub spared: Vec<(Deed, Spared)>,
    /// The snippet to answer with.
    pub answer: Option<i64>,
}

impl Plan {
    /// There is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.spared.is_empty() && self.answer.is_none()
    }

    /// It hides the message.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.done.iter().any(|done| matches!(done, Done::Hid { .. }))
    }
}

/// What can be asked about a message on its network.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Hide all of the customer's messages.
    Hide,
    /// Show them again.
    Unhide,
    /// Propose to delete them.
    Delete,
    /// The second person says yes.
    Confirm,
    /// Somebody says no.
    Withdraw,
    /// The network answered; the inner error is its refusal.
    Settle {
        /// Which measure.
        number: u32,
        /// What it said.
        answer: Result<(), String>,
    },
    /// A rule does what it planned.
    ByRule(Box<RuleAct>),
    /// A person takes back what a rule did.
    UndoRule {
        /// Which rule.
        rule: i64,
        /// Which of its acts.
        number: u32,
    },
}

/// What happened about messages on their network, and by rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "happened", rename_all = "snake_case")]
pub enum Moderated {
    /// Somebody or a rule asked for a measure.
    Asked {
        /// Which.
        measure: Measure,
    },
    /// The second person confirmed deletions.
    Confirmed {
        /// Which.
        numbers: Vec<u32>,
        /// Who.
        by: MemberId,
    },
    /// Deletions were given up.
    Withdrawn {
        /// Which.
        numbers: Vec<u32>,
        /// By whom.
        by: MemberId,
    },
    /// The network did it.
    Done {
        /// Which.
        number: u32,
    },
    /// The network refused.
    Refused {
        /// Which.
        number: u32,
        /// Its words.
        cause: String,
    },
    /// A rule acted.
    Acted {
        /// What it did.
        act: RuleAct,
    },
    /// A person took back what a rule did.
    TakenBack {
        /// Which rule.
        rule: i64,
        /// Which of its acts.
        number: u32,
        /// Who.
        by: MemberId,
    },
    /// The undo button has had its time.
    Lapsed {
        /// Which rule.
        rule: i64,
        /// Which of its acts.
        number: u32,
    },
    /// A rule, or its undoing, set the topic.
    Retopiced {
        /// Now.
        to: String,
        /// Before.
        from: String,
    },
}

impl Moderated {
    /// The journal's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "measure_asked",
            Self::Confirmed { .. } => "measure_confirmed",
            Self::Withdrawn { .. } => "measure_withdrawn",
            Self::Done { .. } => "measure_done",
            Self::Refused { .. } => "measure_refused",
            Self::Acted { .. } => "rule_acted",
            Self::TakenBack { .. } => "rule_undone",
            Self::Lapsed { .. } => "rule_settled",
            Self::Retopiced { .. } => "retopiced",
        }
    }
}

/// What a merged ticket brings along of its moderation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belongings {
    /// What the network did about its messages.
    pub measures: Vec<Measure>,
    /// What rules did about its messages; what they did to the merged ticket itself is over with it.
    pub acts: Vec<RuleAct>,
    /// Its tags.
    pub tags: BTreeSet<String>,
}
