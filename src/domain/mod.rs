//! What Vigie decides, as pure functions and values.
//!
//! Never here: async, IO, clocks, randomness, logging, SQL, or a vendor's word. Time and identifiers come in as arguments.
//! Start reading at [`time`] and the folders by subject.

pub mod desk;
pub mod office;
pub mod people;
pub mod rhythm;
pub mod rights;
pub mod time;
