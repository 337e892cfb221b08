//! `/crisis`: declare, acknowledge, report, freeze, stand down, look back. Buttons end in the same functions.

use std::collections::BTreeSet;

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::Fault;
use crate::app::crisis::{self as desk, Alarm, cards};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::domain::crisis::{Command, Crisis, Event, What};
use crate::domain::decide::Actor;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rights::{Right, Scope};
use crate::domain::time::Timestamp;

const LEVELS: &[&str] = &["l1", "l2", "l3"];
/// Typed as a reference by place.
const CRISIS: ArgSpec = ArgSpec::place("crisis", "crise", Takes::Ref, false);
/// Beside free text a reference needs its name: a text may begin with a number.
const NAMED_CRISIS: ArgSpec = ArgSpec::named("crisis", "crise", Takes::Ref);
/// Most networks named at once.
const NETWORKS_MAX: usize = 20;

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    let right = Some(Right::CrisisDeclare);
    Verb { command: "crisis", command_fr: "crise", name, name_fr, args, right, examples, run }
}

const fn leading(verb: Verb) -> Verb {
    Verb { right: Some(Right::CrisisLead), ..verb }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb(
        "declare",
        "declarer",
        &[
            ArgSpec::place("level", "niveau", Takes::OneOf(LEVELS), false),
            ArgSpec::place("text", "texte", Takes::Text, false),
            ArgSpec::named("net", "reseau", Takes::Word),
        ],
        &["crisis declare l2 Parcels lost in Lyon net:instagram", "crise declarer l1 Rumeur sur les livraisons"],
        |work, asked| Box::pin(declare(work, asked, false)),
    ),
    verb("ack", "recu", &[CRISIS], &["crisis ack", "crise recu C-1"], |work, asked| {
        Box::pin(async move { on(work, asked).await?.acknowledge(work).await })
    }),
    verb("confirm", "confirmer", &[CRISIS], &["crisis confirm"], |work, asked| {
        Box::pin(async move { on(work, asked).await?.confirm(work).await })
    }),
    verb(
        "update",
        "point",
        &[ArgSpec::place("text", "texte", Takes::Text, false), NAMED_CRISIS],
        &["crisis update The carrier answers at 15:00", "crise point 3 colis retrouvés crisis:C-1"],
        |work, asked| Box::pin(update(work, asked)),
    ),
    verb(
        "level",
        "niveau",
        &[CRISIS, ArgSpec::place("level", "niveau", Takes::OneOf(LEVELS), true)],
        &["crisis level l3", "crise niveau l2"],
        |work, asked| Box::pin(set_level(work, asked)),
    ),
    verb(
        "freeze",
        "geler",
        &[CRISIS, ArgSpec::place("net", "reseau", Takes::Word, false)],
        &["crisis freeze", "crise geler instagram"],
        |work, asked| Box::pin(freeze(work, asked)),
    ),
    verb("unfreeze", "degeler", &[CRISIS], &["crisis unfreeze"], |work, asked| {
        Box::pin(async move { on(work, asked).await?.unfreeze(work).await })
    }),
    verb("standdown", "fin", &[CRISIS], &["crisis standdown", "crise fin C-1"], |work, asked| {
        Box::pin(async move { on(work, asked).await?.stand_down(work).await })
    }),
    verb(
        "timeline",
        "chronologie",
        &[ArgSpec::place("text", "texte", Takes::Text, false), NAMED_CRISIS],
        &[
            "crisis timeline",
            "crisis timeline add The minister tweeted",
            "crise chronologie ajouter Appel du transporteur",
        ],
        |work, asked| Box::pin(timeline(work, asked)),
    ),
    verb("show", "voir", &[CRISIS], &["crisis show", "crise voir C-1"], |work, asked| Box::pin(show(work, asked))),
    verb("list", "liste", &[], &["crisis list"], |work, asked| Box::pin(list(work, asked))),
    leading(verb(
        "drill",
        "exercice",
        &[
            ArgSpec::place("level", "niveau", Takes::OneOf(LEVELS), false),
            ArgSpec::place("text", "texte", Takes::Text, false),
        ],
        &["crisis drill l2 A lamp overheats", "crise exercice l3 Fuite de données"],
        |work, asked| Box::pin(declare(work, asked, true)),
    )),
];

/// A crisis and who asks something of it.
#[derive(Debug)]
pub struct On<'a> {
    /// The crisis.
    pub loaded: Loaded<Crisis>,
    /// Who asks, where.
    pub asked: &'a Invocation,
}

async fn on<'a>(work: &mut Work<'_>, asked: &'a Invocation) -> Result<On<'a>, Fault> {
    Ok(On { loaded: desk::find(work, asked).await?, asked })
}

