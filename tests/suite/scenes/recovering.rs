//! Gaps, restarts and crashes: nothing is lost and nothing happens twice.

use vigie::domain::time::MINUTE_MS;
use vigie::sandbox::discord::{DispatchFault, SocketFault};
use vigie::sandbox::network::MessageKind;
use vigie::sandbox::slack::{EventChoice, HttpTargets, SlackFault};

use crate::office::{Office, minutes};
use crate::scene;
use crate::seen::Chat;

scene! {
    async fn what_was_written_while_the_sockets_were_cut_is_read_back_once(office) {
        let marc = office.slack_user("marc");
        marc.types("#mentions", "Lampe cassée, commande 1").await;
        office.advance(minutes(3)).await;
        marc.types("#mentions", "Lampe cassée, commande 2").await;
        // Slack never delivers these again: only its history has them.
        let gone = EventChoice { next: Some(3), event: Some("message".into()), percent: None };
        office.demo().slack.faults().order(SlackFault::DropEvents { choice: gone });
        office.demo().slack.faults().order(SlackFault::CutSockets { close_frame: false });
        for number in 3..=5 {
            let mentions = office.channel_id(Chat::Slack, "mentions");
            let act = marc.typing(&mentions, None, &format!("Lampe cassée, commande {number}"));
            office.slack_act(&marc.id, act).await;
        }
        office.until("the gap is known", async || office.app().upkeep_waits()).await;
        office.connected().await;
        office.settle().await;
        assert_eq!(office.ticket_count().await, 5);
        for number in 1..=5 {
            office.discord("#social").expect_card(&format!("commande {number}"));
        }
    }
}

scene! {
    async fn what_discord_did_not_resume_is_read_back_once(office) {
        let zoe = office.discord_user("zoe");
        zoe.types("#mentions", "Colis perdu, commande 1").await;
        let mentions = office.channel_id(Chat::Discord, "mentions");
        let faults = office.demo().discord.faults();
        faults.dispatches(2, DispatchFault::Drop);
        for number in 2..=3 {
            let act = zoe.typing(&mentions, None, &format!("Colis perdu, commande {number}"));
            office.discord_act_unheard("zoe", act).await;
        }
        faults.sockets(SocketFault::InvalidSession { resumable: false });
        office.until("the gap is known", async || office.app().upkeep_waits()).await;
        office.connected().await;
        office.settle().await;
        assert_eq!(office.ticket_count().await, 3);
        for number in 1..=3 {
            office.slack("#social").expect_card(&format!("commande {number}"));
        }
    }
}

scene! {
    async fn a_resumed_session_loses_and_doubles_nothing(office) {
        let zoe = office.discord_user("zoe");
        let faults = office.demo().discord.faults();
        for (number, how) in [(1, SocketFault::Reset), (2, SocketFault::Reconnect), (3, SocketFault::Close { code: Some(4000) })] {
            faults.sockets(how);
            zoe.types("#mentions", &format!("Colis perdu, commande {number}")).await;
        }
        office.connected().await;
        office.settle().await;
        assert_eq!(office.ticket_count().await, 3);
    }
}

scene! {
    async fn what_was_written_while_vigie_was_away_is_taken_up_at_the_next_start(office) {
        office.slack_user("marc").types("#mentions", "Lampe cassée, commande 1").await;
        office.discord_user("zoe").types("#mentions", "Colis perdu, commande 2").await;
        office.advance(2 * MINUTE_MS).await;
        let gone = EventChoice { next: Some(1), event: Some("message".into()), percent: None };
        office.demo().slack.faults().order(SlackFault::DropEvents { choice: gone });
        office.demo().discord.faults().dispatches(1, DispatchFault::Drop);
        for (chat, name, text) in [(Chat::Slack, "marc", "Lampe cassée, commande 3"), (Chat::Discord, "zoe", "Colis perdu, commande 4")] {
            let channel = office.channel_id(chat, "mentions");
            let person = office.person(chat, name);
            let act = person.typing(&channel, None, text);
            match chat {
                Chat::Slack => office.slack_act(&person.id, act).await,
                Chat::Discord => office.discord_act_unheard(name, act).await,
            };
        }
        office.restart().await;
        office.settle().await;
        assert_eq!(office.ticket_count().await, 4);
        office.slack("#social").card_of(3);
        office.slack("#social").card_of(4);
    }
}

