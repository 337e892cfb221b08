//! Replies and posts on their way to a network.

use super::courier::Outcome;
use super::work::Parcel;
use super::{App, Fault};
use crate::store::outbox::Claimed;

/// Lets an approved draft leave, at most once.
///
/// # Errors
/// [`Fault::Store`].
pub async fn attempt(_app: &App, _parcel: &Parcel, row: &Claimed) -> Result<Outcome, Fault> {
    Ok(Outcome::Dead(format!("{} cannot leave to a network", row.kind)))
}
