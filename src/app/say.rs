//! From notices to text for one reader: their language, their chat's mentions, the office's zone.
//!
//! Never decides what is said. Start at [`Voice`].

use std::collections::BTreeMap;

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;

use crate::domain::notice::{Arg, Notice};
use crate::domain::office::{Lang, MemberId, Office};
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::{Block, Body, Rich, Span, TimeStyle};
use crate::wording::{Piece, Wording};

/// How to speak in one chat to one reader (or one channel's readers).
#[derive(Clone, Debug)]
pub struct Voice<'a> {
    /// Sentences.
    pub wording: &'a Wording,
    /// Names.
    pub office: &'a Office,
    /// Language.
    pub lang: Lang,
    /// User ids of this chat by member, for mentions that notify.
    pub users: BTreeMap<MemberId, String>,
}

impl<'a> Voice<'a> {
    /// A voice that knows no user ids: members are named, never notified.
    #[must_use]
    pub fn plain(wording: &'a Wording, office: &'a Office, lang: Lang) -> Self {
        Self { wording, office, lang, users: BTreeMap::new() }
    }

    /// A notice as rich text.
    #[must_use]
    pub fn say(&self, notice: &Notice) -> Rich {
        let mut rich = Rich::new();
        for piece in self.wording.pieces(self.lang, notice) {
            match piece {
                Piece::Text(text) => rich.push(Span::Text(text)),
                Piece::Arg(arg) => self.show(&arg, &mut rich),
            }
        }
        rich
    }

    /// A notice as plain text, for summaries and labels.
    #[must_use]
    pub fn plain_text(&self, notice: &Notice) -> String {
        plain(&self.say(notice))
    }

    /// A word.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        self.wording.word(self.lang, key)
    }

    /// A notice as a whole message.
    #[must_use]
    pub fn body(&self, notice: &Notice) -> Body {
        let rich = self.say(notice);
        Body { summary: plain(&rich), blocks: vec![Block::Text(rich)], ..Body::default() }
    }

    /// An instant.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> Span {
        Span::Time { at, style: TimeStyle::DayClock, fallback: written(at, self.office.zone, self.lang) }
    }

    /// A length of time: `23 min`, `2 h 05`, `3 d`.
    #[must_use]
    pub fn length(&self, length_ms: i64) -> String {
        let minutes = length_ms.max(0) / MINUTE_MS;
        let day = if self.lang == Lang::Fr { "j" } else { "d" };
        match minutes {
            0..60 => format!("{minutes} min"),
            60..1440 => format!("{} h {:02}", minutes / 60, minutes % 60),
            _ => format!("{} {day} {} h", minutes / 1440, (minutes % 1440) / 60),
        }
    }

    /// A topic in the reader's language: the wording `topic-NAME`, else the name itself.
    #[must_use]
    pub fn topic(&self, topic: &str) -> String {
        self.named(&format!("topic-{topic}")).unwrap_or_else(|| topic.replace(['_', '-'], " "))
    }

    /// An outcome in the reader's language: the office's words, the wording `outcome-NAME`, else the words given.
    #[must_use]
    pub fn outcome(&self, outcome: &str) -> String {
        let Some(known) = self.office.outcomes.iter().find(|known| known.name == outcome) else {
            return outcome.to_owned();
        };
        let words = known.words_in(self.lang).map(str::to_owned);
        let words = words.or_else(|| self.named(&format!("outcome-{outcome}")));
        words.unwrap_or_else(|| outcome.replace(['_', '-'], " "))
    }

    fn named(&self, key: &str) -> Option<String> {
        let key = key.replace('_', "-");
        self.wording.has(self.lang, &key).then(|| self.word(&key))
    }

    fn show(&self, arg: &Arg, rich: &mut Rich) {
        rich.push(match arg {
            Arg::Said(inner) => return rich.extend(self.say(inner)),
            Arg::Hours(from, until) => Span::Text(super::coverage::hours(*from, *until, self.office.zone, self.lang)),
            Arg::Text(text) => Span::Text(text.clone()),
            Arg::Strong(text) => Span::Bold(text.clone()),
            Arg::Code(text) => Span::Code(text.clone()),
            Arg::Typed(words) => {
                Span::Code(words.get(&self.lang).or_else(|| words.values().next()).cloned().unwrap_or_default())
            }
            Arg::Number(number) => Span::Text(number.to_string()),
            Arg::Member(member) => Span::Bold(self.office.name_of(member).to_owned()),
            Arg::Ping(member) => match self.users.get(member) {
                Some(user) => Span::User(user.clone()),
                None => Span::Bold(self.office.name_of(member).to_owned()),
            },
            Arg::Ref(subject) => Span::Bold(subject.to_string()),
            Arg::At(at) => self.at(*at),
            Arg::Day(at) => Span::Text(written_day(*at, self.office.zone, self.lang)),
            Arg::Span(length_ms) => Span::Text(self.length(*length_ms)),
            Arg::Word(key) => Span::Text(self.word(key)),
            Arg::Topic(topic) => Span::Text(self.topic(topic)),
            Arg::Outcome(outcome) => Span::Text(self.outcome(outcome)),
            Arg::PerLanguage(words) => {
                Span::Bold(words.get(&self.lang).or_else(|| words.values().next()).cloned().unwrap_or_default())
            }
            Arg::Networks(networks) => {
                let names: Vec<String> = networks.iter().map(|name| super::cards::network_name(name)).collect();
                Span::Text(names.join(", "))
            }
            Arg::Link(url, label) => Span::Link { url: url.clone(), label: label.clone() },
        });
    }
}

/// Rich text without its marks.
#[must_use]
pub fn plain(rich: &[Span]) -> String {
    let mut text = String::new();
    for span in rich {
        match span {
            Span::Text(words) | Span::Bold(words) | Span::Code(words) => text.push_str(words),
            Span::User(user) => text.push_str(user),
            Span::Channel(channel) => text.push_str(channel),
            Span::Link { label, .. } => text.push_str(label),
            Span::Time { fallback, .. } => text.push_str(fallback),
        }
    }
    text
}

/// An instant written out on the wall clock of a zone: `mar. 17 mars, 08:45` or `Tue 17 Mar, 08:45`.
#[must_use]
pub fn written(at: Timestamp, zone: Tz, lang: Lang) -> String {
    let local = at.to_utc().with_timezone(&zone);
    format!("{}, {:02}:{:02}", written_day(at, zone, lang), local.hour(), local.minute())
}

/// The time of day of an instant on the wall clock of a zone: `08:45`.
#[must_use]
pub fn clock(at: Timestamp, zone: Tz) -> String {
    let local = at.to_utc().with_timezone(&zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The day of an instant on the wall calendar of a zone: `mar. 17 mars` or `Tue 17 Mar`.
#[must_use]
pub fn written_day(at: Timestamp, zone: Tz, lang: Lang) -> String {
    const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const DAYS_FR: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const MONTHS_FR: [&str; 12] =
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
    let local = at.to_utc().with_timezone(&zone);
    let (days, months) = match lang {
        Lang::En => (DAYS_EN, MONTHS_EN),
        Lang::Fr => (DAYS_FR, MONTHS_FR),
    };
    let day = days[local.weekday().num_days_from_monday() as usize % 7];
    let month = months[local.month0() as usize % 12];
    format!("{day} {} {month}", local.day())
}
