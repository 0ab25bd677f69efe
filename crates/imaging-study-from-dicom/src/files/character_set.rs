//! The character sets of DICOM (PS3.3 section C.12.1.1.2, PS3.5 chapter 6).

use encoding_rs::{
    EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5,
    ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_15, WINDOWS_874, WINDOWS_1254,
};

use crate::attribute::Kind;
use crate::gather::UNDECODED;

/// The characters that the bytes from 0x80 on stand for.
#[derive(Clone, Copy, Debug)]
enum Set {
    /// None: the default repertoire.
    Ascii,
    /// ISO 8859-1.
    Latin1,
    /// One byte a character, 0xA0 to 0xFF.
    Single(&'static Encoding),
    /// Half-width katakana, 0xA1 to 0xDF, beside a Latin set with yen and overline.
    Katakana,
    /// Two bytes a character.
    Double(&'static Encoding),
    /// The text as a whole.
    Utf8,
    /// The text as a whole.
    Whole(&'static Encoding),
}

/// What Specific Character Set `(0008,0005)` says.
#[derive(Clone, Debug)]
pub(super) struct CharacterSet {
    first: Set,
    /// Escape sequences change the set within a text.
    extended: bool,
    /// A term is not a defined one.
    unknown: bool,
}

impl Default for CharacterSet {
    fn default() -> Self {
        Self {
            first: Set::Ascii,
            extended: false,
            unknown: false,
        }
    }
}

impl CharacterSet {
    pub(super) fn of(value: &[u8]) -> Self {
        let text = String::from_utf8_lossy(value);
        let padding = |character: char| character == '\0' || character.is_whitespace();
        let mut terms = text.split('\\').map(|term| term.trim_matches(padding));
        let first = terms.next().unwrap_or_default();
        let mut more = terms.clone().peekable();
        Self {
            extended: first.starts_with("ISO 2022") || more.peek().is_some(),
            unknown: set(first).is_none() || terms.any(|term| set(term).is_none()),
            first: set(first).unwrap_or(Set::Ascii),
        }
    }

    /// The text of a value, and whether its set is a guess: bytes that are no text of the stated set,
    /// or of an unknown one, but valid UTF-8. What is neither is [`UNDECODED`].
    pub(super) fn decode(&self, bytes: &[u8], kind: Kind) -> (String, bool) {
        if kind != Kind::Name {
            return self.piece(bytes, kind);
        }
        let mut guessed = false;
        let groups = bytes.split(|byte| *byte == b'=').map(|group| {
            let (text, guess) = self.piece(group, kind);
            guessed |= guess;
            text
        });
        let groups: Vec<String> = groups.collect();
        // A byte of two that looks like the sign between groups is no such sign.
        if self.extended && groups.iter().any(|group| group.contains(UNDECODED)) {
            let (whole, guess) = self.piece(bytes, kind);
            if !whole.contains(UNDECODED) {
                return (whole, guess);
            }
        }
        (groups.join("="), guessed)
    }

    fn piece(&self, bytes: &[u8], kind: Kind) -> (String, bool) {
        if let Some(text) = self.stated(bytes, kind) {
            return (text, false);
        }
        match str::from_utf8(bytes) {
            Ok(text) if !text.contains('\u{1B}') => (text.to_owned(), true),
            _ => (UNDECODED.to_string(), false),
        }
    }

    /// The text, if the bytes fit the stated set.
    fn stated(&self, bytes: &[u8], kind: Kind) -> Option<String> {
        let plain = bytes.iter().all(|byte| *byte < 0x80 && *byte != 0x1B);
        if self.unknown && !plain {
            return None;
        }
        match self.first {
            Set::Utf8 => Some(str::from_utf8(bytes).ok()?.to_owned()),
            Set::Whole(encoding) => decoded(encoding, bytes),
            _ => Shifting::new(self, kind).read(bytes),
        }
    }
}

/// The set of a defined term; that of its second part where its first is ASCII.
fn set(term: &str) -> Option<Set> {
    match term {
        "" => return Some(Set::Ascii),
        "GB18030" => return Some(Set::Whole(GB18030)),
        "GBK" => return Some(Set::Whole(GBK)),
        "ISO_IR 192" => return Some(Set::Utf8),
        _ => {}
    }
    let extended = term.strip_prefix("ISO 2022 IR ");
    let number = extended.or_else(|| term.strip_prefix("ISO_IR "))?;
    Some(match number {
        "6" => Set::Ascii,
        "100" => Set::Latin1,
        "101" => Set::Single(ISO_8859_2),
        "109" => Set::Single(ISO_8859_3),
        "110" => Set::Single(ISO_8859_4),
        "144" => Set::Single(ISO_8859_5),
        "127" => Set::Single(ISO_8859_6),
        "126" => Set::Single(ISO_8859_7),
        "138" => Set::Single(ISO_8859_8),
        "148" => Set::Single(WINDOWS_1254),
        "203" => Set::Single(ISO_8859_15),
        "166" => Set::Single(WINDOWS_874),
        "13" => Set::Katakana,
        // Only escape sequences lead to these two.
        "87" | "159" if extended.is_some() => Set::Ascii,
        "149" if extended.is_some() => Set::Double(EUC_KR),
        "58" if extended.is_some() => Set::Double(GBK),
        _ => return None,
    })
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// What the bytes below 0x80 stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Low {
    Ascii,
    /// ISO 646 with yen and overline.
    Japanese,
    /// JIS X 0208, two bytes a character.
    Kanji,
    /// JIS X 0212, two bytes a character.
    SupplementaryKanji,
}

/// A text whose sets escape sequences change (ISO 2022), or that has one set.
struct Shifting<'a> {
    set: &'a CharacterSet,
    kind: Kind,
    low: Low,
    high: Set,
}

impl<'a> Shifting<'a> {
    fn new(set: &'a CharacterSet, kind: Kind) -> Self {
        let mut shifting = Self {
            set,
            kind,
            low: Low::Ascii,
            high: Set::Ascii,
        };
        shifting.reset();
        shifting
    }

    /// The first set holds again behind each delimiter (PS3.5 section 6.1.2.5.3).
    fn reset(&mut self) {
        self.high = self.set.first;
        self.low = match self.set.first {
            Set::Katakana => Low::Japanese,
            _ => Low::Ascii,
        };
    }

    fn read(mut self, bytes: &[u8]) -> Option<String> {
        let mut text = String::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first() {
            rest = match byte {
                0x1B if self.set.extended => self.shift(behind)?,
                0..0x20 => {
                    if matches!(byte, b'\t' | b'\n' | 0x0C | b'\r') {
                        self.reset();
                    }
                    text.push(char::from(byte));
                    behind
                }
                0x21..0x7F if self.low == Low::Kanji => {
                    let (&next, behind) = behind.split_first()?;
                    let pair = [byte | 0x80, low(next)? | 0x80];
                    text.push_str(&decoded(EUC_JP, &pair)?);
                    behind
                }
                0x21..0x7F if self.low == Low::SupplementaryKanji => {
                    let (&next, behind) = behind.split_first()?;
                    let pair = [0x8F, byte | 0x80, low(next)? | 0x80];
                    text.push_str(&decoded(EUC_JP, &pair)?);
                    behind
                }
                0x20..0x80 => {
                    self.low(byte, &mut text);
                    behind
                }
                _ => self.high(byte, behind, &mut text)?,
            };
        }
        Some(text)
    }

    /// Takes an escape sequence.
    fn shift<'b>(&mut self, rest: &'b [u8]) -> Option<&'b [u8]> {
        const LOW: &[(&[u8], Low)] = &[
            (b"(B", Low::Ascii),
            (b"(J", Low::Japanese),
            (b"$B", Low::Kanji),
            (b"$@", Low::Kanji),
            (b"$(D", Low::SupplementaryKanji),
        ];
        const HIGH: &[(&[u8], Set)] = &[
            (b")I", Set::Katakana),
            (b"-A", Set::Latin1),
            (b"-B", Set::Single(ISO_8859_2)),
            (b"-C", Set::Single(ISO_8859_3)),
            (b"-D", Set::Single(ISO_8859_4)),
            (b"-L", Set::Single(ISO_8859_5)),
            (b"-G", Set::Single(ISO_8859_6)),
            (b"-F", Set::Single(ISO_8859_7)),
            (b"-H", Set::Single(ISO_8859_8)),
            (b"-M", Set::Single(WINDOWS_1254)),
            (b"-b", Set::Single(ISO_8859_15)),
            (b"-T", Set::Single(WINDOWS_874)),
            (b"$)C", Set::Double(EUC_KR)),
            (b"$)A", Set::Double(GBK)),
        ];
        for (sequence, low) in LOW {
            if let Some(behind) = rest.strip_prefix(*sequence) {
                self.low = *low;
                return Some(behind);
            }
        }
        for (sequence, high) in HIGH {
            if let Some(behind) = rest.strip_prefix(*sequence) {
                self.high = *high;
                return Some(behind);
            }
        }
        None
    }

