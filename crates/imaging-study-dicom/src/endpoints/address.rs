//! The address of an endpoint.

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::ConnectionType;
use crate::Uid;
use crate::percent::hex;

/// The address of an endpoint, checked.
///
/// An address comes from a resource that somebody may have forged, and a URL below it is opened with
/// a user's rights. So an address is `http` or `https`, a host of plain ASCII, maybe a port and a
/// path; no user, password, query, fragment, white space, control character, backslash or dot
/// segment, also none that is percent-encoded. That the host is one to be trusted is for the caller
/// to decide. The bytes of the address are kept as they are, and paths are appended to them.
///
/// FHIR says of `dicom-wado-rs` that the address ends before `/studies` and has no slash at its end,
/// which is taken for `dicom-qido-rs` and `dicom-stow-rs` too, and of `dicom-wado-uri` and `ihe-iid`
/// that it has no query (<https://hl7.org/fhir/R5/imagingstudy.html#endpoints>).
///
/// ```
/// use imaging_study_dicom::{Address, AddressError, AddressRepair, ConnectionType};
///
/// let text = "https://pacs.example.org/wado-rs/studies/";
/// assert!(matches!(
///     Address::parse(text, ConnectionType::WadoRs),
///     Err(AddressError::SubService { position: 32 })
/// ));
/// let repaired = Address::repair(text, ConnectionType::WadoRs)?;
/// assert_eq!(repaired.address.as_str(), "https://pacs.example.org/wado-rs");
/// assert_eq!(repaired.repairs, [AddressRepair::SubService]);
/// # Ok::<(), AddressError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address<'a> {
    text: &'a str,
    lints: u8,
}

/// An address, and what was taken off it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepairedAddress<'a> {
    /// The address.
    pub address: Address<'a>,
    /// What was taken off, from the end.
    pub repairs: Vec<AddressRepair>,
}

/// What was taken off an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressRepair {
    /// An empty query, or one of the service itself, `?requestType=...`.
    Query,
    /// `/studies` and what follows.
    SubService,
    /// Slashes at the end.
    TrailingSlash,
}

/// Something odd about an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum AddressLint {
    /// `http`: whoever is on the way can read and change what is sent.
    Http,
    /// The host has letters beyond ASCII, written as `xn--`, which may look like other letters.
    Punycode,
    /// The host is the machine itself or one beside it: `localhost`, a loopback or a link-local
    /// address.
    LocalHost,
}

/// Which rule an address breaks. Positions are byte offsets; the address is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressError {
    /// The address has more than 2,048 bytes.
    TooLong {
        /// The length found, in bytes.
        length: usize,
    },
    /// White space.
    Whitespace {
        /// Where it stands.
        position: usize,
    },
    /// A control character.
    Control {
        /// Where it stands.
        position: usize,
    },
    /// A character beyond ASCII, in the host or elsewhere.
    NotAscii {
        /// Where it stands.
        position: usize,
    },
    /// A backslash, which some take for a slash.
    Backslash {
        /// Where it stands.
        position: usize,
    },
    /// A character that a path cannot have.
    Character {
        /// Where it stands.
        position: usize,
    },
    /// The address does not begin with `http://` or `https://`.
    NotHttp,
    /// There is a user, maybe with a password, before the host.
    UserInfo,
    /// There is no host.
    NoHost,
    /// The host is no name and no IP address.
    BadHost,
    /// The port is none from 1 to 65535.
    BadPort,
    /// A segment `.` or `..`, maybe percent-encoded.
    DotSegment {
        /// Where the segment begins.
        position: usize,
    },
    /// A percent sign that begins no escape.
    BadEscape {
        /// Where it stands.
        position: usize,
    },
    /// An escape of a control character, slash, backslash or of another escape.
    HiddenCharacter {
        /// Where it stands.
        position: usize,
    },
    /// A query.
    Query {
        /// Where the question mark stands.
        position: usize,
    },
    /// A fragment.
    Fragment {
        /// Where the number sign stands.
        position: usize,
    },
    /// A sub-service of the endpoint: `/studies`.
    SubService {
        /// Where its slash stands.
        position: usize,
    },
    /// A slash at the end.
    TrailingSlash,
    /// The address is `http`, where a user is to open it in a viewer.
    NotHttps,
}

impl<'a> Address<'a> {
    /// The greatest length of an address, in bytes.
    pub const MAX_LENGTH: usize = 2048;

