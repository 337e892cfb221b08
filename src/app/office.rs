//! The office in force: the file's, with what people changed in chat laid over it.
//!
//! Every transaction reads the revision of the changes first, so a change made by any replica holds from the next transaction
//! on; the office is only rebuilt when the revision moved or a grant ended. Never here: what a change means
//! (`domain::office`). Start at [`change`]; [`in_force`] is what `Work::begin` asks.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use super::absence::{self, KNOWN};
use super::work::{Loaded, Work, encode};
use super::{App, Fault, Setup};
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::triage::RuleBook;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::changes::{self, OfficeChange};
use crate::domain::office::log::{OfficeCommand, OfficeEvent, OfficeLog, OfficeRefusal};
use crate::domain::office::{MemberId, Office};
use crate::domain::people::substitution::Absences;
use crate::domain::time::Timestamp;
use crate::store::{Tx, aggregates, settings};

/// The number of the one log of changes.
pub const LOG: i64 = 1;
/// The setting that names the state of the log; also the lock that makes changes one after the other.
const REVISION: &str = "office:revision";
/// The setting with the fingerprint of the office file as it was at the last start.
const FILE_SEEN: &str = "office:file";
/// Bytes of the fingerprint kept in a revision: two states of one version never share 64 bits.
const FINGERPRINT_BYTES: usize = 8;

/// The office as last built, and for how long it stands.
#[derive(Debug)]
struct Built {
    /// Made from this.
    file: Arc<Setup>,
    /// Of this revision of the changes.
    revision: String,
    /// From when on, and up to when (a grant ends then).
    stands: (Timestamp, Option<Timestamp>),
    /// The result.
    setup: Arc<Setup>,
}

/// The office file's setup, and what was last built from it.
#[derive(Debug)]
pub struct InForce {
    file: RwLock<Arc<Setup>>,
    built: RwLock<Arc<Built>>,
}

impl InForce {
    /// The file alone, until the first transaction has looked at the changes.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let file = Arc::new(setup);
        let built = Built {
            file: Arc::clone(&file),
            revision: String::new(),
            stands: (Timestamp(i64::MIN), None),
            setup: Arc::clone(&file),
        };
        Self { file: RwLock::new(file), built: RwLock::new(Arc::new(built)) }
    }

    /// The office as last seen by a transaction of this process: for what is not decided, only shown or connected.
    #[must_use]
    pub fn last_seen(&self) -> Arc<Setup> {
        Arc::clone(&self.built.read().unwrap_or_else(PoisonError::into_inner).setup)
    }

    /// As the file has it.
    #[must_use]
    pub fn file(&self) -> Arc<Setup> {
        Arc::clone(&self.file.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a new file in force; the changes made in chat stay.
    pub fn replace_file(&self, setup: Setup) {
        *self.file.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(setup);
    }

    fn standing(&self, revision: &str, now: Timestamp) -> Option<Arc<Setup>> {
        let built = Arc::clone(&self.built.read().unwrap_or_else(PoisonError::into_inner));
        let (from, until) = built.stands;
        let same = built.revision == revision && Arc::ptr_eq(&built.file, &self.file());
        (same && from <= now && until.is_none_or(|until| now < until)).then(|| Arc::clone(&built.setup))
    }
}

/// The office in force for a transaction that begins now.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn in_force(app: &App, tx: &mut Tx, now: Timestamp) -> Result<Arc<Setup>, Fault> {
    let changes = settings::get(tx, REVISION).await?.unwrap_or_default();
    let leaves = settings::get(tx, KNOWN).await?.unwrap_or_default();
    let revision = format!("{changes} {leaves}");
    if let Some(setup) = app.in_force.standing(&revision, now) {
        return Ok(setup);
    }
    let file = app.in_force.file();
    let log = match aggregates::load(tx, Kind::Office.stored(), LOG).await? {
        Some(row) => super::work::read_state(Kind::Office, LOG, row.state())?,
        None => OfficeLog::default(),
    };
    let away = absence::read(&leaves)?;
    let until = log.next_end(now).into_iter().chain(away.next_change(now)).min();
    let setup = Arc::new(lay_over(&file, &log, away, now));
    let built = Built { file, revision, stands: (now, until), setup: Arc::clone(&setup) };
    *app.in_force.built.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(built);
    Ok(setup)
}

fn lay_over(file: &Setup, log: &OfficeLog, away: Absences, now: Timestamp) -> Setup {
    let office = log.applied.as_deref().unwrap_or(&file.office);
    Setup {
        office: changes::apply(office, &log.changes, now).with_leaves(away, now),
        triage: super::lessons::sorter(&file.triage, log.rules.as_deref(), &log.changes),
        playbooks: Arc::clone(&file.playbooks),
    }
}

