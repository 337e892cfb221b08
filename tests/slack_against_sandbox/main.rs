//! The real Slack adapter against the local Slack: what people would notice if it were wrong.

mod calls;
mod deliveries;
mod harness;
mod reading;
