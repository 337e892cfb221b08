//! The gate: what may leave to which network at this moment, over all open crises.
//!
//! Written in the transaction that freezes or lifts a freeze, read in the transaction that claims a post: no post can
//! slip in between. Nothing here sends or releases anything.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::crisis::Crisis;

/// Key of the setting that holds the gate as JSON. The row stays when nothing is frozen, so that it can be locked.
pub const SETTING: &str = "freeze";

/// What is frozen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// Every network.
    pub all: bool,
    /// These networks.
    pub networks: BTreeSet<String>,
    /// Reference of the oldest crisis that holds it; empty when open.
    pub by: String,
}

impl Gate {
    /// The gate that these crises hold together; drills and closed ones hold nothing.
    #[must_use]
    pub fn held_by<'a>(crises: impl IntoIterator<Item = &'a Crisis>) -> Self {
        let mut gate = Self::default();
        let mut oldest: Option<i64> = None;
        for crisis in crises.into_iter().filter(|crisis| crisis.is_open() && !crisis.drill && !crisis.freeze.is_none())
        {
            gate.all |= crisis.freeze.all;
            gate.networks.extend(crisis.freeze.networks.iter().cloned());
            oldest = Some(oldest.map_or(crisis.id, |id| id.min(crisis.id)));
        }
        if let Some(id) = oldest {
            gate.by = super::super::ids::Ref::new(super::super::ids::Kind::Crisis, id).to_string();
        }
        gate
    }

    /// Whether nothing may leave to a network.
    #[must_use]
    pub fn holds(&self, network: &str) -> bool {
        self.all || self.networks.contains(network)
    }

    /// Whether nothing is frozen.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.all && self.networks.is_empty()
    }
}
