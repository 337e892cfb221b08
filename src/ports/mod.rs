//! What Vigie asks of the outside: chats, social networks, time, and a place that takes in what arrives.
//!
//! Adapters implement these traits; `app` calls them. Nothing here performs IO or knows a vendor's wire format.
//! Start reading at [`chat`] (outgoing), [`envelope`] (incoming) and [`network`].

pub mod chart;
pub mod chat;
pub mod clock;
pub mod envelope;
pub mod inbound;
pub mod network;
pub mod social;

use std::collections::BTreeMap;
use std::sync::Arc;

/// Every remote party that this process is connected to, by key.
#[derive(Clone, Default)]
pub struct Registry {
    /// Connected chats by key.
    pub chats: BTreeMap<String, Arc<dyn chat::Chat>>,
    /// Reader of the signed webhooks' envelopes (`hook:NAME`).
    pub hooks: Option<Arc<dyn Reader>>,
    /// Social networks that replies and posts can leave to, by network name.
    pub networks: BTreeMap<String, Arc<dyn network::Network>>,
    /// Draws the pictures of reports; without it reports come as text only.
    pub charts: Option<Arc<dyn chart::Painter>>,
}

/// Reads envelopes of a source that is not a chat.
pub trait Reader: Send + Sync {
    /// Reads an envelope. Pure; never fails: what cannot be read is [`inbound::Inbound::Unknown`].
    fn decode(&self, envelope: &envelope::Envelope) -> inbound::Inbound;
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("chats", &self.chats.keys()).field("networks", &self.networks.keys()).finish()
    }
}
