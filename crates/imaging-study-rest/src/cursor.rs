//! Where a page begins.

use imaging_study_validate::IssueCode;

use crate::failure::Failure;
use crate::negotiate::parameter;

/// The parameter of a link that names the place.
const CURSOR: &str = "_cursor";

/// A link to the page that begins behind a cursor, with the parts of the query that were used.
pub(crate) fn link(place: &str, used: &[String], cursor: Option<&[u8]>) -> String {
    let mut parts = used.to_vec();
    parts.extend(cursor.map(|cursor| format!("{CURSOR}={}", encode(cursor))));
    match parts.is_empty() {
        true => place.to_owned(),
        false => format!("{place}?{}", parts.join("&")),
    }
}

/// The bytes of a store as they stand in a link.
fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that a query names, and the query without them.
pub(crate) fn take(query: &str) -> Result<(Option<Vec<u8>>, String), Failure> {
    let cursor = match parameter(Some(query), CURSOR)? {
        None => None,
        Some(text) => Some(
            decode(&text)
                .ok_or_else(|| Failure::new(400, IssueCode::Value, "_cursor: no such page"))?,
        ),
    };
    let is_cursor = |part: &&str| part.split('=').next() == Some(CURSOR);
    let rest = query.split('&').filter(|part| !is_cursor(part));
    Ok((cursor, rest.collect::<Vec<_>>().join("&")))
}

fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || text.len() > 8192 {
        return None;
    }
    let pairs = text.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let (high, low) = (digit(pair.first()?)?, digit(pair.get(1)?)?);
        u8::try_from(high << 4 | low).ok()
    });
    bytes.collect()
}
