//! The page on which an expert without an account answers one question.
//!
//! Shows the question and the customer's words, nothing else: no number, no name of a customer or colleague. Takes one
//! answer, which goes to the team's ticket and never to a network. Start at [`router`].

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::page::{self, Asked, Page};
use crate::app::consult::{self, Visit, link};
use crate::app::say::{Voice, written};
use crate::app::work::Work;
use crate::app::{App, Fault};
use crate::domain::desk::consultation::ANSWER_CHARS_MAX;
use crate::domain::notice::Notice;
use crate::domain::office::Lang;
use crate::domain::time::{MINUTE_MS, Timestamp};

/// Largest form taken, in bytes: the longest answer, percent-encoded (3 bytes for each of up to 4), and some room.
const FORM_BYTES_MAX: usize = ANSWER_CHARS_MAX * 12 + 2_048;
/// Requests for pages behind links answered in a minute, over everybody: many times what people need, and little enough that
/// nobody reads much or tries much.
const REQUESTS_MAX: u32 = 120;
/// Requests with links that are none, in a minute; guessing one takes 2^255 of them.
const MISSES_MAX: u32 = 30;

/// What the routes share.
#[derive(Clone)]
struct Answers {
    app: Arc<App>,
    pace: Arc<Mutex<Pace>>,
}

/// Requests of the running minute.
#[derive(Debug, Default)]
struct Pace {
    minute: i64,
    requests: u32,
    misses: u32,
}

impl Pace {
    /// Whether one more request may be looked at now.
    fn admits(&mut self, now: Timestamp) -> bool {
        let minute = now.0.div_euclid(MINUTE_MS);
        if minute != self.minute {
            *self = Self { minute, ..Self::default() };
        }
        self.requests = self.requests.saturating_add(1);
        self.requests <= REQUESTS_MAX && self.misses <= MISSES_MAX
    }
}

/// `GET` shows the question, `POST` takes the answer.
pub fn router(app: Arc<App>) -> Router {
    let path = format!("{}/{{token}}", link::PATH);
    Router::new()
        .route(&path, get(show).post(take))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(Answers { app, pace: Arc::default() })
}

/// What the address may carry.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// Language, by the link on the page.
    #[serde(default)]
    lang: Option<String>,
}

/// What the form brings.
#[derive(Debug, Deserialize)]
struct Written {
    /// Proof that a page of ours was filled in.
    #[serde(default)]
    form: String,
    /// The answer.
    #[serde(default)]
    text: String,
}

async fn show(
    State(answers): State<Answers>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let lang = language(&answers.app, &wanted, &headers);
    if !answers.admits() {
        return answers.plain(lang, StatusCode::TOO_MANY_REQUESTS, page::SLOW);
    }
    match answers.visit(&token).await {
        Ok(visit) => answers.page_of(lang, &token, visit, None),
        Err(fault) => answers.broken(lang, &fault),
    }
}

async fn take(
    State(answers): State<Answers>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
    Form(given): Form<Written>,
) -> Response {
    let lang = language(&answers.app, &wanted, &headers);
    if !answers.admits() {
        return answers.plain(lang, StatusCode::TOO_MANY_REQUESTS, page::SLOW);
    }
    let ours = answers.app.door().is_some_and(|door| door.is_form_token(&token, &given.form));
    if !ours || is_foreign(&headers) {
        return answers.plain(lang, StatusCode::FORBIDDEN, page::REFUSED);
    }
    match answers.take(&token, given.text.clone()).await {
        // The answer is shown as taken under the same address: reloading the page sends nothing twice.
        Ok(Visit::Answered) => {
            let back = format!("{}/{token}?lang={}", link::PATH, lang.code());
            answers.guarded(Redirect::to(&back).into_response())
        }
        Ok(visit) => answers.page_of(lang, &token, visit, None),
        Err(Fault::Refused(reason)) => match answers.visit(&token).await {
            Ok(visit) => answers.page_of(lang, &token, visit, Some((&reason, &given.text))),
            Err(fault) => answers.broken(lang, &fault),
        },
        Err(fault) => answers.broken(lang, &fault),
    }
}

/// A form that another site sent: browsers say where it comes from.
fn is_foreign(headers: &HeaderMap) -> bool {
    let word = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if word("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return true;
    }
    // Our pages send no referrer, so an honest browser may say `null`.
    let origin = word("origin").filter(|origin| *origin != "null");
    let host = word("host").unwrap_or_default();
    origin.is_some_and(|origin| origin.split_once("://").is_none_or(|(_, from)| from != host))
}

/// The reader's language: the one asked for on the page, else the browser's, else the office's.
fn language(app: &App, wanted: &Wanted, headers: &HeaderMap) -> Lang {
    let asked = wanted.lang.as_deref().and_then(Lang::from_tag);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let by_browser = || {
        accepted.split(',').filter_map(|tag| Lang::from_tag(tag.split(';').next().unwrap_or_default().trim())).next()
    };
    asked.or_else(by_browser).unwrap_or(app.setup().office.language)
}

