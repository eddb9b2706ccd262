//! Certificate authorities that the operator trusts beside the web's own: read from a file, checked when they are given.
//!
//! Only what decides whether a certificate may vouch for others is read of it, by X.509 (RFC 5280); its signature is proved by the TLS
//! library when a server shows a certificate that leads to it. Verification is never switched off.

use molva_domain::Timestamp;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Longest file of certificates.
pub const MAX_FILE_BYTES: usize = 256 << 10;
/// Most certificates of one file.
const MAX_CERTIFICATES: usize = 64;
const MAX_NAME_CHARS: usize = 120;

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// `keyCertSign`, in the first byte of the bits.
const MAY_SIGN: u8 = 0x04;

const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const BOOLEAN: u8 = 0x01;
const BITS: u8 = 0x03;

/// An authority, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    pub certificate: CertificateDer<'static>,
    /// As it calls itself.
    pub name: String,
    /// When it begins and ends to be valid.
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityProblem {
    #[error("it is longer than {MAX_FILE_BYTES} bytes; give the certificates of the authorities alone")]
    TooLong,
    #[error("it holds more than {MAX_CERTIFICATES} certificates; give those of the authorities that are missing alone")]
    TooMany,
    #[error(
        "it holds no certificate; give one in PEM, between `-----BEGIN CERTIFICATE-----` and `-----END CERTIFICATE-----`, or in DER"
    )]
    None,
    #[error("certificate {0} in it cannot be read; take the file anew from its authority")]
    Broken(usize),
    #[error("`{0}` is no authority: its certificate may not sign others; give that of the authority which signed it")]
    NoAuthority(String),
}

impl Authority {
    /// Whether it counts at that moment.
    #[must_use]
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.from <= now && now <= self.until
    }
}

/// The authorities of a file, PEM or DER.
///
/// # Errors
/// The first thing that is wrong with it: nothing of such a file is taken.
pub fn read_authorities(file: &[u8]) -> Result<Vec<Authority>, AuthorityProblem> {
    if file.len() > MAX_FILE_BYTES {
        return Err(AuthorityProblem::TooLong);
    }
    if file.first() == Some(&SEQUENCE) {
        return Ok(vec![authority(CertificateDer::from(file.to_vec()), 1)?]);
    }
    let mut found = Vec::new();
    for (index, certificate) in CertificateDer::pem_slice_iter(file).enumerate() {
        if index == MAX_CERTIFICATES {
            return Err(AuthorityProblem::TooMany);
        }
        let certificate = certificate.map_err(|_| AuthorityProblem::Broken(index + 1))?;
        found.push(authority(certificate, index + 1)?);
    }
    if found.is_empty() { Err(AuthorityProblem::None) } else { Ok(found) }
}

fn authority(certificate: CertificateDer<'static>, number: usize) -> Result<Authority, AuthorityProblem> {
    let broken = || AuthorityProblem::Broken(number);
    let read = Facts::read(&certificate).ok_or_else(broken)?;
    if !read.may_sign {
        return Err(AuthorityProblem::NoAuthority(read.name));
    }
    // What the library cannot take as a root would be left out silently later.
    RootCertStore::empty().add(certificate.clone()).map_err(|_| broken())?;
    Ok(Authority { certificate, name: read.name, from: read.from, until: read.until })
}

/// What is read of a certificate.
struct Facts {
    name: String,
    from: Timestamp,
    until: Timestamp,
    may_sign: bool,
}

