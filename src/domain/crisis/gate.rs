//! The gate: what may leave to which network at this moment, over all open crises.
//!
//! Written in the transaction that freezes or lifts a freeze, read in the transaction that claims a post: no post can
//! slip in between. Nothing here sends or releases anything.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::crisis::Crisis;

/// Key of the setting that holds the gate as JSON. The row stays when nothing is frozen, so that it can be locked.
pub const SETTING: &str = "freeze";

/// From this level on replies are frozen too (PRODUCT U9: level 2 rests posts, level 3 everything).
const REPLIES_FROM_LEVEL: u8 = 3;

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
    /// Whether replies to customers are stopped as well: at level 3. Where it is not said, a freeze of everything
    /// stops them too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<bool>,
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
            gate.replies = Some(gate.replies.unwrap_or(false) || crisis.level >= REPLIES_FROM_LEVEL);
            oldest = Some(oldest.map_or(crisis.id, |id| id.min(crisis.id)));
        }
        if let Some(id) = oldest {
            gate.by = super::super::ids::Ref::new(super::super::ids::Kind::Crisis, id).to_string();
        }
        gate
    }

    /// Reads the stored gate; nothing stored is open, and what cannot be read is closed to everything.
    #[must_use]
    pub fn read(stored: Option<&str>) -> Self {
        let Some(json) = stored.map(str::trim).filter(|json| !json.is_empty()) else { return Self::default() };
        serde_json::from_str(json).unwrap_or_else(|_| Self { all: true, ..Self::default() })
    }

    /// Whether a post, or a reply, to a network must not leave.
    #[must_use]
    pub fn stops(&self, network: &str, post: bool) -> bool {
        self.holds(network) && (post || self.replies.unwrap_or(self.all))
    }

    /// The crisis that holds it, if one does.
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        Some(self.by.clone()).filter(|by| !by.is_empty())
    }

    /// Whether a network is frozen.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freeze_stops_what_it_names() {
        let cases = [
            ("", "x", false, false),
            (r#"{"all":false,"networks":[],"by":""}"#, "x", false, false),
            (r#"{"all":true,"networks":[],"by":"C-3"}"#, "x", true, true),
            (r#"{"all":false,"networks":["x"],"by":"C-3"}"#, "x", true, false),
            (r#"{"all":false,"networks":["x"],"by":"C-3"}"#, "instagram", false, false),
            (r#"{"networks":["x"],"replies":true}"#, "x", true, true),
            (r#"{"all":true,"replies":false}"#, "x", true, false),
            ("nonsense", "x", true, true),
        ];
        for (stored, network, posts, replies) in cases {
            let gate = Gate::read(Some(stored));
            assert_eq!((gate.stops(network, true), gate.stops(network, false)), (posts, replies), "{stored}");
        }
        assert_eq!(Gate::read(None), Gate::default());
    }
}
