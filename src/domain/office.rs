//! The office: the team as everything else reads it. A plain value, made by `config` from the office file; what people
//! change in chat afterwards (roles, grants, weights, backups...) is laid over it by [`changes`].
//!
//! Never here: what changes by itself while people work (absence, rotation standings); that is state of its own.

pub mod changes;
pub mod log;
pub mod promise;
pub mod telling;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use promise::Target;
use promise::{OwnSteps, OwnTargets, Steps};

use super::people::rotation::CostTable;
use super::people::substitution::Absences;
use super::rhythm::business_time::Calendar;
use super::time::Timestamp;

/// A member's short name in the office file, e.g. `lea`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberId(pub String);

impl MemberId {
    /// From any text.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for MemberId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl std::fmt::Display for MemberId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A language Vigie speaks inside chats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Lang {
    /// From a language tag such as `fr`, `fr-FR`, `en_US`; `None` for other languages.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next().map(str::to_ascii_lowercase).as_deref() {
            Some("fr") => Some(Self::Fr),
            Some("en") => Some(Self::En),
            _ => None,
        }
    }

    /// ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

/// What kind of post somebody holds; the row of the rights matrix (PRODUCT U6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Head of social.
    HeadOfSocial,
    /// Social media manager.
    SocialMediaManager,
    /// Community manager.
    CommunityManager,
    /// Creator, writer, designer.
    Creator,
    /// Analyst.
    Analyst,
    /// Paid social.
    PaidSocial,
    /// Care, sales, product expert.
    Expert,
    /// Brand, PR, legal.
    Brand,
    /// Executive.
    Executive,
    /// Client or guest.
    Guest,
}

/// Where a grant of a role comes from, and so who can take it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum GrantSource {
    /// The office file.
    #[default]
    File,
    /// A command in chat.
    Command,
    /// Membership of a group that a chat keeps; it ends with that membership.
    Group {
        /// The chat's key.
        chat: String,
        /// The group's id or name there, as the office file gives it.
        group: String,
    },
}

/// A role given to a member, with its limits. Several grants of one role add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    /// The role.
    pub role: String,
    /// Only for these networks; empty means all.
    #[serde(default)]
    pub networks: BTreeSet<String>,
    /// Only for accounts of these brands; empty means all.
    #[serde(default)]
    pub brands: BTreeSet<String>,
    /// Up to, not including, this instant.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Where it comes from.
    #[serde(default)]
    pub source: GrantSource,
}

/// How the tickets of a role find their next owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Strategy {
    /// Fair turns among all who are there.
    #[default]
    Turns,
    /// One holder a week, handed over at a fixed time of the office's zone.
    Weekly {
        /// Day of the hand-over, 0 is Monday.
        weekday: u8,
        /// Minute of that day.
        minute: u16,
        /// Who follows whom; empty is the holders in order of id.
        #[serde(default)]
        order: Vec<MemberId>,
        /// A day of the week in which the first of the order is on call; without it the weeks are counted from 5 January 1970.
        #[serde(default)]
        first: Option<NaiveDate>,
        /// Open tickets go to the next one at the hand-over; otherwise they stay with who has them.
        #[serde(default)]
        tickets_follow: bool,
    },
}

/// A person of the team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Short name.
    pub id: MemberId,
    /// Name shown.
    pub name: String,
    /// Language wished in chat; `None` follows the client's profile.
    pub language: Option<Lang>,
    /// Own zone; `None` is the office's.
    pub zone: Option<Tz>,
    /// Mail address: links the person's chat accounts.
    pub email: Option<String>,
    /// Handle or user id by chat key (`slack`, `discord`), without `@`.
    pub handles: BTreeMap<String, String>,
    /// Names of the roles in `grants`, each once, in the same order; see [`Member::hold`].
    pub roles: Vec<String>,
    /// The roles held, with their limits and where they come from.
    #[serde(default)]
    pub grants: Vec<RoleGrant>,
    /// Networks all the person's rights are limited to; empty means all.
    pub networks: BTreeSet<String>,
    /// Brands all the person's rights are limited to; empty means all.
    #[serde(default)]
    pub brands: BTreeSet<String>,
    /// Share of a full post in the rotation (1 = full).
    pub weight: u32,
    /// Most open tickets at once before the rotation passes by; `None` is no limit.
    pub capacity: Option<u32>,
    /// Skill by topic: 0 excludes from the topic, 1 is ordinary.
    pub skills: BTreeMap<String, u32>,
    /// Who takes over when away.
    pub backup: Option<MemberId>,
    /// Who takes over what belongs to one role, where that is somebody else.
    #[serde(default)]
    pub role_backups: BTreeMap<String, MemberId>,
    /// Own working hours; `None` is the office's calendar.
    pub hours: Option<Calendar>,
}

impl Member {
    /// Holds exactly these roles.
    pub fn hold(&mut self, grants: Vec<RoleGrant>) {
        self.roles = Vec::with_capacity(grants.len());
        for grant in &grants {
            if !self.roles.contains(&grant.role) {
                self.roles.push(grant.role.clone());
            }
        }
        self.grants = grants;
    }
}

