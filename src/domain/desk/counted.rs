//! What an assignment counts for in the rotation: written beside it, so that fairness can be recomputed from the journal.
//!
//! Never decides anything. Start at [`Counted`].

use serde::{Deserialize, Serialize};

use crate::domain::office::MemberId;
use crate::domain::people::rotation::{Cost, Exception, Weight};
use crate::domain::time::Timestamp;

/// What somebody's getting a ticket counts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Who got it.
    pub to: MemberId,
    /// In whose rotation.
    pub role: String,
    /// What the ticket cost then.
    pub cost: Cost,
    /// Their weight then: share of post times skill.
    pub weight: Weight,
    /// When.
    pub at: Timestamp,
    /// Why it was no plain turn.
    #[serde(default)]
    pub exception: Option<Exception>,
}