    /// Checks an address against the rules for all addresses and those for the connection type.
    ///
    /// # Errors
    ///
    /// A rule that it breaks.
    pub fn parse(text: &'a str, connection_type: ConnectionType) -> Result<Self, AddressError> {
        check_characters(text)?;
        let (authority, path) = split(text)?;
        let host = check_authority(&text[authority..path])?;
        if let Some(offset) = text[path..].find(['?', '#']) {
            let position = path + offset;
            return Err(match text.as_bytes()[position] {
                b'?' => AddressError::Query { position },
                _ => AddressError::Fragment { position },
            });
        }
        check_path(text, path)?;
        if is_base(connection_type) {
            if let Some(position) = sub_service(text, path) {
                return Err(AddressError::SubService { position });
            }
            if text.ends_with('/') {
                return Err(AddressError::TrailingSlash);
            }
        }
        let mut lints = host_lints(host);
        if text.as_bytes()[4] == b':' {
            lints |= 1 << AddressLint::Http as u8;
        }
        Ok(Self { text, lints })
    }

    /// The same, after taking off what often stands at the end of an address by mistake: slashes,
    /// `/studies` and what follows, an empty query, or that of a request (`?requestType=...`).
    ///
    /// # Errors
    ///
    /// A rule that is broken still.
    pub fn repair(
        text: &'a str,
        connection_type: ConnectionType,
    ) -> Result<RepairedAddress<'a>, AddressError> {
        check_characters(text)?;
        let (_, path) = split(text)?;
        let mut repairs = Vec::new();
        let mut rest = text;
        if let Some(position) = text.find('?') {
            let query = &text[position + 1..];
            let own = query
                .get(..12)
                .is_some_and(|start| start.eq_ignore_ascii_case("requestType="));
            if !query.contains('#') && (query.is_empty() || own && !is_base(connection_type)) {
                rest = &text[..position];
                repairs.push(AddressRepair::Query);
            }
        }
        if is_base(connection_type) {
            if !rest.contains(['?', '#'])
                && let Some(position) = sub_service(rest, path)
            {
                rest = &rest[..position];
                repairs.push(AddressRepair::SubService);
            }
            let trimmed = rest.trim_end_matches('/');
            // The slashes before the host are no trailing ones.
            if trimmed.len() < rest.len() && trimmed.len() >= path {
                rest = trimmed;
                repairs.push(AddressRepair::TrailingSlash);
            }
        }
        Ok(RepairedAddress {
            address: Self::parse(rest, connection_type)?,
            repairs,
        })
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// What is odd about it.
    pub fn lints(&self) -> impl Iterator<Item = AddressLint> {
        let lints = self.lints;
        [
            AddressLint::Http,
            AddressLint::Punycode,
            AddressLint::LocalHost,
        ]
        .into_iter()
        .filter(move |lint| lints & 1 << *lint as u8 != 0)
    }

    /// Whether the address is `https`.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.lints & 1 << AddressLint::Http as u8 == 0
    }
}

/// Whether paths are appended to an address of this type, and not a query.
const fn is_base(connection_type: ConnectionType) -> bool {
    matches!(
        connection_type,
        ConnectionType::WadoRs | ConnectionType::QidoRs | ConnectionType::StowRs
    )
}

/// What no part of a URL may hold.
fn check_characters(text: &str) -> Result<(), AddressError> {
    if text.len() > Address::MAX_LENGTH {
        return Err(AddressError::TooLong { length: text.len() });
    }
    for (position, byte) in text.bytes().enumerate() {
        return Err(match byte {
            b' ' | b'\t' | b'\n' | b'\r' => AddressError::Whitespace { position },
            0..=31 | 127 => AddressError::Control { position },
            128.. => AddressError::NotAscii { position },
            b'\\' => AddressError::Backslash { position },
            _ => continue,
        });
    }
    Ok(())
}

/// Where the authority and the path begin.
fn split(text: &str) -> Result<(usize, usize), AddressError> {
    let starts_with = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let authority = match (starts_with("http://"), starts_with("https://")) {
        (true, _) => 7,
        (_, true) => 8,
        _ => return Err(AddressError::NotHttp),
    };
    let length = text[authority..].find(['/', '?', '#']);
    Ok((
        authority,
        length.map_or(text.len(), |length| authority + length),
    ))
}

/// Checks host and port, and returns the host.
fn check_authority(authority: &str) -> Result<&str, AddressError> {
    if authority.contains('@') {
        return Err(AddressError::UserInfo);
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or(AddressError::BadHost)?;
            host.parse::<Ipv6Addr>()
                .map_err(|_| AddressError::BadHost)?;
            (host, port)
        }
        None => {
            let end = authority.find(':').unwrap_or(authority.len());
            let (host, port) = authority.split_at(end);
            check_name(host)?;
            (host, port)
        }
    };
    if !port.is_empty() {
        let digits = port.strip_prefix(':').ok_or(AddressError::BadHost)?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.parse::<u16>() {
            Ok(1..) if plain => {}
            _ => return Err(AddressError::BadPort),
        }
    }
    Ok(host)
}