impl RoleGrant {
    /// A role without limits, by the office file.
    #[must_use]
    pub fn of_file(role: impl Into<String>) -> Self {
        Self { role: role.into(), ..Self::default() }
    }
}

/// A role: a mission, rights and, for some, a rotation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Name used in rules and commands, e.g. `care`.
    pub name: String,
    /// The rights it carries.
    pub post: Post,
    /// Mission by language, shown when granted.
    pub mission: BTreeMap<Lang, String>,
    /// Takes part in the rotation of its tickets.
    pub rotation: bool,
    /// Topics the role is for, where its rights are limited to its own topics.
    pub topics: BTreeSet<String>,
    /// Who is asked when nobody of the role is there.
    pub lead: Option<MemberId>,
    /// Own service hours; `None` is the office's calendar.
    pub hours: Option<Calendar>,
    /// How its tickets find their next owner.
    #[serde(default)]
    pub strategy: Strategy,
    /// Groups of the chats whose members hold the role: group id or name by chat key.
    #[serde(default)]
    pub groups: BTreeMap<String, String>,
    /// What it promises differently from the office.
    #[serde(default, deserialize_with = "super::number_keys::read")]
    pub targets: OwnTargets,
    /// What it does differently while an owner is silent.
    #[serde(default)]
    pub escalation: OwnSteps,
}

/// A desk: where tickets of some networks are shown and worked on, one channel on each connected chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Name.
    pub name: String,
    /// Language of its public cards.
    pub language: Lang,
    /// Channel (name or id, without `#`) by chat key.
    pub channels: BTreeMap<String, String>,
    /// Watched channels (names or ids, without `#`) by chat key: every message there becomes a ticket of this desk.
    pub watch: BTreeMap<String, Vec<String>>,
    /// Networks whose messages come to this desk; the first desk without any is the desk for all others.
    pub networks: BTreeSet<String>,
}

/// An account of ours on a social network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Network name, e.g. `instagram`.
    pub network: String,
    /// Handle, e.g. `@maison`.
    pub handle: String,
    /// The brand it speaks for; `None` where the office has only one.
    #[serde(default)]
    pub brand: Option<String>,
    /// Main language of its public.
    pub language: Lang,
    /// Every reply needs somebody else's approval.
    pub approve_replies: bool,
    /// Where replies and posts are sent (an address that takes signed JSON); `None` when only messages that bring their
    /// own reply address can be answered.
    pub publish_url: Option<String>,
    /// Longest text, in characters.
    pub text_limit: u32,
    /// Hours in which somebody must be there for it; `None` promises none.
    #[serde(default)]
    pub cover: Option<Calendar>,
    /// What is promised there differently from everywhere else.
    #[serde(default, deserialize_with = "super::number_keys::read")]
    pub targets: OwnTargets,
}

/// What can come of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeKind {
    /// Short name, e.g. `refunded`.
    pub name: String,
    /// Words by language; the name itself where there are none.
    #[serde(default)]
    pub words: BTreeMap<Lang, String>,
}

impl OutcomeKind {
    /// The usual ones, for an office that lists none; their words are those of the language files.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let names = ["answered", "refunded", "replaced", "repaired", "forwarded", "thanked", "no_answer", "spam"];
        names.iter().map(|name| Self { name: (*name).to_owned(), words: BTreeMap::new() }).collect()
    }

    /// Its words in a language, else in any; none when the office file gives none.
    #[must_use]
    pub fn words_in(&self, lang: Lang) -> Option<&str> {
        self.words.get(&lang).or_else(|| self.words.values().next()).map(String::as_str)
    }
}

/// A meeting that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Name used in commands, e.g. `weekly`.
    pub name: String,
    /// Title by language.
    pub title: BTreeMap<Lang, String>,
    /// Cron expression of the start, in the office's zone.
    pub cron: String,
    /// The desk whose channels carry the agenda.
    pub desk: String,
    /// Who takes part: role names.
    pub roles: Vec<String>,
    /// How long before the start people are asked, in minutes.
    pub ask_minutes_before: i64,
    /// How long before the start the agenda is posted, in minutes.
    pub agenda_minutes_before: i64,
}

/// When the digest and the report are posted, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporting {
    /// Cron expression of the daily digest.
    pub daily: String,
    /// Cron expression of the weekly report.
    pub weekly: String,
    /// The desk that gets them.
    pub desk: String,
}

/// Who is called in a crisis, and by what it is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrisisPlan {
    /// Leads it.
    pub lead: Option<MemberId>,
    /// Stands in for the lead.
    pub deputy: Option<MemberId>,
    /// Role names called at level 2.
    pub alert_roles: Vec<String>,
    /// Role names called in addition at level 3.
    pub crisis_roles: Vec<String>,
    /// Messages of one network within `volume_minutes` that open an alert by themselves.
    pub volume_messages: u32,
    /// Window of `volume_messages`, in minutes.
    pub volume_minutes: u32,
    /// Minutes to acknowledge at level 2 and level 3 before the next person is called.
    pub ack_minutes: (u32, u32),
    /// Minutes between updates at level 2 and level 3.
    pub update_minutes: (u32, u32),
    /// Who, besides the lead, may confirm the stand-down is anybody with the crisis right; at least this many people.
    pub standdown_people: u32,
}

