//! What can be asked of a ticket, what can have happened to it, and why it refuses: closed lists, no logic.
//!
//! Events stand in the journal for ever: a new field gets a default. Start at [`Event`].

use serde::{Deserialize, Serialize};

use super::clock::{Due, WaitFor};
use super::correction::Correction;
use super::counted::Counted;
use super::joining::Absorbed;
use super::moderation::{Act, Moderated, Order};
use super::note::{Amendment, Note, Typed};
use super::opening::{Entry, Opening};
use super::silence::Deadline;
use super::ticket::Choice;
use super::triage::Field;
use super::undo::Standing;
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// What can be asked of a ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A new ticket under this number.
    Open(i64, Box<Opening>),
    /// Another message of the same customer or thread.
    Add(Entry),
    /// A message was edited or deleted at its source.
    Amend {
        /// [`Entry::source`].
        source: String,
        /// New text; `None` when deleted.
        text: Option<String>,
    },
    /// Give it to somebody. `seen` is the revision the caller looked at, when a card was pressed.
    Assign {
        /// To whom.
        to: MemberId,
        /// How chosen.
        choice: Choice,
        /// Revision on the pressed card.
        seen: Option<u64>,
    },
    /// Whoever has it may no longer work on it: it goes back to the pool.
    Release,
    /// Write an internal note.
    Note {
        /// What was written.
        typed: Typed,
        /// Chat key.
        via: String,
    },
    /// Its author changed a note's message, or removed it.
    AmendNote {
        /// [`Note::source`].
        source: String,
        /// As it stands now; `None` when removed.
        typed: Option<Typed>,
    },
    /// Close it.
    Resolve {
        /// What came of it: a name of the office's list, or words.
        outcome: Option<String>,
        /// More words about it.
        note: Option<String>,
    },
    /// Say what came of it once it is resolved.
    Conclude {
        /// As above.
        outcome: String,
    },
    /// Open it again.
    Reopen,
    /// Change the priority.
    Prioritise(u8),
    /// Set right what triage had read.
    Correct {
        /// Fields and what is right.
        values: Vec<(Field, String)>,
    },
    /// Hand it to another role.
    Reroute {
        /// Which.
        role: String,
    },
    /// Put it aside.
    Snooze {
        /// Until when.
        until: Timestamp,
    },
    /// Take it up again before its time.
    Wake,
    /// It is somebody else's turn.
    Wait(WaitFor),
    /// It is ours again.
    Resume,
    /// Only owner and leads act from now on.
    Lock,
    /// Everybody acts again.
    Unlock,
    /// It lives on in another ticket.
    MergeInto {
        /// Which.
        target: i64,
    },
    /// Another ticket lives on in this one.
    Absorb(Box<Absorbed>),
    /// Some of its messages become a ticket of their own.
    SplitOff {
        /// [`Entry::source`] of each.
        sources: Vec<String>,
        /// The new ticket.
        into: i64,
    },
    /// It goes on in a new ticket.
    ContinueIn {
        /// Which.
        ticket: i64,
    },
    /// The same by an emoji: it can be undone for a while.
    Mark(Box<Command>),
    /// Undo one's own emoji.
    Undo,
    /// Something about its messages on their network, or about what rules did.
    Moderate(Order),
    /// The network confirmed a human answer.
    Answered,
    /// Its owner says that they are on it.
    Acknowledge,
    /// Somebody is at it, as far as anybody can see: it is not taken from its owner.
    Spare,
    /// Nobody else can have it.
    NobodyElse,
    /// Time has passed: do the first thing that is due.
    Tick,
}

