//! The desk: customer messages as tickets.

pub mod ticket;
