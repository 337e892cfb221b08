//! What a person corrects of triage's reading of a ticket: mood, topic, language, priority. The person is right.
//!
//! Never touches a running clock or the owner: a corrected topic may name another role, and who has the ticket keeps it until
//! somebody gives it on. Start at [`Ticket::correct`].

use serde::{Deserialize, Serialize};

use super::events::{Event, Refusal};
use super::priority::Priority;
use super::ticket::Ticket;
use super::triage::{Because, Field, Mood, Why};
use crate::domain::decide::Facts;
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

/// Longest topic or language, in characters: the longest name a rule may give.
pub const VALUE_CHARS_MAX: usize = 60;

/// One field set right by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The field.
    pub field: Field,
    /// What stood there; empty for nothing.
    pub from: String,
    /// What is right.
    pub to: String,
    /// Who said so.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
}

impl Ticket {
    /// The value of a field as it is written in corrections; empty for none.
    #[must_use]
    pub fn value(&self, field: Field) -> String {
        match field {
            Field::Mood => self.opening.mood.map_or_else(String::new, |mood| mood.code().to_owned()),
            Field::Topic => self.opening.topic.clone(),
            Field::Language => self.opening.language.clone().unwrap_or_default(),
            Field::Priority => format!("p{}", self.opening.priority),
            Field::Role => self.opening.role.clone(),
            Field::Tag => String::new(),
        }
    }

    pub(super) fn correct(
        &self,
        values: &[(Field, String)],
        role: Option<&String>,
        facts: &Facts<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        match facts.actor.member() {
            Some(by) => self.corrections_of(values, role, by, facts.now),
            None => Ok(Vec::new()),
        }
    }

    fn corrections_of(
        &self,
        values: &[(Field, String)],
        role: Option<&String>,
        by: &MemberId,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        for (field, value) in values {
            let value = value.trim();
            if !is_value(*field, value) {
                return Err(Refusal::NoSuchValue { field: *field, value: value.to_owned() });
            }
            let from = self.value(*field);
            if from == value {
                continue;
            }
            let correction = Correction { field: *field, from, to: value.to_owned(), by: by.clone(), at: now };
            let role = role.filter(|role| *field == Field::Topic && **role != self.opening.role).cloned();
            events.push(Event::Corrected { correction, role });
        }
        Ok(events)
    }

    pub(super) fn take_correction(&mut self, correction: &Correction, role: Option<&str>) {
        let value = correction.to.as_str();
        match correction.field {
            Field::Mood => self.opening.mood = value.parse().ok(),
            Field::Topic => value.clone_into(&mut self.opening.topic),
            Field::Language => self.opening.language = Some(value.to_owned()),
            Field::Priority => {
                let place = Priority::ALL.iter().position(|priority| priority.code() == value);
                self.opening.priority =
                    place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(self.opening.priority);
            }
            Field::Role | Field::Tag => {}
        }
        if let Some(role) = role {
            role.clone_into(&mut self.opening.role);
        }
        let field = correction.field;
        self.opening.reasons.retain(|because| because.field != field);
        let why = Why::Corrected { who: correction.by.clone(), from: correction.from.clone() };
        self.opening.reasons.push(Because { field, why });
        // Two corrections of one field are one: what Vigie had said first, and what is right now.
        let first =
            self.corrections.iter().position(|known| known.field == field).map(|place| self.corrections.remove(place));
        let from = first.map_or_else(|| correction.from.clone(), |first| first.from);
        if from != correction.to {
            self.corrections.push(Correction { from, ..correction.clone() });
        }
    }
}

fn is_value(field: Field, value: &str) -> bool {
    match field {
        Field::Mood => value.parse::<Mood>().is_ok(),
        Field::Priority => value.parse::<Priority>().is_ok(),
        Field::Topic => !value.is_empty() && value.chars().count() <= VALUE_CHARS_MAX,
        Field::Language => value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_lowercase()),
        Field::Role | Field::Tag => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::Decider;
    use crate::domain::desk::ticket::replay;

    fn corrected(ticket: &Ticket, field: Field, value: &str) -> Result<Vec<Event>, Refusal> {
        ticket.corrections_of(&[(field, value.to_owned())], Some(&"sales".to_owned()), &"lea".into(), Timestamp(5))
    }

    #[test]
    fn a_correction_wins_says_who_and_is_counted_once_for_each_field() {
        let mut ticket = Ticket::default();
        ticket.opening.mood = Some(Mood::Neutral);
        ticket.opening.reasons = vec![Because { field: Field::Mood, why: Why::Default }];
        for value in ["negative", "positive"] {
            let events = corrected(&ticket, Field::Mood, value).expect("a mood");
            assert_eq!(events.len(), 1);
            ticket = events.iter().fold(ticket, Ticket::evolve);
        }
        assert_eq!(ticket.opening.mood, Some(Mood::Positive));
        assert_eq!(ticket.corrections.len(), 1);
        assert_eq!((ticket.corrections[0].from.as_str(), ticket.corrections[0].to.as_str()), ("neutral", "positive"));
        let told = Because { field: Field::Mood, why: Why::Corrected { who: "lea".into(), from: "negative".into() } };
        assert_eq!(ticket.opening.reasons, [told]);
        let events = corrected(&ticket, Field::Mood, "neutral").expect("a mood");
        ticket = events.iter().fold(ticket, Ticket::evolve);
        assert!(ticket.corrections.is_empty(), "what Vigie had said first is right again");
    }

    #[test]
    fn a_corrected_topic_names_the_role_and_what_is_already_so_changes_nothing() {
        let ticket = Ticket::default();
        let events = corrected(&ticket, Field::Topic, "sales").expect("a topic");
        let ticket = events.iter().fold(ticket, Ticket::evolve);
        assert_eq!((ticket.opening.topic.as_str(), ticket.opening.role.as_str()), ("sales", "sales"));
        assert_eq!(corrected(&ticket, Field::Topic, "sales"), Ok(Vec::new()));
        let json = serde_json::to_string(&events).expect("json");
        let back: Vec<Event> = serde_json::from_str(&json).expect("reads back");
        assert_eq!(replay(&back).opening.topic, "sales");
    }

    #[test]
    fn what_is_no_value_of_the_field_is_refused() {
        for (field, value) in
            [(Field::Mood, "cross"), (Field::Priority, "p9"), (Field::Language, "french"), (Field::Topic, " ")]
        {
            let refused = corrected(&Ticket::default(), field, value);
            assert!(matches!(refused, Err(Refusal::NoSuchValue { .. })), "{field:?} {value}");
        }
    }
}
