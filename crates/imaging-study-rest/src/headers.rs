//! Headers of a request.

/// The headers of a request, in their order. Names are compared without case, values are bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, Vec<u8>)>);

/// A header that is no text of visible characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the header {name} is not readable")]
pub struct UnreadableHeader {
    /// Its name.
    pub name: &'static str,
}

impl Headers {
    /// Adds a header behind the others.
    pub fn push(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Every value of a header.
    pub fn all<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h [u8]> {
        let values = self.0.iter();
        values.filter_map(move |(known, value)| {
            known.eq_ignore_ascii_case(name).then_some(value.as_slice())
        })
    }

    /// The text of a header, several of one name joined by commas; `None` without one.
    ///
    /// # Errors
    ///
    /// A value is no UTF-8, or has control characters.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, UnreadableHeader> {
        let mut joined: Option<String> = None;
        for value in self.all(name) {
            let text = std::str::from_utf8(value).ok();
            let text = text.filter(|text| !text.contains(|c: char| c.is_control() && c != '\t'));
            let text = text.ok_or(UnreadableHeader { name })?;
            match &mut joined {
                Some(joined) => {
                    joined.push_str(", ");
                    joined.push_str(text);
                }
                None => joined = Some(text.to_owned()),
            }
        }
        Ok(joined)
    }
}
