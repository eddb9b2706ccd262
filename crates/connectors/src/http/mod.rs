//! The one HTTP client: bounded in size and time, guarded against addresses inside, the same for every network.
//!
//! [`HttpClient::send`] reads a whole answer, [`HttpClient::open`] a stream without end, [`HttpClient::connect`] gives the bare
//! connection for WebSocket. Redirects are followed here, not by the library, because each target is checked, nobody outside
//! leads inside (`redirect`), secrets stay with the host they were given to, and a permanent move is told to the caller. No proxy is read from the environment: it
//! would resolve names behind the guard's back.

mod address;
mod authority;
mod connect;
pub mod headers;
mod message;
mod multipart;
mod redirect;
pub mod sse;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::ClientConfig;
use tokio::time::timeout;
use url::Url;

pub use address::{Lookup, SystemLookup, is_public};
pub use authority::{Authority, AuthorityProblem, MAX_FILE_BYTES as MAX_AUTHORITIES_BYTES, read_authorities};
pub use connect::Connection;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use message::{OpenResponse, Request, Response};
pub use multipart::Part;
pub use rustls::pki_types::CertificateDer;

use crate::error::ConnectorError;
use address::{Guard, NotPublic};

/// Which addresses may be reached and how much may be read.
#[derive(Clone, Debug)]
pub struct HttpLimits {
    /// Hosts (`host` or `host:port`) that may be reached although their address is private; for tests and in-house servers.
    pub allowed_private_hosts: Vec<String>,
    /// Counted after decompression.
    pub max_body_bytes: u64,
    pub connect_timeout: Duration,
    /// Whole request, redirects and body included.
    pub timeout: Duration,
    /// No byte for this long ends it.
    pub read_timeout: Duration,
    /// How we introduce ourselves; owners of sites want to know whom to write to.
    pub user_agent: String,
    /// Certificate authorities trusted beside the web's own; see [`read_authorities`].
    pub extra_roots: Vec<CertificateDer<'static>>,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            allowed_private_hosts: Vec::new(),
            max_body_bytes: 32 << 20,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            read_timeout: Duration::from_secs(20),
            user_agent: concat!("Molva/", env!("CARGO_PKG_VERSION"), " (+self-hosted social listening)").to_owned(),
            extra_roots: Vec::new(),
        }
    }
}

/// Most hops of one request.
const MAX_REDIRECTS: usize = 5;

/// Clones share one pool of connections.
#[derive(Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
}

struct Inner {
    limits: HttpLimits,
    guard: Guard,
    /// For public addresses; its resolver refuses any other.
    public: reqwest::Client,
    /// For hosts that were allowed; a pool of its own, so that no connection made for one serves the other.
    allowed: reqwest::Client,
    tls: Arc<ClientConfig>,
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").finish_non_exhaustive()
    }
}

impl HttpClient {
    /// # Panics
    /// Never in practice: the TLS provider is compiled in.
    #[must_use]
    pub fn new(limits: HttpLimits) -> Self {
        Self::with_lookup(limits, Arc::new(SystemLookup))
    }

