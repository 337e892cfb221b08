//! The local Slack, asked over the wire as any client would: raw HTTP and raw sockets, no Slack library.

mod channels;
mod chat;
mod faults;
mod harness;
mod http;
mod interactions;
mod limits;
mod modals;
mod sockets;
