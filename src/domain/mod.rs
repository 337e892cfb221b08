//! What Vigie decides, as pure functions and values.
//!
//! Never here: async, IO, clocks, randomness, logging, SQL, or a vendor's word. Time and identifiers come in as arguments.
//! Start at [`decide`], then [`desk::ticket`].

pub mod content;
pub mod crisis;
pub mod decide;
pub mod desk;
pub mod effect;
pub mod ids;
pub mod insight;
pub mod notice;
pub mod number_keys;
pub mod office;
pub mod people;
pub mod playbook;
pub mod react;
pub mod rhythm;
pub mod rights;
pub mod time;
