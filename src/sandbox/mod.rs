//! The sandbox: a stateful local Slack, Discord and social network on loopback, as strict as the vendors.
//!
//! It speaks the vendors' wire formats only and never imports another module of this crate: an oracle must not share the
//! bug of what it judges. Start reading at [`clock`], then [`slack`], [`discord`] and [`network`]; [`page`] shows them all.

pub mod clock;
pub mod discord;
pub mod network;
pub mod page;
pub mod slack;

pub use clock::SandboxClock;