impl Facts {
    fn read(certificate: &[u8]) -> Option<Self> {
        let mut of = Der(Der(Der(certificate).expect(SEQUENCE)?).expect(SEQUENCE)?);
        // The version, then the number, the algorithm and the issuer.
        if of.0.first() == Some(&0xa0) {
            of.next()?;
        }
        let (_number, _algorithm, _issuer) = (of.next()?, of.expect(SEQUENCE)?, of.expect(SEQUENCE)?);
        let mut validity = Der(of.expect(SEQUENCE)?);
        let (from, until) = (time(validity.next()?)?, time(validity.next()?)?);
        let name = name(of.expect(SEQUENCE)?);
        let _key = of.expect(SEQUENCE)?;
        let (mut is_authority, mut may_sign) = (false, true);
        while let Some((tag, content)) = of.next() {
            if tag != 0xa3 {
                continue;
            }
            let mut extensions = Der(Der(content).expect(SEQUENCE)?);
            while let Some((SEQUENCE, extension)) = extensions.next() {
                let mut parts = Der(extension);
                let (_, kind) = parts.next()?;
                let value =
                    std::iter::from_fn(|| parts.next()).find(|(tag, _)| *tag == OCTETS).map(|(_, value)| value)?;
                match kind {
                    BASIC_CONSTRAINTS => {
                        let first = Der(Der(value).expect(SEQUENCE)?).next();
                        is_authority = matches!(first, Some((BOOLEAN, [0xff])));
                    }
                    KEY_USAGE => may_sign = Der(value).expect(BITS)?.get(1).is_some_and(|bits| bits & MAY_SIGN != 0),
                    _ => {}
                }
            }
        }
        Some(Self { name, from, until, may_sign: is_authority && may_sign })
    }
}

/// DER that is read from its beginning on.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// Tag and content of the next value.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x83 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The content of the next value, which has that tag.
    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }
}

/// `YYMMDDHHMMSSZ`, or with the whole year.
fn time((tag, content): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match (tag, text.len()) {
        (0x17, 12) => format!("{}{text}", if &text[..2] < "50" { "20" } else { "19" }),
        (0x18, 14) => text.to_owned(),
        _ => return None,
    };
    let [year, month, day, hour, minute, second] =
        [(0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)].map(|(from, to)| &whole[from..to]);
    Timestamp::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

/// How the holder calls itself: its common name, else its organisation.
fn name(subject: &[u8]) -> String {
    let mut sets = Der(subject);
    let mut found = [None, None];
    while let Some((_, set)) = sets.next() {
        let Some(mut pair) = Der(set).expect(SEQUENCE).map(Der) else { continue };
        let (Some((_, kind)), Some((_, value))) = (pair.next(), pair.next()) else { continue };
        match kind {
            COMMON_NAME => found[0] = Some(value),
            ORGANISATION => found[1] = Some(value),
            _ => {}
        }
    }
    let value = found.into_iter().flatten().next().unwrap_or_default();
    let text = String::from_utf8_lossy(value);
    text.chars().filter(|letter| !letter.is_control()).take(MAX_NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_both_spellings() {
        let at = |tag, text: &str| time((tag, text.as_bytes())).map(Timestamp::to_rfc3339);
        assert_eq!(at(0x17, "220301121500Z").as_deref(), Some("2022-03-01T12:15:00.000Z"));
        assert_eq!(at(0x18, "20550301121500Z").as_deref(), Some("2055-03-01T12:15:00.000Z"));
        assert_eq!(
            (at(0x17, "20550301121500Z"), at(0x17, "22030112150Z"), at(0x17, "2203011215+3Z")),
            (None, None, None)
        );
    }

    #[test]
    fn what_is_no_certificate_is_refused_and_nothing_breaks_the_reader() {
        assert_eq!(read_authorities(b""), Err(AuthorityProblem::None));
        assert_eq!(read_authorities(b"hello"), Err(AuthorityProblem::None));
        assert_eq!(read_authorities(&vec![b' '; MAX_FILE_BYTES + 1]), Err(AuthorityProblem::TooLong));
        assert_eq!(read_authorities(&[0x30, 0x83, 0xff, 0xff, 0xff, 0x30]), Err(AuthorityProblem::Broken(1)));
        let pem = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        assert_eq!(read_authorities(pem), Err(AuthorityProblem::Broken(1)));
    }
}
