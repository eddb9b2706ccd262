//! Where redirects may lead. Who asks for an address knows it; where it redirects to, whoever answers there decides.

use url::Url;

use super::address::Guard;
use super::shown;
use crate::error::ConnectorError;

/// The next address. Hosts that were allowed by name are for those who ask for them: only one such host leads to another. What
/// began with TLS goes on with it. That the target is an address of the public Internet is checked when it is asked.
pub(super) fn target(guard: &Guard, from: &Url, location: &str) -> Result<Url, ConnectorError> {
    let mut to = from
        .join(location)
        .map_err(|_| ConnectorError::Protocol(format!("{} redirects to something that is no address", shown(from))))?;
    if location.contains("://") || location.starts_with("//") {
        // A login a redirect brings along is not ours. Neither call fails on an address with a host.
        let _ = to.set_username("");
        let _ = to.set_password(None);
    }
    check(guard, from, &to)?;
    Ok(to)
}

/// Whether what one address answers may lead on to the other.
pub(super) fn check(guard: &Guard, from: &Url, to: &Url) -> Result<(), ConnectorError> {
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(ConnectorError::Blocked(format!(
            "{} leads to {}, which is not encrypted; give an address that stays with `https`",
            shown(from),
            shown(to)
        )));
    }
    if guard.allows_private(to) && !guard.allows_private(from) {
        return Err(ConnectorError::Blocked(format!(
            "{} leads to `{}`, which is one of `allow-private-host`: nobody outside may lead there; if that is meant, give \
             its address itself",
            shown(from),
            to.host_str().unwrap_or_default()
        )));
    }
    Ok(())
}

/// Whether what was meant for one may be shown to the other: the same host and port, and never from TLS to plain text.
pub(super) fn is_same_party(from: &Url, to: &Url) -> bool {
    let upgrade = from.scheme() == "http" && to.scheme() == "https" && from.port().is_none() && to.port().is_none();
    from.host() == to.host()
        && (upgrade || from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::SystemLookup;
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    fn leads(allowed: &[&str], from: &str, location: &str) -> Result<String, ConnectorError> {
        let allowed: Vec<String> = allowed.iter().map(|host| (*host).to_owned()).collect();
        target(&Guard::new(&allowed, Arc::new(SystemLookup)), &url(from), location).map(String::from)
    }

    #[track_caller]
    fn refuses(allowed: &[&str], from: &str, location: &str, says: &str) {
        let refused = leads(allowed, from, location);
        assert!(matches!(&refused, Err(ConnectorError::Blocked(why)) if why.contains(says)), "{refused:?}");
    }

    #[test]
    fn nobody_outside_leads_to_a_host_inside_though_it_is_allowed() {
        let allowed = ["forum.lan", "10.0.0.5:8000", "::1", "wiki.lan"];
        for inside in [
            "http://forum.lan/admin",
            "https://FORUM.lan./",
            "//forum.lan:9000/",
            "http://10.0.0.5:8000/",
            "http://167772165:8000/",
            "http://[::1]/",
        ] {
            refuses(&allowed, "http://a.example/feed", inside, "nobody outside may lead there");
        }
        // Another port of the host is not allowed to anybody, and refused when it is asked.
        refuses(&allowed, "http://10.0.0.5/", "http://10.0.0.5:8000/", "nobody outside may lead there");
        assert_eq!(leads(&allowed, "http://forum.lan/", "/new"), Ok("http://forum.lan/new".to_owned()));
        assert_eq!(leads(&allowed, "http://forum.lan/", "http://wiki.lan/"), Ok("http://wiki.lan/".to_owned()));
        assert_eq!(leads(&allowed, "http://forum.lan/", "https://a.example/"), Ok("https://a.example/".to_owned()));
        assert_eq!(leads(&allowed, "http://a.example/", "http://b.example/"), Ok("http://b.example/".to_owned()));
    }

    #[test]
    fn a_redirect_does_not_give_up_tls() {
        refuses(&[], "https://a.example/", "http://a.example/", "not encrypted");
        refuses(&[], "https://a.example/.well-known/matrix/client", "http://b.example/", "not encrypted");
        refuses(&["forum.lan"], "https://forum.lan/", "http://forum.lan/", "not encrypted");
        assert_eq!(leads(&[], "http://a.example/", "https://a.example/"), Ok("https://a.example/".to_owned()));
        assert_eq!(leads(&[], "https://a.example/x", "//b.example/"), Ok("https://b.example/".to_owned()));
    }

    #[test]
    fn secrets_stay_with_the_host_they_were_given_to() {
        let same = |from: &str, to: &str| is_same_party(&url(from), &url(to));
        assert!(same("https://a.example/x", "https://a.example/y") && same("http://a.example/", "https://a.example/"));
        assert!(!same("https://a.example/", "https://b.example/") && !same("https://a.example/", "http://a.example/"));
        assert!(
            !same("https://a.example/", "https://a.example:8443/")
                && !same("http://a.example:1/", "https://a.example/")
        );
    }

    #[test]
    fn a_redirect_brings_no_login_of_its_own() {
        let from = "https://me:mine@a.example/feed";
        assert_eq!(leads(&[], from, "/new"), Ok("https://me:mine@a.example/new".to_owned()));
        assert_eq!(leads(&[], from, "//x:y@b.example/"), Ok("https://b.example/".to_owned()));
    }
}
