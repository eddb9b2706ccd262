//! A bare connection to a checked address, for protocols that are not request and answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

use super::{shown, tls, unknown_authority};
use crate::error::ConnectorError;

/// Plain or TLS, as the scheme of the address says.
#[derive(Debug)]
pub enum Connection {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

pub(super) async fn open(
    url: &Url,
    addresses: &[SocketAddr],
    tls: &Arc<ClientConfig>,
) -> Result<Connection, ConnectorError> {
    let failed = |error: io::Error| ConnectorError::Transient {
        message: format!("no connection to {}: {error}", shown(url)),
        retry_after: None,
    };
    let stream = TcpStream::connect(addresses).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    if !matches!(url.scheme(), "https" | "wss") {
        return Ok(Connection::Plain(stream));
    }
    secure(Connection::Plain(stream), url, tls).await
}

/// TLS over a connection that is open already.
pub(super) async fn secure(
    connection: Connection,
    url: &Url,
    config: &Arc<ClientConfig>,
) -> Result<Connection, ConnectorError> {
    let Connection::Plain(stream) = connection else {
        return Err(ConnectorError::Protocol(format!("the connection to {} has TLS already", shown(url))));
    };
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host).map_err(|_| {
        ConnectorError::Protocol(format!("the host of {} is no name a certificate can be made for", shown(url)))
    })?;
    let stream = TlsConnector::from(Arc::clone(config)).connect(name, stream).await.map_err(|error| {
        if tls::is_unknown_authority(&error) {
            return unknown_authority(&shown(url));
        }
        ConnectorError::Transient { message: format!("no TLS with {}: {error}", shown(url)), retry_after: None }
    })?;
    Ok(Connection::Tls(Box::new(stream)))
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
