//! What the office can say about its own work, from the journal alone.
//!
//! Never counts what it cannot list: every figure keeps the tickets behind it, and what has no value stays without one.
//! Start at [`course`] (one ticket's history), [`metrics`] (figures over many), [`report`] (what is posted).

pub mod course;
pub mod fairness;
pub mod metrics;
pub mod own_desk;
pub mod report;