    /// With a resolver of one's own, for tests of names.
    ///
    /// # Panics
    /// Never in practice: the TLS provider is compiled in.
    #[must_use]
    pub fn with_lookup(limits: HttpLimits, lookup: Arc<dyn Lookup>) -> Self {
        let guard = Guard::new(&limits.allowed_private_hosts, lookup);
        let tls = tls::config(&limits.extra_roots);
        let client = |public_only: bool| {
            let mut tls = tls.clone();
            tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            let user_agent = HeaderValue::from_str(&limits.user_agent).unwrap_or(HeaderValue::from_static("Molva"));
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls)
                .dns_resolver(Arc::new(guard.resolver(public_only)))
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .user_agent(user_agent)
                .connect_timeout(limits.connect_timeout)
                .pool_max_idle_per_host(2)
                .pool_idle_timeout(Duration::from_secs(30))
                .build()
                .expect("a client from settings that are compiled in")
        };
        let (public, allowed) = (client(true), client(false));
        Self { inner: Arc::new(Inner { public, allowed, guard, tls: Arc::new(tls), limits }) }
    }

    /// Sends a request and reads the whole answer. Any status is an answer; see [`Response::error_for_status`].
    ///
    /// # Errors
    /// `AuthRevoked` for a key that cannot be sent, `Blocked` for an address that is not allowed, and for a redirect that leads inside or gives up TLS, `Transient` for time-outs and broken
    /// connections, `Protocol` for a body over the limit and for more than five redirects.
    pub async fn send(&self, request: Request) -> Result<Response, ConnectorError> {
        let limits = &self.inner.limits;
        let limit = request.timeout.unwrap_or(limits.timeout);
        let max_body_bytes = request.max_body_bytes.unwrap_or(limits.max_body_bytes);
        let shown = shown(&request.url);
        let secrets = request.secrets();
        let answer = async {
            let mut open = self.follow(request).await?;
            let mut body = Vec::new();
            open.refuse_longer_than(max_body_bytes)?;
            while let Some(chunk) = open.chunk().await? {
                if body.len() as u64 + chunk.len() as u64 > max_body_bytes {
                    return Err(too_long(&open.url, max_body_bytes));
                }
                body.extend_from_slice(&chunk);
            }
            let OpenResponse { status, headers, url, moved_to, .. } = open;
            let answer = Response { status, headers, url, moved_to, body };
            Ok(answer.forget(secrets.iter().map(String::as_str)))
        };
        timeout(limit, answer).await.unwrap_or_else(|_| Err(timed_out(&shown, limit)))
    }

    /// Sends a request and gives the answer with its body still to be read, chunk by chunk; only silence and the caller end it.
    ///
    /// # Errors
    /// As [`HttpClient::send`].
    pub async fn open(&self, request: Request) -> Result<OpenResponse, ConnectorError> {
        let limit = request.timeout.unwrap_or(self.inner.limits.timeout);
        let shown = shown(&request.url);
        timeout(limit, self.follow(request)).await.unwrap_or_else(|_| Err(timed_out(&shown, limit)))
    }

    async fn follow(&self, mut request: Request) -> Result<OpenResponse, ConnectorError> {
        if request.unsendable_key {
            return Err(ConnectorError::AuthRevoked(UNSENDABLE_KEY.to_owned()));
        }
        let mut moved_to = None;
        let mut only_permanent = true;
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.send_once(&request).await?;
            let target = match answer.status().as_u16() {
                301 | 302 | 303 | 307 | 308 => headers::text(answer.headers(), "location").map(str::to_owned),
                _ => None,
            };
            let Some(target) = target else {
                let idle = request.read_timeout.unwrap_or(self.inner.limits.read_timeout);
                return Ok(OpenResponse::new(answer, request.url, moved_to, idle));
            };
            if request.method != Method::GET && request.method != Method::HEAD {
                return Err(ConnectorError::Protocol(format!("{} answered a redirect", shown(&request.url))));
            }
            let permanent = matches!(answer.status().as_u16(), 301 | 308);
            let target = redirect::target(&self.inner.guard, &request.url, &target)?;
            if !redirect::is_same_party(&request.url, &target) {
                request.forget_secrets();
            }
            only_permanent &= permanent;
            if only_permanent {
                moved_to = Some(target.clone());
            }
            request.url = target;
        }
        Err(ConnectorError::Protocol(format!(
            "more than {MAX_REDIRECTS} redirects, the last to {}",
            shown(&request.url)
        )))
    }

    async fn send_once(&self, request: &Request) -> Result<reqwest::Response, ConnectorError> {
        let inner = &*self.inner;
        inner.guard.check(&request.url, &["http", "https"])?;
        let client = if inner.guard.allows_private(&request.url) { &inner.allowed } else { &inner.public };
        let mut builder = client.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        builder.send().await.map_err(|error| explain(&error, &request.url))
    }

    /// Opens a bare connection to the host of a `ws`, `wss`, `http` or `https` address, TLS where the scheme says so. The
    /// name is resolved once, checked, and the connection goes to an address that was checked.
    ///
    /// # Errors
    /// `Blocked` for an address that is not allowed, `Transient` for everything the network does.
    pub async fn connect(&self, url: &Url) -> Result<Connection, ConnectorError> {
        let inner = &*self.inner;
        inner.guard.check(url, &["http", "https", "ws", "wss"])?;
        let limit = inner.limits.connect_timeout;
        let opening = async {
            let addresses = inner.guard.resolve(url).await?;
            connect::open(url, &addresses, &inner.tls).await
        };
        timeout(limit, opening).await.unwrap_or_else(|_| Err(timed_out(&shown(url), limit)))
    }

    /// Makes a plain connection to the host of `url` a TLS one, where a protocol begins in the open and changes over (`STARTTLS`).
    ///
    /// # Errors
    /// `Transient` when the handshake fails, `Protocol` for a connection that has TLS already.
    pub async fn secure(&self, connection: Connection, url: &Url) -> Result<Connection, ConnectorError> {
        let limit = self.inner.limits.connect_timeout;
        timeout(limit, connect::secure(connection, url, &self.inner.tls))
            .await
            .unwrap_or_else(|_| Err(timed_out(&shown(url), limit)))
    }

    /// Whether a server may lead on to another address in what it says, as by a redirect: not from outside to a host that was
    /// allowed by name, and not from TLS to plain text.
    ///
    /// # Errors
    /// `Blocked`, with what to do instead.
    pub fn check_lead(&self, from: &Url, to: &Url) -> Result<(), ConnectorError> {
        redirect::check(&self.inner.guard, from, to)
    }

    /// Whether the host of this address is one that was allowed by name, private or not: what is forbidden on the open
    /// Internet (passwords without TLS) may be done there.
    #[must_use]
    pub fn is_allowed_by_name(&self, url: &Url) -> bool {
        self.inner.guard.allows_private(url)
    }

    /// The limits it was made with.
    #[must_use]
    pub fn limits(&self) -> &HttpLimits {
        &self.inner.limits
    }
}

