//! Vigie's own look-out: counts what customers write, and declares an alert when it is far too much.
//!
//! Counting happens in the transaction that takes a message in, so a message is counted once however often it is
//! delivered; tickets that people open by hand and exercises count for nothing. A crisis declared here stays frozen until
//! people confirm it or stand it down. Start at [`look`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{Days, TimeZone, Timelike};
use chrono_tz::Tz;

use super::{Alarm, act, declare, open_ones};
use crate::app::desk::Arrival;
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work, read_state};
use crate::app::{Fault, cards};
use crate::domain::crisis::detector::{self, QUIET_MS, Thresholds, Volume, WATCH_MS, WEEKS};
use crate::domain::crisis::{Command, Crisis, Figures};
use crate::domain::decide::Actor;
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::time::{DAY_MS, HOUR_MS, SECOND_MS, Timestamp};
use crate::store::aggregates::{self, Filter, Order};
use crate::store::{settings, volume};

/// How often volumes are looked at: often against the 20 minutes in which a crisis must be found (PRODUCT F39).
const LOOK_EVERY_MS: i64 = 15 * SECOND_MS;
/// Counts older than the history that is looked at are not worth a row.
const HISTORY_MS: i64 = (WEEKS * 7 + 1) * DAY_MS;
/// Most finished crises of one day that are looked at.
const RECENT_MAX: i64 = 50;

/// When volumes were last looked at; only spares work, so it may be forgotten.
#[derive(Debug, Default)]
pub struct Watch(AtomicI64);

impl Watch {
    /// Whether it is time to look again.
    fn is_due(&self, now: Timestamp) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        let due = now.0 < last || now.0.saturating_sub(last) >= LOOK_EVERY_MS;
        if due {
            self.0.store(now.0, Ordering::Relaxed);
        }
        due
    }
}

/// Counts an arrival at the instant it was written, so that a backlog delivered late is not taken for a flood.
///
/// # Errors
/// [`Fault::Store`].
pub async fn count(work: &mut Work<'_>, arrival: &Arrival) -> Result<(), Fault> {
    let Some(entry) = arrival.entries.last().filter(|_| arrival.opened_by.is_none()) else { return Ok(()) };
    let at = entry.at.min(work.now);
    if work.now.since(at) > HISTORY_MS {
        return Ok(());
    }
    Ok(volume::add(work.tx, detector::bucket_of(at), &arrival.network, 1).await?)
}

/// Looks at the volumes; true when a crisis was declared or widened.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn look(work: &mut Work<'_>) -> Result<bool, Fault> {
    if !work.app.watch.is_due(work.now) {
        return Ok(false);
    }
    let limits = Thresholds::of(&work.office().crisis);
    let recent = recent(work, limits).await?;
    if recent.is_empty() {
        return Ok(false);
    }
    let history = History::read(work).await?;
    let open: Vec<Crisis> = open_ones(work).await?.into_iter().filter(|crisis| !crisis.drill).collect();
    let ended = ended_lately(work).await?;
    let mut hits = Vec::new();
    for (network, buckets) in &recent {
        let touched = |crisis: &&Crisis| crisis.level >= 2 && crisis.touches(network);
        if open.iter().any(|crisis| touched(&crisis)) || rests(work, network).await? {
            continue;
        }
        let limits = if ended.iter().any(|crisis| crisis.touches(network)) { limits.halved() } else { limits };
        let counts = Volume { recent: buckets.clone(), same_hour: history.of(Some(network)) };
        hits.extend(detector::find(Some(network), &counts, limits, work.now));
    }
    if hits.is_empty() && open.iter().all(|crisis| crisis.level < 2) && !rests(work, ALL).await? {
        let limits = if ended.is_empty() { limits } else { limits.halved() };
        let counts = Volume { recent: sum(&recent), same_hour: history.of(None) };
        hits.extend(detector::find(None, &counts, limits.for_all(), work.now));
    }
    if hits.is_empty() {
        return Ok(false);
    }
    raise(work, hits, &open).await?;
    Ok(true)
}

/// Name under which the rest of all networks together is remembered.
const ALL: &str = "*";

fn rest_key(network: &str) -> String {
    format!("detected:{network}")
}

/// Whether a network has opened a crisis of its own lately.
async fn rests(work: &mut Work<'_>, network: &str) -> Result<bool, Fault> {
    let last = settings::get(work.tx, &rest_key(network)).await?.and_then(|ms| ms.parse::<i64>().ok());
    Ok(last.is_some_and(|last| (0..QUIET_MS).contains(&work.now.since(Timestamp(last)))))
}

type Buckets = BTreeMap<Timestamp, u32>;

/// Counts of the window by network.
async fn recent(work: &mut Work<'_>, limits: Thresholds) -> Result<BTreeMap<String, Buckets>, Fault> {
    let from = limits.first_bucket(work.now);
    let rows = volume::between(work.tx, from, work.now.plus_ms(1)).await?;
    let mut found: BTreeMap<String, Buckets> = BTreeMap::new();
    for row in rows {
        let count = u32::try_from(row.count).unwrap_or(u32::MAX);
        found.entry(row.network).or_default().insert(row.bucket, count);
    }
    Ok(found)
}

fn sum(all: &BTreeMap<String, Buckets>) -> Buckets {
    let mut total = Buckets::new();
    for (bucket, count) in all.values().flatten() {
        let sum = total.entry(*bucket).or_default();
        *sum = sum.saturating_add(*count);
    }
    total
}

/// Counts of the same hour in the weeks before.
struct History {
    /// Start of each hour that is on record.
    hours: Vec<Timestamp>,
    rows: Vec<volume::Count>,
}

