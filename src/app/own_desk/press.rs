//! The buttons of a desk. A button acts for whoever presses it, never for whose desk it was.

use std::collections::BTreeMap;

use crate::app::commands::{self, Invocation, Reply};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, own_desk};
use crate::domain::notice::Notice;
use crate::domain::office::Lang;
use crate::ports::chat::{Field, FieldKind, Form};

/// Longest words for dates, in characters.
const LENGTH_CHARS_MAX: u32 = 80;

/// A button of a desk was pressed.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str) -> Result<Reply, Fault> {
    match what {
        "away" => Ok(away_form(work, asked)),
        "sick" => run(work, asked, "away", "sick", &[]).await,
        "back" => run(work, asked, "away", "back", &[]).await,
        "lang" => {
            let other = if asked.lang == Lang::Fr { "en" } else { "fr" };
            run(work, asked, "vigie", &format!("lang {other}"), &[("language", other)]).await
        }
        "health" => run(work, asked, "vigie", "health", &[]).await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// Does what the command does, and brings the desk up to date.
async fn run(
    work: &mut Work<'_>,
    asked: &Invocation,
    command: &str,
    line: &str,
    values: &[(&'static str, &str)],
) -> Result<Reply, Fault> {
    let mut asked = asked.clone();
    for (name, value) in values {
        asked.parsed.values.insert((*name).into(), (*value).to_owned());
    }
    let verb = commands::find(command, line)?.0;
    let reply = commands::run(work, verb, &asked).await?;
    own_desk::keep(work, &asked.member, &asked.chat, &asked.request).await?;
    Ok(reply)
}

fn away_form(work: &Work<'_>, asked: &Invocation) -> Reply {
    if !asked.can_open_form {
        return Reply::Say(Notice::new("needs-a-form"));
    }
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    Reply::Form(Box::new(Form {
        name: "me_away".into(),
        state: "me".into(),
        title: voice.word("form-me-away-title"),
        submit: voice.word("form-me-away-submit"),
        cancel: voice.word("form-cancel"),
        intro: voice.word("form-me-away-intro"),
        fields: vec![Field {
            id: "length".into(),
            label: voice.word("form-me-away-label"),
            hint: voice.word("form-me-away-hint"),
            kind: FieldKind::Line { value: String::new(), max: LENGTH_CHARS_MAX },
            optional: false,
        }],
    }))
}

/// The form of a desk was sent in.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    form: &str,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    if form != "me_away" {
        return Err(Fault::refused(Notice::new("button-unknown")));
    }
    let length = fields.get("length").cloned().unwrap_or_default();
    run(work, asked, "away", &format!("for {length}"), &[("dates", &length)]).await
}
