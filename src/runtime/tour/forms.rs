//! More hands of the tour: menus in both chats, forms of Discord, direct messages, and moving to a time of the week.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone, Weekday};
use chrono_tz::Europe::Paris;
use serde_json::{Map, Value, json};

use super::stage::{Broken, Seen, Stage, words};

/// Time enough for everything that a jump of the clock has made due to be seen before the next jump.
const NEXT_MINUTE_MS: i64 = 60_000;

impl Stage {
    /// The office's local date now.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        let now = Paris.timestamp_millis_opt(self.demo.clock.now_ms()).earliest();
        now.map(|now| now.date_naive()).unwrap_or_default()
    }

    /// Moves the clock to one minute after a local time; never backwards.
    pub fn moves_to(&self, date: NaiveDate, hour: u32, minute: u32) {
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let wanted = Paris.from_local_datetime(&date.and_time(time)).earliest();
        let wanted = wanted.map_or(0, |at| at.timestamp_millis() + NEXT_MINUTE_MS);
        self.demo.clock.advance(wanted - self.demo.clock.now_ms());
    }

    /// The next Friday after today that starts `weeks` weeks of working Fridays and Mondays.
    #[must_use]
    pub fn quiet_friday(&self, weeks: u64, is_worked: impl Fn(NaiveDate) -> bool) -> NaiveDate {
        let tomorrow = self.today() + Days::new(1);
        let fits = |friday: &NaiveDate| {
            friday.weekday() == Weekday::Fri
                && (0..weeks).all(|week| [0, 3].into_iter().all(|day| is_worked(*friday + Days::new(7 * week + day))))
        };
        // Two years ahead every calendar has some.
        tomorrow.iter_days().take(730).find(fits).unwrap_or(tomorrow)
    }

    /// Vigie's direct messages to a member in Slack with these words, oldest first.
    #[must_use]
    pub fn slack_dms(&self, who: &str, sought: &[&str]) -> Vec<Seen> {
        let user = self.demo.slack.user_id(who).unwrap_or_default();
        let direct = direct_channels(&self.demo.slack.snapshot(&user), |channel| channel["is_im"] == true);
        within(self.slack_messages(who), &direct, sought)
    }

    /// Vigie's direct messages to a member in Discord with these words, oldest first.
    #[must_use]
    pub fn discord_dms(&self, who: &str, sought: &[&str]) -> Vec<Seen> {
        let user = self.demo.discord.user_id(who).unwrap_or_default();
        let direct = direct_channels(&self.demo.discord.snapshot(&user), |channel| channel["type"] == 1);
        within(self.discord_messages(who), &direct, sought)
    }

    /// Sends a slash command of Discord in #social.
    ///
    /// # Errors
    /// Discord's refusal.
    pub async fn discord_command(&self, who: &str, path: &str, options: &[(&str, &str)]) -> Result<(), Broken> {
        let (name, verb) = path.split_once(' ').unwrap_or((path, ""));
        let options: Vec<Value> = options.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let options = if verb.is_empty() { json!(options) } else { json!([{"name": verb, "options": options}]) };
        let channel = self.discord_channel("social");
        self.discord(who, json!({"act": "slash", "channel": channel, "name": name, "options": options}))
            .await
            .map(|_| ())
    }

    /// Fills in and sends the form before a member in Discord; values by field id.
    ///
    /// # Errors
    /// No form, a field that it does not have, or Discord's refusal.
    pub async fn send_discord_form(&self, who: &str, values: &[(&str, &str)]) -> Result<(), Broken> {
        let form = self
            .until("a form in Discord", |stage| {
                let user = stage.demo.discord.user_id(who)?;
                let modal = stage.demo.discord.snapshot(&user)["modal"].clone();
                modal["custom_id"].is_string().then_some(modal)
            })
            .await?;
        let filled: Map<String, Value> = values.iter().map(|(id, value)| ((*id).to_owned(), json!(value))).collect();
        let act = json!({"act": "submit_modal", "custom_id": form["custom_id"], "values": filled});
        self.discord(who, act).await.map(|_| ())
    }

    /// Chooses in a menu of a Slack message; the label of what was chosen.
    ///
    /// # Errors
    /// No such menu or entry, or Slack's refusal.
    pub async fn choose_in_slack(&self, who: &str, at: &Seen, action: &str, entry: &str) -> Result<String, Broken> {
        let missing = || Broken(format!("no menu {action} with {entry} in Slack"));
        let blocks = at.raw["blocks"].as_array().ok_or_else(missing)?;
        let found = blocks.iter().find_map(|block| {
            let menu = block["elements"].as_array()?.iter().find(|element| {
                let id = element["action_id"].as_str().unwrap_or_default();
                id.split(['|', '~', ':', '#']).next() == Some(action)
            })?;
            let option = menu["options"].as_array()?.iter().find(|option| option["value"].as_str() == Some(entry))?;
            Some((block["block_id"].clone(), menu["action_id"].clone(), words(option)))
        });
        let (block, id, label) = found.ok_or_else(missing)?;
        let act = json!({"act": "select", "channel": at.channel, "ts": at.id, "block_id": block, "action_id": id,
            "value": entry});
        self.slack(who, act).await.map(|_| label)
    }

    /// Chooses in a menu of a Discord message; the label of what was chosen.
    ///
    /// # Errors
    /// No such menu or entry, or Discord's refusal.
    pub async fn choose_in_discord(&self, who: &str, at: &Seen, action: &str, entry: &str) -> Result<String, Broken> {
        let missing = || Broken(format!("no menu {action} with {entry} in Discord"));
        let rows = at.raw["components"].as_array().ok_or_else(missing)?;
        let mut menus = rows.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
        let found = menus.find_map(|menu| {
            let id = menu["custom_id"].as_str().filter(|id| id.split('|').next() == Some(action))?;
            let option = menu["options"].as_array()?.iter().find(|option| option["value"].as_str() == Some(entry))?;
            Some((id.to_owned(), option["label"].as_str().unwrap_or_default().to_owned()))
        });
        let (id, label) = found.ok_or_else(missing)?;
        let act = json!({"act": "select", "channel": at.channel, "message": at.id, "custom_id": id, "values": [entry]});
        self.discord(who, act).await.map(|_| label)
    }
}

fn direct_channels(snapshot: &Value, is_direct: impl Fn(&Value) -> bool) -> Vec<String> {
    let channels = snapshot["channels"].as_array().into_iter().flatten().filter(|channel| is_direct(channel));
    channels.filter_map(|channel| channel["id"].as_str().map(str::to_owned)).collect()
}

fn within(mut messages: Vec<Seen>, channels: &[String], sought: &[&str]) -> Vec<Seen> {
    messages.retain(|one| channels.contains(&one.channel) && sought.iter().all(|words| one.text.contains(words)));
    messages
}
