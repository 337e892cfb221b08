//! The publish freeze as the crisis desk stores it, read in the transaction that lets something leave.
//!
//! Never opened here. A freeze that cannot be read counts as a freeze of everything.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What must not leave at present. The default lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Every network.
    #[serde(default)]
    pub all: bool,
    /// These networks.
    #[serde(default)]
    pub networks: BTreeSet<String>,
    /// The crisis that froze it, e.g. `C-3`.
    #[serde(default)]
    pub by: Option<String>,
    /// Whether replies are stopped too; when not said, only a freeze of everything stops them, because customers are
    /// still answered while one network's posts rest.
    #[serde(default)]
    pub replies: Option<bool>,
}

impl Gate {
    /// Reads the stored freeze; nothing stored lets everything through, nonsense stops everything.
    #[must_use]
    pub fn read(stored: Option<&str>) -> Self {
        let Some(json) = stored.map(str::trim).filter(|json| !json.is_empty()) else { return Self::default() };
        serde_json::from_str(json).unwrap_or_else(|_| Self { all: true, ..Self::default() })
    }

    /// Whether anything is frozen at all.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.all || !self.networks.is_empty()
    }

    /// Whether a post (`true`) or a reply (`false`) to a network is stopped.
    #[must_use]
    pub fn stops(&self, network: &str, post: bool) -> bool {
        let touched = self.all || self.networks.contains(network);
        touched && (post || self.replies.unwrap_or(self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freeze_stops_what_it_names() {
        let cases = [
            ("", "x", false, false),
            (r#"{"all":false,"networks":[]}"#, "x", false, false),
            (r#"{"all":true,"networks":[]}"#, "x", true, true),
            (r#"{"all":false,"networks":["x"],"by":"C-3"}"#, "x", true, false),
            (r#"{"all":false,"networks":["x"]}"#, "instagram", false, false),
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
