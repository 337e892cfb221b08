//! What people live through.

use vigie::domain::ids::Kind;
use vigie::store::aggregates::{self, NewRow};

use crate::world::{START, World};

/// A post that the freeze held back, as the list of posts would have it.
async fn held_post(world: &World, id: i64) {
    let mut tx = world.app.store.begin().await.unwrap();
    let row = NewRow {
        kind: Kind::Post.stored().into(),
        id,
        status: "held".into(),
        opened_at: START,
        updated_at: START,
        state: "{}".into(),
        ..NewRow::default()
    };
    aggregates::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
}

async fn an_alert_opens_a_room_in_both_chats_calls_people_and_freezes(mut world: World) {
    let said = world.types("slack", "marc", "/crisis declare l2 Livraisons perdues à Lyon net:instagram").await;
    assert!(said.contains("C-1 est déclarée au niveau 2"), "{said}");
    world.restart().await;
    assert_eq!(world.gate().await.to_string(), r#"{"all":false,"networks":["instagram"],"by":"C-1","replies":false}"#);
    for chat in [&world.slack, &world.discord] {
        let room = chat.room();
        assert_eq!(room.name, "crisis-0314-livraisons-perdues");
        assert!(room.closed);
        assert!(room.people.contains(&chat.user("lea")) && room.people.contains(&chat.user("sam")), "{room:?}");
        assert!(!room.people.contains(&chat.user("ines")), "legal comes at level 3");
        let last = room.topics.last().unwrap();
        assert!(last.contains("L2") && last.contains("Léa Moreau") && last.contains("13:00"), "{last}");
        let standing = chat.messages(&room.id);
        let card = &standing[0];
        assert!(card.text().contains("C-1 · L2 · Livraisons perdues à Lyon"), "{}", card.text());
        assert!(card.buttons().contains(&"crisis.confirm".to_owned()), "a second person must confirm");
        assert_eq!(chat.state().pins, std::slice::from_ref(&card.at));
        for (desk, word) in [("social", "Gel: Instagram"), ("support", "Frozen: Instagram")] {
            let announced = chat.messages(&chat.channel(desk));
            assert_eq!(announced.len(), 1, "{desk}");
            let text = announced[0].text();
            assert!(text.contains(word) && text.contains(&format!("<#{}>", room.id)), "{text}");
        }
    }
    let dm = &world.discord.directs("lea").into_iter().chain(world.slack.directs("lea")).collect::<Vec<_>>();
    let dm: Vec<_> = dm.iter().filter(|dm| dm.text().contains("C-1")).collect();
    assert_eq!(dm.len(), 1, "one message in one chat");
    assert!(dm[0].text().contains("on vous appelle") && dm[0].buttons().contains(&"crisis.ack".to_owned()));
    let sam = world
        .discord
        .directs("sam")
        .into_iter()
        .chain(world.slack.directs("sam"))
        .find(|dm| dm.text().contains("C-1"))
        .unwrap();
    assert!(sam.text().contains("you are called") && sam.text().contains("[I’m on it]"), "{}", sam.text());
    world.nothing_failed().await;
}

async fn each_chat_goes_on_alone_and_a_lost_answer_makes_no_second_room(mut world: World) {
    world.discord.state().down = true;
    world.slack.state().lose_next = true;
    world.types("slack", "lea", "/crise declarer l3 Fuite de données").await;
    world.minutes(2).await;
    let standing = world.slack.messages(&world.slack.room().id);
    assert!(!standing.is_empty() && world.discord.state().rooms.is_empty());
    world.reconnect().await;
    world.minutes(3).await;
    assert_eq!(world.slack.room().name, "crisis-0314-fuite-donnees");
    assert_eq!(world.discord.room().name, "crisis-0314-fuite-donnees");
    for chat in [&world.slack, &world.discord] {
        assert_eq!(chat.messages(&chat.channel("social")).len(), 1, "one announcement");
        assert_eq!(chat.state().pins.len(), 1);
        assert!(chat.room().people.contains(&chat.user("ines")));
    }
    world.nothing_failed().await;
}

async fn a_chat_without_closed_rooms_gets_an_open_one(mut world: World) {
    world.slack.state().no_closed_rooms = true;
    world.types("slack", "lea", "/crisis declare l2 Panne").await;
    world.minutes(1).await;
    assert!(!world.slack.room().closed && world.discord.room().closed);
    world.nothing_failed().await;
}

async fn an_acknowledgement_that_does_not_come_goes_to_the_backup_the_lead_and_the_channel(mut world: World) {
    world.types("slack", "lea", "/crisis declare l2 Colis perdus").await;
    for who in ["hugo", "nora", "zoe", "olivia"] {
        let said = world.presses("discord", who, "ack").await;
        assert!(said.contains("C-1"), "{said}");
    }
    let twice = world.presses("slack", "nora", "ack").await;
    assert!(twice.contains("already acknowledged"), "{twice}");
    let room = world.slack.room().id;
    assert!(world.slack.messages(&room)[0].text().contains("5/6"), "{}", world.slack.messages(&room)[0].text());
    let heard = |world: &World, who: &str, words: &str| {
        let all = world.slack.directs(who).into_iter().chain(world.discord.directs(who));
        all.filter(|message| message.text().contains(words)).count()
    };
    world.minutes(10).await;
    world.restart().await;
    assert_eq!(heard(&world, "sam", "still waits for your acknowledgement"), 1);
    assert_eq!(heard(&world, "nora", "you stand in"), 1);
    world.minutes(10).await;
    world.restart().await;
    assert_eq!(heard(&world, "lea", "ni Sam Okafor ni son relais"), 1);
    world.minutes(10).await;
    world.restart().await;
    let social = world.slack.messages(&world.slack.channel("social"));
    assert_eq!(social.iter().filter(|message| message.text().contains("est injoignable")).count(), 1);
    assert!(social.iter().any(|message| message.text().contains("<@slack-sam>")), "the person is mentioned");
    world.presses("slack", "nora", "ack").await;
    assert_eq!(world.crisis().await.acknowledged(), (6, 6));
    world.minutes(30).await;
    assert_eq!(heard(&world, "sam", "still waits for your acknowledgement"), 0, "it was edited when it was settled");
    world.nothing_failed().await;
}

async fn updates_are_asked_for_and_shown_everywhere(mut world: World) {
    world.types("slack", "lea", "/crisis declare l2 Colis perdus").await;
    world.minutes(60).await;
    world.restart().await;
    let room = world.discord.room().id;
    let due = |world: &World| {
        world.discord.messages(&room).iter().filter(|message| message.text().contains("est attendu")).count()
    };
    assert_eq!(due(&world), 1);
    world.minutes(6).await;
    let late = |world: &World, who: &str| {
        let all = world.slack.directs(who).into_iter().chain(world.discord.directs(who));
        all.filter(|message| message.text().contains("point de situation est en retard")).count()
    };
    assert_eq!((late(&world, "lea"), late(&world, "hugo")), (1, 0));
    world.minutes(5).await;
    world.restart().await;
    assert_eq!((late(&world, "lea"), late(&world, "hugo")), (1, 1));
    world.types("slack", "lea", "/crise point").await;
    let form = world.slack.state().forms.pop().unwrap();
    assert_eq!((form.name.as_str(), form.state.as_str()), ("crisis_update", "C-1"));
    let fields = [("known", "Le dépôt a brûlé"), ("unknown", "Combien de colis"), ("next", "13:45")];
    let said = world.sends("slack", "lea", "crisis_update", "C-1", &fields).await;
    assert!(said.contains("13:45"), "{said}");
    world.restart().await;
    for chat in [&world.slack, &world.discord] {
        let room = chat.room();
        let standing = chat.messages(&room.id);
        assert!(standing[0].text().contains("Nous savons : Le dépôt a brûlé"), "{}", standing[0].text());
        assert!(standing.iter().any(|message| message.text().contains("📣 Léa Moreau")));
        assert!(room.topics.last().unwrap().contains("13:45"), "{:?}", room.topics);
        assert!(chat.messages(&chat.channel("support"))[0].text().contains("We know: Le dépôt a brûlé"));
    }
    let said = world.types("slack", "lea", "/crisis update 3 colis retrouvés").await;
    assert!(said.contains("C-1"), "{said}");
    assert_eq!(world.crisis().await.updates.last().unwrap().known, "3 colis retrouvés");
    world.nothing_failed().await;
}

async fn it_takes_two_to_stand_down_and_nothing_leaves_by_itself(mut world: World) {
    world.types("slack", "nora", "/crisis declare l2 Colis perdus").await;
    world.types("slack", "hugo", "/crisis level l3").await;
    held_post(&world, 31).await;
    let said = world.types("slack", "nora", "/crisis standdown").await;
    assert!(said.contains("lead a crisis") && said.contains("Léa Moreau"), "{said}");
    world.types("slack", "lea", "/crise fin").await;
    world.restart().await;
    assert_eq!(world.gate().await["all"], true, "one person ends nothing");
    let hugo = world.slack.directs("hugo").into_iter().chain(world.discord.directs("hugo"));
    let asked: Vec<_> = hugo.filter(|message| message.buttons().contains(&"crisis.standdown".to_owned())).collect();
    assert!(!asked.is_empty(), "the second person is asked");
    let said = world.presses("slack", "lea", "standdown").await;
    assert!(said.contains("Hugo Bernard"), "{said}");
    world.presses("discord", "hugo", "standdown").await;
    world.restart().await;
    let gate = world.gate().await;
    assert_eq!(gate.to_string(), r#"{"all":false,"networks":[],"by":""}"#);
    let crisis = world.crisis().await;
    assert_eq!(crisis.held, ["P-31"]);
    let mut tx = world.app.store.read().await.unwrap();
    let post = aggregates::load(&mut tx, "post", 31).await.unwrap().unwrap();
    assert_eq!(post.row.status, "held", "it waits for a decision");
    drop(tx);
    let room = world.slack.room().id;
    let reviews: Vec<_> =
        world.slack.messages(&room).into_iter().filter(|message| message.text().contains("Bilan de C-1")).collect();
    assert_eq!(reviews.len(), 1);
    let text = reviews[0].text();
    assert!(text.contains("P-31") && text.contains("Déclarée par Nora"), "{text}");
    world.minutes(180).await;
    assert_eq!(world.crisis().await, crisis, "nothing moves any more");
    world.nothing_failed().await;
}

async fn an_exercise_says_so_everywhere_and_freezes_nothing(mut world: World) {
    let refused = world.types("slack", "nora", "/crisis drill l2 A lamp overheats").await;
    assert!(refused.contains("lead a crisis"), "{refused}");
    world.types("slack", "lea", "/crise exercice l3 Fuite de données").await;
    world.minutes(6).await;
    assert_eq!(world.gate().await["all"], serde_json::Value::Null, "no gate was ever written");
    for chat in [&world.slack, &world.discord] {
        let room = chat.room();
        assert_eq!(room.name, "exercise-0314-fuite-donnees");
        let state = chat.state();
        for message in &state.messages {
            let text = message.text();
            if text.contains("🗓️") {
                // The weekly meeting goes on beside the exercise.
                continue;
            }
            assert!(text.contains("EXERCICE") || text.contains("EXERCISE"), "{text}");
        }
    }
    let refused = world.types("slack", "lea", "/crisis freeze C-1").await;
    assert!(refused.contains("exercice"), "{refused}");
    world.nothing_failed().await;
}

async fn the_kill_switch_is_one_command(mut world: World) {
    let said = world.types("discord", "zoe", "/crise geler").await;
    assert!(said.contains("C-1"), "{said}");
    assert_eq!(world.gate().await["all"], true);
    world.restart().await;
    for chat in [&world.slack, &world.discord] {
        assert!(chat.state().rooms.is_empty(), "a watch has no room");
        let card = &chat.messages(&chat.channel("social"))[0];
        assert!(card.text().contains("Gel des publications"), "{}", card.text());
        assert!(chat.messages(&chat.channel("support")).is_empty());
    }
    let wrong = world.types("slack", "lea", "/crisis freeze instgram").await;
    assert!(wrong.contains("instagram"), "{wrong}");
    world.types("slack", "lea", "/crisis unfreeze").await;
    assert_eq!(world.gate().await["all"], true);
    world.types("slack", "hugo", "/crisis unfreeze").await;
    assert_eq!(world.gate().await["all"], false);
    let twice = world.types("slack", "hugo", "/crisis unfreeze").await;
    assert!(twice.contains("ne gèle rien"), "{twice}");
    let thread: Vec<_> = world.slack.messages(&world.slack.channel("social"));
    assert!(thread.iter().any(|message| message.thread.is_some() && message.text().contains("le gel est levé")));
    world.nothing_failed().await;
}

async fn a_pinned_message_keeps_its_time_and_follows_its_edit(mut world: World) {
    world.types("slack", "lea", "/crisis declare l2 Colis perdus").await;
    let room = world.slack.room().id;
    let written = world.now();
    world.writes("slack", "sam", &room, "100.1", "The depot called: 40 parcels").await;
    world.minutes(20).await;
    for _ in 0..2 {
        world.pins("slack", "nora", &room, "100.1").await;
    }
    world.restart().await;
    let pinned = |crisis: &vigie::domain::crisis::Crisis| {
        crisis.timeline.iter().filter(|moment| moment.source.is_some()).cloned().collect::<Vec<_>>()
    };
    let moments = pinned(&world.crisis().await);
    assert_eq!(moments.len(), 1, "pinned twice, added once");
    assert_eq!(moments[0].at, written);
    world.edits("slack", "sam", &room, "100.1", "The depot called: 45 parcels").await;
    assert!(format!("{:?}", pinned(&world.crisis().await)[0]).contains("45 parcels"));
    let slack = std::sync::Arc::clone(&world.slack);
    let shown = world.types_in(&slack, "lea", &room, "/crise chronologie").await;
    assert!(shown.contains("45 parcels"), "{shown}");
    let mut tx = world.app.store.read().await.unwrap();
    let tickets = aggregates::count_by_status(&mut tx, "ticket").await.unwrap();
    assert!(tickets.is_empty(), "what is said in the room is nobody's ticket: {tickets:?}");
    drop(tx);
    world.nothing_failed().await;
}

async fn several_crises_are_told_apart(mut world: World) {
    world.types("slack", "lea", "/crisis declare l2 Colis perdus net:instagram").await;
    world.types("slack", "lea", "/crisis declare l2 Lampe brûlée net:facebook").await;
    let which = world.types("slack", "hugo", "/crisis ack").await;
    assert!(which.contains("C-1, C-2"), "{which}");
    let room = world.slack.state().rooms[1].id.clone();
    let slack = std::sync::Arc::clone(&world.slack);
    world.types_in(&slack, "hugo", &room, "/crisis ack").await;
    let crises = world.crises().await;
    assert_eq!((crises[0].acknowledged().0, crises[1].acknowledged().0), (1, 2));
    for who in ["lea", "hugo"] {
        world.types("slack", who, "/crisis standdown C-1").await;
    }
    let gate = world.gate().await;
    assert_eq!(gate["networks"], serde_json::json!(["facebook"]), "the other one still holds");
    world.nothing_failed().await;
}

crate::scenes![
    an_alert_opens_a_room_in_both_chats_calls_people_and_freezes,
    each_chat_goes_on_alone_and_a_lost_answer_makes_no_second_room,
    a_chat_without_closed_rooms_gets_an_open_one,
    an_acknowledgement_that_does_not_come_goes_to_the_backup_the_lead_and_the_channel,
    updates_are_asked_for_and_shown_everywhere,
    it_takes_two_to_stand_down_and_nothing_leaves_by_itself,
    an_exercise_says_so_everywhere_and_freezes_nothing,
    the_kill_switch_is_one_command,
    a_pinned_message_keeps_its_time_and_follows_its_edit,
    several_crises_are_told_apart,
];