    /// A byte of ASCII or of its Japanese form.
    fn low(&mut self, byte: u8, text: &mut String) {
        let japanese = self.low == Low::Japanese;
        // The yen sign has the place of the backslash, which parts values all the same.
        let parts = byte == b'\\' && self.kind != Kind::Long;
        if parts || (self.kind == Kind::Name && matches!(byte, b'^' | b'=')) {
            self.reset();
        }
        text.push(match byte {
            b'\\' if japanese && !parts => '\u{A5}',
            b'~' if japanese => '\u{203E}',
            _ => char::from(byte),
        });
    }

    /// A byte from 0x80 on, and where a character has two, the next.
    fn high<'b>(&self, byte: u8, behind: &'b [u8], text: &mut String) -> Option<&'b [u8]> {
        match self.high {
            Set::Double(encoding) => {
                let (&next, behind) = behind.split_first()?;
                if byte < 0xA1 || next < 0xA1 {
                    return None;
                }
                text.push_str(&decoded(encoding, &[byte, next])?);
                return Some(behind);
            }
            Set::Latin1 if byte >= 0xA0 => text.push(char::from(byte)),
            Set::Single(encoding) if byte >= 0xA0 => text.push_str(&decoded(encoding, &[byte])?),
            Set::Katakana if (0xA1..=0xDF).contains(&byte) => {
                text.push(char::from_u32(0xFF61 + u32::from(byte - 0xA1))?);
            }
            _ => return None,
        }
        Some(behind)
    }
}

