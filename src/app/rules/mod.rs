//! Rules of auto-moderation at work: made and changed by people, tried on past messages, switched on and off, and what they did.
//!
//! What is on stands in one setting, so that a message is looked at without reading any rule: see [`in_force`]. Start at [`acting`]
//! (what a rule does to a message that comes in) and [`making`] (what people do with rules).

pub mod acting;
pub mod answering;
pub mod history;
pub mod making;
pub mod press;
pub mod show;
pub mod trial;

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Fault;
use super::commands::{self, Invocation};
use super::work::{Loaded, Work, read_state};
use crate::domain::desk::rule::grammar::Condition;
use crate::domain::desk::rule::matching::Matcher;
use crate::domain::desk::rule::{RULES_MAX, Rule};
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::store::aggregates::{self, Filter, Order};
use crate::store::settings;

/// Key of the setting that holds the rules that are on, as JSON.
const SETTING: &str = "rules";

/// A rule that is on, as the setting holds it.
#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    id: i64,
    when: Condition,
}

/// The two halves of a rule as somebody typed them.
#[derive(Clone, Debug, Default)]
pub struct RuleText {
    /// What it looks for.
    pub when: String,
    /// What it does.
    pub then: String,
}

/// A rule that is on, ready to look at messages.
#[derive(Debug)]
pub struct Ready {
    id: i64,
    matcher: Matcher,
}

/// The rules that were on when a transaction looked last, with the setting that they were made of; only spares work.
#[derive(Debug, Default)]
pub struct Standing(Mutex<(String, Arc<Vec<Ready>>)>);

/// The rules that are on, in order of number.
///
/// # Errors
/// [`Fault::Store`].
pub async fn in_force(work: &mut Work<'_>) -> Result<Arc<Vec<Ready>>, Fault> {
    let stored = settings::get(work.tx, SETTING).await?.unwrap_or_default();
    let mut standing = work.app.rules.0.lock().unwrap_or_else(PoisonError::into_inner);
    if standing.0 != stored {
        let listed: Vec<Listed> = serde_json::from_str(&stored).unwrap_or_default();
        let ready = listed.into_iter().filter_map(|rule| {
            let matcher = Matcher::new(&rule.when)?;
            Some(Ready { id: rule.id, matcher })
        });
        *standing = (stored, Arc::new(ready.collect()));
    }
    Ok(Arc::clone(&standing.1))
}

/// Nobody else changes which rules are on before this transaction ends. Taken before any rule.
async fn lock(work: &mut Work<'_>) -> Result<(), Fault> {
    settings::put_new(work.tx, SETTING, "").await?;
    settings::get_locked(work.tx, SETTING).await?;
    Ok(())
}

/// Writes down which rules are on now.
async fn publish(work: &mut Work<'_>) -> Result<(), Fault> {
    let listed: Vec<Listed> = all(work)
        .await?
        .into_iter()
        .filter(|rule| rule.on)
        .map(|rule| Listed { id: rule.id, when: rule.when })
        .collect();
    let stored = super::work::encode("rules", &listed)?;
    Ok(settings::put(work.tx, SETTING, &stored).await?)
}

/// All rules, in order of number.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn all(work: &mut Work<'_>) -> Result<Vec<Rule>, Fault> {
    let limit = i64::try_from(RULES_MAX).unwrap_or(i64::MAX);
    let filter = Filter { kind: Kind::Rule.stored(), order: Order::Oldest, limit, ..Filter::default() };
    let rows = aggregates::list(work.tx, &filter).await?;
    rows.iter().map(|row| read_state(Kind::Rule, row.id, row.state())).collect()
}

/// A rule as somebody typed it: `R-4`, `r4` or `4`. Where a rule is asked for, nothing else is meant by it.
fn number(typed: &str) -> Option<i64> {
    let digits = typed.trim().trim_start_matches(['R', 'r']).trim_start_matches('-');
    digits.parse().ok().filter(|number| *number > 0)
}

/// Loads the rule that somebody typed, for change.
///
/// # Errors
/// A refusal that names those there are; [`Fault::Store`].
pub async fn load(work: &mut Work<'_>, typed: &str) -> Result<Loaded<Rule>, Fault> {
    if let Some(id) = number(typed)
        && let Some(found) = work.load::<Rule>(id).await?
    {
        return Ok(found);
    }
    let known: Vec<String> = all(work).await?.iter().map(Rule::label).collect();
    let key = if known.is_empty() { "rule-none" } else { "rule-unknown" };
    let notice = Notice::new(key).with("typed", Arg::Code(typed.to_owned())).text("known", known.join(", "));
    Err(Fault::refused(notice))
}

/// Refuses who may not do something with rules.
///
/// # Errors
/// The refusal.
pub fn need(work: &Work<'_>, asked: &Invocation, right: Right) -> Result<(), Fault> {
    commands::allow(&work.setup, &asked.member, right, Scope { network: None, topic: None, own: false })
}
