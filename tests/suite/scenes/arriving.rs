//! A message arrives and becomes an owned ticket.

use crate::scene;

scene! {
    async fn a_comment_becomes_a_ticket_with_a_card_in_both_chats_and_its_owner_is_told(office) {
        office.network("instagram").comment("@kim", "Ma lampe Halo n’est jamais arrivée, où est mon colis ?").await;
        assert_eq!(office.ticket_count().await, 1);
        for channel in [office.slack("#social"), office.discord("#social")] {
            let card = channel.expect_card("où est mon colis");
            card.assert_field("Statut", "attribué").assert_says("Instagram").assert_says("@kim");
        }
    }
}
