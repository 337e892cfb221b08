use secrecy::ExposeSecret;

use super::*;

const SAMPLE: &str = include_str!("../../config/vigie.toml");

fn check(text: &str, variables: &[(&str, &str)]) -> Checked<Settings> {
    let environment =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    check_settings(text, "v", &environment)
}

fn said(checked: &Checked<Settings>) -> Vec<String> {
    checked.findings.iter().map(ToString::to_string).collect()
}

const SLACK: [(&str, &str); 2] = [("SLACK_BOT_TOKEN", "xoxb-1-bot"), ("SLACK_APP_TOKEN", "xapp-1-app")];

#[test]
fn the_sample_settings_are_right_and_say_what_is_default() {
    let sample = check(SAMPLE, &SLACK);
    assert_eq!(said(&sample), Vec::<String>::new());
    let (sample, empty) = (sample.value.expect("settings"), check("", &SLACK).value.expect("settings"));
    assert_eq!((sample.listen, sample.log), (empty.listen, empty.log));
    assert_eq!(sample.database_url.expose_secret(), empty.database_url.expose_secret());
    assert_eq!(sample.allow_loopback_replies, empty.allow_loopback_replies);
    assert_eq!(sample.retention.default_days, empty.retention.default_days);
    assert_eq!(sample.retention.days_for("google_reviews"), 730);
    assert_eq!(empty.retention.days_for("google_reviews"), 365);
    let (sample, empty) = (sample.slack.expect("slack"), empty.slack.expect("slack"));
    assert_eq!((sample.mode, sample.sockets, sample.api_url), (empty.mode, empty.sockets, empty.api_url));
}

#[test]
fn the_environment_wins_over_the_file() {
    let text = "listen = \"127.0.0.1:1\"\ndatabase_url = \"sqlite:file.db\"\n[slack]\nbot_token = \"xoxb-file\"\napp_token = \"xapp-file\"\napi_url = \"http://file.example/\"\n[discord]\ntoken = \"file\"\napi_url = \"http://file.example\"\n";
    let from_file = check(text, &[]).value.expect("settings");
    assert_eq!(from_file.listen.port(), 1);
    assert_eq!(from_file.slack.as_ref().map(|slack| slack.bot_token.expose_secret()), Some("xoxb-file"));
    let variables = [
        ("VIGIE_LISTEN", "127.0.0.1:2"),
        ("DATABASE_URL", "postgres://user:word@host/vigie"),
        ("SLACK_BOT_TOKEN", "xoxb-env"),
        ("SLACK_APP_TOKEN", "xapp-env"),
        ("SLACK_SIGNING_SECRET", "signing"),
        ("SLACK_API_URL", "http://127.0.0.1:3/api/"),
        ("DISCORD_TOKEN", "env"),
        ("DISCORD_API_URL", "http://127.0.0.1:4/api"),
    ];
    let settings = check(text, &variables).value.expect("settings");
    assert_eq!(settings.listen.port(), 2);
    assert_eq!(settings.database_url.expose_secret(), "postgres://user:word@host/vigie");
    let slack = settings.slack.expect("slack");
    assert_eq!(slack.bot_token.expose_secret(), "xoxb-env");
    assert_eq!(slack.app_token.as_ref().map(ExposeSecret::expose_secret), Some("xapp-env"));
    assert_eq!(slack.signing_secret.as_ref().map(ExposeSecret::expose_secret), Some("signing"));
    assert_eq!(slack.api_url.as_deref(), Some("http://127.0.0.1:3/api/"));
    let discord = settings.discord.expect("discord");
    assert_eq!(discord.token.expose_secret(), "env");
    assert_eq!(discord.api_url.as_deref(), Some("http://127.0.0.1:4/api"));
}

/// File, variables, (Slack, Discord) configured or `None` for an error, start of a finding.
type ChatCase = (&'static str, Vec<(&'static str, &'static str)>, Option<(bool, bool)>, &'static str);