/// The office in force in this transaction.
#[must_use]
pub fn current<'w>(work: &'w Work<'_>) -> &'w Office {
    work.office()
}

/// Everything changed in chat that holds now, oldest first.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn changes_in_force(work: &mut Work<'_>) -> Result<Vec<OfficeChange>, Fault> {
    let log = work.load::<OfficeLog>(LOG).await?;
    Ok(log.map(|log| log.state.changes).unwrap_or_default())
}

/// Changes the office, in this transaction: whoever is concerned is told, and the rest of the transaction sees the result.
/// The caller has checked the right.
///
/// # Errors
/// [`Fault::Refused`] with a sentence, [`Fault::Store`], [`Fault::Unreadable`].
pub async fn change(work: &mut Work<'_>, actor: &Actor, change: OfficeChange) -> Result<(), Fault> {
    change_all(work, actor, vec![change]).await
}

/// As [`change`], several at once: all or none.
///
/// # Errors
/// [`Fault::Refused`] with a sentence, [`Fault::Store`], [`Fault::Unreadable`].
pub async fn change_all(work: &mut Work<'_>, actor: &Actor, changes: Vec<OfficeChange>) -> Result<(), Fault> {
    match act(work, actor, &OfficeCommand::Change(changes)).await? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(Fault::refused(sentence(&refusal))),
    }
}

/// Applies another office in the place of the file's and of all changes. People are told, and open work is handed on, by the
/// next tick of whatever runs on this database; [`strands`](super::applying::strands) has said that nothing is lost.
///
/// # Errors
/// [`Fault::Refused`] with a sentence, [`Fault::Store`], [`Fault::Unreadable`].
pub async fn apply_whole(
    work: &mut Work<'_>,
    actor: &Actor,
    office: Office,
    rules: Option<RuleBook>,
) -> Result<(), Fault> {
    match act(work, actor, &OfficeCommand::Apply(Box::new(office), rules.map(Box::new))).await? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(Fault::refused(sentence(&refusal))),
    }
}

/// Waits until nobody else changes the office, and looks at it anew: what is compared now is what holds when this
/// transaction changes it.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn hold_still(work: &mut Work<'_>) -> Result<(), Fault> {
    settings::put_new(work.tx, REVISION, "").await?;
    settings::get_locked(work.tx, REVISION).await?;
    work.setup = in_force(work.app, work.tx, work.now).await?;
    Ok(())
}

/// The rules of triage in force: the file's or those applied since, and all that were learnt.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn rule_book(work: &mut Work<'_>) -> Result<RuleBook, Fault> {
    let log: OfficeLog = match aggregates::load(work.tx, Kind::Office.stored(), LOG).await? {
        Some(row) => super::work::read_state(Kind::Office, LOG, row.state())?,
        None => OfficeLog::default(),
    };
    let learnt = log.changes.iter().filter_map(|change| match change {
        OfficeChange::Learnt { lesson } => Some(lesson.clone()),
        _ => None,
    });
    let file = work.app.in_force.file();
    let base = match log.rules {
        Some(rules) => *rules,
        None => RuleBook {
            defaults: file.triage.rules.defaults().clone(),
            rules: file.triage.rules.rules().cloned().collect(),
            learnt: Vec::new(),
        },
    };
    Ok(RuleBook { learnt: learnt.collect(), ..base })
}

/// Of the file and what was applied the newer one holds: when the file is another than at the last start, it is the newer.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn adopt_file(app: &App) -> Result<(), Fault> {
    let file = app.in_force.file();
    let rules: Vec<_> = file.triage.rules.rules().collect();
    let now = fingerprint(&format!("{}{}", encode("office", &file.office)?, encode("rules", &rules)?));
    let mut tx = app.store.begin().await?;
    let known = settings::get(&mut tx, FILE_SEEN).await?;
    if known.as_ref() != Some(&now) {
        let mut work = Work::begin(app, &mut tx, app.clock.now()).await?;
        if act(&mut work, &Actor::System, &OfficeCommand::UseFile).await?.is_ok_and(|events| !events.is_empty()) {
            tracing::warn!("the office file is another than at the last start: it replaces the office applied since");
        }
        settings::put(&mut tx, FILE_SEEN, &now).await?;
    }
    Ok(tx.commit().await?)
}

