//! What leaves the team: replies and posts as drafts with versions, their approval, their plan, and their way to a network.
//!
//! Never here: the call to a network, or a way for anything but the text of a draft to leave. An approval holds for one
//! hash only. Start reading at [`draft::Draft`], then [`approval`] (who may let it leave) and [`leaving`] (at most once).

pub mod acts;
pub mod approval;
pub mod diff;
pub mod draft;
pub mod leaving;
pub mod library;
pub mod outgoing;
pub mod parts;
pub mod plan;
mod react;
pub mod when;

pub use react::{Of, Post, Reply};

#[cfg(test)]
mod tests;
