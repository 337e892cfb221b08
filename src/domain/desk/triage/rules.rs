//! The rules made ready: one Aho-Corasick automaton over all keywords and over the words that expressions are sure to need.
//!
//! One pass over the folded text tells which keywords occur and which expressions are worth running; an expression is compiled when
//! it first runs. Text and expressions come from strangers and customers: everything is bounded. Start at [`TriageRules::classify`].

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexBuilder};

use super::fold::{EDGE, is_hangul, tokens};
use super::literal;
use super::{
    ALWAYS_RUN_MAX, Defaults, Field, KEYWORD_CHARS_MAX, KEYWORDS_MAX, Message, Outcome, PATTERN_CHARS_MAX, RULES_MAX,
    Reason, RuleError, RuleFault, TEXT_CHARS_MAX, TriageRule, Verdict,
};

/// Compiled size of one expression and of its cache, in bytes: at this size the worst tried took 26 ms to compile.
const REGEX_BYTES_MAX: usize = 256 * 1024;
/// Nesting depth of one expression.
const REGEX_NEST_MAX: u32 = 50;
/// Characters that one message may put through expressions, all runs together: a post of 1,000 characters may wake every rule
/// there is, the longest text fifty. At some 100 million characters a second that is 10 ms.
pub const REGEX_WORK_CHARS: usize = 50 * TEXT_CHARS_MAX;

/// The office's rules, ready to run.
#[derive(Debug)]
pub struct TriageRules {
    rules: Vec<Ready>,
    defaults: Defaults,
    /// `None` when no rule has anything to look for.
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton, the rules that look for it.
    wakes: Vec<Vec<usize>>,
}

#[derive(Debug)]
struct Ready {
    rule: TriageRule,
    /// The automaton must have found something of this rule.
    needs_hit: bool,
    /// Compiled at its first use; `None` inside never happens for an expression that was checked.
    regex: OnceLock<Option<Regex>>,
}

impl TriageRules {
    /// Checks and prepares the rules, with [`Defaults::default`] for what none of them sets.
    ///
    /// # Errors
    /// Every fault of every rule, in order.
    pub fn compile(rules: Vec<TriageRule>) -> Result<Self, Vec<RuleError>> {
        Self::compile_with(rules, Defaults::default())
    }

    /// The same with the office's own defaults.
    ///
    /// # Errors
    /// Every fault of every rule, in order.
    pub fn compile_with(rules: Vec<TriageRule>, defaults: Defaults) -> Result<Self, Vec<RuleError>> {
        let mut draft = Draft::default();
        if rules.len() > RULES_MAX {
            return Err(vec![RuleError {
                place: RULES_MAX,
                rule: rules[RULES_MAX].name.clone(),
                field: "rules",
                reason: RuleFault::TooManyRules(rules.len()),
            }]);
        }
        let rules: Vec<Ready> = rules.into_iter().enumerate().map(|(place, rule)| draft.add(place, rule)).collect();
        let Draft { errors, patterns, wakes, .. } = draft;
        if !errors.is_empty() {
            return Err(errors);
        }
        let automaton = match AhoCorasick::new(&patterns) {
            _ if patterns.is_empty() => None,
            Ok(automaton) => Some(automaton),
            Err(fault) => {
                let reason = RuleFault::PatternInvalid(fault.to_string());
                return Err(vec![RuleError { place: 0, rule: String::new(), field: "rules", reason }]);
            }
        };
        Ok(Self { rules, defaults, automaton, wakes })
    }

    /// What the rules say of a message. Pure and total: any text, in bounded time.
    #[must_use]
    pub fn classify(&self, message: &Message<'_>) -> Verdict {
        let hits = self.hits(message.text);
        let text = first_chars(message.text, TEXT_CHARS_MAX);
        let mut work = Work { text, text_chars: text.chars().count(), left: REGEX_WORK_CHARS };
        let mut finding = Finding::default();
        for (ready, &hit) in self.rules.iter().zip(&hits) {
            let worth_it = (hit || !ready.needs_hit) && finding.could_gain(&ready.rule) && ready.rule.fits(message);
            if !worth_it {
                continue;
            }
            match work.matches(ready) {
                Some(true) => finding.apply(&ready.rule),
                Some(false) => {}
                None => finding.untried.push(ready.rule.name.clone()),
            }
        }
        finding.verdict(&self.defaults)
    }

