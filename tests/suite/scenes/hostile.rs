//! Text from customers can neither ping anybody nor break a card (looked over at the end of each scene: no ping, no refusal).

use vigie::sandbox::network::MessageKind;

use crate::scene;
use crate::seen::Chat;

scene! {
    async fn hostile_text_never_pings_and_never_breaks_a_card(office) {
        let lea = (office.slack_user("lea").id, office.discord_user("lea").id);
        let texts = [
            "<!channel> <!here> <!everyone> @everyone @here @channel".to_owned(),
            format!("<@{}> <@{}> <@!{}> <@&{}>", lea.0, lea.1, lea.1, lea.1),
            "<!subteam^S0123|team> <#C0123> <https://evil.example|click> [click](https://evil.example)".to_owned(),
            "*bold* _it_ ~no~ `code` ```block\n``` > quote\n# big\n- list ||spoiler||".to_owned(),
            "\u{202e}gnp.exe\u{202c} \u{2066}abc\u{2069} \u{200f}שלום\u{200e}".to_owned(),
            format!("Z{}A{}", "\u{0301}\u{0316}\u{0334}".repeat(200), "\u{0489}".repeat(300)),
            "</ticket:1> <a:b:1> <t:1:R> <id:customize> {\"type\":\"header\"} </script> {{ $x }} \u{0}\u{7}\u{1b}[31m".to_owned(),
            "&lt;!channel&gt; &amp;amp; &#60;!here&#62;".to_owned(),
            "\n\n\n\n   \t \u{200b}\u{feff}.".to_owned(),
            "👩‍👩‍👧‍👦".repeat(400),
        ];
        for (number, text) in texts.iter().enumerate() {
            office.network("instagram").comment(&format!("<!channel> @everyone {number} *x*"), text).await;
        }
        let count = i64::try_from(texts.len()).unwrap();
        assert_eq!(office.ticket_count().await, count);
        // The same through everything else that repeats their words: direct messages, notes, lists, forms, thread names.
        let hugo = office.slack_user("hugo");
        for id in 1..=count {
            hugo.types("#social", &format!("/assign T-{id} me")).await;
            let note = format!("/ticket note T-{id} {}", texts[usize::try_from(id - 1).unwrap()].replace('\n', " "));
            hugo.types("#social", &note.chars().take(1_500).collect::<String>()).await;
        }
        hugo.types("#social", "/ticket list mine").await;
        hugo.presses(&office.slack("#social").card_of(2), "Résoudre…").await;
        hugo.fills("<!channel> @everyone *fin*").await;
        let lea = office.discord_user("lea");
        lea.presses(&office.discord("#social").card_of(1), "Note…").await;
        lea.fills("@everyone <@&1> **x**").await;
        for id in 1..=count {
            lea.command("#social", "ticket show", &[("ticket", &format!("T-{id}"))]).await;
        }
    }
}

scene! {
    async fn forty_thousand_characters_are_a_card_and_a_link(office) {
        let text: String = "Où est mon colis ? <!channel> ".repeat(1_334);
        let body = serde_json::json!({"id": "long", "network": "facebook", "kind": "comment",
            "author": {"id": "k".repeat(200), "name": "K".repeat(300)}, "text": text, "url": "https://social.example/1"});
        let body = body.to_string().into_bytes();
        let headers = crate::scenes::knocking::signed(office, vigie::runtime::demo::NETWORK_SECRET, 0, &body);
        assert_eq!(office.http("/hooks/sandbox", &headers, body).await.0, 202);
        office.settle().await;
        for chat in [Chat::Slack, Chat::Discord] {
            let card = office.channel(chat, "social").card_of(1);
            card.assert_says("ouvrez l’original pour tout lire");
            assert!(card.now().text.chars().count() < 3_000);
        }
        let longest = "é".repeat(10_000);
        office.network("facebook").write(MessageKind::Dm, "Ana", 5, &longest).await;
        office.network("facebook").write(MessageKind::Dm, "Ana", 5, &longest).await;
        office.slack("#social").card_of(2).assert_field("Messages", "2");
    }
}

scene! {
    async fn hostile_text_from_a_watched_channel_is_just_as_harmless(office) {
        office.slack("#mentions").feed_posts("Feed <!channel>", "<!here> ma lampe est cassée").await;
        office.discord("#mentions").feed_posts("Feed", "regardez : lampe cassée **x** ||y||").await;
        assert_eq!(office.ticket_count().await, 2);
        let long = "Colis perdu ".repeat(160);
        office.discord("#mentions").feed_posts("Feed", long.trim()).await;
        assert_eq!(office.ticket_count().await, 3);
    }
}
