//! Who may ask.

use std::collections::HashMap;

use imaging_study_rest::{Access, Sender};
use sha2::{Digest, Sha256};

/// The bearer tokens of a file. It has a line a token: its SHA-256 in hexadecimal, a name, and the
/// namespaces it is for, if not all, with blanks between; lines that begin with `#` are comments.
#[derive(Clone, Debug, Default)]
pub struct Tokens(HashMap<[u8; 32], Vec<String>>);

/// A line of a file of tokens has not the form of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the tokens: expected a SHA-256 in hexadecimal and a name")]
#[non_exhaustive]
pub struct TokensError {
    /// The line, counted from 1.
    pub line: usize,
}

impl Tokens {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// The first line that is no token.
    pub fn parse(text: &str) -> Result<Self, TokensError> {
        let mut tokens = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let mut words = line.split_whitespace();
            let Some(hash) = words.next().filter(|word| !word.starts_with('#')) else {
                continue;
            };
            let error = TokensError { line: index + 1 };
            let hash = digest(hash).ok_or_else(|| error.clone())?;
            words.next().ok_or(error)?;
            tokens.insert(hash, words.map(str::to_owned).collect());
        }
        Ok(Self(tokens))
    }

    /// What a sender may do.
    #[must_use]
    pub fn access(&self, sender: &Sender<'_>) -> Access {
        let hash = sender
            .token
            .map(|token| Sha256::digest(token.as_bytes()).into());
        match hash.and_then(|hash: [u8; 32]| self.0.get(&hash)) {
            None => Access::Unauthorized,
            Some(namespaces) if namespaces.is_empty() => Access::Granted,
            Some(namespaces) if namespaces.iter().any(|name| name == sender.namespace) => {
                Access::Granted
            }
            Some(_) => Access::Forbidden,
        }
    }
}

/// Without tokens everybody on this machine may do everything; where a layout needs a token, any is one.
pub(crate) fn open_access(sender: &Sender<'_>) -> Access {
    match sender.layout.bearer && sender.token.is_none() {
        true => Access::Unauthorized,
        false => Access::Granted,
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let pair = text.get(index * 2..index * 2 + 2)?;
        let digits = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
        *byte = u8::from_str_radix(pair, 16).ok().filter(|_| digits)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
        let text = format!("# tokens\n\n{hash} reader st-marys north\n");
        assert_eq!(Tokens::parse(&text).expect("tokens").0.len(), 1);
        for (text, line) in [
            ("abc reader", 1),
            ("# a\nzz", 2),
            (hash, 1),
            (&*format!("{hash}x name"), 1),
            (&*format!("+{} name", &hash[1..]), 1),
        ] {
            assert_eq!(
                Tokens::parse(text).map(|_| ()),
                Err(TokensError { line }),
                "{text}"
            );
        }
    }
}
