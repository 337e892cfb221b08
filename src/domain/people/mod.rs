//! The people of the office: who gets the next ticket and why, who is away, and who stands in.
//!
//! Never here: how anybody is told. Start reading at [`rotation::Rotation::pick`] and [`absence::Absence`].

pub mod absence;
pub mod coverage;
pub mod on_call;
pub mod rotation;
pub mod substitution;
pub mod swap;
