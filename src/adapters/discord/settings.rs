//! Settings of the Discord adapter, checked before anything is sent.

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

/// Discord's public API, what stands before `/v10`.
pub const PUBLIC_API_URL: &str = "https://discord.com/api";

/// How to reach Discord.
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    /// What stands before `/v10`, e.g. `https://discord.com/api`.
    pub api_url: String,
    /// The bot's token, without `Bot`.
    pub token: SecretString,
    /// The server's id; when unset, the only server that the bot is in.
    pub guild: Option<String>,
}

/// Why the settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The address cannot be read.
    #[error("the Discord API address is not an http(s) address: {0}")]
    Address(String),
    /// The token would cross a public network unencrypted.
    #[error("the Discord API address must be https unless it is on this machine or a private network: {0}")]
    Unencrypted(String),
    /// Not a token.
    #[error("the Discord token is empty or holds characters that no token has")]
    Token,
    /// Not an id.
    #[error("the Discord server id must be a number: {0}")]
    Guild(String),
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
}

impl DiscordSettings {
    /// The same settings in their normal form.
    pub(super) fn checked(mut self) -> Result<Self, SettingsError> {
        let url = Url::parse(self.api_url.trim()).map_err(|_| SettingsError::Address(self.api_url.clone()))?;
        if url.host().is_none() || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err(SettingsError::Address(url.host_str().unwrap_or_default().to_owned()));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_private(&url) => {}
            "http" => return Err(SettingsError::Unencrypted(url.host_str().unwrap_or_default().to_owned())),
            _ => return Err(SettingsError::Address(self.api_url)),
        }
        let token = self.token.expose_secret().trim();
        let token = token.strip_prefix("Bot ").unwrap_or(token).trim().to_owned();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SettingsError::Token);
        }
        if let Some(guild) = self.guild.take().filter(|guild| !guild.trim().is_empty()) {
            let guild = guild.trim().to_owned();
            if !super::snowflake::is_id(&guild) {
                return Err(SettingsError::Guild(guild));
            }
            self.guild = Some(guild);
        }
        let address = url.as_str().trim_end_matches('/');
        self.api_url = address.strip_suffix("/v10").unwrap_or(address).to_owned();
        self.token = SecretString::from(token);
        Ok(self)
    }

    /// Whether the API stands on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        Url::parse(&self.api_url).is_ok_and(|url| is_loopback(&url))
    }

    /// Checks the gateway address that the API named: nothing may leave a loopback API for another machine, and the token
    /// never crosses a public network unencrypted.
    pub(super) fn gateway_url(&self, named: &str) -> Result<String, String> {
        let url = Url::parse(named).map_err(|_| "the gateway address cannot be read".to_owned())?;
        let host = url.host_str().unwrap_or_default().to_owned();
        if self.is_loopback() && !is_loopback(&url) {
            return Err(format!("the API is on this machine but names a gateway elsewhere: {host}"));
        }
        match url.scheme() {
            "wss" => {}
            "ws" if is_private(&url) => {}
            _ => return Err(format!("the gateway address must be wss: {host}")),
        }
        Ok(named.split('?').next().unwrap_or(named).trim_end_matches('/').to_owned())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// This machine, a private network, or a name without a dot as container networks use.
fn is_private(url: &Url) -> bool {
    is_loopback(url)
        || match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_private(),
            Some(Host::Ipv6(ip)) => ip.is_unique_local(),
            Some(Host::Domain(name)) => !name.contains('.') || name.ends_with(".internal"),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(api_url: &str) -> DiscordSettings {
        DiscordSettings { api_url: api_url.into(), token: SecretString::from("Bot abc.def"), guild: None }
    }

    #[test]
    fn addresses_are_brought_to_one_form_or_refused() {
        for (given, kept) in [
            ("https://discord.com/api", "https://discord.com/api"),
            ("https://discord.com/api/v10/", "https://discord.com/api"),
            (" http://127.0.0.1:8080/api/ ", "http://127.0.0.1:8080/api"),
            ("http://sandbox:8080/api", "http://sandbox:8080/api"),
        ] {
            assert_eq!(settings(given).checked().map(|s| s.api_url), Ok(kept.to_owned()), "{given}");
        }
        assert!(matches!(settings("http://discord.com/api").checked(), Err(SettingsError::Unencrypted(_))));
        for bad in ["", "discord.com", "ftp://discord.com", "https://u:p@discord.com/api", "https://discord.com/?x=1"] {
            assert!(matches!(settings(bad).checked(), Err(SettingsError::Address(_))), "{bad}");
        }
    }

    #[test]
    fn tokens_and_servers_are_checked_and_never_shown() {
        let kept = settings(PUBLIC_API_URL).checked().expect("good settings");
        assert_eq!(kept.token.expose_secret(), "abc.def");
        assert!(!format!("{kept:?}").contains("abc.def"));
        let mut empty = settings(PUBLIC_API_URL);
        empty.token = SecretString::from("  ");
        assert!(matches!(empty.checked(), Err(SettingsError::Token)));
        let mut named = settings(PUBLIC_API_URL);
        named.guild = Some("my server".into());
        assert!(matches!(named.checked(), Err(SettingsError::Guild(_))));
    }

    #[test]
    fn a_local_api_never_leads_to_a_gateway_elsewhere() {
        let local = settings("http://127.0.0.1:1/api").checked().expect("good settings");
        assert_eq!(local.gateway_url("ws://127.0.0.1:9/gateway"), Ok("ws://127.0.0.1:9/gateway".into()));
        for bad in ["wss://gateway.discord.gg", "ws://10.0.0.1/", "http://127.0.0.1/", "nonsense"] {
            assert!(local.gateway_url(bad).is_err(), "{bad}");
        }
        let public = settings(PUBLIC_API_URL).checked().expect("good settings");
        assert_eq!(public.gateway_url("wss://gateway.discord.gg/?v=9"), Ok("wss://gateway.discord.gg".into()));
        assert!(public.gateway_url("ws://gateway.discord.gg").is_err());
    }
}
