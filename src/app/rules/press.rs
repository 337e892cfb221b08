//! Buttons and forms of rules. Start at [`pressed`] and [`submitted`].

use std::collections::BTreeMap;

use super::{RuleText, history, load, making, need, show};
use crate::app::Fault;
use crate::app::commands::{Invocation, Reply};
use crate::app::work::Work;
use crate::domain::ids::Ref;
use crate::domain::notice::Notice;
use crate::domain::rights::Right;

/// A button of a rule was pressed: `T-9:4:12` for an undo, else the rule and its version (`4:2`).
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str, value: &str) -> Result<Reply, Fault> {
    let unknown = || Fault::refused(Notice::new("button-unknown"));
    let mut parts = value.split(':');
    let first = parts.next().unwrap_or_default();
    let second = parts.next().and_then(|part| part.parse::<i64>().ok());
    match what {
        "undo" => {
            let number = parts.next().and_then(|part| part.parse::<u32>().ok());
            let (Some(ticket), Some(rule), Some(number)) = (Ref::parse(first), second, number) else {
                return Err(unknown());
            };
            history::undo_pressed(work, asked, ticket.id, rule, number).await
        }
        "on" | "off" => making::switch(work, asked, first, what == "on", second).await,
        "edit" => edit_form(work, asked, first).await,
        _ => Err(unknown()),
    }
}

/// The form that changes a rule.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn edit_form(work: &mut Work<'_>, asked: &Invocation, rule: &str) -> Result<Reply, Fault> {
    need(work, asked, Right::Config)?;
    let rule = load(work, rule).await?.state;
    let typed = RuleText { when: rule.when.to_string(), then: rule.deeds() };
    Ok(Reply::Form(Box::new(show::form(work, asked, Some(&rule), &typed))))
}

/// The form of a new rule, with what was typed so far.
///
/// # Errors
/// Refusals for the asker.
pub fn add_form(work: &Work<'_>, asked: &Invocation, typed: &RuleText) -> Result<Reply, Fault> {
    need(work, asked, Right::Config)?;
    if !asked.can_open_form {
        return Err(Fault::refused(Notice::new("rule-how")));
    }
    Ok(Reply::Form(Box::new(show::form(work, asked, None, typed))))
}

/// A form of rules was sent.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    form: &str,
    state: &str,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let typed = RuleText { when: field("when"), then: field("then") };
    match form {
        "rule_add" => making::add(work, asked, &typed).await,
        "rule_edit" => making::edit(work, asked, state, &typed).await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}