/// What happened to a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was opened.
    Opened {
        /// Number.
        id: i64,
        /// With what.
        opening: Box<Opening>,
    },
    /// A further message came.
    Added {
        /// The message.
        entry: Entry,
        /// The customer had been waited for until now; so much did not count.
        waited_ms: i64,
        /// The deadlines from now on; none when they stay.
        #[serde(default)]
        due: Option<Due>,
    },
    /// A message was edited or deleted at its source.
    Amended {
        /// [`Entry::source`].
        source: String,
        /// New text; `None` when deleted.
        text: Option<String>,
    },
    /// Somebody got it.
    Assigned {
        /// Who.
        to: MemberId,
        /// Who had it before.
        from: Option<MemberId>,
        /// How chosen.
        choice: Choice,
    },
    /// What the assignment just before counts for.
    Counted {
        /// What.
        what: Counted,
    },
    /// It went back to the pool.
    Released {
        /// Who had it.
        from: MemberId,
    },
    /// Nobody could be found.
    LeftUnassigned,
    /// A note was written.
    Noted {
        /// The note.
        note: Note,
    },
    /// A note was changed or removed by its author.
    NoteAmended {
        /// What is new.
        amendment: Amendment,
    },
    /// It was closed.
    Resolved {
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
        /// What came of it: a name of the office's list, or words.
        outcome: Option<String>,
        /// More words about it.
        #[serde(default)]
        note: Option<String>,
    },
    /// What came of it was said afterwards.
    Concluded {
        /// By whom.
        by: MemberId,
        /// What.
        outcome: String,
    },
    /// It was opened again.
    Reopened {
        /// The deadlines from now on; none when they stay.
        #[serde(default)]
        due: Option<Due>,
    },
    /// Its priority changed.
    Prioritised {
        /// New priority.
        priority: u8,
        /// The one before.
        #[serde(default)]
        from: u8,
        /// The deadlines from now on; none when they stay.
        #[serde(default)]
        due: Option<Due>,
    },
    /// Another role takes care of it.
    Rerouted {
        /// Which.
        role: String,
        /// The one before.
        from: String,
    },
    /// It was put aside.
    Snoozed {
        /// Until when.
        until: Timestamp,
        /// By whom.
        by: MemberId,
    },
    /// It is back: its time came, somebody took it up, or the customer wrote.
    Woken {
        /// The customer wrote.
        by_message: bool,
        /// Who had put it aside.
        by: Option<MemberId>,
    },
    /// It is somebody else's turn.
    WaitBegan {
        /// Whose.
        on: WaitFor,
        /// Since when.
        at: Timestamp,
        /// Who said so.
        by: Option<MemberId>,
    },
    /// It is ours again.
    WaitEnded {
        /// Business milliseconds that did not count.
        waited_ms: i64,
        /// The deadlines from now on; none when they stay.
        #[serde(default)]
        due: Option<Due>,
        /// Who said so.
        by: Option<MemberId>,
    },
    /// Only owner and leads act from now on.
    Locked {
        /// Who said so.
        by: MemberId,
    },
    /// Everybody acts again.
    Unlocked {
        /// Who said so.
        by: MemberId,
    },
    /// It lives on in another ticket.
    Merged {
        /// Which.
        into: i64,
        /// By whom.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// Another ticket lives on in this one.
    Absorbed(Absorbed),
    /// Some of its messages became a ticket of their own.
    SplitOff {
        /// Which messages.
        sources: Vec<String>,
        /// The new ticket.
        into: i64,
    },
    /// It went on in a new ticket.
    ContinuedIn {
        /// Which.
        ticket: i64,
    },
    /// What happened just before was done by an emoji.
    Marked {
        /// Whose.
        by: MemberId,
        /// When.
        at: Timestamp,
        /// As it stood before.
        before: Standing,
        /// As it stood after.
        after: Standing,
    },
    /// An emoji was undone.
    Undone {
        /// By whom.
        by: MemberId,
        /// As it stands again.
        before: Standing,
        /// As it stood until now.
        after: Standing,
    },
    /// A person set right what triage had read.
    Corrected {
        /// What.
        correction: Correction,
        /// The deadlines from now on, when the priority was corrected.
        #[serde(default)]
        due: Option<Due>,
    },
    /// Something about its messages on their network, or by a rule.
    Moderated {
        /// What.
        what: Box<Moderated>,
    },
    /// A human answer was delivered.
    Answered {
        /// When.
        at: Timestamp,
    },
    /// The owner was reminded.
    Reminded {
        /// Of what.
        #[serde(default)]
        deadline: Deadline,
        /// So much later than planned, in milliseconds; 0 when in time.
        #[serde(default)]
        late_ms: i64,
    },
    /// The owner is outside their hours: the reminder waits for them.
    ReminderPutOff {
        /// Of what.
        deadline: Deadline,
        /// Until when.
        until: Timestamp,
    },
    /// The owner did nothing, or is away: somebody else is looked for.
    OwnerSilent {
        /// Who.
        owner: MemberId,
        /// With what.
        deadline: Deadline,
        /// So much later than planned, in milliseconds; 0 when in time.
        #[serde(default)]
        late_ms: i64,
    },
    /// Nobody else could have it.
    NobodyElse {
        /// With what.
        deadline: Deadline,
    },
    /// The steps up to this one are passed over: whoever has it has just got it, or is at it.
    Spared {
        /// With what.
        deadline: Deadline,
        /// Up to which.
        level: u8,
    },
    /// Its owner said that they are on it.
    Acknowledged {
        /// Who.
        by: MemberId,
        /// With what.
        deadline: Deadline,
        /// They have until then.
        until: Option<Timestamp>,
    },
    /// A deadline passed.
    Breached {
        /// Which.
        deadline: Deadline,
        /// When it was.
        due: Timestamp,
    },
    /// The lead was told.
    Escalated {
        /// Of what.
        #[serde(default)]
        deadline: Deadline,
        /// So much later than planned, in milliseconds; 0 when in time.
        #[serde(default)]
        late_ms: i64,
    },
}