impl Answers {
    fn pace<T>(&self, change: impl FnOnce(&mut Pace) -> T) -> T {
        change(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn admits(&self) -> bool {
        let now = self.app.clock.now();
        self.pace(|pace| pace.admits(now))
    }

    async fn visit(&self, token: &str) -> Result<Visit, Fault> {
        let mut tx = self.app.store.read().await?;
        let mut work = Work::begin(&self.app, &mut tx, self.app.clock.now()).await?;
        let visit = consult::visit(&mut work, token).await?;
        self.count(&visit);
        Ok(visit)
    }

    async fn take(&self, token: &str, text: String) -> Result<Visit, Fault> {
        let mut tx = self.app.store.begin().await?;
        let mut work = Work::begin(&self.app, &mut tx, self.app.clock.now()).await?;
        let visit = consult::take_by_link(&mut work, token, text).await?;
        tx.commit().await?;
        self.app.wakers.courier.notify_waiters();
        self.count(&visit);
        Ok(visit)
    }

    fn count(&self, visit: &Visit) {
        if *visit == Visit::Unknown {
            self.pace(|pace| pace.misses = pace.misses.saturating_add(1));
        }
    }

    fn page_of(&self, lang: Lang, token: &str, visit: Visit, refused: Option<(&Notice, &str)>) -> Response {
        let (question, words, office, due) = match visit {
            Visit::Open { question, words, office, due, .. } => (question, words, office, due),
            Visit::Answered => return self.plain(lang, StatusCode::OK, page::THANKS),
            Visit::Over => return self.plain(lang, StatusCode::GONE, page::OVER),
            Visit::Unknown => return self.plain(lang, StatusCode::NOT_FOUND, page::UNKNOWN),
        };
        let setup = self.app.setup();
        let voice = Voice::plain(&self.app.wording, &setup.office, lang);
        let due = format!("{} ({})", written(due, setup.office.zone, lang), setup.office.zone.name());
        let form = self.app.door().map(|door| door.form_token(token)).unwrap_or_default();
        let asked = Asked {
            action: format!("{}/{token}?lang={}", link::PATH, lang.code()),
            form,
            office,
            question,
            words,
            due,
            text: refused.map(|(_, text)| text.to_owned()).unwrap_or_default(),
            error: refused.map(|(reason, _)| voice.plain_text(reason)),
        };
        let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.answer(status, &page::question(&asked, token, &voice))
    }

    fn plain(&self, lang: Lang, status: StatusCode, saying: page::Saying) -> Response {
        let setup = self.app.setup();
        let voice = Voice::plain(&self.app.wording, &setup.office, lang);
        self.answer(status, &page::plain(saying, &voice))
    }

    fn broken(&self, lang: Lang, fault: &Fault) -> Response {
        tracing::error!(%fault, "the page of a consultation could not be served");
        self.plain(lang, StatusCode::SERVICE_UNAVAILABLE, page::BROKEN)
    }

    fn answer(&self, status: StatusCode, page: &Page) -> Response {
        let typed = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        self.guarded((status, typed, page.html.clone()).into_response())
    }

    /// Nothing is kept, framed, indexed or loaded from elsewhere, and no script runs.
    fn guarded(&self, mut response: Response) -> Response {
        let secure = self.app.door().is_some_and(link::Door::is_secure);
        page::guard(response.headers_mut(), secure);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_admits_so_many_and_the_next_one_again() {
        let mut pace = Pace::default();
        let start = Timestamp(10 * MINUTE_MS);
        let admitted = (0..REQUESTS_MAX + 5).filter(|_| pace.admits(start)).count();
        assert_eq!(u32::try_from(admitted), Ok(REQUESTS_MAX));
        assert!(pace.admits(start.plus_ms(MINUTE_MS)));
        pace.misses = MISSES_MAX + 1;
        assert!(!pace.admits(start.plus_ms(MINUTE_MS)), "whoever guesses is stopped");
        assert!(pace.admits(start.plus_ms(2 * MINUTE_MS)));
    }

    #[test]
    fn a_form_of_another_site_is_foreign() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().expect("a header"));
            }
            is_foreign(&headers)
        };
        assert!(!with(&[("host", "v.example"), ("origin", "https://v.example"), ("sec-fetch-site", "same-origin")]));
        assert!(!with(&[("host", "v.example"), ("origin", "null")]));
        assert!(!with(&[("host", "v.example")]));
        assert!(with(&[("host", "v.example"), ("sec-fetch-site", "cross-site")]));
        assert!(with(&[("host", "v.example"), ("origin", "https://evil.example")]));
        assert!(with(&[("host", "v.example"), ("origin", "nonsense")]));
    }
}
