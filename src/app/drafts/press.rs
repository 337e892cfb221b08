//! Buttons of drafts: the same decisions as the commands. A button acts on what it showed and on nothing newer.

use super::{about, apply, approve_right, forms, load, need, plan, refusals, send_right, submit};
use crate::app::commands::{Invocation, Reply};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, draft_cards};
use crate::domain::content::draft::{Command, Draft, Shown, Status};
use crate::domain::effect::Effect;
use crate::domain::ids::Ref;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rights::{self, Right, Scope};

/// What a button or form carried: the draft and what was shown of it.
#[must_use]
pub fn read_value(value: &str) -> Option<(Ref, Shown)> {
    let mut parts = value.split(':');
    let subject = Ref::parse(parts.next()?)?;
    let version = parts.next()?.parse().ok()?;
    let hash = parts.next()?;
    let whole = hash.len() == Command::HASH_SHOWN && parts.next().is_none();
    whole.then(|| (subject, Shown { version, hash: Some(hash.to_owned()) }))
}

/// A button of a draft was pressed; `what` is the part of its action after `draft.`.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str, value: &str) -> Result<Reply, Fault> {
    let Some((subject, shown)) = read_value(value) else {
        return Err(Fault::refused(Notice::new("button-unknown")));
    };
    let mut loaded = load(work, subject).await?;
    let draft = &loaded.state;
    match what {
        "show" => return show(work, asked, draft),
        "diff" => return difference(work, asked, draft, None),
        _ => {}
    }
    need(work, asked, draft, right_of(what, draft))?;
    draft
        .must_be_current(&shown)
        .map_err(|refusal| Fault::refused(refusals::sentence(draft, &refusal, &work.setup.office)))?;
    match what {
        "approve" => approve(work, asked, &mut loaded, shown, String::new()).await,
        "changes" => Ok(forms::changes(work, asked, draft)),
        "edit" => Ok(forms::edit(work, asked, draft)),
        "plan" => Ok(forms::plan(work, asked, draft)),
        "submit" => submit(work, asked, &mut loaded).await,
        "unplan" => plan::unschedule(work, asked, &mut loaded).await,
        "now" => plan::publish_now(work, asked, &mut loaded).await,
        "revoke" => simple(work, asked, &mut loaded, &Command::Revoke, "draft-revoked").await,
        "cancel" => simple(work, asked, &mut loaded, &Command::Cancel, "draft-cancelled").await,
        "retry" => simple(work, asked, &mut loaded, &Command::Retry, "draft-going").await,
        "out" => simple(work, asked, &mut loaded, &Command::Settle { out: true }, "draft-settled").await,
        "again" => simple(work, asked, &mut loaded, &Command::Settle { out: false }, "draft-going").await,
        "admin" => ask_admin(work, asked, &loaded.state).await,
        "pass" => simple(work, asked, &mut loaded, &Command::Pass, "draft-going").await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// Tells those who run the connections why a network said no: a token that ran out is theirs to renew.
async fn ask_admin(work: &mut Work<'_>, asked: &Invocation, draft: &Draft) -> Result<Reply, Fault> {
    let scope = Scope { network: Some(&draft.opening.network), topic: None, own: false };
    let office = work.office();
    let may = |member: &&MemberId| rights::check(office, member, Right::Config, scope).is_ok();
    let admins: Vec<MemberId> = office.members.keys().filter(may).take(super::REVIEWERS_MAX).cloned().collect();
    let names: Vec<&str> = admins.iter().map(|one| office.name_of(one)).collect();
    let done = about(draft, Notice::new("draft-admin-asked").text("names", names.join(", ")));
    if admins.is_empty() {
        return Err(Fault::refused(about(draft, Notice::new("draft-no-admin"))));
    }
    let cause = draft.cause.clone().unwrap_or_default();
    let notice = about(draft, Notice::new("draft-admin-dm").member("who", &asked.member).text("cause", cause));
    // One message for each refusal, however often the button is pressed.
    let seed = format!("admin:{}:{}", draft.subject(), draft.refusals);
    for member in admins {
        let subject = Some(draft.subject());
        work.enqueue(&seed, &Effect::Tell { member, subject, notice: notice.clone(), urgent: true }).await?;
    }
    Ok(Reply::Say(done))
}

/// The right that a button needs.
fn right_of(what: &str, draft: &Draft) -> Right {
    match what {
        "approve" | "changes" | "revoke" => approve_right(draft),
        "retry" | "out" | "again" => send_right(draft),
        "plan" if matches!(draft.status, Status::Approved | Status::Scheduled) => Right::ScheduleApproved,
        "plan" => Right::Schedule,
        "unplan" => Right::ScheduleApproved,
        "now" => Right::PublishNow,
        "pass" => Right::CrisisLead,
        _ => Right::Draft,
    }
}

/// Decides a command and answers with one sentence.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn simple(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Draft>,
    command: &Command,
    done: &str,
) -> Result<Reply, Fault> {
    apply(work, loaded, command, asked).await?;
    Ok(Reply::Say(about(&loaded.state, Notice::new(done))))
}