/// Ends the grants whose time is over, and settles what was applied.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>) -> Result<(), Fault> {
    let ended = act(work, &Actor::System, &OfficeCommand::Tick).await?;
    if ended.is_ok_and(|events| events.is_empty())
        && let Some(log) = work.load::<OfficeLog>(LOG).await?
    {
        aggregates::set_wake(work.tx, Kind::Office.stored(), LOG, log.state.due_at()).await?;
    }
    Ok(())
}

async fn act(
    work: &mut Work<'_>,
    actor: &Actor,
    command: &OfficeCommand,
) -> Result<Result<Vec<OfficeEvent>, OfficeRefusal>, Fault> {
    // The row may not be there yet: this one is, for whoever comes second to wait at.
    settings::put_new(work.tx, REVISION, "").await?;
    settings::get_locked(work.tx, REVISION).await?;
    let mut log = match work.load::<OfficeLog>(LOG).await? {
        Some(log) => log,
        None => Loaded { state: OfficeLog::default(), version: 0 },
    };
    let file = work.app.in_force.file();
    let away = work.office().away.clone();
    // Decided on what holds now that nobody else can change it.
    let before = lay_over(&file, &log.state, away.clone(), work.now);
    let before_applying = log.state.unsettled.clone();
    work.setup = Arc::new(lay_over(&file, &log.state, away.clone(), work.now));
    let events = match work.act(LOG, &mut log, command, actor).await? {
        Ok(events) => events,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !events.is_empty() {
        settings::put(work.tx, REVISION, &revision(&log)?).await?;
        work.setup = Arc::new(lay_over(&file, &log.state, away.clone(), work.now));
        let (was, whom) = match before_applying.filter(|_| settles(&events)) {
            Some(was) => {
                let all = was.members.keys().cloned().collect();
                (was, all)
            }
            None => (Box::new(before.office), concerned(&events)),
        };
        super::returning::give_back(work, &was, &whom).await?;
        if !whom.is_empty() {
            // What waits for somebody's word, or for somebody in a meeting or a crisis, waits for those who are there now.
            super::drafts::ask_who_may(work).await?;
            super::meetings::attend_again(work).await?;
            super::crisis::substitute(work).await?;
        }
        if settles(&events) {
            // Who is new in the office is looked for among the accounts of every chat.
            work.app.chats().iter().for_each(|chat| work.app.directory_stale(chat));
        }
    }
    Ok(Ok(events))
}

fn settles(events: &[OfficeEvent]) -> bool {
    events.iter().any(|event| matches!(event, OfficeEvent::Settled { .. }))
}

/// Members whose rights the events may have changed.
fn concerned(events: &[OfficeEvent]) -> BTreeSet<MemberId> {
    let member = |event: &OfficeEvent| match event {
        OfficeEvent::Changed { what } => what.member().cloned(),
        OfficeEvent::Ended { member, .. } => Some(member.clone()),
        OfficeEvent::Applied { .. } | OfficeEvent::FileUsed | OfficeEvent::Settled { .. } => None,
    };
    events.iter().filter_map(member).collect()
}

/// Version and fingerprint: what a rolled-back transaction had written can never pass for what another one wrote.
fn revision(log: &Loaded<OfficeLog>) -> Result<String, Fault> {
    Ok(format!("{}:{}", log.version, fingerprint(&encode("office", &log.state)?)))
}

fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(FINGERPRINT_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// Why the office stays as it is, for a person.
#[must_use]
pub fn sentence(refusal: &OfficeRefusal) -> Notice {
    let role = |key: &str, role: &str| Notice::new(key).with("role", Arg::Strong(role.to_owned()));
    match refusal {
        OfficeRefusal::UnknownMember(member) => Notice::new("office-no-member").text("member", member.as_str()),
        OfficeRefusal::UnknownRole(name) => role("office-no-role", name),
        OfficeRefusal::UnknownNetwork(network) => Notice::new("office-no-network").text("network", network),
        OfficeRefusal::RoleExists(name) => role("office-role-exists", name),
        OfficeRefusal::RoleOfFile(name) => role("office-role-of-file", name),
        OfficeRefusal::RoleHeld(name) => role("office-role-held", name),
        OfficeRefusal::NotHeld(member, name) => role("office-not-held", name).member("member", member),
        OfficeRefusal::EndPast => Notice::new("office-end-past"),
        OfficeRefusal::BackupCircle(circle) => {
            let names: Vec<&str> = circle.iter().map(MemberId::as_str).collect();
            Notice::new("office-backup-circle").text("circle", names.join(" → "))
        }
        OfficeRefusal::LastHead => Notice::new("office-last-head"),
        OfficeRefusal::TooMany => Notice::new("office-too-many"),
    }
}