impl History {
    async fn read(work: &mut Work<'_>) -> Result<Self, Fault> {
        let Some(first) = volume::first(work.tx).await? else {
            return Ok(Self { hours: Vec::new(), rows: Vec::new() });
        };
        let zone = work.office().zone;
        let hours = same_hours(work.now, zone).into_iter().filter(|hour| first <= *hour).collect::<Vec<_>>();
        let mut rows = Vec::new();
        for hour in &hours {
            rows.extend(volume::between(work.tx, *hour, hour.plus_ms(HOUR_MS)).await?);
        }
        Ok(Self { hours, rows })
    }

    /// Every bucket of those hours for one network or for all together, the silent ones as 0.
    fn of(&self, network: Option<&str>) -> Vec<u32> {
        let mut counts: BTreeMap<Timestamp, u32> = BTreeMap::new();
        for hour in &self.hours {
            for index in 0..HOUR_MS / detector::BUCKET_MS {
                counts.insert(detector::bucket_of(*hour).plus_ms(index * detector::BUCKET_MS), 0);
            }
        }
        for row in self.rows.iter().filter(|row| network.is_none_or(|network| network == row.network)) {
            let count = counts.entry(row.bucket).or_default();
            *count = count.saturating_add(u32::try_from(row.count).unwrap_or(u32::MAX));
        }
        counts.into_values().collect()
    }
}

/// The start of this hour on the wall clocks of the weeks before: people write by their clocks, also across a change
/// of clocks.
fn same_hours(now: Timestamp, zone: Tz) -> Vec<Timestamp> {
    let local = now.to_utc().with_timezone(&zone);
    let Some(hour) = local.date_naive().and_hms_opt(local.hour(), 0, 0) else { return Vec::new() };
    (1..=WEEKS)
        .filter_map(|week| hour.checked_sub_days(Days::new(u64::try_from(week * 7).ok()?)))
        .filter_map(|then| zone.from_local_datetime(&then).earliest())
        .map(|then| Timestamp(then.timestamp_millis()))
        .collect()
}

/// Real crises that ended within the last day: their networks are watched more closely.
async fn ended_lately(work: &mut Work<'_>) -> Result<Vec<Crisis>, Fault> {
    let filter = Filter {
        kind: Kind::Crisis.stored(),
        topic: Some("crisis"),
        closed: Some((work.now.plus_ms(-WATCH_MS), work.now.plus_ms(1))),
        order: Order::Newest,
        limit: RECENT_MAX,
        ..Filter::default()
    };
    let rows = aggregates::list(work.tx, &filter).await?;
    rows.iter().map(|row| read_state(Kind::Crisis, row.id, row.state())).collect()
}

/// Puts what was found where it belongs: an alert that is open already grows, a watch becomes an alert, else a new one
/// is declared for all of it.
async fn raise(work: &mut Work<'_>, hits: Vec<Figures>, open: &[Crisis]) -> Result<(), Fault> {
    let now = work.now.0.to_string();
    for figures in &hits {
        let network = figures.network.as_deref().unwrap_or(ALL);
        settings::put(work.tx, &rest_key(network), &now).await?;
    }
    let networks: BTreeSet<String> = hits.iter().filter_map(|figures| frozen_by(work, figures)).collect();
    if let Some(alert) = open.iter().find(|crisis| crisis.level >= 2) {
        for figures in hits {
            let mut loaded = load(work, alert).await?;
            let networks = frozen_by(work, &figures).into_iter().collect::<BTreeSet<String>>();
            let wider = loaded.state.freeze.with(&crate::domain::crisis::Freeze::of(&networks)) != loaded.state.freeze;
            if wider && !loaded.state.freeze.all {
                act(work, &mut loaded, &Command::Freeze { networks, figures: Some(figures) }, &Actor::System).await?;
            }
        }
        return Ok(());
    }
    let watched = |crisis: &&Crisis| networks.is_empty() || networks.iter().any(|network| crisis.touches(network));
    if let Some(watch) = open.iter().find(watched) {
        let mut loaded = load(work, watch).await?;
        let away = super::away(work).await?;
        act(work, &mut loaded, &Command::SetLevel { level: 2, away }, &Actor::System).await?;
        return Ok(());
    }
    let text = words(work, &hits);
    let figures = hits.into_iter().next();
    let alarm = Alarm { level: 2, drill: false, text, networks, figures };
    declare(work, alarm, &Actor::System).await?;
    Ok(())
}

async fn load(work: &mut Work<'_>, crisis: &Crisis) -> Result<Loaded<Crisis>, Fault> {
    super::load_id(work, crisis.subject()).await
}

/// The network to freeze; `None`, and with it all, for what came through a chat or from everywhere.
fn frozen_by(work: &Work<'_>, figures: &Figures) -> Option<String> {
    figures.network.clone().filter(|network| work.office().accounts.contains_key(network))
}

/// What the crisis is called, in the office's language.
fn words(work: &Work<'_>, hits: &[Figures]) -> String {
    let office = &work.setup.office;
    let voice = Voice::plain(&work.app.wording, office, office.language);
    let names: Vec<String> =
        hits.iter().filter_map(|figures| figures.network.as_deref()).map(cards::network_name).collect();
    let messages = hits.iter().map(|figures| i64::from(figures.messages)).sum();
    let minutes = hits.iter().map(|figures| i64::from(figures.minutes)).max().unwrap_or(0);
    let notice = Notice::new("crisis-detected-text").number("messages", messages).number("minutes", minutes);
    voice.plain_text(&if names.is_empty() {
        notice.with("network", Arg::Word("crisis-all-networks".to_owned()))
    } else {
        notice.text("network", names.join(", "))
    })
}
