//! How long a text may be on each network, counted the way that network counts.
//!
//! Sources: X developer docs "Counting characters" (280 weighted, links 23); Mastodon docs `statuses.max_characters` 500 and
//! `characters_reserved_per_url` 23; AT Protocol `app.bsky.feed.post` 300 graphemes; Instagram Graph API comments and captions
//! 2 200; Facebook comments 8 000; TikTok comments 150; Google Business Profile `reviewReply.comment` 4 096 bytes; LinkedIn
//! comments 1 250; Threads 500; YouTube comments 10 000.

use unicode_segmentation::UnicodeSegmentation;

/// What one unit of length is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode characters.
    Characters,
    /// Unicode characters, each link counted as 23.
    CharactersWithShortLinks,
    /// X's weights: most scripts 1, the rest (Chinese, emoji...) 2, each link 23.
    Weighted,
    /// User-perceived characters.
    Graphemes,
    /// UTF-8 bytes.
    Bytes,
}

/// The rule of one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLimit {
    /// Name as used in addresses.
    pub network: &'static str,
    /// Name as people write it.
    pub label: &'static str,
    /// Longest text, in `unit`.
    pub max: usize,
    /// How it is counted.
    pub unit: Unit,
}

const fn limit(network: &'static str, label: &'static str, max: usize, unit: Unit) -> TextLimit {
    TextLimit { network, label, max, unit }
}

/// The networks the sandbox knows by name, in the order the page shows them.
pub const LIMITS: [TextLimit; 10] = [
    limit("instagram", "Instagram", 2_200, Unit::Characters),
    limit("facebook", "Facebook", 8_000, Unit::Characters),
    limit("x", "X", 280, Unit::Weighted),
    limit("tiktok", "TikTok", 150, Unit::Characters),
    limit("mastodon", "Mastodon", 500, Unit::CharactersWithShortLinks),
    limit("google_reviews", "Google reviews", 4_096, Unit::Bytes),
    limit("bluesky", "Bluesky", 300, Unit::Graphemes),
    limit("linkedin", "LinkedIn", 1_250, Unit::Characters),
    limit("threads", "Threads", 500, Unit::Characters),
    limit("youtube", "YouTube", 10_000, Unit::Characters),
];

/// For a network without a row above.
const OTHER: TextLimit = limit("other", "Other", 5_000, Unit::Characters);
/// What one link counts on X and Mastodon, in characters.
const LINK_LENGTH: usize = 23;

/// The rule of `network`, or a general one for names not listed.
#[must_use]
pub fn of(network: &str) -> TextLimit {
    LIMITS.iter().copied().find(|rule| rule.network == network).unwrap_or(OTHER)
}

impl TextLimit {
    /// The length of `text` in this network's unit.
    #[must_use]
    pub fn length(&self, text: &str) -> usize {
        match self.unit {
            Unit::Characters => text.chars().count(),
            Unit::Bytes => text.len(),
            Unit::Graphemes => text.graphemes(true).count(),
            Unit::CharactersWithShortLinks => by_words(text, |_| 1),
            Unit::Weighted => by_words(text, weight),
        }
    }
}

/// Sums `weigh` over the characters, each http(s) link counted as [`LINK_LENGTH`].
fn by_words(text: &str, weigh: fn(char) -> usize) -> usize {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let bare = word.trim_end();
            let is_link = bare.starts_with("https://") || bare.starts_with("http://");
            let tail = &word[bare.len()..];
            let tail_weight: usize = tail.chars().map(weigh).sum();
            tail_weight + if is_link { LINK_LENGTH } else { bare.chars().map(weigh).sum() }
        })
        .sum()
}

/// twitter-text v3 configuration: these ranges weigh 100 of 100, everything else 200.
fn weight(c: char) -> usize {
    match u32::from(c) {
        0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_counts_in_its_own_way() {
        let long_link = "https://example.org/a/very/long/address/that/goes/on/and/on";
        let cases = [
            ("x", "caf\u{e9}".to_owned(), 4),
            ("x", "\u{4f60}\u{597d}".to_owned(), 4),
            ("x", format!("voir {long_link}"), 28),
            ("mastodon", format!("{long_link} ok"), 26),
            ("bluesky", "\u{1f469}\u{200d}\u{1f467}!".to_owned(), 2),
            ("google_reviews", "\u{e9}".to_owned(), 2),
            ("instagram", format!("{long_link}!"), long_link.len() + 1),
            ("unheard_of", "abc".to_owned(), 3),
        ];
        for (network, text, expected) in cases {
            assert_eq!(of(network).length(&text), expected, "{network}: {text}");
        }
    }

    #[test]
    fn names_are_unique_and_limits_are_the_documented_ones() {
        let expected = [2_200, 8_000, 280, 150, 500, 4_096, 300, 1_250, 500, 10_000];
        assert_eq!(LIMITS.map(|rule| rule.max), expected);
        let names: std::collections::BTreeSet<_> = LIMITS.iter().map(|rule| rule.network).collect();
        assert_eq!(names.len(), LIMITS.len());
    }
}