    /// What the first rule that gives this topic decides beside it: how a topic that was given otherwise is treated.
    #[must_use]
    pub fn route(&self, topic: &str) -> Outcome {
        let found = self.rules.iter().map(|ready| &ready.rule.set).find(|set| set.topic.as_deref() == Some(topic));
        found.cloned().unwrap_or_default()
    }

    /// The topics that rules or the defaults can give, in rule order.
    #[must_use]
    pub fn topics(&self) -> Vec<&str> {
        let given = self.rules.iter().filter_map(|ready| ready.rule.set.topic.as_deref());
        let mut topics: Vec<&str> = Vec::new();
        for topic in given.chain([self.defaults.topic.as_str()]) {
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        topics
    }

    /// The rules as they were given, in order.
    pub fn rules(&self) -> impl Iterator<Item = &TriageRule> {
        self.rules.iter().map(|ready| &ready.rule)
    }

    /// What holds where no rule decides.
    #[must_use]
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    /// For each rule, whether something it looks for occurs.
    fn hits(&self, text: &str) -> Vec<bool> {
        let mut hits = vec![false; self.rules.len()];
        let Some(automaton) = &self.automaton else {
            return hits;
        };
        let mut seen = vec![false; self.wakes.len()];
        let folded = tokens(text, TEXT_CHARS_MAX);
        for found in automaton.find_overlapping_iter(&folded) {
            let pattern = found.pattern().as_usize();
            if !std::mem::replace(&mut seen[pattern], true) {
                for &rule in &self.wakes[pattern] {
                    hits[rule] = true;
                }
            }
        }
        hits
    }
}

/// What compiling has gathered so far.
#[derive(Default)]
struct Draft {
    errors: Vec<RuleError>,
    names: BTreeSet<String>,
    places: HashMap<String, usize>,
    patterns: Vec<String>,
    wakes: Vec<Vec<usize>>,
    always_run: usize,
}

impl Draft {
    fn add(&mut self, place: usize, rule: TriageRule) -> Ready {
        let mut faults: Vec<(&'static str, RuleFault)> = Vec::new();
        if rule.name.trim().is_empty() {
            faults.push(("name", RuleFault::NameMissing));
        } else if !self.names.insert(rule.name.clone()) {
            faults.push(("name", RuleFault::NameTaken));
        }
        if rule.set == super::Outcome::default() {
            faults.push(("set", RuleFault::SetsNothing));
        }
        self.add_keywords(place, &rule, &mut faults);
        let literals = rule.regex.as_deref().and_then(|pattern| check_pattern(pattern, &mut faults));
        let has_keywords = !rule.any_keywords.is_empty();
        let mut needs_hit = has_keywords;
        if rule.regex.is_some() && !has_keywords {
            needs_hit = literals.is_some();
            for literal in literals.into_iter().flatten() {
                self.look_for(place, literal);
            }
            self.always_run += usize::from(!needs_hit);
            if !needs_hit && self.always_run > ALWAYS_RUN_MAX {
                faults.push(("regex", RuleFault::TooManyAlwaysRun));
            }
        }
        let name = &rule.name;
        self.errors.extend(faults.into_iter().map(|(field, reason)| RuleError {
            place,
            rule: name.clone(),
            field,
            reason,
        }));
        Ready { rule, needs_hit, regex: OnceLock::new() }
    }

    fn add_keywords(&mut self, place: usize, rule: &TriageRule, faults: &mut Vec<(&'static str, RuleFault)>) {
        const FIELD: &str = "any_keywords";
        if rule.any_keywords.len() > KEYWORDS_MAX {
            faults.push((FIELD, RuleFault::TooManyKeywords(rule.any_keywords.len())));
            return;
        }
        for keyword in &rule.any_keywords {
            let mut folded = tokens(keyword, KEYWORD_CHARS_MAX + 1);
            if folded.chars().all(|char| char == EDGE) {
                faults.push((FIELD, RuleFault::KeywordEmpty(keyword.clone())));
            } else if keyword.chars().count() > KEYWORD_CHARS_MAX {
                faults.push((FIELD, RuleFault::KeywordTooLong(keyword.clone())));
            } else {
                if folded.chars().rev().nth(1).is_some_and(is_hangul) {
                    folded.pop();
                }
                self.look_for(place, folded);
            }
        }
    }

    fn look_for(&mut self, place: usize, pattern: String) {
        let next = self.patterns.len();
        let known = *self.places.entry(pattern.clone()).or_insert(next);
        if known == next {
            self.patterns.push(pattern);
            self.wakes.push(Vec::new());
        }
        self.wakes[known].push(place);
    }
}

/// Reports what is wrong with an expression; gives the literals that it needs.
fn check_pattern(pattern: &str, faults: &mut Vec<(&'static str, RuleFault)>) -> Option<Vec<String>> {
    let length = pattern.chars().count();
    if length > PATTERN_CHARS_MAX {
        faults.push(("regex", RuleFault::PatternTooLong(length)));
        return None;
    }
    match build(pattern) {
        Ok(_) => literal::required(pattern),
        Err(fault) => {
            faults.push(("regex", RuleFault::PatternInvalid(fault.to_string())));
            None
        }
    }
}

/// Compiles an expression within the bounds that hold for every expression of the office.
///
/// # Errors
/// When it is none, or too large.
pub fn build(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(REGEX_BYTES_MAX)
        .dfa_size_limit(REGEX_BYTES_MAX)
        .nest_limit(REGEX_NEST_MAX)
        .build()
}

impl TriageRule {
    /// Whether all conditions hold that do not look at the text.
    fn fits(&self, message: &Message<'_>) -> bool {
        let among = |list: &[String], value: &str| {
            list.is_empty() || list.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        among(&self.networks, message.network)
            && among(&self.kinds, message.kind)
            && among(&self.languages, message.language.unwrap_or_default())
            && (self.moods.is_empty() || message.mood.is_some_and(|mood| self.moods.contains(&mood)))
            && self.min_followers.is_none_or(|least| message.followers.is_some_and(|followers| followers >= least))
    }
}

/// What expressions may still cost this message.
struct Work<'a> {
    text: &'a str,
    text_chars: usize,
    left: usize,
}

impl Work<'_> {
    /// Whether the rule's expression matches (true without one); `None` when the work is used up.
    fn matches(&mut self, ready: &Ready) -> Option<bool> {
        let Some(pattern) = &ready.rule.regex else {
            return Some(true);
        };
        self.left = self.left.checked_sub(self.text_chars)?;
        let regex = ready.regex.get_or_init(|| build(pattern).ok());
        Some(regex.as_ref().is_some_and(|regex| regex.is_match(self.text)))
    }
}

fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

/// What has been decided so far.
#[derive(Default)]
struct Finding {
    topic: Option<String>,
    priority: Option<super::Priority>,
    role: Option<String>,
    tags: Vec<String>,
    reasons: Vec<Reason>,
    untried: Vec<String>,
}

impl Finding {
    /// Whether the rule sets anything that is still open.
    fn could_gain(&self, rule: &TriageRule) -> bool {
        let set = &rule.set;
        (set.topic.is_some() && self.topic.is_none())
            || (set.priority.is_some() && self.priority.is_none())
            || (set.role.is_some() && self.role.is_none())
            || set.tag.as_ref().is_some_and(|tag| !self.tags.contains(tag))
    }

    fn apply(&mut self, rule: &TriageRule) {
        let set = &rule.set;
        let mut decided = Vec::new();
        if self.topic.is_none() && set.topic.is_some() {
            self.topic.clone_from(&set.topic);
            decided.push(Field::Topic);
        }
        if self.priority.is_none() && set.priority.is_some() {
            self.priority = set.priority;
            decided.push(Field::Priority);
        }
        if self.role.is_none() && set.role.is_some() {
            self.role.clone_from(&set.role);
            decided.push(Field::Role);
        }
        if let Some(tag) = set.tag.as_ref().filter(|tag| !self.tags.contains(tag)) {
            self.tags.push(tag.clone());
            decided.push(Field::Tag);
        }
        self.reasons.extend(decided.into_iter().map(|field| Reason { field, rule: rule.name.clone() }));
    }

    fn verdict(self, defaults: &Defaults) -> Verdict {
        Verdict {
            topic: self.topic.unwrap_or_else(|| defaults.topic.clone()),
            priority: self.priority.unwrap_or(defaults.priority),
            role: self.role.unwrap_or_else(|| defaults.role.clone()),
            tags: self.tags,
            reasons: self.reasons,
            untried: self.untried,
        }
    }
}
