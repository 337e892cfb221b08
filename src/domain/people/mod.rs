//! The people of the office: who gets the next ticket, and why.
//!
//! Never here: how anybody is told. Start reading at [`rotation::Rotation::pick`].

pub mod on_call;
pub mod rotation;
pub mod swap;
