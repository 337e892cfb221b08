//! The desk: what an incoming message is about, how urgent it is, and which role answers it.
//!
//! Never here: where messages come from or where cards go. Start reading at [`triage::TriageRules::classify`].

pub mod priority;
pub mod triage;
