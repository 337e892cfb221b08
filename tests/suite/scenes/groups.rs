//! Roles that follow a user group of Slack or a role of Discord: joining gives them, leaving takes them with their work.

use serde_json::{Value, json};

use crate::office::Office;
use crate::scene;

async fn owner(office: &Office, ticket: i64) -> String {
    office.ticket(ticket).await.assignee.map(|member| member.0).unwrap_or_default()
}

/// Léa does something in the guild's settings; returns when Vigie has heard of it and is done with it.
async fn in_the_guild(office: &Office, event: &str, act: Value) {
    let heard = format!("inbox WHERE source = 'discord' AND body LIKE '%{event}%'");
    let before = office.probe.count(&heard).await;
    office.discord_user("lea").does(act).await;
    office.until(event, async || office.probe.count(&heard).await > before).await;
    office.settle().await;
}

scene! {
    async fn joining_a_slack_group_gives_its_role_and_leaving_takes_it(office) {
        let lea = office.slack_user("lea");
        lea.does(json!({"act": "set_group", "group": "sales-team", "user": "sam", "on": true})).await;
        office.discord_user("sam").expect_dm("You are in the group sales-team, so you now hold the role sales").await;
        lea.types("#social", "/vigie role who sales").await;
        lea.expect_answer("Sam Okafor (groupe sales-team)");
        lea.types("#social", "/vigie role revoke sales @sam").await;
        lea.expect_answer("par le groupe sales-team dans Slack. Retirez cette personne du groupe");
        lea.does(json!({"act": "set_group", "group": "sales-team", "user": "sam", "on": false})).await;
        office.discord_user("sam").expect_dm("You left the group sales-team").await;
        lea.types("#social", "/vigie audit sam").await;
        lea.expect_answer("Vigie a retiré le rôle sales à Sam Okafor");
    }
}

scene! {
    async fn leaving_a_discord_role_hands_its_tickets_on(office) {
        let act = json!({"act": "set_role", "role": "Sales", "user": "sam", "on": true});
        in_the_guild(office, "GUILD_MEMBER_UPDATE", act).await;
        office.discord_user("sam").expect_dm("You are in the group Sales, so you now hold the role sales").await;
        office.network("instagram").comment("@kim", "Is the Aube lamp in stock?").await;
        office.slack_user("lea").types("#social", "/assign T-1 @sam").await;
        assert_eq!(owner(office, 1).await, "sam");
        let act = json!({"act": "set_role", "role": "Sales", "user": "sam", "on": false});
        in_the_guild(office, "GUILD_MEMBER_UPDATE", act).await;
        let next = owner(office, 1).await;
        assert!(["olivia", "tom"].contains(&next.as_str()), "one of sales has it: {next:?}");
        office.discord("#social").card_of(1).assert_lines("Sam Okafor ne peut plus traiter ce ticket", 1);
    }
}

scene! {
    async fn leaving_the_server_takes_the_role_with_it(office) {
        let act = json!({"act": "set_role", "role": "Sales", "user": "nora", "on": true});
        in_the_guild(office, "GUILD_MEMBER_UPDATE", act).await;
        let lea = office.slack_user("lea");
        lea.types("#social", "/vigie role who sales").await;
        lea.expect_answer("Nora Lindqvist (groupe Sales)");
        in_the_guild(office, "GUILD_MEMBER_REMOVE", json!({"act": "set_member", "user": "nora", "on": false})).await;
        lea.types("#social", "/vigie role who sales").await;
        let told = lea.expect_answer("Rôle sales");
        assert!(!told.text.contains("Nora"), "{}", told.text);
    }
}

scene! {
    async fn an_event_that_was_lost_is_made_up_for_by_the_sweep(office) {
        let lea = office.slack_user("lea");
        lea.does_unsettled(json!({"act": "set_group", "group": "sales-team", "user": "nora", "on": true})).await;
        office.app().sweep_groups().await;
        office.settle().await;
        lea.types("#social", "/vigie role who sales").await;
        lea.expect_answer("Nora Lindqvist (groupe sales-team)");
    }
}
