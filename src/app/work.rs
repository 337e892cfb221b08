//! One use case in one transaction: load, decide, save state and journal, store what must leave.
//!
//! Never calls anything remote. Start at [`Work::act`].

use std::sync::Arc;

use serde::Serialize;

use super::absence::instead;
use super::{App, Fault, Setup};
use crate::domain::decide::{Actor, Facts};
use crate::domain::effect::{Effect, Lane};
use crate::domain::ids::{Kind, Ref};
use crate::domain::office::{MemberId, Office};
use crate::domain::react::Aggregate;
use crate::domain::time::Timestamp;
use crate::ports::chat::Call;
use crate::store::aggregates::{self, NewRow};
use crate::store::outbox::{self, NewOutbox};
use crate::store::{Tx, journal};

/// What an outbox row carries.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Parcel {
    /// An intention, turned into a call when it leaves.
    Effect {
        /// Which.
        effect: Effect,
    },
    /// A call that is already complete: answers and forms.
    Call {
        /// Which.
        call: Call,
    },
    /// Read one message and its thread from a chat, to open a ticket from it.
    Fetch {
        /// Channel.
        channel: String,
        /// Message.
        message: String,
        /// User id of whoever asked.
        user: String,
    },
}

/// A transaction with everything a use case looks at.
pub struct Work<'a> {
    /// The app.
    pub app: &'a App,
    /// Configuration as of the start of the use case.
    pub setup: Arc<Setup>,
    /// The transaction.
    pub tx: &'a mut Tx,
    /// Instant of the use case.
    pub now: Timestamp,
}

/// A loaded aggregate and the version of its row (0: not stored yet).
#[derive(Clone, Debug)]
pub struct Loaded<A> {
    /// Its state.
    pub state: A,
    /// Row version.
    pub version: i64,
}

