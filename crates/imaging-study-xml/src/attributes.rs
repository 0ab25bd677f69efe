//! The attributes of a tag.
//!
//! quick-xml hands over a tag as one piece; taking it apart here costs no allocation and refuses
//! what its own iterator lets pass: attributes without white space between them, `<` in values.

use std::borrow::Cow;

use imaging_study_core::{ReadError, ReadErrorKind, find_special};

use crate::characters::{is_character, is_name, is_white_space};

/// The attributes of a tag, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attributes<'a> {
    /// What stands between the name of the tag and its end.
    text: &'a str,
    position: usize,
    /// Where in the input the text begins.
    offset: usize,
}

/// An attribute as it is spelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    /// The value as it stands between the quotes.
    raw: &'a str,
    /// Whether the value stands for itself.
    plain: bool,
    /// Where in the input the name begins.
    pub(crate) offset: usize,
    /// Where in the input the value begins.
    pub(crate) value_offset: usize,
}

impl<'a> Attributes<'a> {
    pub(crate) const fn new(text: &'a str, offset: usize) -> Self {
        Self {
            text,
            position: 0,
            offset,
        }
    }

    /// Whether there is nothing, not even white space.
    pub(crate) const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The value and where it begins, if there is one attribute, `value`, spelled as nearly all are:
    /// the value stands for itself.
    #[inline]
    pub(crate) fn only_value(&self) -> Option<(&'a str, usize)> {
        const START: &str = " value=\"";
        let text = self.text.strip_prefix(START)?;
        let end = find_special(text.as_bytes(), 0, [b'"', b'&', b'<']);
        if end + 1 != text.len() || !text.ends_with('"') {
            return None;
        }
        Some((&text[..end], self.offset + START.len()))
    }

    /// Where in the input the cursor stands: behind the attribute taken last.
    pub(crate) const fn position(&self) -> usize {
        self.offset + self.position
    }

    fn skip_white_space(&mut self) -> bool {
        let start = self.position;
        let bytes = self.text.as_bytes();
        while bytes
            .get(self.position)
            .copied()
            .is_some_and(is_white_space)
        {
            self.position += 1;
        }
        self.position > start
    }

    #[cold]
    fn syntax(&self, expected: &'static str) -> ReadError {
        let found = if self.position < self.text.len() {
            "another character"
        } else {
            "the end of the tag"
        };
        let kind = ReadErrorKind::Syntax { expected, found };
        ReadError::new(kind, self.offset + self.position)
    }

    /// The next attribute.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Attribute<'a>>, ReadError> {
        let bytes = self.text.as_bytes();
        let spaced = self.skip_white_space();
        if self.position == bytes.len() {
            return Ok(None);
        }
        if !spaced {
            return Err(self.syntax("white space"));
        }
        let start = self.position;
        while bytes
            .get(self.position)
            .is_some_and(|&byte| byte != b'=' && !is_white_space(byte))
        {
            self.position += 1;
        }
        let name = &self.text[start..self.position];
        self.skip_white_space();
        if bytes.get(self.position) != Some(&b'=') {
            return Err(self.syntax("the equals sign of an attribute"));
        }
        self.position += 1;
        self.skip_white_space();
        let Some(&quote @ (b'"' | b'\'')) = bytes.get(self.position) else {
            return Err(self.syntax("a quotation mark"));
        };
        let value = self.position + 1;
        let mut end = find_special(bytes, value, [quote, b'&', b'<']);
        let plain = bytes.get(end) == Some(&quote);
        if !plain {
            end = memchr::memchr(quote, &bytes[end..]).map_or(bytes.len(), |at| end + at);
        }
        if end == bytes.len() {
            self.position = end;
            return Err(self.syntax("the quotation mark that ends a value"));
        }
        self.position = end + 1;
        let attribute = Attribute {
            name,
            raw: &self.text[value..end],
            plain,
            offset: self.offset + start,
            value_offset: self.offset + value,
        };
        if matches!(name, "value" | "url" | "id") {
            return Ok(Some(attribute));
        }
        attribute.check_name()?;
        Ok(Some(attribute))
    }
}

impl<'a> Attribute<'a> {
    #[cold]
    fn check_name(&self) -> Result<(), ReadError> {
        let (prefix, local) = self.prefix_and_local();
        let named = (prefix.is_empty() && !self.name.starts_with(':')) || is_name(prefix);
        if named && is_name(local) {
            return Ok(());
        }
        let kind = ReadErrorKind::Syntax {
            expected: "the name of an attribute",
            found: "another text",
        };
        Err(ReadError::new(kind, self.offset))
    }

