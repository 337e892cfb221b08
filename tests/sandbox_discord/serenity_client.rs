//! The real serenity client, unencrypted on loopback: what it cannot parse it would drop, so it must parse everything.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use serenity::all::{
    ButtonStyle, Command, CommandOptionType, CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse,
    CreateButton, CreateCommand, CreateCommandOption, CreateEmbed, CreateInputText, CreateInteractionResponse,
    CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage, CreateModal, CreateThread,
    EditInteractionResponse, Event, GatewayIntents, InputTextStyle, Interaction,
};
use serenity::async_trait;
use serenity::client::{Client, ClientBuilder, Context, EventHandler, RawEventHandler};
use serenity::http::HttpBuilder;
use serenity::model::channel::Message;
use serenity::model::gateway::Ready;
use tokio::sync::mpsc;

use crate::harness::World;

const PATIENCE: Duration = Duration::from_secs(10);

enum Seen {
    Ready(Box<Ready>, Context),
    Message(Box<Message>),
    Interaction(Box<Interaction>, Context),
    Unparsed(String),
    Other,
}

struct Handler(mpsc::UnboundedSender<Seen>);

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, context: Context, ready: Ready) {
        let _ = self.0.send(Seen::Ready(Box::new(ready), context));
    }

    async fn message(&self, _: Context, message: Message) {
        let _ = self.0.send(Seen::Message(Box::new(message)));
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let _ = self.0.send(Seen::Interaction(Box::new(interaction), context));
    }
}

struct Raw(mpsc::UnboundedSender<Seen>);

#[async_trait]
impl RawEventHandler for Raw {
    async fn raw_event(&self, _: Context, event: Event) {
        let seen = match event {
            Event::Unknown(event) => Seen::Unparsed(format!("{}: {}", event.kind, event.value)),
            _ => Seen::Other,
        };
        let _ = self.0.send(seen);
    }
}

struct Bot {
    seen: mpsc::UnboundedReceiver<Seen>,
    shards: Arc<serenity::gateway::ShardManager>,
}

impl Bot {
    async fn start(world: &World) -> Self {
        let (sender, seen) = mpsc::unbounded_channel();
        let http =
            HttpBuilder::new(world.sandbox.token()).proxy(world.sandbox.base_url()).ratelimiter_disabled(true).build();
        let intents =
            GatewayIntents::non_privileged() | GatewayIntents::MESSAGE_CONTENT | GatewayIntents::GUILD_MEMBERS;
        let mut client: Client = ClientBuilder::new_with_http(http, intents)
            .event_handler(Handler(sender.clone()))
            .raw_event_handler(Raw(sender))
            .await
            .expect("serenity builds its client");
        let shards = Arc::clone(&client.shard_manager);
        tokio::spawn(async move { client.start().await });
        Self { seen, shards }
    }

    async fn next(&mut self) -> Seen {
        loop {
            let seen = tokio::time::timeout(PATIENCE, self.seen.recv()).await.expect("in time").expect("the bot lives");
            match seen {
                Seen::Other => {}
                Seen::Unparsed(text) => panic!("serenity cannot parse {text}"),
                seen => return seen,
            }
        }
    }

    async fn interaction(&mut self) -> (Interaction, Context) {
        loop {
            if let Seen::Interaction(interaction, context) = self.next().await {
                return (*interaction, context);
            }
        }
    }

    async fn message(&mut self) -> Message {
        loop {
            if let Seen::Message(message) = self.next().await {
                return *message;
            }
        }
    }
}

async fn register(context: &Context) {
    let option =
        CreateCommandOption::new(CommandOptionType::String, "ticket", "which").required(true).set_autocomplete(true);
    let person = CreateCommandOption::new(CommandOptionType::User, "to", "whom").name_localized("fr", "à");
    let command = CreateCommand::new("assign").description("Assign").add_option(option).add_option(person);
    let listed = Command::set_global_commands(&context.http, vec![command]).await.expect("the command is registered");
    assert_eq!(listed[0].name, "assign");
}

