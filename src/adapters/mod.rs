//! The outside world, one folder a vendor. Vendor types never leave their folder; nothing here imports `app` or `store`.

pub mod charts;
pub mod discord;
pub mod http;
pub mod slack;
pub mod webhook;
