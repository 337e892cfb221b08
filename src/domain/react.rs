//! What every stored aggregate tells about itself: its columns, the names of its events, and whom its changes concern.
//!
//! [`Aggregate::react`] is the only place that decides who is told. Start at `desk::react` for tickets.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::decide::{Decider, Facts};
use super::effect::Effect;
use super::ids::Kind;
use super::time::Timestamp;

/// The columns lists and timers select by; everything else stays in the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Where it stands.
    pub status: String,
    /// Member who has it.
    pub owner: Option<String>,
    /// Role it belongs to.
    pub role: Option<String>,
    /// Network.
    pub network: Option<String>,
    /// Topic.
    pub topic: Option<String>,
    /// 1 to 4.
    pub priority: Option<i64>,
    /// Deadline shown to people.
    pub due_at: Option<Timestamp>,
    /// Opened, received.
    pub opened_at: Option<Timestamp>,
    /// Closed.
    pub closed_at: Option<Timestamp>,
}

/// A decider whose state is stored as a row.
pub trait Aggregate: Decider<Event: Serialize> + Clone + Default + Serialize + DeserializeOwned + Send {
    /// Its kind.
    const KIND: Kind;

    /// Its columns.
    fn columns(&self) -> Columns;

    /// The journal's name of an event.
    fn event_name(event: &Self::Event) -> &'static str;

    /// What these events, which led to this state, want done outside.
    fn react(&self, events: &[Self::Event], facts: &Facts<'_>) -> Vec<Effect>;
}
