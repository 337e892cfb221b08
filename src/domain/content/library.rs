//! The library: sentences that somebody approved once, ready for replies, by language and network, until they expire.
//!
//! A new version is used only once somebody other than its author approved it; until then the approved one stays in use.
//! Never sends anything: what is taken from here goes into a draft like any other words. Start at [`Snippet::decide`].

use serde::{Deserialize, Serialize};

use crate::domain::decide::{Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::Notice;
use crate::domain::office::MemberId;
use crate::domain::react::{Aggregate, Columns};
use crate::domain::time::Timestamp;

/// Longest snippet, in characters: it must leave room in a reply of the shortest networks' order, and fit a form.
pub const TEXT_CHARS_MAX: usize = 1_500;
/// Longest title, in characters: one line of a menu (Slack docs: 75 characters of an option).
pub const TITLE_CHARS_MAX: usize = 60;
/// Versions kept in the snippet itself; older ones stay in the journal.
pub const VERSIONS_MAX: usize = 20;

/// What a snippet is made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Making {
    /// What people find it by.
    pub title: String,
    /// Language, ISO 639-1; `None` fits all.
    pub language: Option<String>,
    /// Network; `None` fits all.
    pub network: Option<String>,
    /// Not to be used from then on.
    pub expires_at: Option<Timestamp>,
}

/// A version of the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
}

/// The state of a snippet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// Number; 0 before it was added.
    pub id: i64,
    /// What it was made with.
    pub making: Making,
    /// Versions, newest last.
    pub versions: Vec<Version>,
    /// The version in use and who approved it.
    pub approved: Option<(u32, MemberId)>,
    /// Taken out of use.
    pub expired: bool,
    /// How often it went into a reply.
    pub uses: u32,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was taken out of use.
    pub closed_at: Option<Timestamp>,
}

/// What can be asked of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new one under this number; `reviewers` are asked to approve it.
    Add(i64, Box<Making>, String, Vec<MemberId>),
    /// New words.
    Revise(String, Vec<MemberId>),
    /// Approve the version that was read.
    Approve(u32),
    /// Take it out of use.
    Expire,
    /// It goes into a reply.
    Use,
    /// Time has passed.
    Tick,
}

/// What happened to a snippet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was added.
    Added {
        /// Number.
        id: i64,
        /// With what.
        making: Box<Making>,
        /// First words.
        version: Version,
        /// Who is asked to approve.
        reviewers: Vec<MemberId>,
    },
    /// It has new words, not in use yet.
    Revised {
        /// The words.
        version: Version,
        /// Who is asked to approve.
        reviewers: Vec<MemberId>,
    },
    /// A version is in use from now on.
    Approved {
        /// Which.
        version: u32,
        /// By whom.
        by: MemberId,
    },
    /// It is out of use.
    Expired {
        /// By whom; `None` when its day came.
        by: Option<MemberId>,
        /// When.
        at: Timestamp,
    },
    /// It went into a reply.
    Used,
}

/// Why a snippet cannot do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was written.
    EmptyText,
    /// Too many characters.
    TooLong {
        /// How many there are.
        length: usize,
        /// Most characters.
        max: usize,
    },
    /// Nobody approves their own words.
    OwnVersion,
    /// That version is not the newest.
    Replaced {
        /// The newest.
        newest: u32,
    },
    /// That version is in use already.
    AlreadyApproved,
    /// Nobody has approved it yet.
    NotApproved,
    /// It is out of use.
    Expired,
}

impl Decider for Snippet {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = facts.actor.member();
        match command {
            Command::Add(id, making, text, reviewers) => {
                let title = checked(&making.title, TITLE_CHARS_MAX)?;
                let Some(version) = version(1, text, by, facts.now)? else { return Ok(Vec::new()) };
                let making = Box::new(Making { title, ..(**making).clone() });
                Ok(vec![Event::Added { id: *id, making, version, reviewers: reviewers.clone() }])
            }
            Command::Revise(text, reviewers) => {
                self.must_be_in_use(facts.now)?;
                let number = self.newest().map_or(1, |version| version.number + 1);
                let Some(version) = version(number, text, by, facts.now)? else { return Ok(Vec::new()) };
                if self.newest().is_some_and(|newest| newest.text == version.text) {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::Revised { version, reviewers: reviewers.clone() }])
            }
            Command::Approve(number) => self.approve(*number, facts),
            Command::Expire => {
                self.must_be_in_use(facts.now)?;
                Ok(vec![Event::Expired { by: by.cloned(), at: facts.now }])
            }
            Command::Use => self.text_in_use(facts.now).map(|_| vec![Event::Used]),
            Command::Tick => {
                let due = self.due_at().is_some_and(|due| due <= facts.now);
                Ok(if due { vec![Event::Expired { by: None, at: facts.now }] } else { Vec::new() })
            }
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Added { id, making, version, .. } => {
                self.id = *id;
                self.making = (**making).clone();
                self.added_at = version.at;
                self.versions.push(version.clone());
            }
            Event::Revised { version, .. } => {
                self.versions.push(version.clone());
                let in_use = self.approved.as_ref().map(|(number, _)| *number);
                if self.versions.len() > VERSIONS_MAX {
                    let spare = self.versions.iter().position(|version| Some(version.number) != in_use);
                    spare.map(|index| self.versions.remove(index));
                }
            }
            Event::Approved { version, by } => self.approved = Some((*version, by.clone())),
            Event::Expired { at, .. } => {
                self.expired = true;
                self.closed_at = Some(*at);
            }
            Event::Used => self.uses = self.uses.saturating_add(1),
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.making.expires_at.filter(|_| !self.expired)
    }
}

