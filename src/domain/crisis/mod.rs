//! Crises: found or declared, acknowledged, kept up to date, frozen, stood down, and looked back on.
//!
//! Freezing is the safe side and one person is enough; nothing here ever lifts a freeze without the agreement of as many
//! people as the office asks for, and lifting it lets nothing leave by itself. Never here: rooms, messages, or the clock.
//! Start reading at [`crisis::Crisis`], then [`decide`](mod@decide) and `timers`; [`detector`] finds crises, [`gate`] is what
//! publishing looks at.

#[expect(clippy::module_inception, reason = "the aggregate has the name of its subject")]
pub mod crisis;
mod decide;
pub mod detector;
mod evolve;
pub mod gate;
mod react;
pub mod review;
mod timers;

pub use crisis::{
    Call, Command, Crisis, Declaration, Duty, Event, Figures, Freeze, Moment, Origin, Refusal, Update, What,
};
pub use decide::leads;
pub use gate::Gate;

#[cfg(test)]
mod tests;
