//! `share`: figures for everybody, where they were asked for: the text as the answer, the picture behind it.
//!
//! Never at the team's desk, unless it was asked there; never where the asker may not write. Start at [`language`] and
//! [`picture`].

use std::sync::Arc;

use super::commands::Invocation;
use super::courier::Outcome;
use super::prepare::Step;
use super::work::Work;
use super::{App, Fault, coverage, documents, people};
use crate::domain::effect::Effect;
use crate::domain::notice::Notice;
use crate::domain::office::Lang;
use crate::ports::chat::{Call, FileUpload, Receipt, SendError};
use crate::store::directory;

/// A picture and the words that stand beside it.
pub struct Painted {
    /// File.
    pub file: FileUpload,
    /// Words.
    pub comment: String,
}

/// The language in which something is shared: that of the desk whose channel it is, else the asker's. Refuses where the
/// asker may not write.
///
/// # Errors
/// A refusal; [`Fault::Store`].
pub async fn language(work: &mut Work<'_>, asked: &Invocation) -> Result<Lang, Fault> {
    if !asked.may_post {
        return Err(Fault::refused(Notice::new("share-not-here")));
    }
    let setup = Arc::clone(&work.setup);
    for desk in &setup.office.desks {
        let Some(name) = desk.channels.get(&asked.chat) else { continue };
        let channel = directory::channel_named(work.tx, &asked.chat, name.trim_start_matches('#')).await?;
        if channel.is_some_and(|channel| channel.id == asked.channel) {
            return Ok(desk.language);
        }
    }
    Ok(asked.lang)
}

/// Lets the picture of a document follow to where it was asked for.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn picture(work: &mut Work<'_>, asked: &Invocation, lang: Lang, document: String) -> Result<(), Fault> {
    let effect = Effect::Picture {
        member: asked.member.clone(),
        chat: asked.chat.clone(),
        channel: asked.channel.clone(),
        thread: asked.thread.clone(),
        lang,
        document,
    };
    work.enqueue(&asked.request, &effect).await
}

/// The call that posts a shared picture.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn prepare(work: &mut Work<'_>, chat: &str, effect: &Effect) -> Result<Step, Fault> {
    let Effect::Picture { channel, thread, lang, document, .. } = effect else {
        return Ok(Step::Dead("not a picture".into()));
    };
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, *lang).await?;
    let painted = if document.starts_with(coverage::DOCUMENT) {
        coverage::painted(work, document, &voice).await?
    } else {
        documents::painted(work, document, &voice).await?
    };
    Ok(match painted {
        Ok(Painted { file, comment }) => {
            Step::call(Call::Upload { channel: channel.clone(), thread: thread.clone(), file, comment })
        }
        Err(step) => step,
    })
}

/// A picture that cannot be posted there (Vigie is not in the channel, or may not attach files) is said to whoever shared
/// it; the text stands already.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn mend(app: &App, effect: &Effect, outcome: Outcome) -> Result<Outcome, Fault> {
    let (Effect::Picture { member, document, .. }, Outcome::Failed(SendError::Permanent { code, .. })) =
        (effect, &outcome)
    else {
        return Ok(outcome);
    };
    let mut tx = app.store.begin().await?;
    let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
    let notice = Notice::new("share-no-picture");
    let told = Effect::Tell { member: member.clone(), subject: None, notice, urgent: false };
    work.enqueue(&format!("unshown:{document}"), &told).await?;
    let why = format!("no picture there: {code}");
    tx.commit().await?;
    app.wakers.courier.notify_waiters();
    Ok(Outcome::Sent { receipt: Receipt::default(), why: Some(why), earlier: false })
}
