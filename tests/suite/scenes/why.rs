//! "Why me?" on a card: however somebody came to a ticket, who presses the button reads how, in their language.

use crate::office::{Office, hours};
use crate::scene;
use crate::seen::Seen;

/// What Léa reads at Slack, in French, and Nora at Discord, in English, about a ticket's owner.
async fn why(office: &Office, ticket: i64) -> (Seen, Seen) {
    let (lea, nora) = (office.slack_user("lea"), office.discord_user("nora"));
    lea.presses(&office.slack("#social").card_of(ticket), "Pourquoi ?").await;
    nora.presses(&office.discord("#social").card_of(ticket), "Pourquoi ?").await;
    (lea.answers().pop().expect("an answer"), nora.answers().pop().expect("an answer"))
}

fn says(told: &(Seen, Seen), french: &str, english: &str) {
    let plain = |seen: &Seen| crate::place::plain(&seen.text);
    assert!(plain(&told.0).contains(&crate::place::plain(french)), "{french}: {}", told.0.text);
    assert!(plain(&told.1).contains(&crate::place::plain(english)), "{english}: {}", told.1.text);
}

scene! {
    async fn every_way_to_a_ticket_is_explained_on_its_card_in_both_languages(office) {
        // Three hours pass: who is silent keeps their tickets here, that is told elsewhere.
        office.nobody_is_relieved();
        let (lea, hugo) = (office.slack_user("lea"), office.slack_user("hugo"));
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let told = why(office, 1).await;
        says(&told, "est allé à Hugo Bernard par la rotation", "went to Hugo Bernard by rotation");
        says(&told, "Nora Lindqvist : tour", "Nora Lindqvist: turn");
        says(&told, "Compte pour 2 dans la rotation care", "Counts 2 in the rotation of care");

        office.network("instagram").comment("@kim", "Mon colis, encore en retard !").await;
        let told = why(office, 2).await;
        says(&told, "Connaît ce client", "They know this customer");

        lea.types("#social", "/assign T-2 @nora").await;
        let told = why(office, 2).await;
        says(&told, "Léa Moreau a confié T-2 à Nora Lindqvist", "Léa Moreau gave T-2 to Nora Lindqvist");
        says(&told, "hors rotation dans care", "work by hand in care");

        lea.types("#social", "/assign T-2 me").await;
        let told = why(office, 2).await;
        says(&told, "Léa Moreau a pris T-2 de son propre chef", "Léa Moreau took T-2 themselves");

        hugo.types("#general", "/absence malade").await;
        office.slack_user("sam").types("#general", "/ticket prio T-1 p1").await;
        office.advance(hours(3)).await;
        let told = why(office, 1).await;
        says(&told, "a T-1 pour Hugo Bernard, en absence", "has T-1 for Hugo Bernard, who is away");
        office.network("instagram").comment("@lou", "Mon colis n’est jamais arrivé").await;
        let told = why(office, 3).await;
        says(&told, "Hugo Bernard : absence", "Hugo Bernard: away");

        hugo.types("#general", "/absence retour").await;
        let told = why(office, 1).await;
        says(&told, "est revenu à Hugo Bernard après une absence", "came back to Hugo Bernard");
    }
}

scene! {
    async fn who_was_full_is_named_and_a_late_ticket_still_says_how_it_came(office) {
        let lea = office.slack_user("lea");
        lea.types("#general", "/rota capacity hugo 1").await;
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.network("instagram").comment("@lou", "Où est mon colis ?").await;
        let told = why(office, 2).await;
        says(&told, "Hugo Bernard : nombre maximal de tickets atteint", "Hugo Bernard: as many tickets as they may have");
        // Nobody answers in time: the lead hears of it, and why still tells how it came to its owner.
        office.advance(hours(5)).await;
        let told = why(office, 2).await;
        says(&told, "par la rotation", "by rotation");
    }
}