#[test]
fn a_chat_is_configured_or_not_and_half_is_told() {
    let http = "[slack]\nmode = \"http\"\n";
    let bot = ("SLACK_BOT_TOKEN", "xoxb-1");
    let cases: Vec<ChatCase> = vec![
        ("", vec![], Some((false, false)), "environment: warning: no chat is configured"),
        ("", vec![("SLACK_BOT_TOKEN", "  ")], Some((false, false)), "environment: warning: no chat is configured"),
        ("", SLACK.to_vec(), Some((true, false)), ""),
        ("", vec![("DISCORD_TOKEN", "t")], Some((false, true)), ""),
        ("", vec![bot], None, "environment: error: Slack is half configured: socket mode needs an app token"),
        (
            "",
            vec![SLACK[1]],
            None,
            "environment: error: Slack is half configured: there is an app token or a signing secret, but no bot token",
        ),
        (http, vec![bot], None, "environment: error: Slack is half configured: HTTP mode needs the signing secret"),
        (http, vec![bot, ("SLACK_SIGNING_SECRET", "s")], Some((true, false)), ""),
        (
            "",
            vec![("SLACK_BOT_TOKEN", "xapp-1"), SLACK[1]],
            Some((true, false)),
            "environment: warning: SLACK_BOT_TOKEN does not start with xoxb-",
        ),
        (
            "",
            vec![("SLACK_BOT_TOKEN", "any"), ("SLACK_APP_TOKEN", "any"), ("SLACK_API_URL", "http://h.example/")],
            Some((true, false)),
            "",
        ),
        (
            "",
            vec![("DISCORD_TOKEN", "Bot abc")],
            Some((false, true)),
            "environment: warning: DISCORD_TOKEN starts with \"Bot \"",
        ),
        (
            "",
            vec![("DISCORD_TOKEN", "t"), ("VIGIE_LISTEN", "8080")],
            None,
            "environment: error: VIGIE_LISTEN: not an address and port",
        ),
        (
            "",
            vec![("DISCORD_TOKEN", "t"), ("DATABASE_URL", "mysql://user:word@h/d")],
            None,
            "environment: error: DATABASE_URL: not a database Vigie knows",
        ),
        (
            "",
            vec![("DISCORD_TOKEN", "t"), ("DISCORD_API_URL", "h.example")],
            None,
            "environment: error: DISCORD_API_URL: not a web address",
        ),
        (
            "[slack]\nmode = \"sockets\"",
            SLACK.to_vec(),
            None,
            "v:2:8: error: `slack.mode`: `sockets` is not a mode (did you mean `socket`?)",
        ),
        ("[slak]\nmode = \"http\"", SLACK.to_vec(), None, "v:1:2: error: unknown key `slak` (did you mean `slack`?)"),
        ("[slack]\ntoken = \"xoxb-1\"", SLACK.to_vec(), None, "v:2:1: error: unknown key `token` in [slack]"),
        ("[discord]\nguild = \"abc\"", SLACK.to_vec(), None, "v:2:9: error: `discord.guild`: not a server id"),
        (
            "[retention]\ndefault_days = 0",
            SLACK.to_vec(),
            None,
            "v:2:16: error: `retention.default_days` is out of range (1 to 3650)",
        ),
    ];
    for (text, variables, expected, message) in cases {
        let checked = check(text, &variables);
        let got = checked.value.as_ref().map(|settings| (settings.slack.is_some(), settings.discord.is_some()));
        assert_eq!(got, expected, "{text} {variables:?} {:?}", said(&checked));
        match message {
            "" => assert_eq!(said(&checked), Vec::<String>::new(), "{text} {variables:?}"),
            _ => assert!(said(&checked).iter().any(|one| one.starts_with(message)), "{message}\n{:#?}", said(&checked)),
        }
    }
}

