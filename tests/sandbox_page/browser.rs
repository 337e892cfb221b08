//! A real headless Chromium, driven through chromedriver. It needs both programs; without them the test fails and says so.

use std::process::Stdio;

use axum::body::Bytes;
use axum::http::Request;
use base64::Engine as _;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a condition on the page may take, in milliseconds; the browser itself waits.
const PATIENCE_MS: u64 = 20_000;

/// One browser window. Ends with its driver when dropped.
pub struct Browser {
    http: Client<HttpConnector, Full<Bytes>>,
    session: String,
    _driver: Child,
    _profile: tempfile::TempDir,
}

/// Screen of the window.
pub enum Screen {
    /// 1440 x 900 with a mouse.
    Desktop,
    /// 390 x 844 with a finger.
    Phone,
}

impl Browser {
    /// Starts a window at `url`.
    pub async fn open(url: &str, screen: Screen) -> Self {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        let mut driver = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{program}: {error}; install chromium and chromium-driver (see README, tests)")
            });
        let mut lines = BufReader::new(driver.stdout.take().expect("piped")).lines();
        let port = loop {
            let line = lines.next_line().await.expect("readable").expect("chromedriver says on which port it runs");
            if let Some(rest) = line.strip_prefix("ChromeDriver was started successfully on port ") {
                break rest.trim_end_matches('.').to_owned();
            }
        };
        // Keep reading, or the driver blocks on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let profile = tempfile::tempdir().expect("a folder");
        let mut browser = Self {
            http: Client::builder(TokioExecutor::new()).build_http(),
            session: format!("http://127.0.0.1:{port}/session"),
            _driver: driver,
            _profile: profile,
        };
        let options = browser.options(&screen);
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "timeouts": {"script": PATIENCE_MS + 5_000},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let session = browser.call("POST", "", wanted).await;
        let id = session["sessionId"].as_str().unwrap_or_else(|| panic!("no browser session: {session}"));
        browser.session = format!("{}/{id}", browser.session);
        browser.call("POST", "/url", json!({ "url": url })).await;
        browser
    }

    fn options(&self, screen: &Screen) -> Value {
        let profile = format!("--user-data-dir={}", self._profile.path().display());
        let quiet = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            "--lang=en-GB",
            "--window-size=1440,1040",
        ];
        let mut options =
            json!({ "args": quiet.iter().map(|flag| (*flag).to_owned()).chain([profile]).collect::<Vec<_>>() });
        if let Ok(binary) = std::env::var("CHROMIUM") {
            options["binary"] = json!(binary);
        }
        if matches!(screen, Screen::Phone) {
            let metrics = json!({"width": 390, "height": 844, "pixelRatio": 2, "touch": true});
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        options
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.session))
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body.to_string())))
            .expect("a request");
        let answer = self.http.request(request).await.expect("the driver answers");
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        let mut answer: Value = serde_json::from_slice(&bytes).expect("JSON");
        answer["value"].take()
    }

    /// Waits until `condition` (a JavaScript expression) holds.
    pub async fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1]; const end = Date.now() + {PATIENCE_MS};\
             const look = () => {{ let ok = false; try {{ ok = Boolean({condition}); }} catch {{}}\
             if (ok) done('yes'); else if (Date.now() > end) done(document.body.innerText); else setTimeout(look, 25); }}; look();"
        );
        let answer = self.call("POST", "/execute/async", json!({"script": script, "args": []})).await;
        assert_eq!(answer, json!("yes"), "never true: {condition}");
    }

    /// The value of a JavaScript expression.
    pub async fn value(&self, expression: &str) -> Value {
        self.call("POST", "/execute/sync", json!({"script": format!("return {expression}"), "args": []})).await
    }

    async fn element(&self, selector: &str) -> String {
        self.until(&format!("document.querySelector({})", json!(selector))).await;
        let found = self.call("POST", "/element", json!({"using": "css selector", "value": selector})).await;
        let id = found.as_object().and_then(|map| map.values().next()).and_then(Value::as_str).map(str::to_owned);
        id.unwrap_or_else(|| panic!("{selector}: {found}"))
    }

    /// Presses what `selector` names, as a person would: it must be visible and not covered.
    pub async fn press(&self, selector: &str) {
        let id = self.element(selector).await;
        // Not while it still slides in, nor while something lies over it.
        let at_rest = format!(
            "(() => {{ const e = document.querySelector({}); e.scrollIntoView({{block: 'nearest'}});\
             const r = e.getBoundingClientRect(); const at = [r.x, r.y, r.width, r.height].join();\
             const still = window.pressedAt === at; window.pressedAt = at;\
             return still && e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)); }})()",
            json!(selector)
        );
        self.until(&at_rest).await;
        let answer = self.call("POST", &format!("/element/{id}/click"), json!({})).await;
        assert!(answer.is_null(), "{selector}: {answer}");
    }

    /// Types into what `selector` names; `\u{e007}` is Enter.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let id = self.element(selector).await;
        let answer = self.call("POST", &format!("/element/{id}/value"), json!({ "text": text })).await;
        assert!(answer.is_null(), "{selector}: {answer}");
    }

    /// What is written in `selector`.
    pub async fn text(&self, selector: &str) -> String {
        self.element(selector).await;
        let text = self.value(&format!("document.querySelector({}).innerText", json!(selector))).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Errors that the page wrote to the console.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", json!({"type": "browser"})).await;
        let lines = log.as_array().cloned().unwrap_or_default();
        lines.iter().filter(|line| line["level"] == "SEVERE").map(|line| line["message"].to_string()).collect()
    }

    /// Writes a picture of the window when `VIGIE_SHOTS` names a folder.
    pub async fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("VIGIE_SHOTS") else { return };
        let picture = self.call("GET", "/screenshot", json!({})).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap_or_default());
        std::fs::write(format!("{folder}/{name}.png"), bytes.expect("a picture")).expect("written");
    }

    /// Closes the window.
    pub async fn close(self) {
        self.call("DELETE", "", json!({})).await;
    }
}
