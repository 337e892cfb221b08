//! The desk: what an incoming message is about, how urgent it is, which role answers it, and the ticket's whole life.
//!
//! Never here: where messages come from or where cards go. Start reading at [`triage::TriageRules::classify`], then [`ticket`].

mod acts;
pub mod clock;
pub mod consultation;
pub mod contact;
pub mod correction;
pub mod counted;
pub mod events;
mod evolve;
pub mod joining;
pub mod moderation;
pub mod note;
pub mod opening;
pub mod pausing;
pub mod priority;
mod react;
mod react_silence;
pub mod rule;
pub mod silence;
pub mod ticket;
pub mod triage;
pub mod undo;
