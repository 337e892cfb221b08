//! One person at two chats: linked by a code, by whoever may change settings, and taken apart again.

use crate::office::minutes;
use crate::scene;
use crate::scenes::leaving::{member, with};

/// The code in an answer.
fn code_in(text: &str) -> String {
    let after = text.split("/vigie link ").nth(1).unwrap_or_else(|| panic!("no code in {text}"));
    after.split_whitespace().next().unwrap_or_default().to_owned()
}

scene! {
    async fn a_code_from_one_chat_links_the_account_of_the_other_once(office) {
        let (here, there) = (office.slack_user("hugo"), office.discord_user("hugo"));
        there.command("#social", "vigie unlink", &[]).await;
        there.expect_answer("n’est plus relié à personne");
        there.command("#social", "vigie me", &[]).await;
        there.expect_answer("Je ne vous connais pas encore");
        here.types("#social", "/vigie link").await;
        let code = code_in(&here.expect_answer("Dans l’autre chat, tapez").text);
        there.command("#social", "vigie link", &[("code", "AAAAAAAA")]).await;
        there.expect_answer("Ce code n’est pas valable");
        there.command("#social", "vigie link", &[("code", &code.to_lowercase())]).await;
        there.expect_answer("Bienvenue, Hugo Bernard");
        there.command("#social", "vigie me", &[]).await;
        there.expect_answer("Hugo Bernard");
        office.discord_user("nora").command("#social", "vigie link", &[("code", &code)]).await;
        office.discord_user("nora").expect_answer("This account is already Nora Lindqvist");
    }
}

scene! {
    async fn a_code_ends_by_itself_and_guessing_is_stopped(office) {
        let (here, there) = (office.slack_user("hugo"), office.discord_user("hugo"));
        there.command("#social", "vigie unlink", &[]).await;
        here.types("#social", "/vigie link").await;
        let code = code_in(&here.expect_answer("Dans l’autre chat, tapez").text);
        office.advance(minutes(11)).await;
        there.command("#social", "vigie link", &[("code", &code)]).await;
        there.expect_answer("Ce code n’est pas valable");
        for _ in 0..4 {
            there.command("#social", "vigie link", &[("code", "BBBBBBBB")]).await;
        }
        here.types("#social", "/vigie link").await;
        let code = code_in(&here.expect_answer("Dans l’autre chat, tapez").text);
        there.command("#social", "vigie link", &[("code", &code)]).await;
        there.expect_answer("Trop de codes erronés");
    }
}

scene! {
    async fn whoever_may_change_settings_links_an_account_by_hand(office) {
        let there = office.discord_user("hugo");
        there.command("#social", "vigie unlink", &[]).await;
        let nora = office.discord_user("nora");
        nora.command("#social", "vigie link", &[("member", "hugo"), ("account", &there.id)]).await;
        nora.expect_answer("You need the right");
        let lea = office.discord_user("lea");
        lea.command("#social", "vigie link", &[("member", "hugo"), ("account", &there.id)]).await;
        lea.expect_answer("est maintenant Hugo Bernard");
        there.command("#social", "vigie me", &[]).await;
        there.expect_answer("Hugo Bernard");
    }
}

scene! {
    async fn a_mail_address_links_who_has_no_handle_and_another_address_ends_it(office) {
        let tom = office.slack_user("tom");
        with(office, |team| member(team, "tom").handles.clear());
        office.app().directory_stale("slack");
        office.settle().await;
        tom.types("#general", "/vigie me").await;
        tom.expect_answer("Travail de Tom Girard");
        with(office, |team| member(team, "tom").email = Some("tom@elsewhere.example".into()));
        office.app().directory_stale("slack");
        office.settle().await;
        tom.types("#general", "/vigie me").await;
        tom.expect_answer("Maison Lumière");
        let known = office.probe.count("identities WHERE chat = 'slack' AND member = 'tom'").await;
        assert_eq!(known, 0, "an address that is nobody's links nobody");
    }
}