fn me(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

fn level_of(typed: &str) -> u8 {
    typed.trim().trim_start_matches(['l', 'L']).parse().unwrap_or(0)
}

async fn declare(work: &mut Work<'_>, asked: &Invocation, drill: bool) -> Result<Reply, Fault> {
    let level = asked.parsed.get("level").unwrap_or("l2").to_lowercase();
    let text = asked.parsed.get("text").unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(desk::declare_form(work, asked, &level, drill));
    }
    declare_as_typed(work, asked, &level, text, asked.parsed.get("net").unwrap_or_default(), drill).await
}

/// Declares a crisis from what was typed in a line or a form.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn declare_as_typed(
    work: &mut Work<'_>,
    asked: &Invocation,
    level: &str,
    text: &str,
    networks: &str,
    drill: bool,
) -> Result<Reply, Fault> {
    if drill {
        super::allow(&work.setup, &asked.member, Right::CrisisLead, Scope::default())?;
    }
    let alarm = Alarm {
        level: level_of(level),
        drill,
        text: text.to_owned(),
        networks: networks_of(work, networks)?,
        figures: None,
    };
    let loaded = desk::declare(work, alarm, &me(asked)).await?;
    let crisis = &loaded.state;
    let key = match (crisis.drill, crisis.level) {
        (true, _) => "crisis-drill-done",
        (false, 1) => "crisis-declared-watch",
        (false, _) if crisis.unconfirmed => "crisis-declared-unconfirmed",
        (false, _) => "crisis-declared",
    };
    Ok(Reply::Say(about(crisis, key)))
}

/// Networks as typed, separated by commas or spaces; each must be one of the office's.
fn networks_of(work: &Work<'_>, typed: &str) -> Result<BTreeSet<String>, Fault> {
    let names: BTreeSet<String> = typed
        .split([',', ' ', ';'])
        .map(|name| name.trim().to_lowercase())
        .filter(|name| !name.is_empty())
        .take(NETWORKS_MAX)
        .collect();
    let accounts = &work.office().accounts;
    match names.iter().find(|name| !accounts.contains_key(*name)) {
        None => Ok(names),
        Some(unknown) => {
            let known: Vec<&str> = accounts.keys().map(String::as_str).collect();
            let notice = Notice::new("crisis-no-network").with("typed", Arg::Code(unknown.clone()));
            Err(Fault::refused(notice.text("known", known.join(", "))))
        }
    }
}

fn about(crisis: &Crisis, key: &str) -> Notice {
    Notice::new(key).subject("crisis", crisis.subject()).number("level", i64::from(crisis.level))
}

async fn update(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let on = on(work, asked).await?;
    match asked.parsed.get("text").map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => on.update(work, text.to_owned(), String::new(), None).await,
        None => Ok(desk::update_form(work, asked, &on.loaded.state)),
    }
}

async fn set_level(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let level = level_of(asked.parsed.get("level").unwrap_or_default());
    on(work, asked).await?.set_level(work, level).await
}

/// The kill switch: one command, also where no crisis is open yet; a watch is opened then that holds the freeze.
async fn freeze(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let networks = networks_of(work, asked.parsed.get("net").unwrap_or_default())?;
    let mut loaded = match freezer(work, asked).await? {
        Some(loaded) => loaded,
        None => {
            let text = work.app.wording.word(work.office().language, "crisis-freeze-text");
            let alarm = Alarm { level: 1, drill: false, text, networks: networks.clone(), figures: None };
            desk::declare(work, alarm, &me(asked)).await?
        }
    };
    desk::act(work, &mut loaded, &Command::Freeze { networks, figures: None }, &me(asked)).await?;
    Ok(Reply::Say(about(&loaded.state, "crisis-frozen-done")))
}

/// The crisis that is to hold a freeze: the one named, the one here, else the oldest. In haste nobody is asked which.
async fn freezer(work: &mut Work<'_>, asked: &Invocation) -> Result<Option<Loaded<Crisis>>, Fault> {
    if asked.parsed.reference.is_some() {
        return desk::find(work, asked).await.map(Some);
    }
    let real: Vec<Crisis> = desk::open_ones(work).await?.into_iter().filter(|crisis| !crisis.drill).collect();
    let room = desk::room_at(work, &asked.chat, &asked.channel).await?;
    let place = asked.subject.filter(|subject| subject.kind == Kind::Crisis).or(room);
    let here = real.iter().find(|crisis| Some(crisis.subject()) == place);
    match here.or(real.first()) {
        Some(crisis) => desk::load_id(work, crisis.subject()).await.map(Some),
        None => Ok(None),
    }
}

