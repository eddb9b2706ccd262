//! The one HTTP client: bounded in size and time, guarded against addresses inside, the same for every network.

use std::net::IpAddr;
use std::time::Duration;

/// Which addresses may be reached and how much may be read.
#[derive(Clone, Debug)]
pub struct HttpLimits {
    /// Hosts (`host` or `host:port`) that may be reached although their address is private; for tests and in-house servers.
    pub allowed_private_hosts: Vec<String>,
    pub max_body_bytes: u64,
    pub connect_timeout: Duration,
    /// Whole request, body included.
    pub timeout: Duration,
    /// No byte for this long ends it.
    pub read_timeout: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            allowed_private_hosts: Vec::new(),
            max_body_bytes: 32 << 20,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            read_timeout: Duration::from_secs(20),
        }
    }
}

/// Clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct HttpClient {}

impl HttpClient {
    /// # Panics
    /// Never in practice: the TLS provider is compiled in.
    #[must_use]
    pub fn new(_limits: HttpLimits) -> Self {
        todo!()
    }
}

/// Whether an address belongs to the public Internet.
#[must_use]
pub fn is_public(_address: IpAddr) -> bool {
    todo!()
}
