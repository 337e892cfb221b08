//! What a person corrects of triage's reading of a ticket: mood, topic, language, priority. The person is right.
//!
//! Never touches role or owner: a corrected topic may be another role's, and handing it over is offered, not done. Only a
//! corrected priority sets the deadlines anew. Start at `Ticket::correct`.

use serde::{Deserialize, Serialize};

use super::clock::Due;
use super::events::{Event, Refusal};
use super::priority::Priority;
use super::ticket::{Status, Ticket};
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

    pub(super) fn correct(&self, values: &[(Field, String)], facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        if let (Status::Merged, Some(into)) = (self.status, self.merged_into) {
            return Err(Refusal::Merged { into });
        }
        self.must_be_free(facts)?;
        let Some(by) = facts.actor.member() else { return Ok(Vec::new()) };
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
            let due = match priority_of(value).filter(|_| *field == Field::Priority) {
                Some(priority) => {
                    self.must_be_open()?;
                    Some(self.due_at_priority(priority, facts.office))
                }
                None => None,
            };
            let correction = Correction { field: *field, from, to: value.to_owned(), by: by.clone(), at: facts.now };
            events.push(Event::Corrected { correction, due });
        }
        Ok(events)
    }

    pub(super) fn take_correction(&mut self, correction: &Correction, due: Option<&Due>) {
        let value = correction.to.as_str();
        match correction.field {
            Field::Mood => self.opening.mood = value.parse().ok(),
            Field::Topic => value.clone_into(&mut self.opening.topic),
            Field::Language => self.opening.language = Some(value.to_owned()),
            Field::Priority => {
                self.opening.priority = priority_of(value).unwrap_or(self.opening.priority);
                self.escalation = 0;
            }
            Field::Role | Field::Tag => {}
        }
        if let Some(due) = due {
            self.due = due.clone();
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

/// The number of a priority written as `p1` to `p4`.
fn priority_of(value: &str) -> Option<u8> {
    let place = Priority::ALL.iter().position(|priority| priority.code() == value)?;
    u8::try_from(place + 1).ok()
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
    use crate::domain::decide::{Actor, Decider};
    use crate::domain::desk::ticket::replay;
    use crate::domain::office::Office;

    /// Fifteen minutes are promised for P1, an hour for all else, round the clock.
    fn office() -> Office {
        let day = serde_json::json!([{ "from_minute": 0, "to_minute": 1440 }]);
        let week: Vec<_> = (0..7).map(|_| day.clone()).collect();
        let target = |minutes: i64| serde_json::json!({ "first_response_minutes": minutes, "resolution_minutes": 600 });
        let office = serde_json::json!({
            "name": "Office", "zone": "UTC", "language": "en", "calendar": { "zone": "UTC", "week": week },
            "members": {}, "roles": {}, "desks": [], "accounts": {}, "targets": { "1": target(15), "3": target(60) },
            "default_role": "care", "reporting": null, "series": [],
            "crisis": {
                "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
                "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
            },
        });
        serde_json::from_value(office).expect("the test's office is valid")
    }

    fn corrected(ticket: &Ticket, field: Field, value: &str) -> Result<Vec<Event>, Refusal> {
        let office = office();
        let facts = Facts { now: Timestamp(5), actor: Actor::Member { id: "lea".into() }, office: &office };
        ticket.correct(&[(field, value.to_owned())], &facts)
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
    fn a_corrected_topic_leaves_the_role_and_what_is_already_so_changes_nothing() {
        let mut ticket = Ticket::default();
        "care".clone_into(&mut ticket.opening.role);
        let events = corrected(&ticket, Field::Topic, "sales").expect("a topic");
        let ticket = events.iter().fold(ticket, Ticket::evolve);
        assert_eq!((ticket.opening.topic.as_str(), ticket.opening.role.as_str()), ("sales", "care"));
        assert_eq!(corrected(&ticket, Field::Topic, "sales"), Ok(Vec::new()));
        let json = serde_json::to_string(&events).expect("json");
        let back: Vec<Event> = serde_json::from_str(&json).expect("reads back");
        assert_eq!(replay(&back).opening.topic, "sales");
    }

    #[test]
    fn a_corrected_priority_sets_the_deadlines_as_promised_for_it() {
        let mut ticket = Ticket { escalation: 2, ..Ticket::default() };
        ticket.due.first = Some(Timestamp(1));
        let events = corrected(&ticket, Field::Priority, "p1").expect("a priority");
        let ticket = events.iter().fold(ticket, Ticket::evolve);
        assert_eq!((ticket.opening.priority, ticket.escalation), (1, 0));
        assert_eq!(ticket.due.first, Some(Timestamp(15 * 60_000)));
    }

    #[test]
    fn a_resolved_ticket_keeps_its_clock_and_a_merged_one_leads_on() {
        let resolved = Ticket { status: Status::Resolved, ..Ticket::default() };
        assert!(corrected(&resolved, Field::Topic, "sales").is_ok_and(|events| events.len() == 1));
        assert!(matches!(corrected(&resolved, Field::Priority, "p1"), Err(Refusal::AlreadyResolved { .. })));
        let merged = Ticket { status: Status::Merged, merged_into: Some(7), ..Ticket::default() };
        assert_eq!(corrected(&merged, Field::Mood, "negative"), Err(Refusal::Merged { into: 7 }));
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