const UNSENDABLE_KEY: &str = "it holds a line break or a letter that is not Latin; copy it once more, whole and alone";

/// An address as it may stand in a message: without login, query and fragment, which may hold secrets.
#[must_use]
pub fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

/// Reads an address a person or a server gave; `setting` is where it came from.
///
/// # Errors
/// `Invalid` when it is no absolute address.
pub fn parse_url(setting: &'static str, address: &str) -> Result<Url, ConnectorError> {
    let with_scheme =
        if address.contains("://") { address.trim().to_owned() } else { format!("https://{}", address.trim()) };
    let url = Url::parse(&with_scheme).ok().filter(Url::has_host);
    url.ok_or_else(|| {
        ConnectorError::invalid(
            setting,
            format!("`{address}` is not a web address; write it as https://example.org/feed"),
        )
    })
}

fn timed_out(shown: &str, limit: Duration) -> ConnectorError {
    ConnectorError::Transient {
        message: format!("{shown} took longer than {} s", limit.as_secs_f32()),
        retry_after: None,
    }
}

fn too_long(url: &Url, max_body_bytes: u64) -> ConnectorError {
    ConnectorError::Protocol(format!("the answer of {} is longer than {max_body_bytes} bytes", shown(url)))
}

/// Trying again is of no use, unless somebody gives us the authority.
fn unknown_authority(shown: &str) -> ConnectorError {
    ConnectorError::Unreachable(format!(
        "no connection to {shown}: its certificate is signed by an authority that Molva does not know; if you trust it, give its \
         certificate with `--extra-ca-file` (`MOLVA_EXTRA_CA_FILE`) and start Molva again"
    ))
}

/// A sentence for a failure of the library, with its deepest cause.
fn explain(error: &reqwest::Error, url: &Url) -> ConnectorError {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(deeper) = cause.source() {
        if let Some(refused) = deeper.downcast_ref::<NotPublic>() {
            return refused.clone().into();
        }
        cause = deeper;
    }
    let shown = shown(url);
    if tls::is_unknown_authority(error) {
        return unknown_authority(&shown);
    }
    if error.is_dns() {
        let host = url.host_str().unwrap_or_default();
        let message = format!("the name `{host}` cannot be resolved: {cause}; check its spelling");
        return ConnectorError::Unreachable(message);
    }
    // A connection that took too long is no connection either: the request waits for it and was not written.
    if error.is_connect() {
        return ConnectorError::Unreachable(format!("no connection to {shown}: {cause}"));
    }
    let message = if error.is_timeout() {
        format!("{shown} did not answer in time")
    } else if error.is_builder() {
        return ConnectorError::Protocol(format!("{shown} cannot be asked for: {cause}"));
    } else {
        format!("the connection to {shown} broke: {cause}")
    };
    ConnectorError::Transient { message, retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        assert_eq!(shown(&url("https://me:mine@a.example:8443/feed?token=1#x")), "https://a.example:8443/feed");
    }

    #[test]
    fn an_address_without_a_scheme_is_read_as_a_secure_one() {
        assert_eq!(
            parse_url("address", " example.org/feed ").map(String::from),
            Ok("https://example.org/feed".to_owned())
        );
        assert_eq!(parse_url("address", "не адрес").map_err(|error| error.code()), Err("invalid_setting"));
    }
}
