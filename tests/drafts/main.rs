//! Drafts, approvals and publishing, played through commands, buttons and forms on a real database.
//!
//! The network of these scenes knows no idempotency keys: whatever is sent twice stands there twice.

mod posts;
mod replies;
mod sending;
mod world;
