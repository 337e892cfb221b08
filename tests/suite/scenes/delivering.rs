//! What leaves arrives once, however the chats behave.

use serde_json::Value;
use vigie::sandbox::discord::{LostAnswer as DiscordLost, RestFault, SocketFault};
use vigie::sandbox::slack::{LostAnswer as SlackLost, SlackFault};

use crate::office::{Oddity, Office};
use crate::scene;
use crate::seen::Chat;

fn slack_posts(office: &Office) -> usize {
    office.demo().slack.calls().iter().filter(|call| call.method == "chat.postMessage").count()
}

fn lost(how: SlackLost) -> SlackFault {
    SlackFault::LoseAnswer { method: Some("chat.postMessage".into()), next: 1, how }
}

scene! {
    async fn a_card_whose_answer_was_lost_on_slack_is_found_and_not_posted_again(office) {
        office.expects(Oddity::RefusedCalls);
        for how in [SlackLost::Reset, SlackLost::Error500] {
            office.demo().slack.faults().order(lost(how));
            let before = slack_posts(office);
            office.network("instagram").comment("@kim", "Où est mon colis ?").await;
            assert_eq!(slack_posts(office) - before, 1, "{how:?}: posted once, then looked for");
        }
        // Found, it is alive as any other.
        let card = office.slack("#social").card_of(1);
        office.discord_user("nora").presses(&office.discord("#social").card_of(1), "Je prends").await;
        card.assert_field("Responsable", "Nora Lindqvist");
    }
}

scene! {
    async fn a_card_whose_answer_was_lost_on_discord_is_not_doubled(office) {
        office.expects(Oddity::RefusedCalls);
        let social = office.channel_id(Chat::Discord, "social");
        for how in [DiscordLost::Reset, DiscordLost::Status500] {
            let route = format!("POST /channels/{social}/messages");
            office.demo().discord.faults().rest(&route, 1, RestFault::LoseAnswer { how });
            office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        }
        assert_eq!(office.discord("#social").cards().len(), 2);
        let card = office.discord("#social").card_of(2);
        office.slack_user("lea").presses(&office.slack("#social").card_of(2), "Je prends").await;
        card.assert_field("Responsable", "Léa Moreau");
    }
}

scene! {
    async fn a_direct_message_and_a_line_whose_answers_were_lost_are_not_doubled(office) {
        office.expects(Oddity::RefusedCalls);
        office.slack_user("hugo").types("#general", "/vigie me").await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let hugo = office.slack_user("hugo");
        hugo.expect_dm("T-1 est à vous").await;
        office.demo().slack.faults().order(lost(SlackLost::Reset));
        office.network("instagram").comment("@kim", "Où est mon autre colis ?").await;
        assert_eq!(office.slack("#social").cards().len(), 2);
        let card = office.slack("#social").card_of(1);
        office.demo().slack.faults().order(lost(SlackLost::Reset));
        office.discord_user("lea").command("#social", "ticket note", &[("ticket", "T-1"), ("text", "Vu au dépôt")]).await;
        card.assert_lines("Vu au dépôt", 1);
        office.discord("#social").card_of(1).assert_lines("Vu au dépôt", 1);
    }
}

scene! {
    async fn a_wait_that_a_chat_asks_for_is_kept(office) {
        office.expects(Oddity::RefusedCalls);
        office.demo().slack.faults().order(SlackFault::RateLimit {
            method: Some("chat.postMessage".into()),
            next: 1,
            retry_after_s: 30,
        });
        let social = office.channel_id(Chat::Discord, "social");
        let route = format!("POST /channels/{social}/messages");
        office.demo().discord.faults().rest(&route, 1, RestFault::RateLimited { retry_after: 17.0, global: false });
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let calls = office.demo().slack.calls();
        let slack: Vec<(i64, u16)> = calls
            .iter()
            .filter(|call| call.method == "chat.postMessage" && call.args["channel"] == channel(office))
            .map(|call| (call.at_ms, call.status))
            .collect();
        assert_eq!(slack.iter().map(|(_, status)| *status).collect::<Vec<u16>>(), [429, 200]);
        assert!(slack[1].0 - slack[0].0 >= 30_000, "{slack:?}");
        let calls = office.demo().discord.calls();
        let discord: Vec<(i64, u16)> = calls
            .iter()
            .filter(|call| call.method == "POST" && call.path.contains(&format!("{social}/messages")))
            .map(|call| (call.at_ms, call.status))
            .collect();
        assert_eq!(discord.iter().map(|(_, status)| *status).collect::<Vec<u16>>(), [429, 200]);
        assert!(discord[1].0 - discord[0].0 >= 17_000, "{discord:?}");
    }
}

fn channel(office: &Office) -> Value {
    Value::from(office.channel_id(Chat::Slack, "social"))
}

