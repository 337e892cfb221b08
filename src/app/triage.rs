//! What triage made of a message, told to people: the mood on the card, and why each field has its value.
//!
//! Never decides anything itself. Start at [`reasons`].

use super::say::Voice;
use crate::domain::desk::ticket::Ticket;
use crate::domain::desk::triage::{Because, Field, Why};
use crate::domain::notice::{Arg, Notice};
use crate::ports::chat::{Block, Rich, Span};

/// The lines that say why language, mood, topic, priority and role are what they are.
#[must_use]
pub fn reasons(ticket: &Ticket, voice: &Voice<'_>) -> Option<Block> {
    let mut lines = Rich::new();
    for because in &ticket.opening.reasons {
        if !lines.is_empty() {
            lines.push(Span::Text("\n".into()));
        }
        lines.extend(voice.say(&line(because)));
    }
    (!lines.is_empty()).then_some(Block::Context(lines))
}

/// One reason as a sentence.
#[must_use]
pub fn line(because: &Because) -> Notice {
    let field = Arg::Word(format!("triage-field-{}", because.field.name()));
    let notice = match &because.why {
        Why::Rule { name } => Notice::new("triage-why-rule").with("rule", Arg::Code(name.clone())),
        Why::Words { words } => Notice::new("triage-why-words").text("words", words.join(", ")),
        Why::Model { percent, words } if words.is_empty() => {
            Notice::new("triage-why-model-bare").number("percent", i64::from(*percent))
        }
        Why::Model { percent, words } => {
            Notice::new("triage-why-model").number("percent", i64::from(*percent)).text("words", words.join(", "))
        }
        Why::Letters => Notice::new("triage-why-letters"),
        Why::Default if because.field == Field::Mood => Notice::new("triage-why-no-words"),
        Why::Default => Notice::new("triage-why-default"),
        Why::Said => Notice::new("triage-why-said"),
        Why::Corrected { who, from } => {
            Notice::new("triage-why-corrected").member("who", who).with("from", value_word(because.field, from))
        }
    };
    notice.with("field", field)
}

/// The value of a field as a word for the reader.
#[must_use]
pub fn value_word(field: Field, value: &str) -> Arg {
    match field {
        Field::Mood => Arg::Word(format!("mood-{value}")),
        Field::Language | Field::Priority => Arg::Text(value.to_uppercase()),
        Field::Topic => Arg::Word(format!("topic-{}", value.replace('_', "-"))),
        Field::Role | Field::Tag => Arg::Text(value.to_owned()),
    }
}
