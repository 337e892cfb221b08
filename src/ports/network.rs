//! Social networks: where replies and posts leave to.
//!
//! A network never hears of anything that was not approved and claimed in the database first; this port only carries it,
//! and takes nothing but an [`Outgoing`], which only a draft on its way can make.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

pub use crate::domain::content::outgoing::{Dispatch, Outgoing};
pub use crate::domain::desk::moderation::Act;

/// The network's word that it is out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The network's id.
    pub id: String,
    /// Link, empty when the network gives none.
    pub url: String,
}

/// Why it is not known to be out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Refused for good; nothing is out.
    #[error("refused: {0}")]
    Refused(String),
    /// Nothing is out; may be tried again after so many milliseconds.
    #[error("not now, try again in {after_ms} ms: {cause}")]
    NotNow {
        /// Wait at least this long, in milliseconds.
        after_ms: i64,
        /// The network's words.
        cause: String,
    },
    /// The request left and no answer came: it may be out. Never repeated blindly.
    #[error("unknown outcome: {0}")]
    Unknown(String),
}

/// A social network account that can publish.
#[async_trait]
pub trait Network: Send + Sync {
    /// Network name, e.g. `instagram`.
    fn name(&self) -> &str;

    /// Longest text the network takes, in characters as the network counts them.
    fn text_limit(&self) -> usize;

    /// Publishes once; `key` is the idempotency key of this intention.
    ///
    /// # Errors
    /// [`NetworkError`]; only `NotNow` may be repeated without looking.
    async fn publish(&self, outgoing: &Outgoing, key: &str) -> Result<Published, NetworkError>;

    /// Looks whether an earlier attempt with this key or this exact text is out.
    ///
    /// # Errors
    /// [`NetworkError`] when the network cannot be asked now.
    async fn find(&self, outgoing: &Outgoing, key: &str) -> Result<Option<Published>, NetworkError>;

    /// Hides a customer's message, shows it again, or deletes it. Asking twice is the same as asking once, so an unknown outcome
    /// may be repeated. A network that can do none of it refuses.
    ///
    /// # Errors
    /// [`NetworkError`].
    async fn moderate(&self, message: &str, act: Act, key: &str) -> Result<(), NetworkError> {
        let _ = (message, act, key);
        Err(NetworkError::Refused(format!("{} cannot hide or delete messages", self.name())))
    }
}
