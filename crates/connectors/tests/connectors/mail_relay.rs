//! Between a listener and a real IMAP server: one command in so many meets a fault, each kind of those that befit it in turn.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_emulators::Counts;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Connections of one login at a time; ten and fifteen are the rule outside.
const CONNECTIONS: usize = 4;
const SLOW: Duration = Duration::from_millis(10);

/// What is said to the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Connect,
    Login,
    Examine,
    Letters,
    Other,
    Idle,
}

#[derive(Clone, Copy)]
enum Fault {
    /// Refused with these words, and not handed on.
    Refuse(&'static str),
    /// These words, and the connection is closed.
    Close(&'static str),
    /// Half of what was told; then these words and the end: of the answer, where they begin with the tag.
    Half(&'static str),
    InLiteral,
    Slow,
    /// What nobody asked for, within the answer.
    Unasked(&'static [&'static str]),
    NoEnd,
    /// Of a wait: nobody says that it began; nothing is told in it.
    Mute,
    Deaf,
}

const fn any(said: Said) -> bool {
    !matches!(said, Said::Connect)
}

const fn question(said: Said) -> bool {
    matches!(said, Said::Examine | Said::Letters | Said::Other)
}

/// Name, what happens, to what it can happen.
type Row = (&'static str, Fault, fn(Said) -> bool);

/// A login that is refused without a code would need a person.
const FAULTS: &[Row] = &[
    ("no_unavailable", Fault::Refuse("NO [UNAVAILABLE] come again later"), any),
    ("no_limit", Fault::Refuse("NO [LIMIT] too many at once"), |said| said == Said::Login),
    ("no_inuse", Fault::Refuse("NO [INUSE] another program has it"), |said| said == Said::Examine),
    ("no", Fault::Refuse("NO this cannot be done"), question),
    ("bad", Fault::Refuse("BAD internal error"), question),
    ("bye", Fault::Close("* BYE [UNAVAILABLE] going down\r\n"), |_| true),
    ("disconnect", Fault::Close(""), |_| true),
    ("cut_between", Fault::Half(""), question),
    ("bye_between", Fault::Half("* BYE going down\r\n"), question),
    ("no_in_the_end", Fault::Half("NO some letters cannot be read"), |said| said == Said::Letters),
    ("cut_literal", Fault::InLiteral, |said| said == Said::Letters),
    ("slow", Fault::Slow, question),
    (
        "unasked",
        Fault::Unasked(&[
            "* 1 FETCH (FLAGS (\\Seen))\r\n",
            "* 2 FETCH (UID 2 FLAGS ())\r\n",
            "* 3 EXPUNGE\r\n",
            "* 99999 EXISTS\r\n",
            "* OK [XNEW2027 (1 2)] a code of tomorrow\r\n",
        ]),
        question,
    ),
    ("unknown", Fault::Unasked(&["* XNEW2027 (1 NIL)\r\n"]), question),
    ("no_end", Fault::NoEnd, question),
    ("idle_no", Fault::Refuse("NO not now"), |said| said == Said::Idle),
    ("idle_bad", Fault::Refuse("BAD what is that"), |said| said == Said::Idle),
    ("idle_mute", Fault::Mute, |said| said == Said::Idle),
    ("idle_deaf", Fault::Deaf, |said| said == Said::Idle),
];

/// Clones share one server.
#[derive(Clone)]
pub(crate) struct MailRelay {
    pub(crate) port: u16,
    upstream: u16,
    inside: Arc<Mutex<Inside>>,
}

struct Inside {
    every: u32,
    chance: u32,
    faults: VecDeque<usize>,
    drawn: usize,
    open: usize,
    renumbered: u32,
    counts: Counts,
}

type Reading = BufReader<OwnedReadHalf>;

impl MailRelay {
    /// In front of a port of this machine; fair until told otherwise.
    pub(crate) async fn start(upstream: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let inside = Inside {
            every: 0,
            chance: 1,
            faults: (0..FAULTS.len()).collect(),
            drawn: 0,
            open: 0,
            renumbered: 0,
            counts: Counts::default(),
        };
        let relay = Self { port, upstream, inside: Arc::new(Mutex::new(inside)) };
        let serving = relay.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    serving.opened();
                    // What breaks here is meant to.
                    drop(serving.serve(client).await);
                    serving.inside().open -= 1;
                });
            }
        });
        relay
    }

    /// No fault of that name.
    pub(crate) fn without(self, name: &str) -> Self {
        self.inside().faults.retain(|fault| FAULTS[*fault].0 != name);
        self
    }

    /// One command in so many meets a fault from now on; with 0 none does.
    pub(crate) fn break_one_in(&self, every: u32) {
        self.inside().every = every;
    }

    /// From now on the numbers of letters are said to mean others.
    pub(crate) fn renumber(&self) {
        let mut inside = self.inside();
        inside.renumbered += 1;
        *inside.counts.faults.entry("renumbered").or_default() += 1;
    }

    pub(crate) fn counts(&self) -> Counts {
        self.inside().counts.clone()
    }

    /// Every kind of fault was met, where there were enough of them, and never were there too many connections.
    pub(crate) fn faults_were_met(&self) {
        let inside = self.inside();
        let faults = &inside.counts.faults;
        let missed: Vec<_> = FAULTS.iter().map(|row| row.0).filter(|name| !faults.contains_key(name)).collect();
        assert!(missed.is_empty() || inside.drawn < 5 * FAULTS.len(), "{missed:?} of {faults:?}");
        assert_eq!(inside.counts.limits_exceeded, 0);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) {
        let mut inside = self.inside();
        inside.open += 1;
        inside.counts.limits_exceeded += u64::from(inside.open > CONNECTIONS);
    }

    /// What goes wrong with it; counted.
    fn draw(&self, said: Said, name: &str) -> Option<Fault> {
        let inside = &mut *self.inside();
        *inside.counts.requests.entry(name.to_owned()).or_default() += 1;
        // By chance that is the same each time, so that no fault meets the same command of each connection.
        inside.chance = inside.chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if inside.every == 0 || !(inside.chance >> 8).is_multiple_of(inside.every) {
            return None;
        }
        let place = inside.faults.iter().position(|fault| FAULTS[*fault].2(said))?;
        let fault = inside.faults.remove(place)?;
        inside.faults.push_back(fault);
        inside.drawn += 1;
        *inside.counts.faults.entry(FAULTS[fault].0).or_default() += 1;
        Some(FAULTS[fault].1)
    }

    async fn serve(&self, client: TcpStream) -> io::Result<()> {
        let (from_client, mut client) = client.into_split();
        let (from_server, mut server) = TcpStream::connect(("127.0.0.1", self.upstream)).await?.into_split();
        let (mut from_client, mut from_server) = (BufReader::new(from_client), BufReader::new(from_server));
        let greeting = answer(&mut from_server).await?;
        if let Some(Fault::Close(words)) = self.draw(Said::Connect, "connect") {
            return client.write_all(words.as_bytes()).await;
        }
        client.write_all(&greeting).await?;
        loop {
            let mut line = String::new();
            if from_client.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
            let said = match command {
                "IDLE" => Said::Idle,
                _ if command.starts_with("LOGIN") => Said::Login,
                _ if command.starts_with("EXAMINE") => Said::Examine,
                _ if command.contains("BODY.PEEK") => Said::Letters,
                _ => Said::Other,
            };
            let fault = self.draw(said, command.split(' ').next().unwrap_or_default());
            match fault {
                Some(Fault::Refuse(words)) => {
                    client.write_all(format!("{tag} {words}\r\n").as_bytes()).await?;
                    continue;
                }
                Some(Fault::Close(words)) => return client.write_all(words.as_bytes()).await,
                Some(Fault::Mute) => return nothing_more(&mut from_client).await,
                _ => {}
            }
            server.write_all(line.as_bytes()).await?;
            if said == Said::Idle {
                let deaf = matches!(fault, Some(Fault::Deaf));
                wait(&mut from_client, &mut client, &mut from_server, &mut server, deaf).await?;
                continue;
            }
            let mut told = Vec::new();
            let end = loop {
                let one = answer(&mut from_server).await?;
                if one.starts_with(tag.as_bytes()) {
                    break one;
                }
                told.push(if said == Said::Examine { self.renumbered(one) } else { one });
            };
            match fault {
                None => client.write_all(&[told.concat(), end].concat()).await?,
                Some(Fault::NoEnd) => {
                    client.write_all(&told.concat()).await?;
                    return nothing_more(&mut from_client).await;
                }
                Some(fault) => {
                    let goes_on = spoil(&mut client, tag, &told, &end, fault).await?;
                    if !goes_on {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn renumbered(&self, told: Vec<u8>) -> Vec<u8> {
        let more = self.inside().renumbered;
        let line = String::from_utf8_lossy(&told);
        let Some((before, after)) = line.split_once("[UIDVALIDITY ") else { return told };
        let (number, after) = after.split_once(']').expect("a code ends");
        let number: u32 = number.parse().expect("a number");
        format!("{before}[UIDVALIDITY {}]{after}", number + more).into_bytes()
    }
}

/// Hands on an answer that is not as it was given; whether the dialogue goes on.
async fn spoil(client: &mut OwnedWriteHalf, tag: &str, told: &[Vec<u8>], end: &[u8], fault: Fault) -> io::Result<bool> {
    let half = told.len() / 2;
    match fault {
        Fault::Half(words) => {
            client.write_all(&told[..half].concat()).await?;
            let goes_on = words.starts_with("NO");
            let words = if goes_on { format!("{tag} {words}\r\n") } else { words.to_owned() };
            client.write_all(words.as_bytes()).await?;
            return Ok(goes_on);
        }
        Fault::InLiteral => {
            let told = told.concat();
            let literal = told.windows(3).position(|three| three == b"}\r\n").map_or(told.len() / 2, |at| at + 3);
            client.write_all(&told[..told.len().min(literal + 20)]).await?;
            return Ok(false);
        }
        Fault::Slow => {
            let told = [&told.concat(), end].concat();
            for piece in told.chunks((told.len() / 16).max(1)) {
                client.write_all(piece).await?;
                tokio::time::sleep(SLOW).await;
            }
        }
        Fault::Unasked(lines) => {
            let lines = lines.concat();
            let told =
                [&told[..half].concat(), lines.as_bytes(), &told[half..].concat(), lines.as_bytes(), end].concat();
            client.write_all(&told).await?;
        }
        _ => client.write_all(&[&told.concat(), end].concat()).await?,
    }
    Ok(true)
}

/// A wait for news: what is told in it, until either side ends it.
async fn wait(
    from_client: &mut Reading,
    client: &mut OwnedWriteHalf,
    from_server: &mut Reading,
    server: &mut OwnedWriteHalf,
    deaf: bool,
) -> io::Result<()> {
    client.write_all(&answer(from_server).await?).await?;
    let mut done = false;
    loop {
        tokio::select! {
            told = from_server.fill_buf() => {
                if told?.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let one = answer(from_server).await?;
                let ends = !one.starts_with(b"* ");
                if ends || !deaf {
                    client.write_all(&one).await?;
                }
                if ends && done {
                    return Ok(());
                }
            }
            said = from_client.fill_buf(), if !done => {
                if said?.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let mut line = String::new();
                from_client.read_line(&mut line).await?;
                server.write_all(line.as_bytes()).await?;
                done = true;
            }
        }
    }
}

/// Silence until the other side goes.
async fn nothing_more(from_client: &mut Reading) -> io::Result<()> {
    let mut rest = Vec::new();
    from_client.read_to_end(&mut rest).await.map(drop)
}

/// One answer with the literals in it.
async fn answer(from: &mut Reading) -> io::Result<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let start = whole.len();
        if from.read_until(b'\n', &mut whole).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = whole[start..].strip_suffix(b"}\r\n").unwrap_or_default();
        let length = line.iter().rposition(|byte| *byte == b'{').map(|at| &line[at + 1..]);
        let Some(length) = length.and_then(|length| std::str::from_utf8(length).ok()?.parse::<usize>().ok()) else {
            return Ok(whole);
        };
        let start = whole.len();
        whole.resize(start + length, 0);
        from.read_exact(&mut whole[start..]).await?;
    }
}
