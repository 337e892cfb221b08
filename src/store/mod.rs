//! The database: SQLite by default, PostgreSQL for several replicas; one schema, one list of statements.
//!
//! Start reading at [`Store`] (opening, transactions), then [`inbox`] and [`outbox`]. A use case is ONE transaction:
//! [`Store::begin`], any of the functions of these modules on it, [`Tx::commit`]; dropping it undoes everything. Nothing
//! here performs anything remote, reads a clock or decides business: instants and ids of people come from the caller.
//! Every statement lives in [`sql`]; nothing else may hold SQL.

pub mod aggregates;
pub mod counters;
pub mod cursors;
pub mod directory;
mod error;
pub mod heard;
pub mod inbox;
mod inbox_writer;
pub mod journal;
pub mod leases;
pub mod links;
mod open;
pub mod outbox;
pub mod posts;
pub mod settings;
pub mod slots;
pub mod sql;
mod tx;
pub mod volume;

pub use error::{Kind, StoreError};
pub use inbox_writer::InboxWriter;
pub use open::{Engine, Store};
pub use sql::Sql;
pub use tx::{Column, Row, Tx, Value};

/// Result of everything here.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