fn check_name(host: &str) -> Result<(), AddressError> {
    if host.is_empty() {
        return Err(AddressError::NoHost);
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if host.len() > 253 || !host.split('.').all(label) {
        return Err(AddressError::BadHost);
    }
    // `127.1`, `0x7f.1` and `2130706433` are addresses to some and names to others.
    let last = host.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.len() > 1 && last[..2].eq_ignore_ascii_case("0x");
    let numeric = hexadecimal || last.bytes().all(|byte| byte.is_ascii_digit());
    if numeric && host.parse::<Ipv4Addr>().is_err() {
        return Err(AddressError::BadHost);
    }
    Ok(())
}

fn host_lints(host: &str) -> u8 {
    let local = host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|ip| ip.is_loopback() || ip.is_link_local() || ip.is_unspecified())
        || host.parse::<Ipv6Addr>().is_ok_and(|ip| {
            let mapped = ip.to_ipv4_mapped();
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unicast_link_local()
                || mapped.is_some_and(|ip| ip.is_loopback() || ip.is_link_local())
        });
    let punycode = host.split('.').any(|label| {
        label
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
    });
    u8::from(local) << AddressLint::LocalHost as u8
        | u8::from(punycode) << AddressLint::Punycode as u8
}

fn check_path(text: &str, path: usize) -> Result<(), AddressError> {
    let bytes = text.as_bytes();
    let mut position = path;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'%' => {
                let digit = |offset: usize| bytes.get(position + offset).copied().and_then(hex);
                let (Some(high), Some(low)) = (digit(1), digit(2)) else {
                    return Err(AddressError::BadEscape { position });
                };
                if matches!(high << 4 | low, 0..=31 | 127 | b'/' | b'\\' | b'%') {
                    return Err(AddressError::HiddenCharacter { position });
                }
                position += 3;
                continue;
            }
            b'/' | b':' | b'@' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'('
            | b')' | b'*' | b'+' | b',' | b';' | b'=' => {}
            _ if byte.is_ascii_alphanumeric() => {}
            _ => return Err(AddressError::Character { position }),
        }
        position += 1;
    }
    let mut position = path;
    for segment in text[path..].split('/') {
        let rest = segment.replace("%2e", ".").replace("%2E", ".");
        if rest == "." || rest == ".." {
            return Err(AddressError::DotSegment { position });
        }
        position += segment.len() + 1;
    }
    Ok(())
}

/// The slash before a segment `studies` at the end, or before a UID.
fn sub_service(text: &str, path: usize) -> Option<usize> {
    let mut position = path;
    let mut segments = text[path..].split('/').peekable();
    while let Some(segment) = segments.next() {
        let ends = |next: &str| next.is_empty() || Uid::parse_plain(next).is_ok();
        if segment == "studies" && segments.peek().is_none_or(|next| ends(next)) {
            return Some(position - 1);
        }
        position += segment.len() + 1;
    }
    None
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.text)
    }
}

impl fmt::Display for AddressLint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Http => "the address is http, which others can read and change on the way",
            Self::Punycode => "the host has letters beyond ASCII, which may look like others",
            Self::LocalHost => "the host is the machine itself or one beside it",
        })
    }
}

impl fmt::Display for AddressRepair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Query => "a query was taken off the address",
            Self::SubService => "a sub-service was taken off the address",
            Self::TrailingSlash => "a slash was taken off the end of the address",
        })
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, position) = match self {
            Self::TooLong { length } => {
                let most = Address::MAX_LENGTH;
                return write!(
                    formatter,
                    "an address has at most {most} bytes, found {length}"
                );
            }
            Self::NotHttp => return formatter.write_str("an address begins with http or https"),
            Self::UserInfo => return formatter.write_str("an address names no user"),
            Self::NoHost => return formatter.write_str("an address has a host"),
            Self::BadHost => {
                return formatter.write_str("the host is neither a name nor an IP address");
            }
            Self::BadPort => return formatter.write_str("a port is a number from 1 to 65535"),
            Self::TrailingSlash => return formatter.write_str("the address ends with a slash"),
            Self::NotHttps => return formatter.write_str("a link for users is https"),
            Self::Whitespace { position } => ("white space", position),
            Self::Control { position } => ("a control character", position),
            Self::NotAscii { position } => ("a character beyond ASCII", position),
            Self::Backslash { position } => ("a backslash", position),
            Self::Character { position } => ("a character that no path has", position),
            Self::DotSegment { position } => ("a dot segment", position),
            Self::BadEscape { position } => ("a percent sign without an escape", position),
            Self::HiddenCharacter { position } => ("an escape that hides a character", position),
            Self::Query { position } => ("a query", position),
            Self::Fragment { position } => ("a fragment", position),
            Self::SubService { position } => ("a sub-service", position),
        };
        write!(
            formatter,
            "the address has {what} at position {position}, where none belongs"
        )
    }
}

impl Error for AddressError {}
