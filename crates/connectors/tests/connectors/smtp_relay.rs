//! Between us and a real SMTP server: one dialogue in so many meets a fault, each kind in turn, each at its own word.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_emulators::Counts;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Copy)]
enum Fault {
    /// Said instead of what the server would say; it hears nothing of it.
    Say(&'static str),
    /// The connection is closed; the server hears nothing of it.
    Close,
    /// The server hears it and answers; so much of the answer is handed on, then the connection is closed.
    Lose(usize),
    Slow,
}

/// Name, at which word, what happens. `.` is the end of the letter, `letter` its middle.
const FAULTS: &[(&str, &str, Fault)] = &[
    ("greeting_421", "connect", Fault::Say("421 4.3.2 busy")),
    ("lost_answer", ".", Fault::Lose(0)),
    ("ehlo_cut", "EHLO", Fault::Close),
    ("mail_451", "MAIL", Fault::Say("451 4.3.0 come again")),
    ("lost_letter", ".", Fault::Close),
    ("rcpt_450", "RCPT", Fault::Say("450 4.2.0 greylisted")),
    ("end_554", ".", Fault::Say("554 5.7.1 looks like spam")),
    ("auth_454", "AUTH", Fault::Say("454 4.7.0 not now")),
    ("letter_cut", "letter", Fault::Close),
    ("half_answer", ".", Fault::Lose(6)),
    ("rcpt_550", "RCPT", Fault::Say("550 5.1.1 no such person")),
    ("data_421", "DATA", Fault::Say("421 4.3.2 going down")),
    ("end_451", ".", Fault::Say("451 4.3.0 cannot keep it now")),
    ("slow", ".", Fault::Slow),
];

/// Clones share one server.
#[derive(Clone)]
pub(crate) struct SmtpRelay {
    pub(crate) port: u16,
    upstream: u16,
    every: usize,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    dialogues: usize,
    drawn: usize,
    counts: Counts,
}

impl SmtpRelay {
    /// In front of a port of this machine.
    pub(crate) async fn start(upstream: u16, every: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let relay = Self { port, upstream, every, inside: Arc::default() };
        let serving = relay.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let serving = serving.clone();
                // What breaks here is meant to.
                tokio::spawn(async move { drop(serving.serve(client).await) });
            }
        });
        relay
    }

    pub(crate) fn counts(&self) -> Counts {
        self.inside().counts.clone()
    }

    /// Every kind of fault was met, where there were enough of them.
    pub(crate) fn faults_were_met(&self) {
        let inside = self.inside();
        let faults = &inside.counts.faults;
        let missed: Vec<_> = FAULTS.iter().map(|row| row.0).filter(|name| !faults.contains_key(name)).collect();
        assert!(missed.is_empty() || inside.drawn < FAULTS.len(), "{missed:?} of {faults:?}");
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self) -> Option<&'static (&'static str, &'static str, Fault)> {
        let mut inside = self.inside();
        inside.dialogues += 1;
        *inside.counts.requests.entry("dialogue".to_owned()).or_default() += 1;
        if !inside.dialogues.is_multiple_of(self.every) {
            return None;
        }
        inside.drawn += 1;
        let fault = &FAULTS[(inside.drawn - 1) % FAULTS.len()];
        *inside.counts.faults.entry(fault.0).or_default() += 1;
        Some(fault)
    }

    async fn serve(&self, client: TcpStream) -> io::Result<()> {
        let planned = self.draw();
        let at = |word: &str| planned.filter(|fault| fault.1 == word).map(|fault| fault.2);
        let (from_client, mut client) = client.into_split();
        let (from_server, mut server) = TcpStream::connect(("127.0.0.1", self.upstream)).await?.into_split();
        let (mut from_client, mut from_server) = (BufReader::new(from_client), BufReader::new(from_server));
        let greeting = answer(&mut from_server).await?;
        if let Some(Fault::Say(words)) = at("connect") {
            return client.write_all(format!("{words}\r\n").as_bytes()).await;
        }
        client.write_all(&greeting).await?;
        let mut in_letter = false;
        loop {
            let mut line = Vec::new();
            if from_client.read_until(b'\n', &mut line).await? == 0 {
                return Ok(());
            }
            let ends = in_letter && line == b".\r\n";
            if in_letter && !ends {
                if at("letter").is_some() {
                    return Ok(());
                }
                server.write_all(&line).await?;
                continue;
            }
            let word = String::from_utf8_lossy(&line[..line.len().min(4)]).to_ascii_uppercase();
            match at(if ends { "." } else { &word }) {
                Some(Fault::Say(words)) => {
                    client.write_all(format!("{words}\r\n").as_bytes()).await?;
                    // The letter that the server was told so far is forgotten with the connection.
                    return Ok(());
                }
                Some(Fault::Close) => return Ok(()),
                fault => {
                    server.write_all(&line).await?;
                    let said = answer(&mut from_server).await?;
                    match fault {
                        Some(Fault::Lose(bytes)) => return client.write_all(&said[..said.len().min(bytes)]).await,
                        Some(Fault::Slow) => {
                            for byte in &said {
                                client.write_all(&[*byte]).await?;
                                tokio::time::sleep(Duration::from_millis(20)).await;
                            }
                        }
                        _ => client.write_all(&said).await?,
                    }
                    in_letter = !ends && said.starts_with(b"354");
                }
            }
        }
    }
}

/// All lines of one answer.
async fn answer(from: &mut BufReader<OwnedReadHalf>) -> io::Result<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let start = whole.len();
        if from.read_until(b'\n', &mut whole).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if whole.get(start + 3) != Some(&b'-') {
            return Ok(whole);
        }
    }
}
