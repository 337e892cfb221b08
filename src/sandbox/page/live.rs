//! Tells the browser what changed: one event stream with the versions of all sandboxes.
//!
//! The stream carries no content; the page fetches what it shows. Many changes while the browser is busy become one event.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt as _};
use serde_json::json;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What is watched for one browser.
#[derive(Clone)]
pub(super) struct Watched {
    pub(super) slack: Option<watch::Receiver<u64>>,
    pub(super) discord: Option<watch::Receiver<u64>>,
    pub(super) network: Option<watch::Receiver<u64>>,
    pub(super) clock: watch::Receiver<u64>,
    pub(super) stop: CancellationToken,
}

impl Watched {
    fn versions(&mut self) -> Event {
        let read = |watched: &mut Option<watch::Receiver<u64>>| watched.as_mut().map(|w| *w.borrow_and_update());
        let versions = json!({
            "slack": read(&mut self.slack), "discord": read(&mut self.discord), "network": read(&mut self.network),
            "clock": *self.clock.borrow_and_update(),
        });
        Event::default().data(versions.to_string())
    }

    async fn change(&mut self) {
        tokio::select! {
            () = next(self.slack.as_mut()) => {}
            () = next(self.discord.as_mut()) => {}
            () = next(self.network.as_mut()) => {}
            () = next(Some(&mut self.clock)) => {}
        }
    }
}

/// Wakes at the next change; never when there is nothing (or nobody left) to watch.
async fn next(watched: Option<&mut watch::Receiver<u64>>) {
    if let Some(watched) = watched
        && watched.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// `GET /api/changes`: the versions at once, then at each change.
pub(super) async fn changes(State(watched): State<Watched>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stop = watched.stop.clone();
    let events = futures::stream::unfold((watched, true), async |(mut watched, first)| {
        if !first {
            watched.change().await;
        }
        let event = watched.versions();
        Some((Ok(event), (watched, false)))
    });
    Sse::new(events.take_until(stop.cancelled_owned())).keep_alive(KeepAlive::default())
}
