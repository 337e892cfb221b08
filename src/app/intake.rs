//! What arrived is taken up here: one transaction for a batch of envelopes, a savepoint for each.
//!
//! An envelope that cannot be handled never stops the others: it is tried again, then parked with its cause and counted.
//! Start at [`App::intake_once`], then [`handle`].

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use tokio::sync::oneshot;

use super::commands::{self, Invocation, Reply};
use super::desk::{self, Arrival};
use super::say::Voice;
use super::work::Work;
use super::{App, Fault, Progress, listen, own_desk, people, press};
use crate::domain::desk::ticket::{Customer, Entry};
use crate::domain::notice::Notice;
use crate::domain::time::{MINUTE_MS, SECOND_MS, Timestamp};
use crate::ports::chat::Call;
use crate::ports::envelope::{Accepted, Envelope, FormVerdict, Intake, NotStored};
use crate::ports::inbound::{Ask, Caller, Choice, Inbound};
use crate::ports::social::SocialMessage;
use crate::store::inbox::{self, Pending};
use crate::store::{heard, settings};

/// Envelopes taken up in one transaction: what one group commit holds.
pub const BATCH_MAX: i64 = 64;
/// Tries before an envelope is parked.
const TRIES_MAX: i64 = 5;
/// How long the sender of a form is kept waiting for its verdict: Slack gives 3 s for everything.
const FORM_WAIT: Duration = Duration::from_millis(2_000);
/// How long an answer to somebody is still worth sending: Discord's interaction tokens live 15 minutes, Slack's 30.
pub(super) const ANSWER_LIFE_MS: i64 = 14 * MINUTE_MS;
/// Completion must come while the person still types: Discord gives 3 s.
const COMPLETE_WAIT: Duration = Duration::from_millis(1_500);

/// Forms whose sender still waits for the verdict, by delivery id.
#[derive(Debug, Default)]
pub struct OpenForms(Mutex<HashMap<String, oneshot::Sender<FormVerdict>>>);

impl OpenForms {
    fn await_verdict(&self, delivery: &str) -> oneshot::Receiver<FormVerdict> {
        let (sender, receiver) = oneshot::channel();
        if let Ok(mut open) = self.0.lock() {
            open.insert(delivery.to_owned(), sender);
        }
        receiver
    }

    fn take(&self, delivery: &str) -> Option<oneshot::Sender<FormVerdict>> {
        self.0.lock().ok().and_then(|mut open| open.remove(delivery))
    }
}

#[async_trait]
impl Intake for App {
    async fn accept(&self, envelope: Envelope) -> Result<Accepted, NotStored> {
        let accepted = self.inbox.accept(envelope).await?;
        if accepted == Accepted::Fresh {
            self.wakers.intake.notify_one();
        }
        Ok(accepted)
    }

    async fn submit(&self, envelope: Envelope) -> Result<FormVerdict, NotStored> {
        let delivery = format!("{}:{}", envelope.source, envelope.delivery_id);
        let waiting = self.forms.await_verdict(&delivery);
        let accepted = self.accept(envelope).await;
        if !matches!(accepted, Ok(Accepted::Fresh)) {
            self.forms.take(&delivery);
        }
        accepted?;
        let verdict = tokio::time::timeout(FORM_WAIT, waiting).await;
        self.forms.take(&delivery);
        Ok(verdict.ok().and_then(Result::ok).unwrap_or(FormVerdict::Taken))
    }

