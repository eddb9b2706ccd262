//! The address at the other end of the connection.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address, as limits count it. A proxy on this machine is believed, no other.
/// `None` when the server was started without connection info.
pub(crate) fn address(extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    // The last entry is the one the proxy itself wrote; what is before it the client may have made up.
    let forwarded = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    Some(party(forwarded.filter(|_| peer.is_loopback()).unwrap_or(peer)))
}

/// As limits count an address: of IPv6 its /64, all of which one client may have.
pub(crate) fn party(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

/// Whether a program on this machine asks for itself; a request passed on by a local proxy is from elsewhere.
pub(crate) fn is_local(extensions: &Extensions, headers: &HeaderMap) -> bool {
    let proxied = [FORWARDED_FOR, "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    !proxied && peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(peer: &str, forwarded: Option<&str>) -> (Extensions, HeaderMap) {
        let mut extensions = Extensions::new();
        let peer: SocketAddr = peer.parse().expect("an address");
        extensions.insert(ConnectInfo(peer));
        let mut headers = HeaderMap::new();
        if let Some(forwarded) = forwarded {
            headers.insert(FORWARDED_FOR, forwarded.parse().expect("a header value"));
        }
        (extensions, headers)
    }

    #[test]
    fn only_a_proxy_on_this_machine_may_name_the_client() {
        let seen = |peer, forwarded| {
            let (extensions, headers) = request(peer, forwarded);
            address(&extensions, &headers).map(|ip| ip.to_string())
        };
        assert_eq!(seen("127.0.0.1:9", Some("1.1.1.1, 203.0.113.7")).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen("198.51.100.2:9", Some("203.0.113.7")).as_deref(), Some("198.51.100.2"));
        assert_eq!(seen("[2001:db8:1:2:3:4:5:6]:9", None).as_deref(), Some("2001:db8:1:2::"));
        assert_eq!(seen("[::ffff:198.51.100.2]:9", None).as_deref(), Some("198.51.100.2"));
    }

    #[test]
    fn a_proxied_request_is_not_local() {
        let local = |peer, forwarded| {
            let (extensions, headers) = request(peer, forwarded);
            is_local(&extensions, &headers)
        };
        assert!(local("127.0.0.1:9", None));
        assert!(local("[::1]:9", None));
        assert!(!local("127.0.0.1:9", Some("203.0.113.7")));
        assert!(!local("198.51.100.2:9", None));
    }
}
