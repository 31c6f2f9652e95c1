//! A directory server that answers as a test wants: it reads what it is sent as far as the kind
//! of the operation (RFC 4511, section 4.1.1), and counts.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The operations, by the first byte of their requests.
pub(super) const BIND: u8 = 0x60;
pub(super) const SEARCH: u8 = 0x63;
pub(super) const MODIFY: u8 = 0x66;
pub(super) const EXTENDED: u8 = 0x77;

/// A request.
pub(super) struct Asked {
    /// Which connection it came over, the first being 0.
    pub(super) connection: usize,
    pub(super) operation: u8,
    id: u8,
    /// The whole of it.
    pub(super) bytes: Vec<u8>,
}

/// What comes of a request.
pub(super) enum Answer {
    Send(Vec<u8>),
    SendAndClose(Vec<u8>),
    Close,
    Silence,
}

/// A server that is up for as long as the test.
pub(super) struct Fake {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<(usize, u8)>>>,
    open: Arc<AtomicUsize>,
    pub(super) most_open: Arc<AtomicUsize>,
}

impl Fake {
    /// Log-ins succeed and the root DSE is empty; the rest is the test's.
    pub(super) async fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::raw(move |asked| match asked.operation {
            BIND => Answer::Send(asked.result(0, "")),
            SEARCH if asked.is_root() => Answer::Send(asked.result(0, "")),
            _ => answer(asked),
        })
        .await
    }

    /// Everything is the test's.
    pub(super) async fn raw(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("an address");
        let fake = Self { address, seen: Arc::default(), open: Arc::default(), most_open: Arc::default() };
        let (seen, open, most) = (fake.seen.clone(), fake.open.clone(), fake.most_open.clone());
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (seen, open, most, answer) = (seen.clone(), open.clone(), most.clone(), answer.clone());
                tokio::spawn(async move {
                    most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let _ = serve(stream, connection, &seen, &*answer).await;
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        fake
    }

    pub(super) fn url(&self) -> String {
        format!("ldap://{}", self.address)
    }

    /// How many requests of a kind came.
    pub(super) fn count(&self, operation: u8) -> usize {
        self.seen.lock().expect("no panic").iter().filter(|(_, seen)| *seen == operation).count()
    }
}

async fn serve(
    mut stream: TcpStream,
    connection: usize,
    seen: &Mutex<Vec<(usize, u8)>>,
    answer: &(dyn Fn(&Asked) -> Answer + Send + Sync),
) -> std::io::Result<()> {
    loop {
        let bytes = message(&mut stream).await?;
        // Sequence, length, then the id: a number of one byte, since these tests are short.
        let at = if bytes[1] < 0x80 { 2 } else { 2 + usize::from(bytes[1] & 0x7f) };
        let (id, operation) = (bytes[at + 2], bytes[at + 3]);
        let asked = Asked { connection, operation, id, bytes };
        seen.lock().expect("no panic").push((connection, operation));
        match answer(&asked) {
            Answer::Send(bytes) => stream.write_all(&bytes).await?,
            Answer::SendAndClose(bytes) => return stream.write_all(&bytes).await,
            Answer::Close => return Ok(()),
            Answer::Silence => {}
        }
    }
}

/// One message, by its outermost length.
async fn message(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; 2];
    stream.read_exact(&mut bytes).await?;
    let mut length = usize::from(bytes[1]);
    if length >= 0x80 {
        let mut long = vec![0; length & 0x7f];
        stream.read_exact(&mut long).await?;
        length = long.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
        bytes.extend(long);
    }
    let start = bytes.len();
    bytes.resize(start + length, 0);
    stream.read_exact(&mut bytes[start..]).await?;
    Ok(bytes)
}

impl Asked {
    /// Whether a search is one of the root DSE: its base is the empty name.
    fn is_root(&self) -> bool {
        let at = self.bytes.iter().position(|byte| *byte == SEARCH).unwrap_or_default();
        let body =
            if self.bytes[at + 1] < 0x80 { at + 2 } else { at + 2 + usize::from(self.bytes[at + 1] & 0x7f) };
        self.bytes[body..body + 2] == [0x04, 0]
    }

    pub(super) fn holds(&self, text: &str) -> bool {
        self.bytes.windows(text.len()).any(|part| part == text.as_bytes())
    }

    /// The result of the operation.
    pub(super) fn result(&self, code: u8, text: &str) -> Vec<u8> {
        self.result_with(code, text, &[], &[])
    }

    /// A result with referrals, and with controls: their OIDs and values.
    pub(super) fn result_with(
        &self,
        code: u8,
        text: &str,
        referrals: &[&str],
        controls: &[(&str, Vec<u8>)],
    ) -> Vec<u8> {
        let response = if self.operation == SEARCH { 0x65 } else { self.operation + 1 };
        let mut parts = vec![tlv(0x0a, &[code]), tlv(0x04, b""), tlv(0x04, text.as_bytes())];
        if !referrals.is_empty() {
            let each: Vec<u8> = referrals.iter().flat_map(|url| tlv(0x04, url.as_bytes())).collect();
            parts.push(tlv(0xa3, &each));
        }
        let control = |(oid, value): &(&str, Vec<u8>)| {
            tlv(0x30, &[tlv(0x04, oid.as_bytes()), tlv(0x04, value)].concat())
        };
        let controls: Vec<u8> = controls.iter().flat_map(control).collect();
        let controls = if controls.is_empty() { Vec::new() } else { tlv(0xa0, &controls) };
        self.message(&[tlv(response, &parts.concat()), controls].concat())
    }

    /// An entry that a search found, with one attribute.
    pub(super) fn entry(&self, dn: &str, attribute: &str, value: &str) -> Vec<u8> {
        let values = tlv(0x31, &tlv(0x04, value.as_bytes()));
        let attribute = tlv(0x30, &[tlv(0x04, attribute.as_bytes()), values].concat());
        self.message(&tlv(0x64, &[tlv(0x04, dn.as_bytes()), tlv(0x30, &attribute)].concat()))
    }

    /// A place where a search could go on.
    pub(super) fn reference(&self, url: &str) -> Vec<u8> {
        self.message(&tlv(0x73, &tlv(0x04, url.as_bytes())))
    }

    pub(super) fn message(&self, body: &[u8]) -> Vec<u8> {
        tlv(0x30, &[tlv(0x02, &[self.id]), body.to_vec()].concat())
    }
}

/// A value in BER: what it is, its length, itself.
pub(super) fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("tests are small").to_be_bytes();
    let mut bytes = vec![tag, 0x82];
    bytes.extend(length);
    bytes.extend(value);
    bytes
}
