//! Days as people write them.

use chrono::{Datelike, NaiveDate};

use crate::domain::office::Lang;

const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEKDAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `Friday`, `vendredi`.
pub(super) fn weekday(date: NaiveDate, lang: Lang) -> &'static str {
    let place = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or_default() % 7;
    match lang {
        Lang::En => WEEKDAYS_EN[place],
        Lang::Fr => WEEKDAYS_FR[place],
    }
}

fn month(date: NaiveDate, lang: Lang) -> &'static str {
    let place = usize::try_from(date.month0()).unwrap_or_default() % 12;
    match lang {
        Lang::En => MONTHS_EN[place],
        Lang::Fr => MONTHS_FR[place],
    }
}

/// `Tuesday 17 March`, `mardi 17 mars`, `mercredi 1er avril`.
#[must_use]
pub fn day(date: NaiveDate, lang: Lang) -> String {
    format!("{} {}", weekday(date, lang), short_day(date, lang))
}

/// `17 March`, `17 mars`, `1er avril`.
#[must_use]
pub fn short_day(date: NaiveDate, lang: Lang) -> String {
    format!("{} {}", number(date, lang), month(date, lang))
}

/// `17`, `1er`.
pub(super) fn number(date: NaiveDate, lang: Lang) -> String {
    match (lang, date.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, number) => number.to_string(),
    }
}

/// `Tue 17`, `mar. 17`: under a bar of a chart.
#[must_use]
pub fn tick(date: NaiveDate, lang: Lang) -> String {
    let short: String = weekday(date, lang).chars().take(3).collect();
    let dot = if lang == Lang::Fr { "." } else { "" };
    format!("{short}{dot} {}", date.day())
}

/// With a capital at the start.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
