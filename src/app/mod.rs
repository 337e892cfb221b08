//! What Vigie does: takes up what arrived, decides it in one transaction, and lets the outcome leave.
//!
//! Nothing remote happens while a transaction is open. Start at [`intake`] (in), [`work`] (one use case), [`courier`] (out)
//! and [`tick`] (time); [`commands`] is the table of everything people can type.

pub mod absence;
pub mod applying;
pub mod audit;
pub mod cards;
pub mod commands;
pub mod consult;
pub mod courier;
pub mod coverage;
pub mod crisis;
pub mod desk;
pub mod documents;
pub mod draft_cards;
pub mod drafts;
pub mod explain;
pub mod fairness;
pub mod figures;
pub mod groups;
pub mod handing_on;
pub mod housekeeping;
pub mod intake;
pub mod lessons;
pub mod library;
pub mod linking;
pub mod listen;
pub mod meetings;
pub mod moderate;
pub mod notes;
pub mod office;
pub mod own_desk;
pub mod pace;
pub mod people;
pub mod playbooks;
pub mod prepare;
pub mod press;
pub mod publish;
pub mod readback;
pub mod reports;
pub mod returning;
pub mod rota;
pub mod rota_show;
pub mod rotation;
pub mod rules;
pub mod say;
pub mod sharing;
pub mod tick;
pub mod tickets;
pub mod triage;
pub mod work;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

use crate::domain::desk::triage::Sorter;
use crate::domain::office::Office;
use crate::domain::time::Timestamp;
use crate::ports::Registry;
use crate::ports::clock::Clock;
use crate::store::{InboxWriter, Store, StoreError};
use crate::wording::Wording;

/// The office with its compiled rules; replaced as a whole when either changes.
#[derive(Debug)]
pub struct Setup {
    /// The team.
    pub office: Office,
    /// Playbooks.
    pub playbooks: Arc<crate::domain::playbook::Playbooks>,
    /// Triage rules, and the model the team may have trained.
    pub triage: Arc<Sorter>,
}

/// What one turn of a loop did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something was done; ask again at once.
    Worked,
    /// Nothing to do now; the next thing is due then, if anything is.
    Idle(Option<Timestamp>),
}

/// Why a use case stopped.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A person asked for something that cannot be; the sentence says why.
    #[error("refused")]
    Refused(Box<crate::domain::notice::Notice>),
    /// Stored state that cannot be read: a bug or a damaged row.
    #[error("unreadable state of {what}: {cause}")]
    Unreadable {
        /// Of what.
        what: String,
        /// Parser's words.
        cause: String,
    },
}

impl Fault {
    /// A refusal with a sentence.
    #[must_use]
    pub fn refused(notice: crate::domain::notice::Notice) -> Self {
        Self::Refused(Box::new(notice))
    }
}

/// Wakes the loops when there is something new for them.
#[derive(Debug, Default)]
pub struct Wakers {
    /// Envelopes arrived.
    pub intake: Notify,
    /// Intentions were stored.
    pub courier: Notify,
    /// Directories or gaps are to be read.
    pub upkeep: Notify,
}

/// Everything a use case needs.
pub struct App {
    /// Database.
    pub store: Store,
    /// Group-committing door to the inbox.
    pub inbox: InboxWriter,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chats and networks.
    pub registry: Registry,
    /// Sentences.
    pub wording: Wording,
    /// Wakers of the loops.
    pub wakers: Wakers,
    /// Forms whose sender still waits, by delivery id.
    pub forms: intake::OpenForms,
    /// What is to be read back.
    pub gaps: readback::Gaps,
    /// When volumes were last looked at.
    pub watch: crisis::watch::Watch,
    /// The rules of auto-moderation, ready to look at messages.
    pub rules: rules::Standing,
    door: OnceLock<consult::link::Door>,
    /// The office file, and the office built from it.
    in_force: office::InForce,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("registry", &self.registry).finish_non_exhaustive()
    }
}

impl App {
    /// An app over an open, migrated store.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, registry: Registry, setup: Setup) -> Arc<Self> {
        let inbox = InboxWriter::spawn(store.clone());
        Arc::new(Self {
            store,
            inbox,
            clock,
            registry,
            wording: Wording::new(),
            wakers: Wakers::default(),
            forms: intake::OpenForms::default(),
            gaps: readback::Gaps::default(),
            watch: crisis::watch::Watch::default(),
            rules: rules::Standing::default(),
            door: OnceLock::new(),
            in_force: office::InForce::new(setup),
        })
    }

    /// How links for people without an account are made; `None` until [`App::open_door`].
    #[must_use]
    pub fn door(&self) -> Option<&consult::link::Door> {
        self.door.get()
    }

    /// Says how such links are made; the first word holds.
    pub fn open_door(&self, door: consult::link::Door) {
        // A second door cannot be opened while links made with the first are out.
        let _ = self.door.set(door);
    }

    /// The office as the last transaction saw it: for what is shown or connected. What is decided reads `Work::office`.
    #[must_use]
    pub fn setup(&self) -> Arc<Setup> {
        self.in_force.last_seen()
    }

    /// Puts a new office file in force; what was changed in chat stays laid over it.
    pub fn reload(&self, setup: Setup) {
        self.in_force.replace_file(setup);
    }

    /// Keys of the connected chats, in order.
    #[must_use]
    pub fn chats(&self) -> Vec<String> {
        self.registry.chats.keys().cloned().collect()
    }
}

/// Counters by name, for metrics.
pub type Counts = BTreeMap<String, i64>;