    /// The value as it stands between the quotes.
    pub(crate) const fn raw(&self) -> &'a str {
        self.raw
    }

    /// The prefix, empty where there is none, and the name behind it.
    pub(crate) fn prefix_and_local(&self) -> (&'a str, &'a str) {
        self.name.split_once(':').unwrap_or(("", self.name))
    }

    /// The prefix that the attribute declares, if it declares a namespace; empty for the default.
    pub(crate) fn declared_prefix(&self) -> Option<&'a str> {
        match self.name.strip_prefix("xmlns")? {
            "" => Some(""),
            prefix => prefix.strip_prefix(':'),
        }
    }

    /// The value that the spelling stands for (XML 1.0, section 3.3.3).
    #[inline]
    pub(crate) fn value(&self) -> Result<Cow<'a, str>, ReadError> {
        if self.plain {
            Ok(Cow::Borrowed(self.raw))
        } else {
            self.normalised().map(Cow::Owned)
        }
    }

    #[cold]
    fn normalised(&self) -> Result<String, ReadError> {
        let bytes = self.raw.as_bytes();
        let mut value = String::with_capacity(bytes.len());
        let mut from = 0;
        loop {
            let special = find_special(bytes, from, [b'&', b'<']);
            value.push_str(&self.raw[from..special]);
            let offset = self.value_offset + special;
            from = special + 1;
            match bytes.get(special) {
                None => return Ok(value),
                Some(b'&') => {
                    let rest = &self.raw[from..];
                    let Some(end) = memchr::memchr(b';', rest.as_bytes()) else {
                        return Err(not_a_reference(offset));
                    };
                    value.push(reference(&rest[..end]).ok_or_else(|| not_a_reference(offset))?);
                    from += end + 1;
                }
                Some(b'<') => {
                    let kind = ReadErrorKind::Syntax {
                        expected: "the value of an attribute",
                        found: "<",
                    };
                    return Err(ReadError::new(kind, offset));
                }
                // The end of a line counts as one character, however it is spelled.
                Some(b'\r') if bytes.get(from) == Some(&b'\n') => {}
                Some(_) => value.push(' '),
            }
        }
    }
}

/// The character that a reference stands for: what is between `&` and `;`.
pub(crate) fn reference(name: &str) -> Option<char> {
    let code = match name.strip_prefix('#') {
        None => {
            return Some(match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                _ => return None,
            });
        }
        Some(decimal) => match decimal.strip_prefix('x') {
            Some(hexadecimal) => number(hexadecimal, 16),
            None => number(decimal, 10),
        },
    };
    char::from_u32(code?).filter(|&character| is_character(character))
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    // from_str_radix would take a sign.
    let valid = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    valid
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}

/// The error for a reference to what is no character and no entity of XML itself.
#[cold]
pub(crate) fn not_a_reference(offset: usize) -> ReadError {
    let kind = ReadErrorKind::Syntax {
        expected: "a reference to a character, or to amp, lt, gt, quot or apos",
        found: "another reference",
    };
    ReadError::new(kind, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        let mut attributes = Attributes::new(text, 0);
        let attribute = attributes.next().ok()??;
        attribute.value().ok().map(Cow::into_owned)
    }

    #[test]
    fn values_are_normalised() {
        let cases = [
            (r#" value="a""#, "a"),
            (" value\t=\n'\"'", "\""),
            (" value='a\tb\nc\r\nd\re'", "a b c d e"),
            (" value='&#9;&#xA;&#13;&#x1F600;'", "\t\n\r\u{1F600}"),
            (" value='&amp;&lt;&gt;&quot;&apos;&amp;lt;'", "&<>\"'&lt;"),
            (" value=''", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text).as_deref(), Some(expected), "{text}");
        }
        let wrong = [
            "value='a'",
            " value=a",
            " value='a",
            " value'a'",
            " value",
            " value='<'",
            " value='&'",
            " value='&nbsp;'",
            " value='&#0;'",
            " value='&#xD800;'",
            " value='&#xFFFF;'",
            " value='&#x110000;'",
            " value='&#99999999999;'",
            " value='&#+65;'",
            " value='&#X41;'",
            " value='&#;'",
            " 1='a'",
            " a:='b'",
            " :a='b'",
            " a:b:c='b'",
            " ='b'",
        ];
        for text in wrong {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn attributes_need_white_space_between_them() {
        let mut attributes = Attributes::new(" a='1'b='2'", 0);
        assert!(attributes.next().is_ok());
        assert!(attributes.next().is_err());
        let mut attributes = Attributes::new(" a='1'\n b=\"2\" ", 7);
        let first = attributes.next().expect("an attribute");
        assert_eq!(
            first.map(|first| (first.offset, first.value_offset)),
            Some((8, 11))
        );
        assert!(attributes.next().is_ok_and(|second| second.is_some()));
        assert!(attributes.next().is_ok_and(|third| third.is_none()));
    }
}