/// Approves what was shown; a reply leaves at once, a post at its time.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn approve(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Draft>,
    shown: Shown,
    comment: String,
) -> Result<Reply, Fault> {
    need(work, asked, &loaded.state, approve_right(&loaded.state))?;
    apply(work, loaded, &Command::Approve { shown, comment }, asked).await?;
    let draft = &loaded.state;
    let notice = match (&draft.plan, draft.opening.post) {
        (_, false) => Notice::new("draft-approved-going"),
        (Some(plan), true) => Notice::new("draft-approved-planned").with("at", Arg::At(plan.at)),
        (None, true) => Notice::new("draft-approved-unplanned"),
    };
    Ok(Reply::Say(about(draft, notice)))
}

/// The whole draft, with its buttons.
///
/// # Errors
/// A refusal when the asker may not see it.
pub fn show(work: &Work<'_>, asked: &Invocation, draft: &Draft) -> Result<Reply, Fault> {
    need(work, asked, draft, Right::View)?;
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    Ok(Reply::Show(Box::new(draft_cards::post(draft, true, &[], &voice))))
}

/// What changed between two versions; between the last two when none are named.
///
/// # Errors
/// A refusal when there are no such versions, or the asker may not see them.
pub fn difference(
    work: &Work<'_>,
    asked: &Invocation,
    draft: &Draft,
    wanted: Option<(u32, u32)>,
) -> Result<Reply, Fault> {
    need(work, asked, draft, Right::View)?;
    let last = draft.number();
    let (old, new) = wanted.unwrap_or((last.saturating_sub(1), last));
    let find = |number: u32| draft.versions.iter().find(|version| version.number == number);
    let (Some(old), Some(new)) = (find(old), find(new)) else {
        let first = draft.versions.first().map_or(0, |version| version.number);
        let notice =
            Notice::new("draft-no-such-version").number("first", i64::from(first)).number("last", i64::from(last));
        return Err(Fault::refused(about(draft, notice)));
    };
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    Ok(Reply::Show(Box::new(draft_cards::difference(draft, old, new, &voice))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_names_its_draft_version_and_hash() {
        let hash = "0123456789abcdef";
        let read = read_value(&format!("R-5:2:{hash}")).expect("a value of ours");
        assert_eq!(read.0.to_string(), "R-5");
        assert_eq!(read.1, Shown { version: 2, hash: Some(hash.into()) });
        for value in ["", "R-5", "R-5:2", "R-5:2:", "R-5:x:0123456789abcdef", "R-5:2:0123", "R-5:2:0123456789abcdef:x"]
        {
            assert_eq!(read_value(value), None, "{value}");
        }
    }
}
