//! Vigie: a teammate for social-media teams that live in Slack and Discord.

pub mod adapters;
pub mod app;
pub mod config;
pub mod domain;
pub mod ports;
pub mod runtime;
pub mod sandbox;
pub mod store;
pub mod telemetry;
pub mod web;
pub mod wording;
