//! When things happen: working hours and recurring jobs, in the office's own zone.
//!
//! Never reads a clock: every instant comes in as an argument. Start reading at [`business_time::Calendar`], then
//! [`recurrence::Recurrence`]; both see a time zone as runs of constant offset, found by [`transitions`].

pub mod action;
pub mod business_time;
pub mod day;
pub mod meeting;
pub mod recurrence;
pub mod transitions;
