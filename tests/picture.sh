#!/usr/bin/env bash
# Makes .github/page.png, the picture in the README, from the real demo: starts it, lets customers write and a member
# claim, and photographs the page. Needs chromium, chromedriver and curl.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
port=${VIGIE_PICTURE_PORT:-14100}
page="http://127.0.0.1:$port"
cargo build --quiet
"$(cargo metadata --format-version 1 --no-deps --offline | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/vigie" \
    demo --port "$port" --quiet-customers --database "$folder/demo.db" >"$folder/log" 2>&1 &
demo=$!
trap 'kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -rf "$folder"' EXIT

await() { # what must appear, where
    for _ in $(seq 100); do
        if curl -sf "$page$2" | grep -qF "$1"; then return 0; fi
        sleep 0.1
    done
    echo "\"$1\" never appeared in $2" >&2
    return 1
}
send() { curl -sf -o /dev/null -H 'content-type: application/json' --data "$2" "$page$1"; }
customer() { # network, kind, handle, followers, text
    send /api/network/act "$(printf '{"network":"%s","kind":"%s","author":{"id":"%s","name":"%s","followers":%s},"text":"%s"}' \
        "$1" "$2" "$3" "$3" "$4" "$5")"
}

await '' /api/config
customer instagram comment @camille.dessine 1240 'Bonjour, ma lampe Halo devait arriver lundi et toujours rien. Vous pouvez vérifier ?'
customer instagram comment @petite.souris 730 'Mon plafonnier fait de la fumée quand je l’allume, c’est dangereux ??'
customer facebook comment 'Graham Poole' 40 'Is the brass version of the Arc lamp back in stock this month?'
slack_me=$(curl -sf "$page/api/config" | sed 's/.*"slack_member":"\([^"]*\)".*/\1/')
await 'Arc lamp' "/api/slack/state?as=$slack_me"
sleep 3
driver="http://127.0.0.1:$((port + 1))"
chromedriver --port=$((port + 1)) >"$folder/driver.log" 2>&1 &
drives=$!
trap 'kill "$drives" "$demo" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 50); do curl -sf "$driver/status" >/dev/null && break || sleep 0.1; done
browser='{"capabilities":{"alwaysMatch":{"goog:chromeOptions":{"args":["--headless=new","--no-sandbox","--disable-gpu","--hide-scrollbars","--lang=en","--window-size=1600,1000"]}}}}'
session="$driver/session/$(curl -sf --data "$browser" "$driver/session" | sed 's/.*"sessionId":"\([^"]*\)".*/\1/')"
curl -sf -o /dev/null --data "{\"url\":\"$page/\"}" "$session/url"
sleep 3
curl -sf "$session/screenshot" | sed 's/.*"value":"\([^"]*\)".*/\1/' | base64 -d >"$folder/page.png"
curl -sf -o /dev/null -X DELETE "$session"
mkdir -p .github
cp "$folder/page.png" .github/page.png
ls -l .github/page.png