/// Why a ticket cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is already resolved.
    AlreadyResolved {
        /// By whom.
        by: Option<MemberId>,
        /// When.
        at: Option<Timestamp>,
    },
    /// It is not resolved.
    NotResolved,
    /// Resolved too long ago to be reopened.
    TooOld,
    /// Somebody already has it.
    AlreadyTaken {
        /// Who.
        by: MemberId,
    },
    /// The caller already has it.
    AlreadyYours,
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// No such member.
    UnknownMember(MemberId),
    /// Not a priority from 1 to 4.
    NoSuchPriority(u8),
    /// Not a value of the field.
    NoSuchValue {
        /// The field.
        field: Field,
        /// What was given.
        value: String,
    },
    /// No such role.
    NoSuchRole {
        /// As named.
        role: String,
    },
    /// It lives on in another ticket.
    Merged {
        /// Which.
        into: i64,
    },
    /// Only its owner and the leads act on it.
    Locked {
        /// Who locked it.
        by: MemberId,
        /// Who has it.
        owner: Option<MemberId>,
    },
    /// Only its owner or a lead may lock it.
    NotOwner,
    /// Nobody has it: a lock would be for nobody.
    NobodyToLockFor,
    /// It is not locked.
    NotLocked,
    /// It was not put aside.
    NotSnoozed,
    /// It waits for nobody.
    NotWaiting,
    /// Not ahead, or too far ahead.
    SnoozeRange,
    /// A ticket cannot be merged with itself.
    WithItself,
    /// None of the messages are its own.
    NothingToSplit,
    /// All of its messages were chosen.
    NothingWouldStay,
    /// Whoever asks did nothing by emoji that could be undone.
    NothingToUndo,
    /// It was longer ago than an undo reaches.
    UndoTooLate,
    /// What the emoji changed has changed again.
    ChangedSince,
    /// Nothing can be hidden or deleted where it was written.
    NotOnNetwork {
        /// It is a private message.
        private: bool,
    },
    /// Its messages are so already, or will be once the network answers.
    SoAlready {
        /// What was asked for.
        act: Act,
    },
    /// A deletion waits for its second person.
    DeletionProposed,
    /// No deletion waits for a second person.
    NothingProposed,
    /// Whoever proposed a deletion cannot confirm it.
    SecondPerson,
    /// Nobody else could confirm it, and it is too soon for a second look.
    SecondLook {
        /// From when on whoever proposed it can confirm it.
        again: Timestamp,
    },
    /// Somebody took it back already.
    UndoneAlready {
        /// Who.
        by: MemberId,
    },
    /// Whoever says that they are on it does not have it.
    NotYours {
        /// Who has it.
        owner: Option<MemberId>,
    },
}

/// Statistics words used by reports: events by name, so that the journal can be read without this type.
#[must_use]
pub fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "opened",
        Event::Added { .. } => "added",
        Event::Amended { .. } => "amended",
        Event::Assigned { .. } => "assigned",
        Event::Counted { .. } => "counted",
        Event::Released { .. } => "released",
        Event::LeftUnassigned => "left_unassigned",
        Event::Noted { .. } => "noted",
        Event::NoteAmended { .. } => "note_amended",
        Event::Resolved { .. } => "resolved",
        Event::Reopened { .. } => "reopened",
        Event::Prioritised { .. } => "prioritised",
        Event::Corrected { .. } => "corrected",
        Event::Concluded { .. } => "concluded",
        Event::Rerouted { .. } => "rerouted",
        Event::Snoozed { .. } => "snoozed",
        Event::Woken { .. } => "woken",
        Event::WaitBegan { .. } => "wait_began",
        Event::WaitEnded { .. } => "wait_ended",
        Event::Locked { .. } => "locked",
        Event::Unlocked { .. } => "unlocked",
        Event::Merged { .. } => "merged",
        Event::Absorbed(_) => "absorbed",
        Event::SplitOff { .. } => "split_off",
        Event::ContinuedIn { .. } => "continued_in",
        Event::Marked { .. } => "marked",
        Event::Undone { .. } => "undone",
        Event::Answered { .. } => "answered",
        Event::Moderated { what } => what.name(),
        Event::Reminded { .. } => "reminded",
        Event::ReminderPutOff { .. } => "reminder_put_off",
        Event::OwnerSilent { .. } => "owner_silent",
        Event::NobodyElse { .. } => "nobody_else",
        Event::Spared { .. } => "spared",
        Event::Acknowledged { .. } => "acknowledged",
        Event::Breached { .. } => "breached",
        Event::Escalated { .. } => "escalated",
    }
}