scene! {
    async fn a_restart_between_envelope_ticket_and_card_leaves_one_of_each(office) {
        let write = async |office: &Office, text: &str| {
            office.network("instagram").write_unsettled(MessageKind::Comment, "@kim", 5, text).await;
        };
        write(office, "Où est mon colis ? Un").await;
        office.restart().await;
        office.settle().await;
        write(office, "Où est mon colis ? Deux").await;
        office.app().intake_once().await.unwrap();
        office.restart().await;
        office.settle().await;
        write(office, "Où est mon colis ? Trois").await;
        office.app().intake_once().await.unwrap();
        office.demo().vigie.couriers[0].run_once().await.unwrap();
        office.restart().await;
        office.settle().await;
        assert_eq!(office.ticket_count().await, 3);
        office.slack_user("lea").types("#social", "/assign T-3 me").await;
        office.discord("#social").card_of(3).assert_field("Responsable", "Léa Moreau");
    }
}

scene! {
    async fn a_sender_that_died_in_the_middle_is_found_out_and_nothing_is_posted_twice(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        // As a process leaves it that was killed after its post and before it wrote that down ...
        let lease_ms = office.clock.now_ms() + MINUTE_MS;
        let dead = |more: &str| format!("UPDATE outbox SET state = 'sending', done_at = NULL, receipt = NULL, \
            holder = 'dead', lease_until = {lease_ms}, claim = claim + 1 WHERE kind = 'card'{more}");
        office.probe.by_hand("DELETE FROM posts WHERE purpose = 'card'").await;
        office.probe.by_hand(&dead("")).await;
        office.restart().await;
        office.settle().await;
        assert_eq!(office.slack("#social").cards().len(), 1);
        assert_eq!(office.discord("#social").cards().len(), 1);
        // ... and one that was killed before its post.
        office.network("instagram").write_unsettled(MessageKind::Comment, "@lou", 5, "Où est ma lampe ?").await;
        office.app().intake_once().await.unwrap();
        let lease_ms = office.clock.now_ms() + MINUTE_MS;
        office.probe.by_hand(&format!("UPDATE outbox SET state = 'sending', holder = 'dead', lease_until = {lease_ms}, \
            claim = claim + 1, first_try_at = {} WHERE kind = 'card' AND done_at IS NULL", office.clock.now_ms())).await;
        office.restart().await;
        office.settle().await;
        office.slack("#social").expect_card("Où est ma lampe ?");
        office.discord("#social").expect_card("Où est ma lampe ?");
    }
}

async fn by_http(office: &Office) {
    let address = office.demo().vigie.address;
    let at = |path: &str| format!("http://{address}/slack/{path}");
    let targets = HttpTargets {
        events_url: at("events"),
        commands_url: at("commands"),
        interactivity_url: at("interactivity"),
        options_url: None,
    };
    office.demo().slack.set_http_delivery(Some(targets)).await.unwrap();
}

scene! {
    async fn slack_over_http_does_all_that_sockets_do_and_delivers_again(office) {
        by_http(office).await;
        let marc = office.slack_user("marc");
        marc.types("#mentions", "Lampe cassée, commande 1").await;
        let card = office.slack("#social").card_of(1);
        let hugo = office.slack_user("hugo");
        hugo.presses(&card, "Note…").await;
        hugo.fills("Vu au dépôt").await;
        card.assert_lines("Vu au dépôt", 1);
        hugo.types("#social", "/assign T-1 me").await;
        hugo.expect_answer("T-1");
        let mentions = office.channel_id(Chat::Slack, "mentions");
        hugo.shortcut(&mentions, &office.slack("#mentions").expect("commande 1").id, "Open ticket").await;
        hugo.expect_answer("déjà T-1 ; Hugo Bernard s’en occupe");
        // Delivered twice by a nervous Slack, then not at all while Vigie restarts at another address.
        office.demo().slack.faults().order(SlackFault::DoubleEvents { choice: EventChoice::default(), copies: Some(2), new_ids: false });
        marc.types("#mentions", "Lampe cassée, commande 2").await;
        office.restart().await;
        office.settle().await;
        let marc = office.slack_user("marc");
        let act = marc.typing(&mentions, None, "Lampe cassée, commande 3");
        office.slack_act(&marc.id, act).await;
        assert_eq!(office.ticket_count().await, 2);
        by_http(office).await;
        office.advance(2 * MINUTE_MS).await;
        office.until("Slack delivers again", async || {
            office.probe.count("inbox WHERE body LIKE '%commande 3%'").await > 0
        })
        .await;
        office.settle().await;
        assert_eq!(office.ticket_count().await, 3);
        // What is not signed by Slack is nobody's word.
        let (status, _) = office.http("/slack/events", &[("x-slack-signature", "v0=00".into()), ("x-slack-request-timestamp", "1".into())], b"{}".to_vec()).await;
        assert_eq!(status, 401);
    }
}
