//! What open crises hold back together. The gate itself is `content::gate`, which publishing reads.
//!
//! Written in the transaction that freezes or lifts a freeze, read in the transaction that claims a post: no post can
//! slip in between. Nothing here sends or releases anything.

use super::crisis::Crisis;
use crate::domain::content::gate::Gate;

/// The gate that these crises hold together, named after the oldest; drills and closed ones hold nothing.
#[must_use]
pub fn held_by<'a>(crises: impl IntoIterator<Item = &'a Crisis>) -> Gate {
    let mut gate = Gate::default();
    let mut oldest: Option<&Crisis> = None;
    let mut replies = false;
    for crisis in crises.into_iter().filter(|crisis| crisis.is_open() && !crisis.drill && !crisis.freeze.is_none()) {
        gate.all |= crisis.freeze.all;
        gate.networks.extend(crisis.freeze.networks.iter().cloned());
        replies |= crisis.freeze.replies;
        if oldest.is_none_or(|known| crisis.id < known.id) {
            oldest = Some(crisis);
        }
    }
    gate.by = oldest.map(|crisis| crisis.subject().to_string());
    // Below level 3 customers are still answered.
    gate.replies = oldest.map(|_| replies);
    gate
}