    async fn complete(&self, ask: Ask) -> Vec<Choice> {
        let answer = async {
            let mut tx = self.store.read().await?;
            let mut work = Work::begin(self, &mut tx, self.clock.now()).await?;
            commands::complete(&mut work, &ask).await
        };
        match tokio::time::timeout(COMPLETE_WAIT, answer).await {
            Ok(Ok(choices)) => choices,
            Ok(Err(fault)) => {
                tracing::warn!(%fault, "completion failed");
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }

    async fn caught_gap(&self, source: &str) {
        self.readback_due(source);
    }
}

/// What is told about an envelope in its row.
pub(super) enum Outcome {
    Done(&'static str),
    Unknown(String),
}

impl App {
    /// Takes up what waits in the inbox.
    ///
    /// # Errors
    /// [`Fault::Store`] when the database cannot be used at all; nothing was lost.
    pub async fn intake_once(&self) -> Result<Progress, Fault> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        let batch = inbox::claim(&mut tx, now, BATCH_MAX).await?;
        if batch.is_empty() {
            return Ok(Progress::Idle(None));
        }
        let mut verdicts = Vec::new();
        for pending in &batch {
            let mut work = Work::begin(self, &mut tx, now).await?;
            if let Some(verdict) = take_up(&mut work, pending).await? {
                verdicts.push((format!("{}:{}", pending.envelope.source, pending.envelope.delivery_id), verdict));
            }
        }
        tx.commit().await?;
        for (delivery, verdict) in verdicts {
            if let Some(waiting) = self.forms.take(&delivery) {
                // The sender may have stopped waiting; the verdict was also said in chat then.
                let _ = waiting.send(verdict);
            }
        }
        self.wakers.courier.notify_waiters();
        Ok(Progress::Worked)
    }
}

/// Handles one envelope inside its savepoint; whatever goes wrong is written into its row.
async fn take_up(work: &mut Work<'_>, pending: &Pending) -> Result<Option<FormVerdict>, Fault> {
    work.tx.savepoint().await?;
    let handled = AssertUnwindSafe(handle(work, pending)).catch_unwind().await;
    let (now, id) = (work.now, pending.id);
    match handled {
        Ok(Ok((outcome, verdict))) => {
            work.tx.release().await?;
            match outcome {
                Outcome::Done(what) => inbox::done(work.tx, id, what, now).await?,
                Outcome::Unknown(reason) => inbox::unknown(work.tx, id, &reason, now).await?,
            };
            Ok(verdict)
        }
        Ok(Err(Fault::Refused(notice))) => {
            work.tx.rollback_to().await?;
            let verdict = answer_refusal(work, pending, &notice).await?;
            inbox::done(work.tx, id, "refused", now).await?;
            Ok(verdict)
        }
        Ok(Err(fault)) => {
            work.tx.rollback_to().await?;
            set_aside(work, pending, &fault.to_string()).await?;
            Ok(None)
        }
        Err(_) => {
            work.tx.rollback_to().await?;
            tracing::error!(inbox = id, "handling an envelope panicked");
            inbox::park(work.tx, id, "internal error (panic)", now).await?;
            Ok(None)
        }
    }
}

async fn set_aside(work: &mut Work<'_>, pending: &Pending, cause: &str) -> Result<(), Fault> {
    tracing::warn!(inbox = pending.id, attempts = pending.attempts, cause, "an envelope could not be handled");
    if pending.attempts + 1 >= TRIES_MAX {
        inbox::park(work.tx, pending.id, cause, work.now).await?;
    } else {
        let wait_ms = SECOND_MS << pending.attempts.clamp(0, 6);
        inbox::retry(work.tx, pending.id, work.now.plus_ms(wait_ms), cause).await?;
    }
    Ok(())
}

fn decode(work: &Work<'_>, envelope: &Envelope) -> Inbound {
    let registry = &work.app.registry;
    if let Some(chat) = registry.chats.get(&envelope.source) {
        return chat.decode(envelope);
    }
    match registry.hooks.as_ref().filter(|_| envelope.source.starts_with("hook:")) {
        Some(hooks) => hooks.decode(envelope),
        None => Inbound::Unknown { reason: format!("no connection named {}", envelope.source) },
    }
}

/// Reads an envelope and does what it asks.
async fn handle(work: &mut Work<'_>, pending: &Pending) -> Result<(Outcome, Option<FormVerdict>), Fault> {
    let envelope = &pending.envelope;
    let chat = envelope.source.as_str();
    let request = format!("{}", pending.id);
    let outcome = match decode(work, envelope) {
        Inbound::Message(message) => listen::on_message(work, chat, message, &request).await?,
        Inbound::Edited(message) => listen::on_edit(work, chat, message).await?,
        Inbound::Deleted { at, .. } => {
            heard::delete(work.tx, chat, &at.channel, &at.message).await?;
            let source = desk::chat_source(chat, &at.channel, &at.message);
            super::crisis::amended(work, &source, None).await?;
            let followed = super::notes::follow(work, &source, None).await? || desk::amend(work, &source, None).await?;
            if !followed {
                crate::store::links::claim(work.tx, "deleted", &source, 1).await?;
            }
            Outcome::Done("deleted")
        }
        Inbound::Reaction { at, user, mark, added } => {
            if added {
                listen::on_reaction(work, chat, &at, &user, mark, &request).await?
            } else {
                Outcome::Done("unmarked")
            }
        }
        Inbound::Social(message) => on_social(work, *message, envelope.received_at).await?,
        Inbound::FormClosed { form, state, user } => {
            if let (Some(member), _) = people::reader(work, chat, &user, None).await? {
                press::closed(work, &member, &form, &state).await?;
            }
            Outcome::Done("form closed")
        }
        Inbound::Home { user } => show_home(work, chat, &user, &request).await?,
        Inbound::Directory => {
            work.app.directory_stale(chat);
            Outcome::Done("directory")
        }
        Inbound::Ignored { .. } => Outcome::Done("ignored"),
        Inbound::Unknown { reason } => Outcome::Unknown(reason),
        interaction => {
            let reply = interact(work, chat, &interaction, &request).await?;
            let verdict = matches!(interaction, Inbound::Form { .. }).then_some(FormVerdict::Taken);
            if let Some(caller) = caller_of(&interaction) {
                respond(work, chat, caller, &request, reply, &interaction).await?;
            }
            return Ok((Outcome::Done("answered"), verdict));
        }
    };
    Ok((outcome, None))
}

/// Publishes a person's own page; people the office does not know see nothing.
async fn show_home(work: &mut Work<'_>, chat: &str, user: &str, request: &str) -> Result<Outcome, Fault> {
    let (Some(member), lang) = people::reader(work, chat, user, None).await? else {
        return Ok(Outcome::Done("unknown person"));
    };
    let body = own_desk::body(work, &member, lang).await?;
    let call = Call::Home { user: user.to_owned(), body };
    work.answer(chat, request, call, work.now.plus_ms(ANSWER_LIFE_MS)).await?;
    own_desk::remember(work, &member, chat).await?;
    Ok(Outcome::Done("home"))
}

fn caller_of(inbound: &Inbound) -> Option<&Caller> {
    match inbound {
        Inbound::Command { caller, .. }
        | Inbound::Press { caller, .. }
        | Inbound::Shortcut { caller, .. }
        | Inbound::Form { caller, .. } => Some(caller),
        _ => None,
    }
}

/// The account that asked for something.
fn user_of(inbound: &Inbound) -> Option<&str> {
    match inbound {
        Inbound::Message(message) => Some(message.author.id.as_str()),
        Inbound::Reaction { user, .. } => Some(user),
        _ => caller_of(inbound).map(|caller| caller.user.as_str()),
    }
}

pub(super) async fn invocation(
    work: &mut Work<'_>,
    chat: &str,
    caller: &Caller,
    request: &str,
) -> Result<Invocation, Fault> {
    let (member, lang) = people::reader(work, chat, &caller.user, caller.locale.as_deref()).await?;
    let Some(member) = member else {
        work.app.directory_stale(chat);
        return Err(Fault::refused(Notice::new("you-are-unknown").text("office", &work.setup.office.name)));
    };
    settings::put(work.tx, &format!("seen:{member}"), chat).await?;
    let subject = desk::subject_at(work, chat, &caller.channel, caller.thread.as_deref(), None).await?;
    Ok(Invocation {
        member,
        chat: chat.to_owned(),
        user: caller.user.clone(),
        channel: caller.channel.clone(),
        thread: caller.thread.clone(),
        lang,
        parsed: commands::parse::Parsed::default(),
        subject,
        can_open_form: true,
        request: request.to_owned(),
        may_post: !caller.muted,
    })
}

async fn interact(work: &mut Work<'_>, chat: &str, inbound: &Inbound, request: &str) -> Result<Reply, Fault> {
    let Some(caller) = caller_of(inbound) else { return Ok(Reply::Nothing) };
    if let Inbound::Command { name, text, .. } = inbound
        && people::member_of(work, chat, &caller.user).await?.is_none()
        && let Some(reply) = commands::link::by_stranger(work, chat, &caller.user, name, text).await?
    {
        return Ok(reply);
    }
    let mut asked = invocation(work, chat, caller, request).await?;
    match inbound {
        Inbound::Command { name, text, .. } => {
            let (verb, parsed) = commands::find(name, text)?;
            asked.parsed = parsed;
            Box::pin(commands::run(work, verb, &asked)).await
        }
        Inbound::Press { action, value, chosen, .. } => {
            Box::pin(press::pressed(work, &asked, action, value, chosen)).await
        }
        Inbound::Shortcut { name, message, .. } => Box::pin(press::shortcut(work, &asked, name, message)).await,
        Inbound::Form { form, state, fields, .. } => {
            asked.can_open_form = false;
            Box::pin(press::submitted(work, &asked, form, state, fields)).await
        }
        _ => Ok(Reply::Nothing),
    }
}

/// Stores the answer to an interaction.
async fn respond(
    work: &mut Work<'_>,
    chat: &str,
    caller: &Caller,
    request: &str,
    reply: Reply,
    to: &Inbound,
) -> Result<(), Fault> {
    let reply_to = caller.reply_to.clone();
    let expires_at = work.now.plus_ms(ANSWER_LIFE_MS);
    let (_, lang) = people::reader(work, chat, &caller.user, caller.locale.as_deref()).await?;
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, lang);
    let call = match reply {
        Reply::Say(notice) => Call::Answer { reply_to, body: voice.body(&notice), public: false },
        Reply::Show(body) => Call::Answer { reply_to, body: *body, public: false },
        Reply::Public(body) => Call::Answer { reply_to, body: *body, public: true },
        Reply::Form(form) => {
            return work.answer(chat, request, Call::OpenForm { reply_to, form: *form }, caller.answer_by).await;
        }
        Reply::Nothing if matches!(to, Inbound::Command { .. }) => {
            Call::Answer { reply_to, body: voice.body(&Notice::new("done")), public: false }
        }
        Reply::Nothing => Call::Acknowledge { reply_to },
    };
    work.answer(chat, request, call, expires_at).await
}

/// Tells a person why what they asked for cannot be.
async fn answer_refusal(work: &mut Work<'_>, pending: &Pending, notice: &Notice) -> Result<Option<FormVerdict>, Fault> {
    let chat = pending.envelope.source.clone();
    let request = pending.id.to_string();
    let inbound = decode(work, &pending.envelope);
    if super::audit::is_denial(notice)
        && let Some(user) = user_of(&inbound)
    {
        let member = people::member_of(work, &chat, user).await?;
        let who = member.map_or_else(|| format!("{chat}:{user}"), |member| member.0);
        super::audit::refused(work, &who, &chat, notice).await?;
    }
    if let Inbound::Press { value, .. } = &inbound {
        press::refresh_card(work, value, &request).await?;
    }
    if let Some(caller) = caller_of(&inbound) {
        let is_form = matches!(inbound, Inbound::Form { .. });
        respond(work, &chat, caller, &request, Reply::Say(notice.clone()), &inbound).await?;
        return Ok(is_form.then_some(FormVerdict::Taken));
    }
    match &inbound {
        Inbound::Message(message) if message.to_bot.is_some() || message.direct => {
            listen::say_back(work, &chat, message, &request, Reply::Say(notice.clone())).await?;
        }
        Inbound::Reaction { user, .. } => listen::tell_user(work, &chat, user, &request, notice).await?,
        _ => {}
    }
    Ok(None)
}

async fn on_social(work: &mut Work<'_>, message: SocialMessage, received_at: Timestamp) -> Result<Outcome, Fault> {
    let source = format!("{}:{}", message.network, message.id);
    let entry = Entry {
        source: source.clone(),
        author: message.author.name.clone(),
        text: message.text.clone(),
        at: message.created_at.unwrap_or(received_at),
        deleted: false,
    };
    let arrival = Arrival {
        source,
        network: message.network,
        kind: message.kind.name().to_owned(),
        customer: Customer {
            id: message.author.id,
            name: message.author.name,
            url: message.author.url,
            followers: message.author.followers,
        },
        entries: vec![entry],
        url: message.url,
        reply_url: message.reply_url,
        place: message.parent_id,
        desk: None,
        opened_by: None,
        topic: None,
        priority: None,
        received_at,
    };
    Box::pin(desk::open(work, arrival)).await?;
    Ok(Outcome::Done("ticket"))
}
