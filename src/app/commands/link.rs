//! `/vigie link` and `/vigie unlink`: which accounts are one person.

use super::{ArgSpec, Invocation, Reply, Takes, Verb, whom};
use crate::app::Fault;
use crate::app::linking::{self, Redeemed};
use crate::app::work::Work;
use crate::domain::decide::Actor;
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::store::directory;

/// Most accounts of a chat searched for a name.
const ACCOUNTS_MAX: i64 = 100_000;

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    Verb {
        command: "vigie",
        command_fr: "",
        name: "link",
        name_fr: "relier",
        args: &[
            ArgSpec::place("code", "code", Takes::Word, false),
            ArgSpec::named("member", "membre", Takes::Word),
            ArgSpec::named("account", "compte", Takes::Word),
        ],
        right: None,
        examples: &["vigie link", "vigie link member:hugo account:@hugo.b"],
        run: |work, asked| Box::pin(link(work, asked)),
    },
    Verb {
        command: "vigie",
        command_fr: "",
        name: "unlink",
        name_fr: "detacher",
        args: &[ArgSpec::named("member", "membre", Takes::Word)],
        right: None,
        examples: &["vigie unlink", "vigie unlink member:hugo"],
        run: |work, asked| Box::pin(unlink(work, asked)),
    },
];

async fn link(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    if asked.parsed.get("code").is_some() {
        // A code is for an account that is not known yet; this one is.
        return Err(Fault::refused(Notice::new("link-known").member("member", &asked.member)));
    }
    let (Some(member), Some(account)) = (asked.parsed.get("member"), asked.parsed.get("account")) else {
        let (code, until) = linking::code(work, &asked.member, &asked.request).await?;
        let command = Arg::Code(format!("/vigie link {code}"));
        return Ok(Reply::Say(Notice::new("link-code").with("command", command).with("until", Arg::At(until))));
    };
    super::allow(&work.setup, &asked.member, Right::Config, Scope::default())?;
    let member = whom::who(work, asked, member).await?;
    let user = account_of(work, &asked.chat, account).await?;
    linking::link(work, &Actor::Member { id: asked.member.clone() }, &member, &asked.chat, &user).await?;
    Ok(Reply::Say(Notice::new("link-done").member("member", &member).text("account", account)))
}

/// The account of this chat that was typed: a mention, an id or a name.
async fn account_of(work: &mut Work<'_>, chat: &str, typed: &str) -> Result<String, Fault> {
    let inner = typed.trim().trim_start_matches("<@").trim_start_matches('!').trim_end_matches('>');
    let id = inner.split('|').next().unwrap_or(inner);
    if directory::identity(work.tx, chat, id).await?.is_some() {
        return Ok(id.to_owned());
    }
    let name = id.trim_start_matches('@');
    let known = directory::identities_in(work.tx, chat, ACCOUNTS_MAX).await?;
    let mut fits = known.into_iter().filter(|found| found.name.eq_ignore_ascii_case(name));
    match (fits.next(), fits.next()) {
        (Some(one), None) => Ok(one.user_id),
        _ => Err(Fault::refused(Notice::new("link-no-account").text("account", typed))),
    }
}

async fn unlink(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let member = match asked.parsed.get("member") {
        Some(typed) => whom::who(work, asked, typed).await?,
        None => asked.member.clone(),
    };
    if member != asked.member {
        super::allow(&work.setup, &asked.member, Right::Config, Scope::default())?;
    }
    linking::unlink(work, &Actor::Member { id: asked.member.clone() }, &member, &asked.chat).await?;
    let chat = Arg::Word(format!("chat-{}", asked.chat));
    Ok(Reply::Say(Notice::new("link-undone").member("member", &member).with("chat", chat)))
}

/// What an account that nobody knows may do: type a code. `None` when the line is anything else.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn by_stranger(
    work: &mut Work<'_>,
    chat: &str,
    user: &str,
    name: &str,
    text: &str,
) -> Result<Option<Reply>, Fault> {
    let Ok((verb, parsed)) = super::find(name, text) else { return Ok(None) };
    let Some(code) = parsed.get("code").filter(|_| verb.path() == "vigie link") else { return Ok(None) };
    Ok(Some(Reply::Say(match linking::redeem(work, chat, user, code).await? {
        Redeemed::Linked(member) => Notice::new("link-yours").member("member", &member),
        Redeemed::No(notice) => notice,
    })))
}
