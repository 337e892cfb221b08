//! The page's own files, embedded in the binary. Nothing is read from disk or from elsewhere.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const INDEX: &str = include_str!("assets/index.html");

macro_rules! embedded {
    ($($path:literal),+ $(,)?) => { [$(($path, include_str!(concat!("assets/", $path)))),+] };
}

const FILES: &[(&str, &str)] = &embedded![
    "css/frame.css",
    "css/overlay.css",
    "css/slack.css",
    "css/slack-blocks.css",
    "css/discord.css",
    "css/discord-message.css",
    "css/customers.css",
    "js/main.js",
    "js/dom.js",
    "js/server.js",
    "js/words.js",
    "js/time.js",
    "js/icons.js",
    "js/emoji.js",
    "js/overlay.js",
    "js/frame.js",
    "js/faults.js",
    "js/composer.js",
    "js/slack.js",
    "js/slack-message.js",
    "js/slack-blocks.js",
    "js/slack-elements.js",
    "js/slack-modal.js",
    "js/mrkdwn.js",
    "js/discord.js",
    "js/discord-message.js",
    "js/discord-components.js",
    "js/discord-command.js",
    "js/discord-modal.js",
    "js/markdown.js",
    "js/customers.js",
    "js/samples.js",
];

fn served(content_type: &'static str, text: &'static str) -> Response {
    // The files change only with the binary, but the port may be reused by another build: always ask again.
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-cache")], text).into_response()
}

pub(super) async fn index() -> Response {
    served("text/html; charset=utf-8", INDEX)
}

pub(super) async fn asset(Path(path): Path<String>) -> Response {
    let Some((name, text)) = FILES.iter().find(|(name, _)| *name == path) else {
        return (StatusCode::NOT_FOUND, "no such file\n").into_response();
    };
    served(if name.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" }, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `import ... from "./x.js"` and every `/assets/...` of the page names an embedded file, and each is used.
    #[test]
    fn every_file_is_embedded_and_used() {
        let embedded = |wanted: &str| FILES.iter().any(|(name, _)| *name == wanted);
        let mut used = std::collections::BTreeSet::new();
        for piece in INDEX.split("/assets/").skip(1) {
            used.insert(piece.split('"').next().unwrap_or_default().to_owned());
        }
        for (_, text) in FILES.iter().filter(|(name, _)| name.ends_with(".js")) {
            for piece in text.split("from \"./").skip(1) {
                used.insert(format!("js/{}", piece.split('"').next().unwrap_or_default()));
            }
        }
        for name in &used {
            assert!(embedded(name), "{name} is used but not embedded");
        }
        for (name, _) in FILES {
            assert!(used.contains(*name), "{name} is embedded but never used");
        }
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere_and_no_outside_text_becomes_html() {
        for (name, text) in FILES.iter().chain(&[("index.html", INDEX)]) {
            for banned in
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "src=\"http", "url(http"]
            {
                assert!(!text.contains(banned), "{name} contains {banned}");
            }
        }
    }
}
