//! The one shape of every decision: state and command in, events out.
//!
//! Deciders never read a clock or a database; what they need to know comes in as [`Facts`].

use serde::{Deserialize, Serialize};

use super::office::{MemberId, Office};
use super::time::Timestamp;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Actor {
    /// A person of the team.
    Member {
        /// Who.
        id: MemberId,
    },
    /// Somebody at the command line of the machine.
    Operator {
        /// As the journal names them: [`OPERATOR`] and their user name.
        label: String,
    },
    /// Vigie itself: a rule, a timer.
    System,
}

/// What a name of the command line begins with in the journal.
pub const OPERATOR: &str = "operator:";

impl Actor {
    /// The member, if a person acts.
    #[must_use]
    pub fn member(&self) -> Option<&MemberId> {
        match self {
            Self::Member { id } => Some(id),
            Self::Operator { .. } | Self::System => None,
        }
    }

    /// Somebody at the command line.
    #[must_use]
    pub fn operator(name: &str) -> Self {
        Self::Operator { label: format!("{OPERATOR}{name}") }
    }

    /// How the journal names the actor.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Member { id } => id.as_str(),
            Self::Operator { label } => label,
            Self::System => "system",
        }
    }
}

/// What a decision may look at besides its own state.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The instant of the decision.
    pub now: Timestamp,
    /// Who asks for it.
    pub actor: Actor,
    /// The team.
    pub office: &'a Office,
}

/// An aggregate: state that changes only by its own events.
pub trait Decider: Sized {
    /// What can be asked for.
    type Command;
    /// What can have happened.
    type Event;
    /// Why it cannot be.
    type Refusal;

    /// Decides a command; no event means that it changes nothing.
    ///
    /// # Errors
    /// A refusal, for a person to read.
    fn decide(&self, command: &Self::Command, facts: &Facts<'_>) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after an event; total.
    #[must_use]
    fn evolve(self, event: &Self::Event) -> Self;

    /// When time itself becomes a command.
    fn due_at(&self) -> Option<Timestamp>;
}
