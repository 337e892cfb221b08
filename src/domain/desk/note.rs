//! Internal notes of a ticket: what the team says among itself, followed when its author changes or removes it.
//!
//! A note never leaves the team: nothing here makes a draft, and only drafts can reach a network. Start at [`Note`].

use serde::{Deserialize, Serialize};

use super::ticket::{Event, NOTE_CHARS_MAX, Refusal, Ticket};
use crate::domain::decide::Facts;
use crate::domain::effect::Effect;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// Most notes kept in the ticket itself; older ones stay in the journal.
pub const NOTES_MAX: usize = 200;
/// Most files named in a note (Discord docs: 10 attachments a message).
pub const FILES_MAX: usize = 10;
/// Longest file name shown, in characters: one line on a phone.
pub const FILE_NAME_CHARS_MAX: usize = 80;

/// An internal note. Never leaves the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Number within the ticket, from 1.
    pub number: u32,
    /// Author.
    pub by: MemberId,
    /// For whom: the ticket's own owner, who is away.
    #[serde(default)]
    pub for_whom: Option<MemberId>,
    /// Text; empty once it was deleted.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Chat key it was written in.
    pub via: String,
    /// The message it was typed as, when it was typed in a thread.
    #[serde(default)]
    pub source: String,
    /// Names of the files that came with it.
    #[serde(default)]
    pub files: Vec<String>,
    /// When its author changed it last.
    #[serde(default)]
    pub edited_at: Option<Timestamp>,
    /// Its author removed it.
    #[serde(default)]
    pub deleted: bool,
}

/// A note as it was typed in a thread, at first or again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The message it was typed as; empty for a form or command.
    pub source: String,
    /// Text.
    pub text: String,
    /// Names of files.
    pub files: Vec<String>,
    /// When it was changed, if it was.
    pub edited_at: Option<Timestamp>,
}

/// What of a note an edit changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Which note.
    pub number: u32,
    /// New text; `None` when it was deleted.
    pub text: Option<String>,
    /// Names of its files now.
    #[serde(default)]
    pub files: Vec<String>,
    /// When its author did it.
    pub at: Timestamp,
}

impl Note {
    /// The note as a line under the card; names the chat it was written in, when it was typed in a thread, and for whom its
    /// author acts.
    #[must_use]
    pub fn notice(&self) -> Notice {
        let typed = !self.via.is_empty();
        let key = match (typed, self.files.is_empty(), self.text.is_empty()) {
            (true, true, _) => "note-line",
            (true, false, false) => "note-line-files",
            (true, false, true) => "note-line-only-files",
            (false, true, _) => "note-line-form",
            (false, false, false) => "note-line-form-files",
            (false, false, true) => "note-line-form-only-files",
        };
        let mut notice =
            Notice::new(key).with("who", Notice::acting(&self.by, self.for_whom.as_ref())).text("text", &self.text);
        if typed {
            notice = notice.with("via", Arg::Word(format!("chat-{}", self.via)));
        }
        if !self.files.is_empty() {
            notice = notice.text("files", self.files.join(", "));
        }
        notice
    }

    /// As one line on a card: its words, or the names of its files.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.text.is_empty(), self.files.is_empty()) {
            (_, true) => self.text.clone(),
            (true, false) => format!("📎 {}", self.files.join(", ")),
            (false, false) => format!("{} 📎 {}", self.text, self.files.join(", ")),
        }
    }
}

impl Ticket {
    /// The newest note that stands.
    #[must_use]
    pub fn last_note(&self) -> Option<&Note> {
        self.notes.iter().rev().find(|note| !note.deleted)
    }

    pub(super) fn note(&self, typed: &Typed, via: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let known = |note: &Note| !typed.source.is_empty() && note.source == typed.source;
        if self.notes.iter().any(known) {
            return Ok(Vec::new());
        }
        let files = named(&typed.files);
        let text = checked(&typed.text, files.is_empty())?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
        let note = Note {
            number: self.notes.last().map_or(1, |last| last.number + 1),
            by: by.clone(),
            for_whom: self.for_whom(by, facts.office).cloned(),
            text,
            at: facts.now,
            via: via.to_owned(),
            source: typed.source.clone(),
            files,
            edited_at: typed.edited_at,
            deleted: false,
        };
        Ok(vec![Event::Noted { note }])
    }

    /// The author of a note changed (`Some`) or removed (`None`) the message it was typed as. An older change that
    /// arrives after a newer one changes nothing, and what was removed stays removed.
    pub(super) fn amend_note(
        &self,
        source: &str,
        typed: Option<&Typed>,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let found = self.notes.iter().find(|note| !source.is_empty() && note.source == source && !note.deleted);
        let Some(note) = found else { return Ok(Vec::new()) };
        let Some(typed) = typed else {
            let amendment = Amendment { number: note.number, text: None, files: Vec::new(), at: now };
            return Ok(vec![Event::NoteAmended { amendment }]);
        };
        let at = typed.edited_at.unwrap_or(now);
        let files = named(&typed.files);
        // A note that grew too long is still followed, as far as it fits: the old words would be wrong.
        let text = checked(&cut(&typed.text), files.is_empty())?;
        let overtaken = note.edited_at.is_some_and(|known| at < known);
        if overtaken || (text == note.text && files == note.files) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::NoteAmended { amendment: Amendment { number: note.number, text: Some(text), files, at } }])
    }

    pub(super) fn put_note(&mut self, note: &Note) {
        self.notes.push(note.clone());
        if self.notes.len() > NOTES_MAX {
            self.notes.remove(0);
        }
    }

    pub(super) fn change_note(&mut self, amendment: &Amendment) {
        let Some(note) = self.notes.iter_mut().find(|note| note.number == amendment.number) else { return };
        note.files.clone_from(&amendment.files);
        note.edited_at = Some(amendment.at);
        note.deleted = amendment.text.is_none();
        note.text = amendment.text.clone().unwrap_or_default();
    }

    /// Brings a note up to date wherever it is mirrored.
    pub(super) fn mirrored(&self, number: u32) -> Effect {
        Effect::Note { subject: self.subject(), number }
    }
}

fn checked(text: &str, required: bool) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() && required {
        return Err(Refusal::EmptyText);
    }
    if text.chars().count() > NOTE_CHARS_MAX {
        return Err(Refusal::TooLong { max: NOTE_CHARS_MAX });
    }
    Ok(text.to_owned())
}

fn cut(text: &str) -> String {
    if text.trim().chars().count() <= NOTE_CHARS_MAX {
        return text.to_owned();
    }
    let kept: String = text.trim().chars().take(NOTE_CHARS_MAX - 1).collect();
    format!("{kept}…")
}

/// File names as they are shown: bounded, in order.
fn named(files: &[String]) -> Vec<String> {
    let short = |name: &String| name.trim().chars().take(FILE_NAME_CHARS_MAX).collect::<String>();
    files.iter().map(short).filter(|name| !name.is_empty()).take(FILES_MAX).collect()
}

impl From<String> for Typed {
    /// Words from a form or command.
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}