fn version(number: u32, text: &str, by: Option<&MemberId>, at: Timestamp) -> Result<Option<Version>, Refusal> {
    let text = checked(text, TEXT_CHARS_MAX)?;
    Ok(by.map(|by| Version { number, text, by: by.clone(), at }))
}

fn checked(text: &str, max: usize) -> Result<String, Refusal> {
    let text = text.trim();
    let length = text.chars().count();
    match length {
        0 => Err(Refusal::EmptyText),
        _ if length > max => Err(Refusal::TooLong { length, max }),
        _ => Ok(text.to_owned()),
    }
}

impl Snippet {
    /// Its reference.
    #[must_use]
    pub fn subject(&self) -> Ref {
        Ref::new(Kind::Snippet, self.id)
    }

    /// The newest words, in use or not.
    #[must_use]
    pub fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The words that may be used now.
    ///
    /// # Errors
    /// Why there are none.
    pub fn text_in_use(&self, now: Timestamp) -> Result<&str, Refusal> {
        self.must_be_in_use(now)?;
        let number = self.approved.as_ref().map(|(number, _)| *number);
        let found = self.versions.iter().find(|version| Some(version.number) == number);
        found.map(|version| version.text.as_str()).ok_or(Refusal::NotApproved)
    }

    /// Whether it fits a reply on a network in a language.
    #[must_use]
    pub fn fits(&self, network: &str, language: Option<&str>) -> bool {
        let by_network = self.making.network.as_deref().is_none_or(|own| own == network);
        let by_language = match (&self.making.language, language) {
            (Some(own), Some(wanted)) => own == wanted,
            _ => true,
        };
        by_network && by_language
    }

    /// Says something about it.
    #[must_use]
    pub fn about(&self, key: &str) -> Notice {
        let number = self.newest().map_or(0, |version| version.number);
        Notice::new(key)
            .subject("snippet", self.subject())
            .text("title", &self.making.title)
            .number("version", i64::from(number))
            .number("uses", i64::from(self.uses))
    }

    fn must_be_in_use(&self, now: Timestamp) -> Result<(), Refusal> {
        let over = self.making.expires_at.is_some_and(|end| end <= now);
        if self.expired || over { Err(Refusal::Expired) } else { Ok(()) }
    }

    fn approve(&self, number: u32, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        self.must_be_in_use(facts.now)?;
        let (Some(by), Some(newest)) = (facts.actor.member(), self.newest()) else { return Ok(Vec::new()) };
        if newest.number != number {
            return Err(Refusal::Replaced { newest: newest.number });
        }
        if self.approved.as_ref().is_some_and(|(approved, _)| *approved == number) {
            return Err(Refusal::AlreadyApproved);
        }
        // A team of one has nobody else.
        if newest.by == *by && !facts.office.is_solo() {
            return Err(Refusal::OwnVersion);
        }
        Ok(vec![Event::Approved { version: number, by: by.clone() }])
    }

    fn tell(&self, member: &MemberId, notice: Notice, urgent: bool) -> Effect {
        Effect::Tell { member: member.clone(), subject: Some(self.subject()), notice, urgent }
    }
}

impl Aggregate for Snippet {
    const KIND: Kind = Kind::Snippet;

    fn columns(&self) -> Columns {
        Columns {
            status: if self.expired { "expired" } else { "open" }.to_owned(),
            owner: self.newest().map(|version| version.by.0.clone()),
            network: self.making.network.clone(),
            due_at: self.due_at(),
            opened_at: Some(self.added_at),
            closed_at: self.closed_at,
            ..Columns::default()
        }
    }

