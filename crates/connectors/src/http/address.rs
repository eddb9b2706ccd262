//! Which addresses may be reached. The check comes after resolution and the connection goes to the very address that was
//! checked, so a name that changes its mind between the two (DNS rebinding) gains nothing.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::connector::BoxFuture;
use crate::error::ConnectorError;

/// How host names become addresses. The system's resolver in the product; tests bring their own.
pub trait Lookup: Send + Sync + 'static {
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The machine's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let host = host.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).take(32).collect())
        })
    }
}

/// Whether an address belongs to the public Internet: none of the special-purpose blocks of the IANA registries
/// (RFC 6890 and its successors), nor an IPv6 form that carries such an IPv4 address inside.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)    // "this" network, private, loopback, multicast, reserved, broadcast
            | (100, 64..=127, _)            // carrier-grade NAT
            | (169, 254, _)                 // link-local, cloud metadata
            | (172, 16..=31, _)             // private
            | (192, 0, 0 | 2)               // IETF protocols, documentation
            | (192, 88, 99)                 // 6to4 relays
            | (192, 168, _)                 // private
            | (198, 18 | 19, _)             // benchmarks
            | (198, 51, 100)                // documentation
            | (203, 0, 113) // documentation
    )
}

const fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // IPv4-mapped and NAT64: as public as the IPv4 address they carry.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(embedded(high, low)),
        // 6to4.
        [0x2002, high, low, ..] => is_public_v4(embedded(high, low)),
        // IETF protocols (Teredo, benchmarks, ORCHID) and documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Of the rest only 2000::/3 is handed out to the public.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

const fn embedded(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}

/// The address is not public and nobody allowed it.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "`{host}` leads to `{address}`, which is not an address of the public Internet; if that is meant, add `{host}` to `allow-private-host`"
)]
pub(super) struct NotPublic {
    host: String,
    address: IpAddr,
}

impl From<NotPublic> for ConnectorError {
    fn from(error: NotPublic) -> Self {
        Self::Blocked(error.to_string())
    }
}

/// The rule of this process: public addresses and the hosts it was told to trust.
#[derive(Clone)]
pub(super) struct Guard {
    /// Lower case, no trailing dot: `host` or `host:port`.
    allowed: Arc<[String]>,
    lookup: Arc<dyn Lookup>,
}

impl Guard {
    pub(super) fn new(allowed: &[String], lookup: Arc<dyn Lookup>) -> Self {
        let allowed = allowed.iter().map(|host| host.trim().trim_end_matches('.').to_ascii_lowercase()).collect();
        Self { allowed, lookup }
    }

    /// Whether the host of this address may be private.
    pub(super) fn allows_private(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default().unwrap_or_default();
        self.allowed.iter().any(|entry| *entry == host || *entry == bare || *entry == format!("{host}:{port}"))
    }

    /// Checks what can be known before resolution: the scheme, and a host that is an address already. The URL type has
    /// brought `0x7f.1`, `2130706433` and `[::ffff:127.0.0.1]` into one form by now.
    pub(super) fn check(&self, url: &Url, schemes: &[&str]) -> Result<(), ConnectorError> {
        if !schemes.contains(&url.scheme()) {
            return Err(ConnectorError::Blocked(format!(
                "`{}:` addresses are not fetched; use one of {}",
                url.scheme(),
                schemes.join(", ")
            )));
        }
        let literal = match url.host() {
            None => return Err(ConnectorError::Blocked("the address has no host".to_owned())),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        if is_public(literal) || self.allows_private(url) {
            return Ok(());
        }
        Err(NotPublic { host: url.host_str().unwrap_or_default().to_owned(), address: literal }.into())
    }

    /// Addresses to connect to, each of them allowed.
    pub(super) async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, ConnectorError> {
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            _ => {
                let host = url.host_str().unwrap_or_default();
                let found = self.lookup.lookup(host).await.map_err(|error| ConnectorError::Transient {
                    message: format!("the name `{host}` cannot be resolved: {error}; check its spelling"),
                    retry_after: None,
                })?;
                if self.allows_private(url) { found } else { only_public(host, found)? }
            }
        };
        Ok(addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }

    /// The hook for the HTTP client: with `only_public`, or open for hosts that were allowed.
    pub(super) fn resolver(&self, public_only: bool) -> GuardedResolver {
        GuardedResolver { lookup: Arc::clone(&self.lookup), public_only }
    }
}

fn only_public(host: &str, found: Vec<IpAddr>) -> Result<Vec<IpAddr>, NotPublic> {
    let refused = found.iter().copied().find(|address| !is_public(*address));
    let public: Vec<_> = found.into_iter().filter(|address| is_public(*address)).collect();
    match (public.is_empty(), refused) {
        (true, Some(address)) => Err(NotPublic { host: host.to_owned(), address }),
        _ => Ok(public),
    }
}

pub(super) struct GuardedResolver {
    lookup: Arc<dyn Lookup>,
    public_only: bool,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let looking = self.lookup.lookup(&host);
        let public_only = self.public_only;
        Box::pin(async move {
            let mut found = looking.await?;
            if public_only {
                found = only_public(&host, found)?;
            }
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().expect("an address"))
    }

    #[test]
    fn no_special_block_counts_as_public() {
        let special = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "::127.0.0.1",
            "::8.8.8.8",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2002:c0a8:101::",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "fd00:ec2::254",
        ];
        let wrong: Vec<_> = special.into_iter().filter(|address| public(address)).collect();
        assert_eq!(wrong, Vec::<&str>::new());
    }

    #[test]
    fn ordinary_addresses_count_as_public() {
        let ordinary = [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.0.3.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:200::1",
            "2a00:1450::200e",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "3ffe::1",
        ];
        let wrong: Vec<_> = ordinary.into_iter().filter(|address| !public(address)).collect();
        assert_eq!(wrong, Vec::<&str>::new());
    }

    #[test]
    fn a_private_host_in_any_spelling_is_refused_before_resolution() {
        let guard = Guard::new(&[], Arc::new(SystemLookup));
        for spelling in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://１２７.0.0.1/",
        ] {
            let url = Url::parse(spelling).expect("an address");
            let refused = guard.check(&url, &["http", "https"]);
            assert!(matches!(refused, Err(ConnectorError::Blocked(_))), "{spelling}: {refused:?}");
        }
    }

    #[test]
    fn an_allowed_host_may_be_private_on_its_port_only() {
        let guard = Guard::new(
            &["127.0.0.1:8080".to_owned(), "Wiki.Local".to_owned(), "::1".to_owned()],
            Arc::new(SystemLookup),
        );
        let allows = |text: &str| guard.allows_private(&Url::parse(text).expect("an address"));
        assert!(allows("http://127.0.0.1:8080/feed") && allows("https://wiki.local/") && allows("http://[::1]:99/"));
        assert!(!allows("http://127.0.0.1/") && !allows("http://127.0.0.1:80/") && !allows("http://other.local/"));
    }

    #[test]
    fn only_web_addresses_are_fetched() {
        let guard = Guard::new(&[], Arc::new(SystemLookup));
        for text in ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/plain,x"] {
            let url = Url::parse(text).expect("an address");
            assert!(matches!(guard.check(&url, &["http", "https"]), Err(ConnectorError::Blocked(_))), "{text}");
        }
    }
}
