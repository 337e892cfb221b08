//! Rights that end: what waited for somebody's word waits for somebody else's, tickets go back to the pool, and guests see
//! what is theirs alone.

use std::sync::Arc;

use serde_json::json;
use vigie::app::Setup;
use vigie::domain::office::{Member, Office as Team, Post, RoleGrant};

use crate::office::Office;
use crate::scene;

/// Puts a changed office file in force.
pub fn with(office: &Office, change: impl FnOnce(&mut Team)) {
    let file = office.app().setup();
    let mut changed = file.office.clone();
    change(&mut changed);
    let (triage, playbooks) = (Arc::clone(&file.triage), Arc::clone(&file.playbooks));
    office.app().reload(Setup { office: changed, triage, playbooks });
}

/// A member of the office file.
pub fn member<'t>(team: &'t mut Team, name: &str) -> &'t mut Member {
    team.members.get_mut(&name.into()).unwrap_or_else(|| panic!("no {name}"))
}

scene! {
    async fn what_waits_for_somebody_who_loses_the_role_is_asked_of_who_holds_it_now(office) {
        let (lea, hugo, marc) = (office.slack_user("lea"), office.slack_user("hugo"), office.slack_user("marc"));
        for name in ["hugo", "lea", "sam"] {
            office.slack_user(name).types("#general", "/vigie me").await;
        }
        lea.types("#social", "/vigie role add approval rights:social_media_manager \"Relire avant de publier\"").await;
        lea.types("#social", "/vigie role grant approval hugo").await;
        marc.types("#general", "/post new net:instagram La nouvelle lampe").await;
        marc.types("#general", "/post submit P-1").await;
        hugo.expect_dm("demande votre approbation pour P-1").await;
        lea.types("#social", "/vigie role grant approval sam").await;
        lea.types("#social", "/vigie role revoke approval hugo").await;
        let relieved = hugo.expect_dm("P-1 v1 ne vous attend plus").await;
        assert!(!relieved.labels().iter().any(|label| label.starts_with("Approuver")), "{:?}", relieved.labels());
        office.slack_user("sam").expect_dm("asks for your approval of P-1").await;
        office.slack_user("sam").types("#general", "/approve P-1 v1").await;
        marc.expect_dm("Sam Okafor a approuvé votre P-1").await;
    }
}

scene! {
    async fn who_leaves_the_group_that_let_them_approve_is_not_waited_for_and_the_author_is_told_when_nobody_is_left(office) {
        with(office, |team| {
            team.roles.get_mut("sales").expect("sales").post = Post::SocialMediaManager;
            for name in ["tom", "olivia"] {
                let found = member(team, name);
                let grants = found.grants.iter().filter(|grant| grant.role != "sales").cloned().collect();
                found.hold(grants);
            }
            // Nobody else approves posts on instagram: Léa keeps the settings.
            member(team, "lea").networks = ["x".to_owned()].into();
        });
        let (lea, marc) = (office.slack_user("lea"), office.slack_user("marc"));
        for name in ["tom", "sam", "marc"] {
            office.slack_user(name).types("#general", "/vigie me").await;
        }
        lea.does(json!({"act": "set_group", "group": "sales-team", "user": "tom", "on": true})).await;
        marc.types("#general", "/post new net:instagram La nouvelle lampe").await;
        marc.types("#general", "/post submit P-1").await;
        office.slack_user("tom").expect_dm("demande votre approbation pour P-1").await;
        lea.does(json!({"act": "set_group", "group": "sales-team", "user": "tom", "on": false})).await;
        office.slack_user("tom").expect_dm("P-1 v1 ne vous attend plus").await;
        marc.expect_dm("Votre P-1 v1 attend une approbation que personne d’autre ne peut plus donner").await;
        lea.does(json!({"act": "set_group", "group": "sales-team", "user": "sam", "on": true})).await;
        office.slack_user("sam").expect_dm("asks for your approval of P-1").await;
    }
}

scene! {
    async fn leaving_a_slack_group_gives_its_tickets_back_within_a_minute(office) {
        let lea = office.slack_user("lea");
        lea.does(json!({"act": "set_group", "group": "sales-team", "user": "sam", "on": true})).await;
        office.network("instagram").comment("@kim", "Is the Aube lamp in stock?").await;
        lea.types("#social", "/assign T-1 @sam").await;
        // The event itself is lost: what is read every 45 seconds makes up for it.
        lea.does_unsettled(json!({"act": "set_group", "group": "sales-team", "user": "sam", "on": false})).await;
        office.app().sweep_groups().await;
        office.settle().await;
        let owner = office.ticket(1).await.assignee.map(|member| member.0).unwrap_or_default();
        assert!(["olivia", "tom"].contains(&owner.as_str()), "one of sales has it: {owner:?}");
        office.slack("#social").card_of(1).assert_lines("Sam Okafor ne peut plus traiter ce ticket", 1);
    }
}

scene! {
    async fn a_guest_sees_what_was_shared_and_nothing_of_the_house(office) {
        with(office, |team| {
            let mut guest = team.roles.get("content").expect("content").clone();
            (guest.name, guest.post, guest.rotation) = ("client".to_owned(), Post::Guest, false);
            team.roles.insert("client".to_owned(), guest);
            member(team, "tom").hold(vec![RoleGrant::of_file("client")]);
        });
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        office.slack_user("lea").types("#general", "/post new net:instagram La nouvelle lampe").await;
        office.slack_user("lea").types("#social", "/crise declarer l1 Colis perdus à Lyon net:instagram").await;
        let (tom, there) = (office.slack_user("tom"), office.discord_user("tom"));
        for line in [
            "/vigie playbook list", "/vigie playbook show care-return", "/vigie library find colis", "/vigie role who care",
            "/vigie role list", "/vigie health", "/away list", "/absence demain", "/vigie tri liste",
        ] {
            tom.types("#general", line).await;
            tom.expect_answer("Il vous faut le droit « lire ce qui est réservé à l’équipe »");
        }
        there.command("#general", "vigie playbook list", &[]).await;
        there.expect_answer("Il vous faut le droit « lire ce qui est réservé à l’équipe »");
        let offered = there.completions("#general", "crisis show", &[("crisis", "")]).await;
        assert!(offered.is_empty(), "no crisis is offered to a guest: {offered:?}");
        for (line, secret) in [
            ("/ticket list", "T-1"), ("/post list", "P-1"), ("/approve list", "P-1"), ("/vigie me", "C-1"), ("/vigie audit me", "Léa"),
        ] {
            tom.types("#general", line).await;
            let told = tom.answers().pop().expect("an answer");
            assert!(!told.text.contains(secret), "{line}: {}", told.text);
        }
    }
}
