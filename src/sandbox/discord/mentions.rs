//! Mentions: what a text mentions, what `allowed_mentions` lets through, and who is notified in the end.

use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::errors::FormErrors;
use super::form::{boolean, given};
use super::ids::{Id, as_id};
use super::permissions::MENTION_EVERYONE;
use super::state::State;

/// Discord docs, "Allowed Mentions Object".
const LISTED_MAX: usize = 100;

/// Which mentions of a message take effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    users: Choice,
    roles: Choice,
    everyone: bool,
    replied_user: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Choice {
    All,
    Only(Vec<Id>),
}

impl Choice {
    fn lets(&self, id: Id) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(&id),
        }
    }
}

impl Default for Allowed {
    /// What Discord does without the field: everything counts.
    fn default() -> Self {
        Self { users: Choice::All, roles: Choice::All, everyone: true, replied_user: true }
    }
}

impl Allowed {
    /// Reads the field of a payload.
    pub fn read(form: &mut FormErrors, payload: &Value) -> Self {
        let Some(field) = given(payload, "allowed_mentions") else { return Self::default() };
        let parse: Vec<&str> = field["parse"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (index, word) in parse.iter().enumerate() {
            if !["users", "roles", "everyone"].contains(word) {
                let words = "Value must be one of ('users', 'roles', 'everyone').";
                form.add(&format!("allowed_mentions.parse.{index}"), "BASE_TYPE_CHOICES", words);
            }
        }
        let mut choice = |key: &str| {
            let ids: Vec<Id> = field[key].as_array().into_iter().flatten().filter_map(as_id).collect();
            if ids.len() > LISTED_MAX {
                let words = format!("Must be {LISTED_MAX} or fewer in length.");
                form.add(&format!("allowed_mentions.{key}"), "BASE_TYPE_MAX_LENGTH", words);
            }
            if parse.contains(&key) && !ids.is_empty() {
                let words = format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive.");
                form.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words);
            }
            if parse.contains(&key) { Choice::All } else { Choice::Only(ids) }
        };
        let (users, roles) = (choice("users"), choice("roles"));
        let replied_user = boolean(form, "allowed_mentions", field, "replied_user").unwrap_or(false);
        Self { users, roles, everyone: parse.contains(&"everyone"), replied_user }
    }
}

/// What one message mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub users: Vec<Id>,
    pub roles: Vec<Id>,
    /// Roles among `roles` whose members are notified.
    pub notified_roles: Vec<Id>,
    pub everyone: bool,
}

fn pattern() -> Option<&'static Regex> {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    PATTERN.get_or_init(|| Regex::new(r"<@(?P<kind>[!&]?)(?P<id>\d{1,20})>|(?P<all>@everyone|@here)").ok()).as_ref()
}

impl State {
    /// What a text of `author` in `channel` mentions; `replied_to` is the author of the message it answers.
    pub fn mentions_in(
        &self,
        text: &str,
        allowed: &Allowed,
        author: Id,
        channel: Id,
        replied_to: Option<Id>,
    ) -> Mentions {
        let mut found = Mentions::default();
        let place = self.channels.get(&channel);
        let in_guild = place.is_none_or(super::model::Channel::in_guild);
        // Another app's webhook has no permissions of its own: Discord lets it mention everybody.
        let trusted =
            !self.users.contains_key(&author) || place.is_some_and(|place| self.may(author, place, MENTION_EVERYONE));
        for hit in pattern().into_iter().flat_map(|pattern| pattern.captures_iter(text)) {
            let id = hit.name("id").and_then(|id| super::ids::parse_id(id.as_str()));
            match (hit.name("all"), id, hit.name("kind").map_or("", |kind| kind.as_str())) {
                (Some(_), ..) => found.everyone |= allowed.everyone && trusted && in_guild,
                (None, Some(id), "&") => {
                    let Some(role) = self.roles.get(&id) else { continue };
                    if in_guild && allowed.roles.lets(id) && !found.roles.contains(&id) {
                        found.roles.push(id);
                        if role.mentionable || trusted {
                            found.notified_roles.push(id);
                        }
                    }
                }
                (None, Some(id), _)
                    if self.users.contains_key(&id) && allowed.users.lets(id) && !found.users.contains(&id) =>
                {
                    found.users.push(id);
                }
                _ => {}
            }
        }
        if let Some(user) = replied_to.filter(|user| allowed.replied_user && self.users.contains_key(user))
            && !found.users.contains(&user)
        {
            found.users.push(user);
        }
        found
    }
}