    fn event_name(event: &Event) -> &'static str {
        match event {
            Event::Added { .. } => "added",
            Event::Revised { .. } => "revised",
            Event::Approved { .. } => "approved",
            Event::Expired { .. } => "expired",
            Event::Used => "used",
        }
    }

    fn react(&self, events: &[Event], facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let author = self.newest().map(|version| version.by.clone());
        for event in events {
            match (event, &author) {
                (Event::Added { version, reviewers, .. } | Event::Revised { version, reviewers }, _) => {
                    let notice = self.about("library-review-dm").member("who", &version.by);
                    let asked = reviewers.iter().filter(|one| **one != version.by);
                    effects.extend(asked.map(|one| self.tell(one, notice.clone(), true)));
                }
                (Event::Approved { by, .. }, Some(author)) => {
                    effects.push(self.tell(author, self.about("library-approved-dm").member("who", by), false));
                }
                (Event::Expired { .. }, Some(author)) if facts.actor.member() != Some(author) => {
                    effects.push(self.tell(author, self.about("library-expired-dm"), true));
                }
                _ => {}
            }
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::Actor;

    fn office() -> crate::domain::office::Office {
        serde_json::from_value(serde_json::json!({
            "name": "Office", "zone": "Europe/Paris", "language": "en",
            "calendar": { "zone": "Europe/Paris", "week": [[], [], [], [], [], [], []] },
            "members": {}, "roles": {}, "desks": [], "accounts": {}, "targets": {}, "default_role": "care",
            "reporting": null, "series": [],
            "crisis": {
                "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
                "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
            },
        }))
        .expect("the test's office is valid")
    }

    fn decide(state: &Snippet, at: i64, by: &str, command: &Command) -> Result<Vec<Event>, Refusal> {
        let office = office();
        state.decide(command, &Facts { now: Timestamp(at), actor: Actor::Member { id: by.into() }, office: &office })
    }

    fn after(state: Snippet, at: i64, by: &str, command: &Command) -> Snippet {
        decide(&state, at, by, command).expect("allowed").iter().fold(state, Snippet::evolve)
    }

    fn added() -> Snippet {
        let making = Making { title: "Sorry".into(), expires_at: Some(Timestamp(100)), ..Making::default() };
        after(Snippet::default(), 1, "lea", &Command::Add(1, Box::new(making), "We are sorry.".into(), Vec::new()))
    }

    #[test]
    fn only_what_another_person_approved_is_used_and_only_until_it_expires() {
        let snippet = added();
        assert_eq!(decide(&snippet, 2, "hugo", &Command::Use), Err(Refusal::NotApproved));
        assert_eq!(decide(&snippet, 2, "lea", &Command::Approve(1)), Err(Refusal::OwnVersion));
        let snippet = after(snippet, 2, "hugo", &Command::Approve(1));
        let snippet = after(snippet, 3, "nora", &Command::Use);
        assert_eq!(snippet.uses, 1);
        assert_eq!(decide(&snippet, 100, "nora", &Command::Use), Err(Refusal::Expired));
        assert_eq!(snippet.text_in_use(Timestamp(99)), Ok("We are sorry."));
        let gone = after(snippet, 4, "hugo", &Command::Expire);
        assert_eq!(decide(&gone, 5, "nora", &Command::Use), Err(Refusal::Expired));
        assert_eq!(gone.due_at(), None);
    }

    #[test]
    fn the_approved_version_stays_in_use_until_the_next_one_is_approved() {
        let snippet = after(added(), 2, "hugo", &Command::Approve(1));
        let snippet = after(snippet, 3, "nora", &Command::Revise("So sorry.".into(), Vec::new()));
        assert_eq!(snippet.text_in_use(Timestamp(4)), Ok("We are sorry."));
        assert_eq!(decide(&snippet, 4, "hugo", &Command::Approve(1)), Err(Refusal::Replaced { newest: 2 }));
        let snippet = after(snippet, 4, "lea", &Command::Approve(2));
        assert_eq!(snippet.text_in_use(Timestamp(5)), Ok("So sorry."));
        let mut many = snippet;
        for index in 0..VERSIONS_MAX * 2 {
            many = after(many, 6, "nora", &Command::Revise(format!("Words {index}"), Vec::new()));
        }
        assert_eq!(many.text_in_use(Timestamp(7)), Ok("So sorry."), "what is in use is never dropped");
        assert_eq!(many.versions.len(), VERSIONS_MAX);
    }

    #[test]
    fn it_fits_its_network_and_language() {
        let with = |language: Option<&str>, network: Option<&str>| Snippet {
            making: Making {
                language: language.map(Into::into),
                network: network.map(Into::into),
                ..Making::default()
            },
            ..Snippet::default()
        };
        for (snippet, language, fits) in [
            (with(None, None), Some("fr"), true),
            (with(Some("fr"), None), Some("fr"), true),
            (with(Some("fr"), None), Some("en"), false),
            (with(Some("fr"), None), None, true),
            (with(None, Some("x")), Some("fr"), false),
            (with(Some("fr"), Some("instagram")), Some("fr"), true),
        ] {
            assert_eq!(snippet.fits("instagram", language), fits, "{:?}", snippet.making);
        }
    }
}
