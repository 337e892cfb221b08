//! Where signed requests may go: the guard against being sent into somebody's private network.
//!
//! An address that came with a message is the outside's word. It is followed only to the configured network itself, or to
//! public https hosts; the addresses a name resolves to are checked at the moment of connecting, by the resolver that the
//! connection uses, so that a name cannot point elsewhere between check and use. Start at [`Reach::check`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Addresses a name may resolve to that are looked at; more are ignored.
const ADDRESSES_MAX: usize = 16;

/// Whether a machine on the open internet can have this address.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// Source: IANA IPv4 Special-Purpose Address Registry; every block that is not globally reachable, multicast and reserved.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Source: IANA IPv6 Special-Purpose Address Registry: only 2000::/3 is global unicast; tunnels are judged by the IPv4
/// address they carry.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let carried = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    if let Some(mapped) = ip.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    if s[0] == 0x64 && s[1] == 0xff9b && s[2..6] == [0, 0, 0, 0] {
        return is_public_v4(carried(s[6], s[7]));
    }
    if s[0] == 0x2002 {
        return is_public_v4(carried(s[1], s[2]));
    }
    let is_global_unicast = s[0] & 0xe000 == 0x2000;
    let is_special = s[0] == 0x2001 && (s[1] < 0x0200 || s[1] == 0x0db8) || (s[0] == 0x3fff && s[1] < 0x1000);
    is_global_unicast && !is_special
}

/// How an address may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// It is the configured network itself: the person who wrote the settings vouches for it.
    Own,
    /// A public host: through [`PublicResolver`] only.
    Public,
}

/// What the guard may let through.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The network's own base address, trusted because the settings name it.
    pub own: Option<Url>,
    /// Whether `http://` addresses of this machine are let through (for the sandbox).
    pub allow_loopback: bool,
}

impl Reach {
    /// Parses an address and says how it may be called.
    ///
    /// # Errors
    /// A sentence, when it may not be called at all.
    pub fn check(&self, address: &str) -> Result<(Url, Route), String> {
        let url = Url::parse(address).map_err(|error| format!("not an address: {error}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address carries a user name or password".to_owned());
        }
        let is_own = self.own.as_ref().is_some_and(|own| own.origin() == url.origin() && own.host().is_some());
        if is_own {
            return Ok((url, Route::Own));
        }
        if self.allow_loopback && is_literal_loopback(&url) {
            return Ok((url, Route::Own));
        }
        if url.scheme() != "https" {
            return Err("only https addresses are called".to_owned());
        }
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
            None => return Err("the address has no host".to_owned()),
        };
        if literal.is_some_and(|ip| !is_public(ip)) {
            return Err("the address is not on the open internet".to_owned());
        }
        Ok((url, Route::Public))
    }
}

/// Only written addresses, never names: a name could point anywhere.
fn is_literal_loopback(url: &Url) -> bool {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        _ => return false,
    };
    matches!(url.scheme(), "http" | "https") && ip.is_loopback()
}

/// A name that stands for no machine on the open internet.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the name has no address on the open internet")]
pub struct NotPublic;

/// Resolves names, and hides every address that is not on the open internet.
#[derive(Clone, Copy, Debug, Default)]
pub struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|at| is_public(at.ip())).take(ADDRESSES_MAX).collect();
            if public.is_empty() {
                return Err(NotPublic.into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_and_special_addresses() {
        let public =
            ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255"];
        let public_v6 = ["2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"];
        for text in public.iter().chain(&public_v6) {
            assert!(is_public(text.parse().expect("an address")), "{text}");
        }
        let special = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "::7f00:1",
        ];
        for text in special {
            assert!(!is_public(text.parse().expect("an address")), "{text}");
        }
    }

    #[test]
    fn addresses_that_may_be_called() {
        let own = Some(Url::parse("http://10.0.0.5:9000/instagram").expect("an address"));
        let strict = Reach { own: own.clone(), allow_loopback: false };
        let sandbox = Reach { own, allow_loopback: true };
        let cases: [(&str, Option<Route>, Option<Route>); 20] = [
            ("http://10.0.0.5:9000/instagram/replies", Some(Route::Own), Some(Route::Own)),
            ("http://10.0.0.5:9001/instagram/replies", None, None),
            ("https://10.0.0.5:9000/instagram/replies", None, None),
            ("https://hooks.example.com/reply", Some(Route::Public), Some(Route::Public)),
            ("http://hooks.example.com/reply", None, None),
            ("https://8.8.8.8/reply", Some(Route::Public), Some(Route::Public)),
            ("https://127.0.0.1/x", None, Some(Route::Own)),
            ("http://127.0.0.1:4102/x/replies", None, Some(Route::Own)),
            ("http://[::1]:4102/x/replies", None, Some(Route::Own)),
            ("http://localhost:4102/x/replies", None, None),
            ("http://2130706433/", None, Some(Route::Own)),
            ("http://0x7f.1/", None, Some(Route::Own)),
            ("https://169.254.169.254/latest/meta-data", None, None),
            ("https://[::ffff:169.254.169.254]/", None, None),
            ("https://[fe80::1]/", None, None),
            ("https://user:word@hooks.example.com/", None, None),
            ("ftp://hooks.example.com/", None, None),
            ("file:///etc/passwd", None, None),
            ("javascript:alert(1)", None, None),
            ("not an address", None, None),
        ];
        for (address, expected, expected_in_sandbox) in cases {
            assert_eq!(strict.check(address).ok().map(|(_, route)| route), expected, "{address}");
            assert_eq!(
                sandbox.check(address).ok().map(|(_, route)| route),
                expected_in_sandbox,
                "{address} in sandbox"
            );
        }
    }

    #[tokio::test]
    async fn a_name_that_points_home_has_no_address() {
        let name: Name = "localhost".parse().expect("a name");
        let answer = PublicResolver.resolve(name).await.map(Iterator::count);
        assert!(answer.is_err(), "localhost must not resolve, got {answer:?} addresses");
    }
}