/// The whole team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Office {
    /// Name.
    pub name: String,
    /// Home zone: digest, meetings and wall-clock schedules.
    pub zone: Tz,
    /// Language of public words where no desk says otherwise.
    pub language: Lang,
    /// Working hours.
    pub calendar: Calendar,
    /// People by short name.
    pub members: BTreeMap<MemberId, Member>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Desks, in file order; never empty.
    pub desks: Vec<Desk>,
    /// Accounts by network.
    pub accounts: BTreeMap<String, Account>,
    /// Targets by priority 1 to 4.
    #[serde(deserialize_with = "super::number_keys::read")]
    pub targets: BTreeMap<u8, Target>,
    /// What is done while the owner of a ticket is silent.
    #[serde(default)]
    pub escalation: Steps,
    /// What can come of a ticket, in the order in which it is offered.
    #[serde(default)]
    pub outcomes: Vec<OutcomeKind>,
    /// Role that takes tickets no rule gave to anybody.
    pub default_role: String,
    /// Meetings.
    pub series: Vec<Series>,
    /// Digest and report.
    pub reporting: Option<Reporting>,
    /// Crisis.
    pub crisis: CrisisPlan,
    /// What tickets weigh in the rotation.
    #[serde(default)]
    pub costs: CostTable,
    /// Accounts that were unlinked by hand, as (chat key, user id): no mail address links them again.
    #[serde(default)]
    pub unlinked: BTreeSet<(String, String)>,
    /// A planned leave needs the agreement of somebody who plans the rota.
    #[serde(default)]
    pub approve_leave: bool,
    /// Everybody's leaves, now and to come.
    #[serde(default)]
    pub away: Absences,
    /// For whom each stands in at present: their rights are lent for so long ([`super::rights::LENT`]).
    #[serde(default)]
    pub lent: BTreeMap<MemberId, Vec<MemberId>>,
}

impl Office {
    /// With these leaves in force at an instant: whoever stands in then is lent the rights that go with it.
    #[must_use]
    pub fn with_leaves(mut self, away: Absences, at: Timestamp) -> Self {
        self.lent = self
            .members
            .keys()
            .map(|member| (member.clone(), away.stands_in_for(&self, member, at)))
            .filter(|(_, whom)| !whom.is_empty())
            .collect();
        self.away = away;
        self
    }

    /// The desk for a network: the one that names it, else the first that names none, else the first.
    #[must_use]
    pub fn desk_for_network(&self, network: &str) -> Option<&Desk> {
        self.desks
            .iter()
            .find(|desk| desk.networks.contains(network))
            .or_else(|| self.desks.iter().find(|desk| desk.networks.is_empty()))
            .or_else(|| self.desks.first())
    }

    /// A desk by name.
    #[must_use]
    pub fn desk(&self, name: &str) -> Option<&Desk> {
        self.desks.iter().find(|desk| desk.name == name)
    }

    /// A team of one: a single member holds roles, guests aside. Steps that take a second person are then confirmed by the
    /// same person after a pause, so that nothing stands still for ever; with a second member this ends by itself.
    #[must_use]
    pub fn is_solo(&self) -> bool {
        let works = |role: &String| self.roles.get(role).is_some_and(|role| role.post != Post::Guest);
        self.members.values().filter(|member| member.roles.iter().any(works)).take(2).count() == 1
    }

    /// Members who hold a role, in order of id.
    pub fn holders<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Member> {
        self.members.values().filter(move |member| member.roles.iter().any(|held| held == role))
    }

    /// The name to show for a member; the id itself when the member has left the file.
    #[must_use]
    pub fn name_of<'a>(&'a self, member: &'a MemberId) -> &'a str {
        self.members.get(member).map_or(member.as_str(), |found| found.name.as_str())
    }

    /// The outcome somebody means: by its name or its words in any language, whatever the case.
    #[must_use]
    pub fn outcome(&self, typed: &str) -> Option<&OutcomeKind> {
        let typed = typed.trim().to_lowercase();
        let is = |text: &str| text.to_lowercase() == typed;
        self.outcomes.iter().find(|one| is(&one.name) || one.words.values().any(|words| is(words)))
    }

    /// All topics that some role is for, in order.
    #[must_use]
    pub fn topics(&self) -> BTreeSet<String> {
        self.roles.values().flat_map(|role| role.topics.iter().cloned()).collect()
    }

    /// The role that a topic belongs to, when just one takes it in turn.
    #[must_use]
    pub fn role_for_topic(&self, topic: &str) -> Option<&Role> {
        let mut fitting = self.roles.values().filter(|role| role.rotation && role.topics.contains(topic));
        let first = fitting.next()?;
        if fitting.next().is_some() { None } else { Some(first) }
    }

    /// The calendar that a role's deadlines run in.
    #[must_use]
    pub fn calendar_of_role(&self, role: &str) -> &Calendar {
        self.roles.get(role).and_then(|found| found.hours.as_ref()).unwrap_or(&self.calendar)
    }
}
