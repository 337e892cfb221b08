//! Vigie: a teammate for social-media teams that live in Slack and Discord.
//!
//! This is the code map; modules stand in layer order, each may use only those above it in its own line of descent:
//!
//! - [`domain`]: what a ticket, a rotation, a deadline is. Pure: commands are decided into events, events fold into state.
//! - [`wording`]: every sentence in English and French. [`config`]: the files of the configuration folder.
//! - [`ports`]: what the rest needs from chats, networks and time.
//! - [`store`]: inbox, outbox, state and journal on SQLite or PostgreSQL.
//! - [`app`]: use cases. In: [`app::intake`]. One transaction: [`app::work`]. Out: [`app::courier`]. Time: [`app::tick`].
//! - [`adapters`]: Slack, Discord, webhooks; vendors' words never leave their folder.
//! - [`web`]: health and metrics. [`telemetry`]: logs.
//! - [`sandbox`]: a local Slack, Discord and social network that share no code with the rest.
//! - [`runtime`]: puts the parts together; `main` only reads the command line.
#![warn(clippy::disallowed_methods)]

pub mod adapters;
pub mod app;
pub mod config;
pub mod domain;
pub mod ports;
pub mod runtime;
#[allow(clippy::disallowed_methods, reason = "the sandbox plays the outside world, and the world has its own time")]
pub mod sandbox;
pub mod store;
pub mod telemetry;
pub mod web;
pub mod wording;
