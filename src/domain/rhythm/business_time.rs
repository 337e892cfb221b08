//! Business time (being built beside).
use serde::{Deserialize, Serialize};
/// Working hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {}
