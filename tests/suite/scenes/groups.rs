//! Roles that follow a user group of Slack or a role of Discord: joining gives them, leaving takes them with their work.

use serde_json::json;

use crate::office::Office;
use crate::scene;

async fn owner(office: &Office, ticket: i64) -> String {
    office.ticket(ticket).await.assignee.map(|member| member.0).unwrap_or_default()
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
        let lea = office.discord_user("lea");
        lea.does(json!({"act": "set_role", "role": "Sales", "user": "sam", "on": true})).await;
        office.discord_user("sam").expect_dm("You are in the group Sales, so you now hold the role sales").await;
        office.network("instagram").comment("@kim", "Is the Aube lamp in stock?").await;
        office.slack_user("lea").types("#social", "/assign T-1 @sam").await;
        assert_eq!(owner(office, 1).await, "sam");
        lea.does(json!({"act": "set_role", "role": "Sales", "user": "sam", "on": false})).await;
        let next = owner(office, 1).await;
        assert!(["olivia", "tom"].contains(&next.as_str()), "one of sales has it: {next:?}");
        office.discord("#social").card_of(1).assert_lines("Sam Okafor ne peut plus traiter ce ticket", 1);
    }
}

scene! {
    async fn leaving_the_server_takes_the_role_and_a_lost_event_is_made_up_for(office) {
        let lea = office.discord_user("lea");
        lea.does_unsettled(json!({"act": "set_role", "role": "Sales", "user": "nora", "on": true})).await;
        office.app().sweep_groups().await;
        office.settle().await;
        let lea_at_slack = office.slack_user("lea");
        lea_at_slack.types("#social", "/vigie role who sales").await;
        lea_at_slack.expect_answer("Nora Lindqvist (groupe Sales)");
        lea.does(json!({"act": "set_member", "user": "nora", "on": false})).await;
        lea_at_slack.types("#social", "/vigie role who sales").await;
        let told = lea_at_slack.expect_answer("Rôle sales");
        assert!(!told.text.contains("Nora"), "{}", told.text);
    }
}