#[tokio::test]
async fn serenity_lives_a_day_of_a_bot_here() {
    let world = World::start().await;
    let mut bot = Bot::start(&world).await;
    let Seen::Ready(ready, context) = bot.next().await else { panic!("READY comes first") };
    assert_eq!(ready.user.id.to_string(), world.sandbox.application_id());
    register(&context).await;

    world.act("ana", json!({ "act": "post", "channel": "general", "content": "bonjour" })).await;
    let message = bot.message().await;
    assert_eq!((message.content.as_str(), message.author.name.as_str()), ("bonjour", "ana"));
    let button = CreateButton::new("claim").label("Claim").style(ButtonStyle::Primary);
    let card = CreateMessage::new()
        .embed(CreateEmbed::new().title("T-1").field("Assignee", "nobody", true))
        .components(vec![CreateActionRow::Buttons(vec![button])])
        .allowed_mentions(CreateAllowedMentions::new());
    let card = message.channel_id.send_message(&context.http, card).await.expect("the card is posted");
    assert_eq!(bot.message().await.id, card.id, "its own card comes back as an event");
    let thread = CreateThread::new("T-1 notes");
    message.channel_id.create_thread_from_message(&context.http, card.id, thread).await.expect("a thread");
    card.react(&context.http, '👍').await.expect("a reaction");
    card.pin(&context.http).await.expect("a pin");
    let history =
        message.channel_id.messages(&context.http, serenity::all::GetMessages::new()).await.expect("a history");
    assert!(history.iter().any(|old| old.id == card.id));

    let typed = json!([{ "name": "ticket", "value": "T-", "focused": true }]);
    let act = json!({ "act": "autocomplete", "channel": "general", "name": "assign", "options": typed });
    let complete = async {
        let (Interaction::Autocomplete(asked), context) = bot.interaction().await else {
            panic!("completion is asked")
        };
        assert_eq!(asked.data.autocomplete().map(|option| option.value), Some("T-"));
        let choices = CreateAutocompleteResponse::new().add_string_choice("T-1 parcel", "T-1");
        asked.create_response(&context.http, CreateInteractionResponse::Autocomplete(choices)).await.expect("choices");
    };
    let (offered, ()) = tokio::join!(world.act("ana", act), complete);
    assert_eq!(offered["choices"][0]["value"], "T-1");

    let options = json!([{ "name": "ticket", "value": "T-1" }, { "name": "à", "value": "bo" }]);
    world.act("ana", json!({ "act": "slash", "channel": "general", "name": "assign", "options": options })).await;
    let (Interaction::Command(asked), context) = bot.interaction().await else { panic!("a command is sent") };
    assert_eq!((asked.locale.as_str(), asked.data.resolved.users.len()), ("fr", 1));
    asked.defer_ephemeral(&context.http).await.expect("thinking");
    let edit = EditInteractionResponse::new().content("assigned to bo");
    asked.edit_response(&context.http, edit).await.expect("the answer is edited");
    let more = CreateInteractionResponseFollowup::new().content("noted").ephemeral(true);
    asked.create_followup(&context.http, more).await.expect("a follow-up");
    assert_eq!(world.last("ana", "general")["content"], "noted");

    world
        .act(
            "bo",
            json!({ "act": "click", "channel": "general", "message": card.id.to_string(), "custom_id": "claim" }),
        )
        .await;
    let (Interaction::Component(asked), context) = bot.interaction().await else { panic!("a click is sent") };
    let input = CreateInputText::new(InputTextStyle::Short, "Why", "why");
    let modal = CreateModal::new("form", "Claim").components(vec![CreateActionRow::InputText(input)]);
    asked.create_response(&context.http, CreateInteractionResponse::Modal(modal)).await.expect("a modal");
    world.act("bo", json!({ "act": "submit_modal", "custom_id": "form", "values": { "why": "mine" } })).await;
    let (Interaction::Modal(asked), context) = bot.interaction().await else { panic!("the form is sent") };
    let update = CreateInteractionResponseMessage::new().content("bo has it").components(Vec::new());
    asked.create_response(&context.http, CreateInteractionResponse::UpdateMessage(update)).await.expect("an update");
    let seen = world.sandbox.snapshot("ana")["messages"][world.channel("general")].clone();
    let shown = seen.as_array().expect("a list").iter().find(|one| one["id"] == json!(card.id.to_string())).cloned();
    assert_eq!(shown.expect("the card")["content"], "bo has it");
    bot.shards.shutdown_all().await;
}

#[tokio::test]
async fn serenity_resumes_after_a_reset_and_misses_nothing() {
    let world = World::start().await;
    let mut bot = Bot::start(&world).await;
    assert!(matches!(bot.next().await, Seen::Ready(..)));
    world.sandbox.faults().sockets(vigie::sandbox::discord::SocketFault::Reset);
    let mut changed = world.sandbox.changed();
    while world.sandbox.sessions_online() > 0 {
        changed.changed().await.expect("the sandbox lives");
    }
    world.act("ana", json!({ "act": "post", "channel": "general", "content": "meanwhile" })).await;
    assert_eq!(bot.message().await.content, "meanwhile");
    assert_eq!(world.sandbox.identifies(), 1, "resumed, not identified anew");
    bot.shards.shutdown_all().await;
}
