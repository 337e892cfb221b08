//! Signed webhooks, both ways: messages of any tool or network come in, approved replies and posts go out.
//!
//! Never believes an unsigned word, never follows an address into a private network.
//! Start at [`hooks`] (in) and [`publish`] (out); [`decode`] is the format, [`verify`] the signatures, [`address`] the guard.

pub mod address;
pub mod decode;
pub mod hooks;
pub mod publish;
pub mod verify;
mod wire;
