//! Servers whose certificates are signed by an authority that no system ships, as those of MAX: `openssl` is both the authority and
//! the server.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use molva_connectors::ConnectorError;
use molva_connectors::http::{
    Authority, AuthorityProblem, CertificateDer, HttpClient, HttpLimits, Request, read_authorities,
};
use molva_domain::{Clock as _, SystemClock};
use tokio::net::TcpStream;
use url::Url;

/// `None` where there is no `openssl`.
fn openssl(folder: &Path, arguments: &str) -> Option<()> {
    let command = Command::new("openssl").args(arguments.split('~')).current_dir(folder).output().ok()?;
    assert!(command.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&command.stderr));
    Some(())
}

/// An authority and a certificate of `localhost` that it signed.
fn issue(folder: &Path) -> Option<()> {
    let key = "-newkey~ec~-pkeyopt~ec_paramgen_curve:P-256~-nodes";
    openssl(
        folder,
        &format!("req~-x509~{key}~-keyout~ca.key~-out~ca.pem~-days~400~-subj~/O=Country/CN=National Root CA"),
    )?;
    openssl(
        folder,
        &format!(
            "req~-x509~{key}~-keyout~server.key~-out~server.pem~-days~30~-subj~/CN=localhost~-addext~subjectAltName=DNS:localhost\
             ~-addext~basicConstraints=critical,CA:FALSE~-CA~ca.pem~-CAkey~ca.key"
        ),
    )?;
    openssl(folder, "x509~-in~ca.pem~-outform~DER~-out~ca.der")
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A TLS server that tells about itself by HTTP.
async fn serve(folder: &Path) -> (Server, Url) {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
    let child = Command::new("openssl")
        .args(["s_server", "-quiet", "-www", "-cert", "server.pem", "-key", "server.key", "-accept"])
        .arg(format!("127.0.0.1:{port}"))
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl");
    let server = Server(child);
    for _ in 0..1_500 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (server, Url::parse(&format!("https://localhost:{port}/")).expect("an address"))
}

fn client(extra_roots: Vec<CertificateDer<'static>>) -> HttpClient {
    let allowed_private_hosts = vec!["localhost".to_owned()];
    HttpClient::new(HttpLimits { allowed_private_hosts, extra_roots, ..HttpLimits::default() })
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_is_refused_until_its_authority_is_given() {
    let folder = tempfile::tempdir().expect("a folder");
    if issue(folder.path()).is_none() {
        return eprintln!("skipped: there is no `openssl` here");
    }
    let file = |name: &str| std::fs::read(folder.path().join(name)).expect("a file of openssl");
    let (_server, url) = serve(folder.path()).await;

    let refused = client(Vec::new()).send(Request::get(url.clone())).await;
    let Err(ConnectorError::Unreachable(message)) = refused else { panic!("not refused: {refused:?}") };
    assert!(
        message.contains("an authority that Molva does not know") && message.contains("`--extra-ca-file`"),
        "{message}"
    );
    let refused = client(Vec::new()).connect(&url).await.map(drop);
    assert!(
        matches!(&refused, Err(ConnectorError::Unreachable(message)) if message.contains("--extra-ca-file")),
        "{refused:?}"
    );

    let given = read_authorities(&file("ca.pem")).expect("an authority");
    let [Authority { name, certificate, .. }] = &given[..] else { panic!("not one: {given:?}") };
    assert_eq!(name, "National Root CA");
    let days = given[0].until.since(SystemClock.now()).as_secs() / 86_400;
    assert!((398..=400).contains(&days) && given[0].is_valid(SystemClock.now()), "{days}");
    let answer = client(vec![certificate.clone()]).send(Request::get(url.clone())).await.expect("an answer");
    assert_eq!(answer.status.as_u16(), 200);
    client(vec![certificate.clone()]).connect(&url).await.expect("a connection");
    assert_eq!(read_authorities(&file("ca.der")), Ok(given.clone()));

    // A server's own certificate is no authority, alone or among others, and half a file is none.
    assert_eq!(read_authorities(&file("server.pem")), Err(AuthorityProblem::NoAuthority("localhost".to_owned())));
    let both = [file("ca.pem"), file("server.pem")].concat();
    assert_eq!(read_authorities(&both), Err(AuthorityProblem::NoAuthority("localhost".to_owned())));
    assert_eq!(read_authorities(&[file("ca.pem"), file("ca.pem")].concat()).map(|all| all.len()), Ok(2));
    let der = file("ca.der");
    for end in 0..der.len() {
        assert!(read_authorities(&der[..end]).is_err(), "cut at {end}");
    }
}
