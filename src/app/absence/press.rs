//! Buttons and the form of absences: the same decisions as the commands, reached by pressing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::preview::{self, button};
use super::{approve, cancel, choose_backup, confirm, load, may, moves};
use crate::app::commands::{self, Invocation, Reply, whom};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, coverage};
use crate::domain::decide::Actor;
use crate::domain::effect::Effect;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::people::absence::react::{refs, team_desk};
use crate::domain::people::absence::{Absence, Command, Stage};
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Block, Body, Emphasis, Field, FieldKind, Form};

/// Entries of a form's menu (ports: at most 25).
const ENTRIES_MAX: usize = 25;

/// A button of an absence was pressed.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str, subject: Ref) -> Result<Reply, Fault> {
    let mut loaded = load(work, subject).await?;
    let actor = Actor::Member { id: asked.member.clone() };
    match what {
        "approve" | "decline" => decide(work, asked, &mut loaded, what == "approve").await,
        "take" => take(work, asked, &mut loaded).await,
        _ => {
            may(work, &asked.member, &loaded.state.plan.member)?;
            match what {
                "confirm" => confirmed(work, asked, &mut loaded).await,
                "backup" => Ok(backup_form(work, asked, &loaded.state)),
                "cancel" => {
                    cancel(work, &mut loaded, &actor).await?;
                    Ok(Reply::Say(said(work, asked, &loaded.state, ["absence-cancelled", "absence-cancelled-other"])))
                }
                _ => Err(Fault::refused(Notice::new("button-unknown"))),
            }
        }
    }
}

/// The sentence in the second person for one's own absence, in the third for somebody else's.
fn said(work: &Work<'_>, asked: &Invocation, absence: &Absence, [own, other]: [&str; 2]) -> Notice {
    let key = if asked.member == absence.plan.member { own } else { other };
    absence.about(key, work.office())
}

/// Confirms what was previewed.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn confirmed(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Absence>) -> Result<Reply, Fault> {
    // Whoever falls ill sees no preview: what nobody covers now is named to those who can step in.
    let gaps = match loaded.state.plan.sick {
        true => coverage::new_gaps(work, &loaded.state).await?,
        false => Vec::new(),
    };
    confirm(work, loaded, &Actor::Member { id: asked.member.clone() }).await?;
    if let Some(notice) = coverage::uncovered(&gaps)
        && let Some(desk) = team_desk(work.office()).map(str::to_owned)
    {
        let key = format!("uncovered:{}", loaded.state.subject());
        work.enqueue(&key, &Effect::Announce { desk, notice, urgent: true }).await?;
    }
    let keys = match loaded.state.stage {
        Stage::Requested => ["absence-requested", "absence-requested-other"],
        _ => ["absence-confirmed", "absence-confirmed-other"],
    };
    let mut notice = said(work, asked, &loaded.state, keys);
    if loaded.state.plan.sick {
        notice = moved(said(work, asked, &loaded.state, ["absence-sick", "absence-sick-other"]), &loaded.state);
    }
    Ok(Reply::Say(notice))
}

/// What has moved already, and what is on offer.
fn moved(notice: Notice, absence: &Absence) -> Notice {
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let notice = notice
        .text("moved", refs(Kind::Ticket, absence.lent.keys().copied()))
        .number("moved_count", count(absence.lent.len()))
        .number("offered", count(absence.offered.len()));
    match absence.offer_until {
        Some(until) => notice.with("until", Arg::At(until)),
        None => notice.text("until", ""),
    }
}

/// Shows a preview.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn show(work: &mut Work<'_>, asked: &Invocation, absence: &Absence) -> Result<Reply, Fault> {
    let stakes = preview::stakes(work, absence).await?;
    let warnings = crate::app::coverage::warnings(work, absence).await?;
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    Ok(Reply::Show(Box::new(preview::body(absence, &stakes, &warnings, &voice))))
}

/// Agrees to a leave or not.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn decide(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Absence>,
    yes: bool,
) -> Result<Reply, Fault> {
    commands::allow(&work.setup, &asked.member, Right::Rota, Scope::default())?;
    let actor = Actor::Member { id: asked.member.clone() };
    if yes {
        approve(work, loaded, &actor).await?;
    } else {
        super::act(work, loaded, &Command::Decline, &actor).await?;
    }
    let key = if yes { "absence-approved" } else { "absence-declined" };
    Ok(Reply::Say(loaded.state.about(key, work.office())))
}

async fn take(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Absence>) -> Result<Reply, Fault> {
    let taken = moves::take(work, loaded, &asked.member).await?;
    let key = if taken.is_empty() { "absence-take-nothing" } else { "absence-taken" };
    Ok(Reply::Say(loaded.state.about(key, work.office()).text("tickets", refs(Kind::Ticket, taken))))
}

fn backup_form(work: &Work<'_>, asked: &Invocation, absence: &Absence) -> Reply {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    if !asked.can_open_form {
        return Reply::Say(Notice::new("absence-say-backup"));
    }
    let office = &work.setup.office;
    let mine = office.members.get(&absence.plan.member).map(|found| found.roles.clone()).unwrap_or_default();
    let mut others: Vec<_> = office.members.values().filter(|other| other.id != absence.plan.member).collect();
    // Colleagues of the same roles first.
    others.sort_by_key(|other| !other.roles.iter().any(|role| mine.contains(role)));
    let mut entries = vec![("none".to_owned(), voice.word("form-absence-usual"))];
    entries.extend(others.iter().map(|other| (other.id.0.clone(), other.name.clone())));
    entries.truncate(ENTRIES_MAX);
    Reply::Form(Box::new(Form {
        name: "absence_backup".into(),
        state: format!("{}:{}", absence.subject(), absence.revision),
        title: voice.word("form-absence-title"),
        submit: voice.word("form-absence-submit"),
        cancel: voice.word("form-cancel"),
        intro: voice.plain_text(&absence.about("absence-preview-title", office)),
        fields: vec![Field {
            id: "backup".into(),
            label: voice.word("form-absence-backup"),
            hint: String::new(),
            kind: FieldKind::OneOf { entries, value: absence.plan.backup.as_ref().map(|backup| backup.0.clone()) },
            optional: false,
        }],
    }))
}

/// The form was submitted: the preview is shown anew with who stands in now.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    subject: Ref,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    let mut loaded = load(work, subject).await?;
    may(work, &asked.member, &loaded.state.plan.member)?;
    let typed = fields.get("backup").map(String::as_str).unwrap_or_default();
    let backup = match typed {
        "" | "none" => None,
        name => Some(whom::who(work, asked, name).await?),
    };
    choose_backup(work, &mut loaded, backup, &Actor::Member { id: asked.member.clone() }).await?;
    show(work, asked, &loaded.state).await
}

/// Beside a direct message about an absence: what its reader can do now.
pub fn add_controls(absence: &Absence, member: &MemberId, voice: &Voice<'_>, body: &mut Body) {
    let own = absence.plan.member == *member;
    let buttons = match absence.stage {
        Stage::Requested if !own => vec![
            button(absence, "approve", Emphasis::Primary, voice),
            button(absence, "decline", Emphasis::Danger, voice),
        ],
        Stage::Confirmed if !own && !absence.offered.is_empty() => {
            vec![button(absence, "take", Emphasis::Primary, voice)]
        }
        _ => return,
    };
    body.blocks.push(Block::Controls(buttons));
}
