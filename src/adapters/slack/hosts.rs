//! Which addresses Vigie may talk to: the Web API's own, and those that Slack hands out (answer, upload, socket).
//!
//! With an API address configured, nothing may reach any other host: an answer address or a socket address that
//! points elsewhere is refused before a connection is made. Never here: calls. Start reading at [`Hosts`].

use url::Url;

use crate::adapters::http::is_loopback;

/// Slack's public Web API.
pub const PUBLIC_API: &str = "https://slack.com/api";
/// Domains that Slack itself hands out addresses on (GovSlack has its own).
const PLATFORM: [&str; 2] = ["slack.com", "slack-gov.com"];

/// Why an address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No address at all.
    #[error("is not an address")]
    Unreadable,
    /// Another scheme than http(s), or an unencrypted one where encryption is due.
    #[error("must be http or https")]
    Scheme,
    /// Another host than the platform's.
    #[error("points to a host that is not Slack's")]
    Host,
}

/// The addresses that belong to one workspace connection.
#[derive(Clone, Debug)]
pub struct Hosts {
    api: Url,
    platform: bool,
}

impl Hosts {
    /// Reads the API address (what stands before the method name); a slash at its end makes no difference.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn new(api_url: &str) -> Result<Self, AddressError> {
        let trimmed = api_url.trim().trim_end_matches('/');
        let api = Url::parse(trimmed).map_err(|_| AddressError::Unreadable)?;
        if !matches!(api.scheme(), "http" | "https") {
            return Err(AddressError::Scheme);
        }
        let host = api.host_str().ok_or(AddressError::Unreadable)?.to_owned();
        let platform = api.scheme() == "https" && on_platform(&host);
        Ok(Self { api, platform })
    }

    /// The API address without a slash at its end.
    #[must_use]
    pub fn api(&self) -> &str {
        self.api.as_str().trim_end_matches('/')
    }

    /// Whether the API is spoken to without encryption (a local emulator).
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.api.scheme() == "http"
    }

    /// Checks an address that Slack handed out to be called over http(s).
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn callable(&self, address: &str) -> Result<Url, AddressError> {
        let url = Url::parse(address).map_err(|_| AddressError::Unreadable)?;
        if url.scheme() != self.api.scheme() {
            return Err(AddressError::Scheme);
        }
        self.same_party(url)
    }

    /// Checks a socket address.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn socket(&self, address: &str) -> Result<Url, AddressError> {
        let url = Url::parse(address).map_err(|_| AddressError::Unreadable)?;
        let due = if self.is_plain() { "ws" } else { "wss" };
        // An emulator behind plain http may still hand out an encrypted socket on its own host.
        if url.scheme() != due && !(self.is_plain() && url.scheme() == "wss") {
            return Err(AddressError::Scheme);
        }
        self.same_party(url)
    }

    fn same_party(&self, url: Url) -> Result<Url, AddressError> {
        let host = url.host_str().ok_or(AddressError::Unreadable)?;
        let own = self.api.host_str().unwrap_or_default();
        let known = if self.platform {
            on_platform(host)
        } else {
            host.eq_ignore_ascii_case(own) || (is_loopback(host) && is_loopback(own))
        };
        // A user part serves only to disguise the host.
        if known && url.username().is_empty() && url.password().is_none() { Ok(url) } else { Err(AddressError::Host) }
    }
}

fn on_platform(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    PLATFORM.iter().any(|domain| host == *domain || host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(api: &str) -> Hosts {
        Hosts::new(api).unwrap_or_else(|error| panic!("{api}: {error}"))
    }

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        assert_eq!(hosts("http://127.0.0.1:9/api/").api(), "http://127.0.0.1:9/api");
        assert_eq!(hosts("http://127.0.0.1:9/api").api(), "http://127.0.0.1:9/api");
        assert_eq!(hosts("http://127.0.0.1:9/").api(), "http://127.0.0.1:9");
        assert!(Hosts::new("ftp://slack.com/api").is_err());
        assert!(Hosts::new("slack.com/api").is_err());
    }

    #[test]
    fn the_public_platform_only_talks_to_itself() {
        let slack = hosts(PUBLIC_API);
        assert!(slack.callable("https://hooks.slack.com/commands/T1/2/x").is_ok());
        assert!(slack.callable("https://files.slack.com/upload/v1/abc").is_ok());
        assert!(slack.socket("wss://wss-primary.slack.com/link/?ticket=1").is_ok());
        for forged in [
            "http://hooks.slack.com/x",
            "https://hooks.slack.com.evil.example/x",
            "https://evilslack.com/x",
            "https://slack.com@evil.example/x",
            "https://x@hooks.slack.com/x",
            "https://127.0.0.1/x",
            "https://169.254.169.254/latest",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert!(slack.callable(forged).is_err(), "{forged}");
        }
        assert!(slack.socket("ws://wss-primary.slack.com/").is_err());
        assert!(slack.socket("wss://127.0.0.1/").is_err());
    }

    #[test]
    fn a_configured_address_never_leads_back_to_the_public_one() {
        let local = hosts("http://127.0.0.1:4000/api");
        assert!(local.callable("http://127.0.0.1:4000/response/1").is_ok());
        assert!(local.callable("http://localhost:4001/upload").is_ok());
        assert!(local.socket("ws://127.0.0.1:4000/link?ticket=1").is_ok());
        assert!(local.callable("https://hooks.slack.com/x").is_err());
        assert!(local.socket("wss://wss-primary.slack.com/link").is_err());
        assert!(local.callable("http://10.0.0.1/x").is_err());
        let own = hosts("https://chat.example.org/slack");
        assert!(own.callable("https://chat.example.org/r/1").is_ok());
        assert!(own.callable("https://hooks.slack.com/x").is_err());
    }
}
