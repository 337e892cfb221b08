#!/usr/bin/env bash
# All checks and tests, on both databases, on a fresh Debian or Ubuntu machine: installs what is missing (as root), then
# formatting, lints, tests, and the guided tour. Ends with a line that says how it went.
set -euo pipefail
cd "$(dirname "$0")/.."

export DEBIAN_FRONTEND=noninteractive
if [ -n "${CI:-}" ] || [ ! -t 1 ]; then
    export CARGO_TERM_COLOR=never NO_COLOR=1
fi
started=$SECONDS

say() { printf '\n== %s\n' "$*"; }
stop() {
    printf '\nvigie: %s\n' "$*" >&2
    exit 1
}

postgres_is_there() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
browser_is_there() { command -v chromium >/dev/null && command -v chromedriver >/dev/null; }
emoji_are_there() { compgen -G '/usr/share/fonts/*/noto/NotoColorEmoji.ttf' >/dev/null; }

missing=()
command -v cc >/dev/null || missing+=(build-essential)
postgres_is_there || missing+=(postgresql)
browser_is_there || missing+=(chromium chromium-driver)
emoji_are_there || missing+=(fonts-noto-color-emoji)
command -v git >/dev/null || missing+=(git)
if [ ${#missing[@]} -gt 0 ]; then
    say "Installing ${missing[*]}"
    if [ "$(id -u)" -eq 0 ]; then
        run_as_root=()
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        run_as_root=(sudo -n)
    else
        stop "please install first: apt-get install ${missing[*]}"
    fi
    command -v apt-get >/dev/null || stop "please install first: ${missing[*]}"
    "${run_as_root[@]}" apt-get update -qq
    "${run_as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
command -v cargo >/dev/null || stop "Rust is missing: see https://rustup.rs"

say "Formatting"
cargo fmt --check

say "Lints"
cargo clippy --locked --all-targets -- -D warnings

say "Tests"
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --no-fail-fast
    cargo test --locked --doc
else
    # Test binaries run one after the other, so that those that start processes and browsers have the machine to themselves.
    cargo test --locked --no-fail-fast
fi

say "The main job, without a browser"
cargo run --locked --quiet -- demo --tour

say "All checks and tests passed in $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s."
