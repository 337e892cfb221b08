//! The real `vigie serve` as its own process, between a local Slack and a local Discord: killed, stopped, flooded.
//!
//! More rounds: `VIGIE_KILLS=200 VIGIE_MESSAGES=2000 VIGIE_SEED=7 cargo test --test processes`.

mod count;
mod day;
mod kill;
#[allow(dead_code, reason = "shared with the measures")]
mod office;
#[path = "../support/postgres.rs"]
mod postgres;
mod stop;
mod traffic;
