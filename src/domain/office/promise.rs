//! What the office promises: how soon a customer is answered and helped, and what happens when the owner of a ticket is silent.
//!
//! The office says it for all; a role, and before that a network, may say it differently, value by value. Tickets copy what
//! holds when they are opened. Start at [`Office::promise`] and [`Office::steps_for`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Office;

/// How soon a ticket of one priority must be answered and resolved, in business minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Minutes to the first human answer.
    pub first_response_minutes: i64,
    /// Minutes to the answer to whatever the customer writes after it; as for the first one when nothing is said.
    #[serde(default)]
    pub next_response_minutes: Option<i64>,
    /// Minutes to the resolution.
    pub resolution_minutes: i64,
}

impl Target {
    /// Minutes to a further answer.
    #[must_use]
    pub fn next_minutes(&self) -> i64 {
        self.next_response_minutes.unwrap_or(self.first_response_minutes)
    }
}

/// What a role or a network promises differently for one priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTarget {
    /// As [`Target::first_response_minutes`].
    #[serde(default)]
    pub first_response_minutes: Option<i64>,
    /// As [`Target::next_response_minutes`].
    #[serde(default)]
    pub next_response_minutes: Option<i64>,
    /// As [`Target::resolution_minutes`].
    #[serde(default)]
    pub resolution_minutes: Option<i64>,
}

impl OwnTarget {
    /// The target with what is said here in its place.
    #[must_use]
    pub fn over(&self, target: Target) -> Target {
        Target {
            first_response_minutes: self.first_response_minutes.unwrap_or(target.first_response_minutes),
            next_response_minutes: self.next_response_minutes.or(target.next_response_minutes),
            resolution_minutes: self.resolution_minutes.unwrap_or(target.resolution_minutes),
        }
    }
}

/// What a role or a network promises differently, by priority.
pub type OwnTargets = BTreeMap<u8, OwnTarget>;

/// When a step is taken, counted in business time from the customer's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum StepTime {
    /// After this share of the time promised.
    Share {
        /// In percent; over 100 is after the deadline.
        percent: u32,
    },
    /// After so much business time, whatever was promised.
    After {
        /// In minutes.
        minutes: i64,
    },
    /// Never.
    Never,
}

impl StepTime {
    /// Business minutes after the message, of a time promised; `None` for never.
    #[must_use]
    pub fn minutes_of(self, promised_minutes: i64) -> Option<i64> {
        match self {
            Self::Share { percent } => Some(promised_minutes.saturating_mul(i64::from(percent)) / 100),
            Self::After { minutes } => Some(minutes),
            Self::Never => None,
        }
    }
}

/// What is done, and when, while the owner of a ticket is silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    /// The owner is reminded.
    pub remind: StepTime,
    /// It goes to somebody else.
    pub hand_on: StepTime,
    /// The lead is told; the deadline itself when it says never: somebody always hears of a broken promise.
    pub tell_lead: StepTime,
}

impl Default for Steps {
    /// Half of the time for the owner alone, a quarter after the reminder, a quarter for whoever gets it then; the lead at
    /// the deadline.
    fn default() -> Self {
        let share = |percent| StepTime::Share { percent };
        Self { remind: share(50), hand_on: share(75), tell_lead: share(100) }
    }
}

/// What a role does differently while an owner is silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSteps {
    /// As [`Steps::remind`].
    #[serde(default)]
    pub remind: Option<StepTime>,
    /// As [`Steps::hand_on`].
    #[serde(default)]
    pub hand_on: Option<StepTime>,
    /// As [`Steps::tell_lead`].
    #[serde(default)]
    pub tell_lead: Option<StepTime>,
}

impl OwnSteps {
    /// The steps with what is said here in their place.
    #[must_use]
    pub fn over(&self, steps: Steps) -> Steps {
        Steps {
            remind: self.remind.unwrap_or(steps.remind),
            hand_on: self.hand_on.unwrap_or(steps.hand_on),
            tell_lead: self.tell_lead.unwrap_or(steps.tell_lead),
        }
    }
}

impl Office {
    /// What is promised for a priority to a customer of a network whom a role takes care of: the network's word counts before
    /// the role's, the role's before the office's, for each value apart.
    #[must_use]
    pub fn target_for(&self, priority: u8, role: &str, network: &str) -> Option<Target> {
        let target = self.targets.get(&priority).copied()?;
        let by_role = self.roles.get(role).and_then(|found| found.targets.get(&priority));
        let target = by_role.map_or(target, |own| own.over(target));
        let by_network = self.accounts.get(network).and_then(|found| found.targets.get(&priority));
        Some(by_network.map_or(target, |own| own.over(target)))
    }

    /// [`Office::target_for`] of all priorities, most urgent first.
    #[must_use]
    pub fn promise(&self, role: &str, network: &str) -> Vec<(u8, Target)> {
        let priorities = self.targets.keys().copied();
        priorities.filter_map(|priority| Some((priority, self.target_for(priority, role, network)?))).collect()
    }

    /// What is done while an owner of this role's tickets is silent.
    #[must_use]
    pub fn steps_for(&self, role: &str) -> Steps {
        self.roles.get(role).map_or(self.escalation, |found| found.escalation.over(self.escalation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(first: i64, next: Option<i64>, resolution: i64) -> Target {
        Target { first_response_minutes: first, next_response_minutes: next, resolution_minutes: resolution }
    }

    #[test]
    fn what_is_said_nearer_counts_value_by_value() {
        let office = target(60, None, 480);
        let role = OwnTarget { first_response_minutes: Some(30), ..OwnTarget::default() };
        assert_eq!(role.over(office), target(30, None, 480));
        assert_eq!(
            role.over(office).next_minutes(),
            30,
            "a further answer follows the first one where nothing is said"
        );
        let network =
            OwnTarget { next_response_minutes: Some(15), resolution_minutes: Some(240), ..OwnTarget::default() };
        assert_eq!(network.over(role.over(office)), target(30, Some(15), 240));
        assert_eq!(role.over(target(60, Some(90), 480)).next_minutes(), 90);
    }

    #[test]
    fn steps_are_shares_of_the_promise_or_times_of_their_own() {
        assert_eq!(StepTime::Share { percent: 50 }.minutes_of(15), Some(7));
        assert_eq!(StepTime::Share { percent: 120 }.minutes_of(60), Some(72));
        assert_eq!(StepTime::After { minutes: 20 }.minutes_of(15), Some(20));
        assert_eq!(StepTime::Never.minutes_of(15), None);
        let own = OwnSteps { hand_on: Some(StepTime::Never), ..OwnSteps::default() };
        assert_eq!(own.over(Steps::default()), Steps { hand_on: StepTime::Never, ..Steps::default() });
    }

    #[test]
    fn a_target_that_was_stored_before_further_answers_had_one_still_reads() {
        let old: Target =
            serde_json::from_str(r#"{"first_response_minutes":60,"resolution_minutes":480}"#).expect("old");
        assert_eq!(old, target(60, None, 480));
    }
}