scene! {
    async fn failures_of_a_chat_are_tried_again_until_it_works(office) {
        office.expects(Oddity::RefusedCalls);
        office.demo().slack.faults().order(SlackFault::FailHttp { method: Some("chat.postMessage".into()), next: 4, status: 503 });
        office.demo().discord.faults().rest("POST /channels/", 4, RestFault::Fail { status: 502 });
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let (slack, discord) = (office.slack("#social").card_of(1), office.discord("#social").card_of(1));
        office.demo().slack.faults().order(SlackFault::FailOk { method: Some("chat.update".into()), next: 2, error: "internal_error".into() });
        office.demo().discord.faults().rest("PATCH /channels/", 3, RestFault::Fail { status: 500 });
        office.slack_user("lea").types("#social", "/assign T-1 me").await;
        slack.assert_field("Responsable", "Léa Moreau");
        discord.assert_field("Responsable", "Léa Moreau");
    }
}

scene! {
    async fn what_a_chat_refuses_for_good_is_kept_shown_and_can_be_tried_again(office) {
        office.expects(Oddity::RefusedCalls);
        let lea = office.discord_user("lea");
        office.demo().slack.faults().order(SlackFault::FailOk {
            method: Some("chat.postMessage".into()),
            next: 1,
            error: "restricted_action".into(),
        });
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack("#social").expect_no_card();
        office.discord("#social").expect_card("Où est mon colis ?");
        lea.command("#social", "vigie health", &[]).await;
        let health = lea.expect_answer("Un envoi a échoué définitivement").text;
        let number = health.split('#').nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned();
        assert!(health.contains("slack · card"), "{health}");
        lea.command("#social", "vigie retry", &[("number", &number)]).await;
        lea.expect_answer("est relancé");
        office.slack("#social").expect_card("Où est mon colis ?");
    }
}

scene! {
    async fn a_card_that_somebody_deleted_is_posted_anew(office) {
        office.expects(Oddity::RefusedCalls);
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let card = office.slack("#social").card_of(1);
        let slack = &office.demo().slack;
        let removed = reqwest::Client::new()
            .post(format!("{}chat.delete", slack.api_url()))
            .bearer_auth(slack.bot_token())
            .json(&serde_json::json!({"channel": card.channel, "ts": card.message}))
            .send()
            .await
            .unwrap();
        assert_eq!(removed.json::<Value>().await.unwrap()["ok"], true);
        office.slack("#social").expect_no_card();
        office.discord_user("nora").presses(&office.discord("#social").card_of(1), "Je prends").await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Nora Lindqvist");
    }
}

scene! {
    async fn slack_may_be_unreachable_while_discord_works(office) {
        office.expects(Oddity::RefusedCalls);
        let faults = office.demo().slack.faults();
        faults.order(SlackFault::FailHttp { method: None, next: 10_000, status: 503 });
        office.network("instagram").write_unsettled(vigie::sandbox::network::MessageKind::Comment, "@kim", 5, "Où est mon colis ?").await;
        while office.turn().await {}
        office.slack("#social").expect_no_card();
        let card = office.discord("#social").card_of(1);
        let nora = office.discord_user("nora");
        nora.does_unsettled(nora.press(&card.now(), "Je prends")).await;
        while office.turn().await {}
        card.assert_field("Responsable", "Nora Lindqvist");
        faults.order(SlackFault::Clear);
        office.settle().await;
        office.slack("#social").card_of(1).assert_field("Responsable", "Nora Lindqvist");
    }
}

scene! {
    async fn what_nobody_understands_is_kept_and_counted_and_stops_nothing(office) {
        office.expects(Oddity::UnknownEnvelopes);
        let slack = office.demo().slack.faults();
        slack.order(SlackFault::SendRaw { text: r#"{"envelope_id":"odd-1","type":"events_api","payload":{"type":"event_callback","event_id":"Ev1","event":{"type":"comet_sighted"}}}"#.into() });
        slack.order(SlackFault::SendRaw { text: r#"{"envelope_id":"odd-2","type":"smoke_signals","payload":{}}"#.into() });
        slack.order(SlackFault::SendRaw { text: "not even JSON".into() });
        office.demo().discord.faults().sockets(SocketFault::UnknownEvent);
        office.demo().discord.faults().sockets(SocketFault::MalformedEvent { event: "MESSAGE_CREATE".into() });
        office.until("the odd ones are stored", async || {
            office.probe.count("inbox WHERE body LIKE '%comet_sighted%'").await > 0
                && office.probe.count("inbox WHERE body LIKE '%smoke_signals%'").await > 0
                && office.probe.count("inbox WHERE body LIKE '%SANDBOX_NOVELTY%'").await > 0
        })
        .await;
        office.slack_user("marc").types("#mentions", "Lampe cassée").await;
        office.discord_user("zoe").types("#mentions", "Colis perdu").await;
        assert_eq!(office.ticket_count().await, 2, "the stream goes on");
        let unknown = office.probe.count("inbox WHERE state = 'unknown'").await;
        assert!(unknown >= 3, "{unknown} kept");
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie health").await;
        lea.expect_answer(&format!("{unknown} non comprises"));
    }
}