async fn timeline(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut on = on(work, asked).await?;
    let typed = asked.parsed.get("text").unwrap_or_default().trim();
    if typed.is_empty() {
        return Ok(on.timeline(work));
    }
    let (first, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let text = if ["add", "ajouter"].contains(&first.to_lowercase().as_str()) { rest } else { typed };
    let who = work.office().name_of(&asked.member).to_owned();
    let command = Command::AddMoment { who, text: text.to_owned(), at: work.now, source: None };
    desk::act(work, &mut on.loaded, &command, &me(asked)).await?;
    Ok(Reply::Say(about(&on.loaded.state, "crisis-moment-done")))
}

async fn show(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let on = on(work, asked).await?;
    let around = cards::Around { held: desk::held(work).await?.len(), ..cards::Around::default() };
    let voice = voice(work, asked);
    Ok(Reply::Show(Box::new(cards::crisis(&on.loaded.state, &around, &voice))))
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let open = desk::open_ones(work).await?;
    let gate = desk::gate(work).await?;
    if open.is_empty() {
        return Ok(Reply::Say(Notice::new("crisis-none")));
    }
    let voice = voice(work, asked);
    Ok(Reply::Show(Box::new(cards::list(&open, &gate, &voice))))
}

fn voice<'v>(work: &'v Work<'_>, asked: &Invocation) -> Voice<'v> {
    Voice::plain(&work.app.wording, &work.setup.office, asked.lang)
}

impl On<'_> {
    async fn act(&mut self, work: &mut Work<'_>, command: &Command) -> Result<Vec<Event>, Fault> {
        desk::act(work, &mut self.loaded, command, &me(self.asked)).await
    }

    fn say(&self, key: &str) -> Reply {
        Reply::Say(about(&self.loaded.state, key))
    }

    /// "I am on it."
    ///
    /// # Errors
    /// Refusals for the asker; [`Fault::Store`].
    pub async fn acknowledge(mut self, work: &mut Work<'_>) -> Result<Reply, Fault> {
        let events = self.act(work, &Command::Acknowledge).await?;
        let joined = events.iter().any(|event| matches!(event.what, What::Joined));
        Ok(self.say(if joined { "crisis-joined-done" } else { "crisis-ack-done" }))
    }

    /// "It is real."
    ///
    /// # Errors
    /// As above.
    pub async fn confirm(mut self, work: &mut Work<'_>) -> Result<Reply, Fault> {
        self.act(work, &Command::Confirm).await?;
        Ok(self.say("crisis-confirm-done"))
    }

    /// A situation update.
    ///
    /// # Errors
    /// As above.
    pub async fn update(
        mut self,
        work: &mut Work<'_>,
        known: String,
        unknown: String,
        next: Option<Timestamp>,
    ) -> Result<Reply, Fault> {
        self.act(work, &Command::Update { known, unknown, next }).await?;
        Ok(match self.loaded.state.update_due {
            Some(due) => Reply::Say(about(&self.loaded.state, "crisis-update-done").with("due", Arg::At(due))),
            None => self.say("crisis-update-done-watch"),
        })
    }

    /// Another level.
    ///
    /// # Errors
    /// As above.
    pub async fn set_level(mut self, work: &mut Work<'_>, level: u8) -> Result<Reply, Fault> {
        let away = desk::away(work).await?;
        let events = self.act(work, &Command::SetLevel { level, away }).await?;
        let lowered = events.iter().any(|event| matches!(event.what, What::LevelChanged { from, to, .. } if to < from));
        let still_frozen = lowered && !self.loaded.state.freeze.is_none();
        Ok(self.say(if still_frozen { "crisis-level-lowered" } else { "crisis-level-done" }))
    }

    /// Proposes or agrees to lift the freeze.
    ///
    /// # Errors
    /// As above.
    pub async fn unfreeze(mut self, work: &mut Work<'_>) -> Result<Reply, Fault> {
        self.act(work, &Command::Unfreeze).await?;
        if self.loaded.state.freeze.is_none() {
            return Ok(self.say("crisis-unfrozen-done"));
        }
        Ok(self.waiting(work, "crisis-unfreeze-waits"))
    }

    /// Proposes or agrees to end it.
    ///
    /// # Errors
    /// As above.
    pub async fn stand_down(mut self, work: &mut Work<'_>) -> Result<Reply, Fault> {
        let held = desk::held(work).await?;
        self.act(work, &Command::StandDown { held }).await?;
        if self.loaded.state.closed_at.is_some() {
            return Ok(self.say("crisis-closed-done"));
        }
        Ok(self.waiting(work, "crisis-standdown-waits"))
    }

    /// Says who must agree as well.
    fn waiting(&self, work: &Work<'_>, key: &str) -> Reply {
        let crisis = &self.loaded.state;
        let others: Vec<MemberId> =
            crisis.who_may_agree(work.office()).into_iter().filter(|other| *other != self.asked.member).collect();
        let names: Vec<&str> = others.iter().map(|other| work.office().name_of(other)).collect();
        Reply::Say(about(crisis, key).text("names", names.join(", ")))
    }

    /// Everything that happened so far.
    #[must_use]
    pub fn timeline(&self, work: &Work<'_>) -> Reply {
        Reply::Show(Box::new(cards::timeline(&self.loaded.state, &voice(work, self.asked))))
    }
}
