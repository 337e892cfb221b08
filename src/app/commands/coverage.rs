//! `/rota coverage`: who is there for which network, hour by hour, as text and as a picture.

use super::{ArgSpec, Invocation, Reply, Takes, Verb};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, coverage, sharing};
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::Right;

/// Words that post it for everybody, with the picture.
const SHARE: [&str; 2] = ["share", "partager"];

/// The verbs of this file.
pub const VERBS: &[Verb] = &[Verb {
    command: "rota",
    command_fr: "planning",
    name: "coverage",
    name_fr: "couverture",
    args: &[
        ArgSpec::place("week", "semaine", Takes::Word, false),
        ArgSpec::place("share", "partager", Takes::OneOf(&SHARE), false),
        ArgSpec::named("net", "reseau", Takes::Word),
    ],
    right: Some(Right::Rota),
    examples: &["rota coverage", "rota coverage next net:tiktok", "planning couverture cette share"],
    run: |work, asked| Box::pin(show(work, asked)),
}];

async fn show(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let typed = asked.parsed.get("week").map(str::to_lowercase);
    let (typed, first_shares) = match typed.as_deref() {
        Some(word) if SHARE.contains(&word) => (None, true),
        // `/rota coverage tiktok`: a network in the week's place.
        Some(word) if work.office().accounts.contains_key(word) => (None, false),
        other => (other.map(str::to_owned), false),
    };
    let by_place = asked.parsed.get("week").map(str::to_lowercase);
    let by_place = by_place.filter(|word| work.office().accounts.contains_key(word));
    let network = asked.parsed.get("net").map(str::to_lowercase).or(by_place);
    if let Some(network) = network.as_deref().filter(|network| !work.office().accounts.contains_key(*network)) {
        let known: Vec<&str> = work.office().accounts.keys().map(String::as_str).collect();
        let notice = Notice::new("coverage-no-network").with("network", Arg::Code(network.to_owned()));
        return Err(Fault::refused(notice.text("known", known.join(", "))));
    }
    let zone = work.office().zone;
    let monday = coverage::read_week(typed.as_deref(), work.now, zone).ok_or_else(|| {
        Fault::refused(Notice::new("coverage-bad-week").with("typed", Arg::Code(typed.clone().unwrap_or_default())))
    })?;
    let week = coverage::week(work, monday, network.as_deref()).await?;
    let share = first_shares || asked.parsed.get("share").is_some() || asked.parsed.has_flag("share");
    let lang = if share { sharing::language(work, asked).await? } else { asked.lang };
    if share && !week.map.rows.is_empty() {
        let document = coverage::document(monday, network.as_deref(), &asked.request);
        sharing::picture(work, asked, lang, document).await?;
    }
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, lang);
    let body = Box::new(coverage::body(&week, &voice));
    Ok(if share { Reply::Public(body) } else { Reply::Show(body) })
}
