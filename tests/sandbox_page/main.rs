//! The sandbox's page in a real browser: people talk, press, fill in forms and write as customers, on a desk and on a phone.

mod browser;
mod place;

use browser::{Browser, Screen};
use place::Place;

const ENTER: &str = "\u{e007}";

/// A condition: `selector` shows `words`.
fn shows(selector: &str, words: &str) -> String {
    format!("document.querySelector('{selector}').innerText.includes('{words}')")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_in_slack_answers_its_button_and_its_form() {
    let place = Place::open().await;
    let window = Browser::open(place.page.url(), Screen::Desktop).await;
    let slack = "[data-testid=pane-slack]";

    window.until(&shows(slack, "T-1 · Livraison en retard")).await;
    window.press("[data-testid=pane-slack] [data-testid=button-claim]").await;
    window.until(&shows(slack, "en cours, Léa")).await;

    window.press("[data-testid=pane-slack] [data-testid=button-reply]").await;
    window.press("[data-testid=modal-submit]").await;
    window.until(&shows("[data-testid=modal]", "Veuillez remplir ce champ obligatoire")).await;
    window.type_into("[data-testid=input-answer]", "lol").await;
    window.press("[data-testid=modal] [data-testid=select-visibility]").await;
    window.press("[data-testid=option-private]").await;
    window.press("[data-testid=modal-submit]").await;
    window.until(&shows("[data-testid=modal]", "Trop familier (charte 4)")).await;
    window.picture("slack-modal").await;
    window.type_into("[data-testid=input-answer]", " et toutes nos excuses").await;
    window.press("[data-testid=modal-submit]").await;
    window.until("!document.querySelector('[data-testid=modal]')").await;
    let submitted = place.submitted().await;
    assert_eq!(submitted["answer"]["answer"]["value"], "lol et toutes nos excuses");
    assert_eq!(submitted["visibility"]["visibility"]["selected_option"]["value"], "private");

    window.type_into("[data-testid=composer-slack]", "/assi").await;
    window.press("[data-testid=complete-assign]").await;
    window.type_into("[data-testid=composer-slack]", &format!("T-1 next{ENTER}")).await;
    window.until(&shows(slack, "Visible par vous seul")).await;
    window.until(&shows(slack, "T-1 est à Léa")).await;
    window.picture("desk").await;
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_stay_words_and_typing_survives_what_arrives() {
    let place = Place::open().await;
    let window = Browser::open(place.page.url(), Screen::Desktop).await;
    window.type_into("[data-testid=composer-slack]", "je réfléchis encore").await;

    let hostile = "<img src=x onerror=window.hacked=1> *gras* <!channel> @everyone";
    place.say_in_slack("tom", hostile).await;
    place.say_in_discord("tom", "<script>window.hacked=1</script> **fort** ||secret||").await;
    window.until(&shows("[data-testid=pane-slack]", "<img src=x onerror=window.hacked=1> gras")).await;
    window.until(&shows("[data-testid=pane-discord]", "<script>window.hacked=1</script> fort")).await;
    let state = "[window.hacked === undefined, document.activeElement.dataset.testid, document.activeElement.value]";
    assert_eq!(window.value(state).await, serde_json::json!([true, "composer-slack", "je réfléchis encore"]));

    window.type_into("[data-testid=composer-slack]", ENTER).await;
    window.until(&shows("[data-testid=pane-slack] [role=log]", "je réfléchis encore")).await;
    assert_eq!(window.value("document.querySelector('[data-testid=composer-slack]').value").await, "");
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_talk_in_discord_and_see_what_failed() {
    let place = Place::open().await;
    let window = Browser::open(place.page.url(), Screen::Desktop).await;
    let discord = "[data-testid=pane-discord]";
    window.press("[data-testid=view-discord]").await;
    window.until(&shows(discord, "T-1 · Livraison en retard")).await;
    window.until(&shows(discord, "Je prends")).await;

    window.type_into("[data-testid=composer-discord]", &format!("**bonjour** la `team`{ENTER}")).await;
    window.until("document.querySelector('[data-testid=pane-discord] strong + *') !== null").await;
    window.until(&shows("[data-testid=pane-discord] [role=log]", "bonjour la team")).await;

    window.type_into("[data-testid=composer-discord]", "/assi").await;
    window.until(&shows("[data-testid=complete-assign]", "/assigner")).await;
    window.type_into("[data-testid=composer-discord]", ENTER).await;
    window.press("[data-testid=command-send]").await;
    window.until("document.querySelector('.d-option.wrong')").await;
    window.type_into("[data-testid=option-input-ticket]", &format!("T-1{ENTER}")).await;
    // Nobody is connected as the app, and Discord says so to the person who asked.
    window.until("document.querySelector('[data-testid=toast-discord]')").await;
    window.picture("discord").await;

    window.press("[data-testid=member-discord]").await;
    let tom = place.discord.user_id("tom").expect("tom");
    window
        .value(&format!(
            "(() => {{ const s = document.querySelector('[data-testid=member-discord]'); s.value = '{tom}';\
             s.dispatchEvent(new Event('change')); }})()"
        ))
        .await;
    window.until("document.querySelector('[data-testid=composer-discord]').placeholder === 'Message #social'").await;
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_writes_and_reads_the_answer_while_time_is_moved() {
    let place = Place::open().await;
    let window = Browser::open(place.page.url(), Screen::Desktop).await;
    window.press("[data-testid=network-x]").await;
    window.type_into("[data-testid=customer-text]", "Où est ma commande ?").await;
    window.press("[data-testid=customer-send]").await;
    let customers = "[data-testid=pane-customers]";
    window.until(&shows(customers, "Où est ma commande ?")).await;
    window.until(&shows(customers, "delivered to Vigie")).await;
    assert_eq!(place.delivered().await["text"], "Où est ma commande ?");

    place.answer_on_x("Elle part ce soir.").await;
    window.until(&shows(customers, "Elle part ce soir.")).await;
    window.until(&shows(customers, "sent ↗")).await;

    let before_ms = place.clock.now_ms();
    window.press("[data-testid=clock-advance-1h]").await;
    window.until(&shows("[data-testid=clock]", "15:4")).await;
    assert!(place.clock.now_ms() - before_ms >= 3_600_000);
    window.press("[data-testid=clock-advance-morning]").await;
    window.until(&shows("[data-testid=clock]", "10 Mar, 08:45")).await;

    window.press("[data-testid=faults]").await;
    window.press("[data-testid=fault-order-network]").await;
    window.until("document.querySelector('.notice')").await;
    assert_eq!(place.network.faults().waiting().len(), 1);
    window.press("[data-testid=faults-clear]").await;
    window.until(&shows(".notices", "No fault waits")).await;
    assert!(place.network.faults().waiting().is_empty());
    window.press("[data-testid=language]").await;
    window.until(&shows(customers, "Envoyer comme client")).await;
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_everything_is_within_reach() {
    let place = Place::open().await;
    let window = Browser::open(place.page.url(), Screen::Phone).await;
    let too_wide = "[...document.querySelectorAll('#root *')].filter(e => { const r = e.getBoundingClientRect();\
         return r.width > 0 && (r.right > 391 || r.left < -1) && getComputedStyle(e).visibility !== 'hidden'\
         && !e.closest('.s-side, .d-side'); }).map(e => e.className)";
    let too_small = "[...document.querySelectorAll('button, select, textarea, input')].filter(e => {\
         const r = e.getBoundingClientRect(); return r.width > 0 && getComputedStyle(e).visibility !== 'hidden'\
         && (r.height < 24 || r.width < 24) && !e.closest('.s-text, .d-text, .d-private, .d-reference')\
         && e.type !== 'checkbox' && e.type !== 'radio'; }).map(e => e.className + ' ' + e.innerText)";
    for view in ["slack", "discord", "customers"] {
        window.press(&format!("[data-testid=view-{view}]")).await;
        window.until(&format!("document.querySelector('[data-testid=pane-{view}] textarea')")).await;
        window.picture(&format!("phone-{view}")).await;
        assert_eq!(window.value("document.documentElement.scrollWidth").await, 390, "{view}");
        assert_eq!(window.value(too_wide).await, serde_json::json!([]), "{view}");
        assert_eq!(
            window.value(too_small).await,
            serde_json::json!([]),
            "{view}: at least 24 pixels (WCAG 2.2, 2.5.8)"
        );
    }
    window.press("[data-testid=view-slack]").await;
    window.press("[data-testid=pane-slack] .drawer-open").await;
    window.press("[data-testid=pane-slack] [data-testid=channel-desk]").await;
    window.until("document.querySelector('[data-testid=composer-slack]').placeholder.includes('#desk')").await;
    window.press("[data-testid=pane-slack] .drawer-open").await;
    window.press("[data-testid=pane-slack] [data-testid=channel-social]").await;
    window.press("[data-testid=pane-slack] [data-testid=message-menu]").await;
    window.press("[data-testid=option-react]").await;
    window.press("[data-testid=emoji-ticket]").await;
    window.until("document.querySelector('[data-testid=reaction-ticket]')").await;
    window.press("[data-testid=clock]").await;
    window.press(".drawer [data-testid=clock-advance-1h]").await;
    window.until(&shows("[data-testid=clock]", "15:4")).await;
    assert_eq!(window.complaints().await, Vec::<String>::new());
    assert!(window.text("[data-testid=hint]").await.contains("Press Claim"));
    window.close().await;
}