/// The second byte of two.
fn low(byte: u8) -> Option<u8> {
    (0x21..0x7F).contains(&byte).then_some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_defined_set_is_decoded() {
        let cases: &[(&str, &[u8], &str)] = &[
            ("ISO_IR 6", b"Doe", "Doe"),
            ("ISO_IR 100", b"Sch\xE4del", "Schädel"),
            ("ISO_IR 101", b"\xA3\xF3d\xBC", "Łódź"),
            ("ISO_IR 109", b"\xC6o", "Ĉo"),
            ("ISO_IR 110", b"K\xE0r", "Kār"),
            ("ISO_IR 144", b"\xBB\xEE\xDA", "Люк"),
            ("ISO_IR 127", b"\xE2\xC8", "قب"),
            ("ISO_IR 126", b"\xC4\xE9\xEF", "Διο"),
            ("ISO_IR 138", b"\xF9\xF8", "שר"),
            ("ISO_IR 148", b"\xDEah\xFDn", "Şahın"),
            ("ISO_IR 203", b"\xA4 \xBD", "€ œ"),
            ("ISO_IR 166", b"\xE4\xB7\xC2", "ไทย"),
            ("ISO_IR 13", b"\xD4\xCF\xC0\xDE", "ﾔﾏﾀﾞ"),
            ("ISO_IR 192", "Łódź 山".as_bytes(), "Łódź 山"),
            ("GB18030", b"\xCD\xF5\x81\x30\x89\x38", "王\u{DF}"),
            ("GBK", b"\xCD\xF5", "王"),
            ("\\ISO 2022 IR 87", b"\x1B$B;3ED\x1B(B", "山田"),
            ("\\ISO 2022 IR 159", b"\x1B$(D\x30\x21\x1B(B", "丂"),
            ("\\ISO 2022 IR 149", b"\x1B$)C\xFB\xF3", "洪"),
            ("ISO 2022 IR 149", b"\xB1\xE8", "김"),
            ("\\ISO 2022 IR 58", b"\x1B$)A\xCD\xF5", "王"),
            (
                "ISO 2022 IR 13\\ISO 2022 IR 87",
                b"\xD4~\x1B$B;3\x1B(J",
                "ﾔ\u{203E}山",
            ),
            ("ISO 2022 IR 6\\ISO 2022 IR 144", b"a\x1B-L\xBB", "aЛ"),
            ("ISO 2022 IR 100\\ISO 2022 IR 126", b"\xE4\x1B-F\xC4", "äΔ"),
        ];
        for (terms, bytes, text) in cases {
            let found = CharacterSet::of(terms.as_bytes()).decode(bytes, Kind::Text);
            assert_eq!(found, ((*text).to_owned(), false), "{terms}");
        }
    }

    #[test]
    fn what_does_not_fit_is_no_text_unless_it_is_utf_8() {
        let undecoded = UNDECODED.to_string();
        for terms in ["", "ISO_IR 6", "ISO IR 192", "LATIN1", "ISO_IR 192", "\\x"] {
            let set = CharacterSet::of(terms.as_bytes());
            assert_eq!(set.decode(b"a", Kind::Text), ("a".to_owned(), false));
            let latin = set.decode(b"\xE4", Kind::Text);
            assert_eq!(latin, (undecoded.clone(), false), "{terms}");
            let (text, guessed) = set.decode("ä".as_bytes(), Kind::Text);
            assert_eq!((text.as_str(), guessed), ("ä", terms != "ISO_IR 192"));
        }
        // A control character of ISO 8859 and half of a pair.
        for (terms, bytes) in [
            ("ISO_IR 100", &b"\x92"[..]),
            ("ISO_IR 148", b"\x80"),
            ("\\ISO 2022 IR 87", b"\x1B$B;"),
            ("\\ISO 2022 IR 149", b"\x1B$)C\xFB"),
            ("\\ISO 2022 IR 87", b"\x1B%G\xE4"),
            ("GB18030", b"\x81"),
        ] {
            let found = CharacterSet::of(terms.as_bytes()).decode(bytes, Kind::Text);
            assert_eq!(found.0, undecoded, "{terms}");
        }
    }

    #[test]
    fn the_first_set_holds_again_behind_a_delimiter() {
        let set = CharacterSet::of(b"\\ISO 2022 IR 149");
        let name = b"Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF";
        let (text, guessed) = set.decode(name, Kind::Name);
        assert_eq!(
            (text.as_str(), guessed),
            ("Hong^Gildong=洪^吉洞=홍^길동", false)
        );
        // Behind it no set has these bytes.
        let (text, _) = set.decode(b"\x1B$)C\xFB\xF3^\xD1\xCE", Kind::Name);
        assert!(text.contains(UNDECODED));
    }
}
