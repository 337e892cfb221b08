//! The real Discord adapter against the local Discord: everything that a person, the network or Discord itself can do to it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where its ground is missing")]

mod answers;
mod calls;
mod gateway;
mod lost;
mod office;
mod setup;
