//! How urgent a ticket is: four steps, p1 the most urgent.
//!
//! Never here: what a priority costs or when it is due; those are rules of rotation and of the SLA.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The urgency of a ticket. Orders by urgency: `P1 < P2`, so the smallest is the most urgent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Drop everything.
    P1,
    /// Today, first.
    P2,
    /// The ordinary case.
    #[default]
    P3,
    /// When there is time.
    P4,
}

impl Priority {
    /// All of them, most urgent first.
    pub const ALL: [Self; 4] = [Self::P1, Self::P2, Self::P3, Self::P4];

    /// As people write it: `p1` to `p4`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::P1 => "p1",
            Self::P2 => "p2",
            Self::P3 => "p3",
            Self::P4 => "p4",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// The text is none of `p1` to `p4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a priority is one of p1, p2, p3, p4")]
pub struct UnknownPriority;

impl FromStr for Priority {
    type Err = UnknownPriority;

    fn from_str(text: &str) -> Result<Self, UnknownPriority> {
        Self::ALL.into_iter().find(|priority| priority.code().eq_ignore_ascii_case(text)).ok_or(UnknownPriority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_reads_back_as_written_and_orders_by_urgency() {
        for priority in Priority::ALL {
            assert_eq!(priority.code().parse(), Ok(priority));
            assert_eq!(serde_json::to_string(&priority).expect("json"), format!("\"{priority}\""));
        }
        assert_eq!("P2".parse(), Ok(Priority::P2));
        assert_eq!("p5".parse::<Priority>(), Err(UnknownPriority));
        assert!(Priority::P1 < Priority::P4);
    }
}
