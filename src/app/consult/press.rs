//! Buttons and forms of consultations. Start at [`pressed`] and [`submitted`].

use std::collections::BTreeMap;

use super::{Wish, again, answer, ask, cancel, faces, load, show_link};
use crate::app::Fault;
use crate::app::commands::{Invocation, Reply, ticket as on_ticket};
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::domain::ids::Ref;
use crate::domain::notice::Notice;

/// A button of a consultation was pressed; `what` is the part of its action after `consult.`.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str, subject: Ref) -> Result<Reply, Fault> {
    let mut loaded = load(work, subject).await?;
    match what {
        "answer" | "record" => {
            let consultation = &loaded.state;
            if !consultation.is_open() {
                return answer(work, asked, &mut loaded, String::new()).await;
            }
            if !consultation.may_answer(&asked.member, &work.setup.office) {
                return Err(Fault::refused(consultation.about("consult-not-asked")));
            }
            Ok(Reply::Form(Box::new(faces::answer_form(work, asked, consultation))))
        }
        "again" => again(work, asked, &mut loaded, None).await,
        "cancel" => cancel(work, asked, &mut loaded).await,
        "link" => show_link(work, asked, &loaded.state).await,
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// A form of a consultation was submitted; what was written is given back with the reason when it cannot be taken.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    form: &str,
    subject: Ref,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let written = if form == "consult_ask" { field("question") } else { field("text") };
    let done = match form {
        "consult_ask" => {
            let ticket = on_ticket::load_id(work, subject).await?.state;
            let due = Some(field("due")).filter(|due| !due.trim().is_empty());
            let wish = Wish { who: field("who"), question: written.clone(), due };
            ask(work, asked, &ticket, &wish).await
        }
        "consult_answer" => {
            let mut loaded = load(work, subject).await?;
            answer(work, asked, &mut loaded, written.clone()).await
        }
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    };
    match done {
        Err(Fault::Refused(reason)) if !written.trim().is_empty() => {
            let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
            let reason = voice.plain_text(&reason);
            Err(Fault::refused(Notice::new("draft-form-refused").text("reason", reason).text("text", written)))
        }
        done => done,
    }
}
