//! Rules about the repository itself: layers, sizes, bans, words, dependencies, and a README that agrees with the code.
//!
//! Start at the module of the rule that failed; each message says what to do.

mod bans;
mod commands;
mod layers;
mod readme;
mod rights;
mod sizes;
mod source;
mod supply;
mod words;