impl<'a> Work<'a> {
    /// A use case at an instant, with the office that is in force then.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn begin(app: &'a App, tx: &'a mut Tx, now: Timestamp) -> Result<Self, Fault> {
        let setup = super::office::in_force(app, tx, now).await?;
        Ok(Self { app, setup, tx, now })
    }

    /// The team.
    #[must_use]
    pub fn office(&self) -> &Office {
        &self.setup.office
    }

    /// Loads an aggregate for change; `None` when there is no such number.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn load<A: Aggregate>(&mut self, id: i64) -> Result<Option<Loaded<A>>, Fault> {
        let Some(row) = aggregates::load_for_update(self.tx, A::KIND.stored(), id).await? else { return Ok(None) };
        let state = read_state(A::KIND, id, row.state())?;
        Ok(Some(Loaded { state, version: row.version }))
    }

    /// A new, empty aggregate with the next number.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn fresh<A: Aggregate>(&mut self) -> Result<(i64, Loaded<A>), Fault> {
        let id = aggregates::next_id(self.tx, A::KIND.stored()).await?;
        Ok((id, Loaded { state: A::default(), version: 0 }))
    }

    /// Decides a command on a loaded aggregate, saves what happened and stores what must leave.
    /// The inner error is the aggregate's refusal; nothing was changed then.
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn act<A: Aggregate>(
        &mut self,
        id: i64,
        loaded: &mut Loaded<A>,
        command: &A::Command,
        actor: &Actor,
    ) -> Result<Result<Vec<A::Event>, A::Refusal>, Fault> {
        let setup = Arc::clone(&self.setup);
        let facts = Facts { now: self.now, actor: actor.clone(), office: &setup.office };
        let events = match loaded.state.decide(command, &facts) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if events.is_empty() {
            return Ok(Ok(events));
        }
        self.record(id, loaded, &events, actor).await?;
        Ok(Ok(events))
    }

    /// Saves events that were decided elsewhere (with other aggregates in view).
    ///
    /// # Errors
    /// [`Fault::Store`], [`Fault::Unreadable`].
    pub async fn record<A: Aggregate>(
        &mut self,
        id: i64,
        loaded: &mut Loaded<A>,
        events: &[A::Event],
        actor: &Actor,
    ) -> Result<(), Fault> {
        let setup = Arc::clone(&self.setup);
        let facts = Facts { now: self.now, actor: actor.clone(), office: &setup.office };
        let before = loaded.version;
        loaded.state = events.iter().fold(loaded.state.clone(), A::evolve);
        loaded.version += 1;
        self.save(id, loaded, before).await?;
        self.write_journal::<A>(id, loaded.version, actor, events).await?;
        let effects = loaded.state.react(events, &facts);
        let seed = format!("{}:{}", Ref::new(A::KIND, id), loaded.version);
        self.enqueue_all(&seed, &effects).await
    }

    async fn save<A: Aggregate>(&mut self, id: i64, loaded: &Loaded<A>, before: i64) -> Result<(), Fault> {
        let columns = loaded.state.columns();
        let row = NewRow {
            kind: A::KIND.stored().to_owned(),
            id,
            status: columns.status,
            owner: columns.owner,
            role: columns.role,
            network: columns.network,
            topic: columns.topic,
            priority: columns.priority,
            due_at: columns.due_at,
            wake_at: loaded.state.due_at(),
            opened_at: columns.opened_at.unwrap_or(self.now),
            closed_at: columns.closed_at,
            updated_at: self.now,
            state: write_state(A::KIND, id, &loaded.state)?,
        };
        if before == 0 {
            aggregates::insert(self.tx, &row).await?;
            return Ok(());
        }
        if aggregates::save(self.tx, &row, before).await? {
            return Ok(());
        }
        Err(Fault::Unreadable {
            what: Ref::new(A::KIND, id).to_string(),
            cause: "changed by somebody else meanwhile".into(),
        })
    }

    async fn write_journal<A: Aggregate>(
        &mut self,
        id: i64,
        version: i64,
        actor: &Actor,
        events: &[A::Event],
    ) -> Result<(), Fault> {
        let mut lines = Vec::with_capacity(events.len());
        for event in events {
            lines.push((A::event_name(event), write_state(A::KIND, id, event)?));
        }
        let lines: Vec<(&str, &str)> = lines.iter().map(|(name, json)| (*name, json.as_str())).collect();
        journal::append(self.tx, A::KIND.stored(), id, version, self.now, actor.label(), &lines).await?;
        Ok(())
    }

    /// Stores intentions; `seed` makes their keys, so the same decision stored twice has one effect.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn enqueue_all(&mut self, seed: &str, effects: &[Effect]) -> Result<(), Fault> {
        for (index, effect) in effects.iter().enumerate() {
            let Some(read) = instead::reader(self, effect.clone()).await? else { continue };
            if read == *effect || !instead::told_anyway(effects, index, &read) {
                self.enqueue(&format!("{seed}:{index}"), &read).await?;
            }
        }
        Ok(())
    }

    /// Stores one intention for every chat it concerns.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn enqueue(&mut self, seed: &str, effect: &Effect) -> Result<(), Fault> {
        for effect in super::crisis::places(self.office(), effect) {
            for address in self.addresses(seed, &effect).await? {
                self.put(&address, &Parcel::Effect { effect: effect.clone() }, None).await?;
            }
        }
        Ok(())
    }

    /// Stores a complete call, for somebody who waits: it is worthless after `expires_at`.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn answer(&mut self, chat: &str, key: &str, call: Call, expires_at: Timestamp) -> Result<(), Fault> {
        let key = format!("answer:{key}");
        let address = Address { slot: key.clone(), key, lane: Lane::Answer, target: chat.to_owned(), coalesce: false };
        self.put(&address, &Parcel::Call { call }, Some(expires_at)).await
    }

    /// Stores any parcel under an address.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn put(
        &mut self,
        address: &Address,
        parcel: &Parcel,
        expires_at: Option<Timestamp>,
    ) -> Result<(), Fault> {
        let payload = encode("outbox row", parcel)?;
        let row = NewOutbox {
            key: &address.key,
            lane: address.lane as i64,
            target: &address.target,
            slot: &address.slot,
            kind: parcel.kind(),
            payload: &payload,
            not_before: self.now,
            expires_at,
            now: self.now,
            coalesce: address.coalesce,
        };
        outbox::enqueue(self.tx, &row).await?;
        Ok(())
    }

    async fn addresses(&mut self, seed: &str, effect: &Effect) -> Result<Vec<Address>, Fault> {
        let chats = self.app.chats();
        let at = |chat: &str, key, slot, lane, coalesce| Address { key, slot, lane, target: chat.to_owned(), coalesce };
        let mut found = Vec::new();
        match effect {
            Effect::Card { subject } => {
                for chat in &chats {
                    found.push(at(chat, format!("card:{subject}:{chat}"), subject.to_string(), Lane::Card, true));
                }
            }
            Effect::Line { subject, except, .. } => {
                let lane = if subject.kind == Kind::Crisis { Lane::Crisis } else { Lane::Thread };
                for chat in chats.iter().filter(|chat| Some(*chat) != except.as_ref()) {
                    found.push(at(chat, format!("line:{seed}:{chat}"), subject.to_string(), lane, false));
                }
            }
            Effect::Note { subject, number } => {
                for chat in &chats {
                    let key = format!("note:{subject}:{number}:{chat}");
                    found.push(at(chat, key, subject.to_string(), Lane::Thread, true));
                }
            }
            Effect::Tell { member, subject, .. } => {
                if let Some(chat) = self.home_chat(member).await? {
                    let slot = subject.map_or_else(|| format!("dm:{member}"), |about| format!("dm:{member}:{about}"));
                    let crisis = subject.is_some_and(|about| about.kind == Kind::Crisis);
                    let lane = if crisis { Lane::Crisis } else { Lane::Direct };
                    found.push(at(&chat, format!("tell:{seed}:{member}"), slot, lane, false));
                }
            }
            Effect::OwnDesk { member } => {
                for chat in &chats {
                    let slot = format!("desk:{member}");
                    found.push(at(chat, format!("{slot}:{chat}"), slot, Lane::Direct, true));
                }
            }
            Effect::Announce { desk, urgent, .. } => {
                let lane = if *urgent { Lane::Crisis } else { Lane::Approval };
                for chat in &chats {
                    found.push(at(chat, format!("say:{seed}:{chat}"), format!("desk:{desk}"), lane, false));
                }
            }
            Effect::Publish { draft } => {
                found.push(at("network", format!("publish:{seed}"), draft.to_string(), Lane::Approval, false));
            }
            Effect::Moderate { ticket, number } => {
                let (key, slot) = (format!("moderate:{ticket}:{number}"), format!("moderate:{ticket}"));
                found.push(at("network", key, slot, Lane::Approval, false));
            }
            Effect::Room { crisis } => {
                for chat in &chats {
                    // A slot of its own: a topic that may change only every few minutes must not hold up the lines.
                    let slot = format!("{crisis}:making");
                    found.push(at(chat, format!("room:{crisis}:{chat}"), slot, Lane::Crisis, true));
                }
            }
            Effect::Bulletin { crisis, place } => {
                for chat in &chats {
                    let slot = format!("{crisis}:{}", place.name());
                    found.push(at(chat, format!("bulletin:{slot}:{chat}"), slot, Lane::Crisis, true));
                }
            }
            Effect::Picture { chat, channel, document, .. } => {
                let (key, slot) = (format!("picture:{seed}:{document}"), format!("picture:{channel}"));
                found.push(at(chat, key, slot, Lane::Digest, false));
            }
            Effect::Document { document, .. } => {
                for chat in &chats {
                    let key = format!("document:{document}:{chat}");
                    found.push(at(chat, key, format!("document:{document}"), Lane::Digest, false));
                }
            }
        }
        Ok(found)
    }

    /// The chat in which a member gets direct messages: where they were seen last, else the first they have an account in.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn home_chat(&mut self, member: &MemberId) -> Result<Option<String>, Fault> {
        let key = format!("seen:{member}");
        if let Some(chat) = crate::store::settings::get(self.tx, &key).await?
            && self.app.registry.chats.contains_key(&chat)
        {
            return Ok(Some(chat));
        }
        let handles = self.setup.office.members.get(member).map(|found| &found.handles);
        let chats = self.app.chats();
        let by_handle = chats.iter().find(|chat| handles.is_some_and(|handles| handles.contains_key(*chat)));
        Ok(by_handle.or_else(|| chats.first()).cloned())
    }
}

