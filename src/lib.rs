//! Vigie: a teammate for social-media teams that live in Slack and Discord.

pub mod domain;
pub mod sandbox;
