//! The desk: customer messages as tickets.

mod react;
pub mod ticket;