impl Parcel {
    /// Name stored beside the row, for lists of what waits.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Call { .. } => "answer",
            Self::Fetch { .. } => "fetch",
            Self::Effect { effect } => match effect {
                Effect::Card { .. } => "card",
                Effect::Line { .. } => "line",
                Effect::Note { .. } => "note",
                Effect::Tell { .. } => "tell",
                Effect::OwnDesk { .. } => "desk",
                Effect::Announce { .. } => "announce",
                Effect::Publish { .. } => "publish",
                Effect::Moderate { .. } => "moderate",
                Effect::Room { .. } => "room",
                Effect::Bulletin { .. } => "bulletin",
                Effect::Document { .. } => "document",
                Effect::Picture { .. } => "picture",
            },
        }
    }
}

/// Where and in which order a parcel leaves.
#[derive(Clone, Debug)]
pub struct Address {
    /// Idempotency key.
    pub key: String,
    /// Parcels of one slot leave one after the other.
    pub slot: String,
    /// Urgency.
    pub lane: Lane,
    /// Chat key, or `network`.
    pub target: String,
    /// A newer one replaces it while it waits.
    pub coalesce: bool,
}

/// Reads a stored state.
///
/// # Errors
/// [`Fault::Unreadable`].
pub fn read_state<T: serde::de::DeserializeOwned>(kind: Kind, id: i64, json: &str) -> Result<T, Fault> {
    serde_json::from_str(json)
        .map_err(|error| Fault::Unreadable { what: Ref::new(kind, id).to_string(), cause: error.to_string() })
}

fn write_state<T: Serialize>(kind: Kind, id: i64, state: &T) -> Result<String, Fault> {
    encode(&Ref::new(kind, id).to_string(), state)
}

/// Writes a value as JSON.
///
/// # Errors
/// [`Fault::Unreadable`].
pub fn encode<T: Serialize>(what: &str, value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Unreadable { what: what.to_owned(), cause: error.to_string() })
}
