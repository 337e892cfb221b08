//! `/approve`: deciding on other people's drafts. Nothing is approved unseen: without a version the draft is shown.

use super::post::{DRAFT, draft, lines, listed, open_drafts, version};
use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::Fault;
use crate::app::drafts::{self, forms, press};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::domain::content::draft::{Command, Draft, Shown, Status};
use crate::domain::ids::Kind;
use crate::domain::office::MemberId;
use crate::domain::rights::{self, Scope};
use crate::ports::chat::Rich;

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "approve", command_fr: "approuver", name, name_fr, args, right: None, examples, run }
}

const VERSION: ArgSpec = ArgSpec::place("version", "version", Takes::Text, false);

/// The verbs of this file. The right depends on the draft (reply or post, network, topic) and is checked when it is known.
pub const VERBS: &[Verb] = &[
    verb("", "", &[DRAFT, VERSION], &["approve T-1 reply v1", "approuver P-1 v1 Parfait"], |work, asked| {
        Box::pin(approve(work, asked))
    }),
    // The same under a name of its own, for chats whose commands with sub-commands cannot stand alone.
    verb("ok", "ok", &[DRAFT, VERSION], &["approve ok P-1 v1"], |work, asked| Box::pin(approve(work, asked))),
    verb("list", "liste", &[], &["approve list"], |work, asked| Box::pin(list(work, asked))),
    verb(
        "changes",
        "corriger",
        &[DRAFT, ArgSpec::place("text", "texte", Takes::Text, false)],
        &["approve changes P-1 Warmer, please", "approuver corriger T-1 \"Plus court\""],
        |work, asked| Box::pin(changes(work, asked)),
    ),
    verb("revoke", "retirer", &[DRAFT], &["approve revoke P-1"], |work, asked| Box::pin(revoke(work, asked))),
];

async fn approve(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = draft(work, asked).await?;
    let typed = asked.parsed.get("version").unwrap_or_default();
    match read(typed)? {
        (Some(version), comment) => {
            press::approve(work, asked, &mut loaded, Shown { version, hash: None }, comment.to_owned()).await
        }
        (None, _) => press::show(work, asked, &loaded.state),
    }
}

/// `reply v2 looks good`: version and comment; the word for the reply may stand or be left out.
fn read(typed: &str) -> Result<(Option<u32>, &str), Fault> {
    let mut rest = typed.trim();
    let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if ["reply", "réponse", "reponse"].contains(&first.to_lowercase().as_str()) {
        rest = after.trim();
    }
    if rest.is_empty() {
        return Ok((None, ""));
    }
    let (number, comment) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Ok((Some(version(number)?), comment.trim()))
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let found = waiting_for(work, &asked.member).await?;
    Ok(listed(work, asked, "approve-list-title", "approve-list-empty", &found))
}

/// Drafts that a member could approve now.
pub(in crate::app) async fn waiting_for(work: &mut Work<'_>, member: &MemberId) -> Result<Vec<Draft>, Fault> {
    let mut found = open_drafts(work, member, &[Kind::Reply, Kind::Post]).await?;
    found.retain(|draft| {
        let own = draft.authors.contains(member) && !draft.is_alone(member, &work.setup.office);
        let scope = Scope { network: Some(&draft.opening.network), topic: Some(&draft.opening.topic), own };
        draft.status == Status::InReview
            && rights::check(&work.setup.office, member, drafts::approve_right(draft), scope).is_ok()
    });
    Ok(found)
}

/// A draft as one line of a list.
#[must_use]
pub(in crate::app) fn draft_line(draft: &Draft, voice: &Voice<'_>) -> Rich {
    lines(std::slice::from_ref(draft), voice)
}

async fn changes(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = draft(work, asked).await?;
    drafts::need(work, asked, &loaded.state, drafts::approve_right(&loaded.state))?;
    let Some(text) = asked.parsed.get("text") else { return Ok(forms::changes(work, asked, &loaded.state)) };
    // `changes P-7 v3 warmer`: the version may be named.
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let named = first.strip_prefix(['v', 'V']).and_then(|digits| digits.parse().ok()).filter(|_| !rest.is_empty());
    let shown = named.map(|version| Shown { version, hash: None });
    let text = if named.is_some() { rest } else { text };
    let command = Command::AskChanges { shown, text: text.to_owned() };
    press::simple(work, asked, &mut loaded, &command, "draft-changes-asked").await
}

async fn revoke(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = draft(work, asked).await?;
    drafts::need(work, asked, &loaded.state, drafts::approve_right(&loaded.state))?;
    press::simple(work, asked, &mut loaded, &Command::Revoke, "draft-revoked").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_and_comment_are_read_as_people_type_them() {
        let cases = [
            ("reply v2", Some(2), ""),
            ("v3 looks good", Some(3), "looks good"),
            ("réponse v1 Parfait", Some(1), "Parfait"),
            ("2", Some(2), ""),
            ("", None, ""),
            ("reply", None, ""),
        ];
        for (typed, number, comment) in cases {
            assert_eq!(read(typed).ok(), Some((number, comment)), "{typed}");
        }
        for typed in ["now", "reply please", "vv", "v-1", "v99999999999"] {
            assert!(read(typed).is_err(), "{typed}");
        }
    }
}