#[test]
fn hooks_take_their_secret_from_the_file_or_from_a_variable() {
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let discord = ("DISCORD_TOKEN", "t");
    let text = format!(
        "[hooks.instagram]\nsecret_env = \"HOOK\"\nnetwork = \"instagram\"\n[hooks.zapier]\nsecret = \"{key}\"\n"
    );
    let settings = check(&text, &[discord, ("HOOK", key)]).value.expect("settings");
    assert_eq!(settings.hooks["instagram"].network.as_deref(), Some("instagram"));
    assert_eq!(settings.hooks["instagram"].secret.expose_secret(), key);
    assert_eq!(settings.hooks["zapier"].network, None);
    let cases = [
        ("[hooks.a]\n", "v:1:1: error: `secret_env` is missing in [hooks.a]"),
        ("[hooks.a]\nsecret_env = \"HOOK\"\n", "v:2:14: error: the environment variable `HOOK` is not set"),
        (
            "[hooks.a]\nsecret = \"x\"\nsecret_env = \"HOOK\"\n",
            "v:3:14: error: hook `a` has both secret and secret_env",
        ),
        ("[hooks.a]\nsecret = \"\"\n", "v:2:10: error: `hooks.a.secret` is empty"),
        ("[hooks.a]\nsecret = \"whsec_\"\n", "v:2:10: error: the secret of hook `a` is empty"),
        (
            "[hooks.a]\nsecret = \"whsec_%%\"\n",
            "v:2:10: error: the secret of hook `a` starts with whsec_ but is not base64",
        ),
        ("[hooks.a]\nsecret = \"short\"\n", "v:2:10: warning: the secret of hook `a` is shorter than 24 bytes"),
        ("[hooks.\"A b\"]\nsecret = \"long enough to sign with it\"\n", "v:1:8: error: `A b` is not a short name"),
    ];
    for (text, message) in cases {
        let checked = check(text, &[discord]);
        assert!(said(&checked).iter().any(|one| one.starts_with(message)), "{message}\n{:#?}", said(&checked));
    }
}

#[test]
fn replies_are_signed_with_the_secret_of_the_network() {
    let text = "[hooks.a]\nsecret = \"the secret of hook a, long\"\nnetwork = \"x\"\n[hooks.instagram]\nsecret = \"the secret of instagram\"\n";
    let settings = check(text, &SLACK).value.expect("settings");
    let secret = |network| settings.secret_for_network(network).map(ExposeSecret::expose_secret);
    assert_eq!(secret("x"), Some("the secret of hook a, long"));
    assert_eq!(secret("instagram"), Some("the secret of instagram"));
    assert_eq!(secret("tiktok"), None);
    let only = check("[hooks.all]\nsecret = \"one secret for every network\"\n", &SLACK).value.expect("settings");
    assert!(only.secret_for_network("tiktok").is_some());
}

#[test]
fn secrets_are_never_shown() {
    let words = [
        "xoxb-s3cret",
        "xapp-s3cret",
        "signing-s3cret",
        "discord-s3cret",
        "hook-s3cret-of-24-bytes-or-more",
        "db-s3cret",
    ];
    let variables = [
        ("SLACK_BOT_TOKEN", words[0]),
        ("SLACK_APP_TOKEN", words[1]),
        ("SLACK_SIGNING_SECRET", words[2]),
        ("DISCORD_TOKEN", words[3]),
        ("DATABASE_URL", "postgres://user:db-s3cret@host/vigie"),
    ];
    let text = format!("[hooks.a]\nsecret = \"{}\"\n", words[4]);
    let settings = check(&text, &variables).value.expect("settings");
    let shown = format!("{settings:?} {settings:#?}");
    assert!(!shown.contains("s3cret"), "{shown}");
    // Nor in findings: wrong values of every secret key.
    let broken = [
        ("database_url = \"s3cret://s3cret\"", vec![]),
        ("[slack]\nbot_token = [\"s3cret\"]", vec![]),
        ("[slack]\napi_url = \"s3cret\"", vec![]),
        ("[hooks.a]\nsecret = \"whsec_s3cret%\"", vec![]),
        ("[discord]\ntoken = s3cret", vec![]),
        ("[discord]\ntoken = \"s3cret\n", vec![]),
        ("", vec![("DATABASE_URL", "s3cret"), ("SLACK_API_URL", "s3cret"), ("SLACK_APP_TOKEN", "s3cret")]),
    ];
    for (text, variables) in broken {
        let checked = check(text, &variables);
        assert!(checked.value.is_none(), "{text}");
        let shown = said(&checked).join("\n");
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
