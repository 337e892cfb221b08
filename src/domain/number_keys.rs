//! Maps by number inside tagged events: JSON writes their keys as text, and what reads a tagged event hands them on as text.
//!
//! Start at [`read`], for `#[serde(deserialize_with = ...)]`.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Reads a map whose keys are numbers, wherever it stands.
///
/// # Errors
/// A key that is no number.
pub fn read<'de, D, K, V>(from: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: FromStr + Ord,
    K::Err: Display,
    V: Deserialize<'de>,
{
    let named = BTreeMap::<String, V>::deserialize(from)?;
    let pair = |(key, value): (String, V)| Ok((key.parse().map_err(D::Error::custom)?, value));
    named.into_iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::office::log::OfficeEvent;
    use crate::domain::people::absence::Event;

    #[test]
    fn events_with_maps_by_number_are_read_as_they_were_written() {
        let lent = Event::Lent { tickets: [(7, Some("hugo".into())), (9, None)].into() };
        let json = serde_json::to_value(&lent).expect("json");
        assert_eq!(serde_json::from_value::<Event>(json).expect("readable"), lent);
        let text = include_str!("../../config/office.toml");
        let office = Box::new(crate::config::load_office(text, "office.toml").expect("the sample is right"));
        let applied = OfficeEvent::Applied { office: office.clone(), before: office, rules: None };
        let json = serde_json::to_value(&applied).expect("json");
        assert_eq!(serde_json::from_value::<OfficeEvent>(json).expect("readable"), applied);
    }
}
