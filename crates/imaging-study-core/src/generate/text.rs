//! The text of a scalar.

use super::fill::Generator;
use super::{Profile, pools};
use crate::{CodeSet, FhirVersion, ScalarType};

/// The simplest text of a type, in every version.
pub(super) const fn simplest(scalar: ScalarType) -> &'static str {
    match scalar {
        ScalarType::Base64Binary => "AA==",
        ScalarType::Boolean => "false",
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => "http://example.org/a",
        ScalarType::Code | ScalarType::Id | ScalarType::Markdown | ScalarType::String => "a",
        ScalarType::Date | ScalarType::DateTime => "2024",
        ScalarType::Decimal
        | ScalarType::Integer
        | ScalarType::Integer64
        | ScalarType::UnsignedInt => "0",
        ScalarType::Instant => "2024-01-01T00:00:00Z",
        ScalarType::Oid => "urn:oid:1.2",
        ScalarType::PositiveInt => "1",
        ScalarType::Time => "00:00:00",
        ScalarType::Uuid => "urn:uuid:00000000-0000-0000-0000-000000000000",
        ScalarType::Xhtml => r#"<div xmlns="http://www.w3.org/1999/xhtml">a</div>"#,
    }
}

impl Generator<'_> {
    /// A text for a field of the type `owner`.
    pub(super) fn text(
        &mut self,
        scalar: ScalarType,
        codes: Option<&'static CodeSet>,
        owner: &str,
        field: &str,
    ) -> String {
        if let Some(codes) = codes {
            return self.choices.pick(codes.codes).to_owned();
        }
        match (scalar, field) {
            (ScalarType::Id, "uid") => return self.uid(),
            (ScalarType::Oid, "uid") => return self.uid_as_oid(),
            (ScalarType::Oid, "sopClass") => {
                return self.choices.pick(pools::concepts("sopClass")).1.to_owned();
            }
            (ScalarType::String, "id") => return self.element_id(owner).to_owned(),
            _ if self.lean => return simplest(scalar).to_owned(),
            _ => {}
        }
        match scalar {
            ScalarType::Base64Binary => self.base64(),
            ScalarType::Boolean => self.choices.pick(&["false", "true"]).to_owned(),
            ScalarType::Canonical => {
                let pool = if self.odd() {
                    pools::ODD_CANONICALS
                } else {
                    pools::CANONICALS
                };
                self.choices.pick(pool).to_owned()
            }
            ScalarType::Code => self.code(owner, field),
            ScalarType::Date => self.date(),
            ScalarType::DateTime => self.date_time(),
            ScalarType::Decimal => self.decimal(),
            ScalarType::Id => {
                if self.odd() {
                    self.id()
                } else {
                    format!("id-{}", self.choices.below(100_000))
                }
            }
            ScalarType::Instant => self.instant(),
            ScalarType::Integer => self.integer(),
            ScalarType::Integer64 => self.integer64(),
            ScalarType::Markdown => self.markdown(field),
            ScalarType::Oid => self.oid(),
            ScalarType::PositiveInt => self.natural(1),
            ScalarType::String => self.string(field),
            ScalarType::Time => self.time(),
            ScalarType::UnsignedInt => self.natural(0),
            ScalarType::Uri | ScalarType::Url => {
                let pool = if self.odd() {
                    pools::ODD_URIS
                } else {
                    pools::URIS
                };
                self.choices.pick(pool).to_owned()
            }
            ScalarType::Uuid => self.uuid(),
            ScalarType::Xhtml => self.narrative(),
        }
    }

    /// An id of an element of a type, which has no white space.
    pub(super) fn element_id(&mut self, type_name: &str) -> &'static str {
        let pool = match self.version.id_type(type_name) {
            ScalarType::Id => pools::PLAIN_ELEMENT_IDS,
            _ => pools::ELEMENT_IDS,
        };
        self.choices.pick(pool)
    }

    fn oid(&mut self) -> String {
        match self.choices.below(3) {
            0 => format!("urn:oid:1.2.{}", self.choices.below(1000)),
            1 => format!("urn:oid:2.25.{}", self.wide_number()),
            _ => "urn:oid:0.0".to_owned(),
        }
    }

    fn markdown(&mut self, field: &str) -> String {
        if self.choices.chance(300) {
            self.choices.pick(pools::MARKDOWN).to_owned()
        } else {
            self.string(field)
        }
    }

    fn string(&mut self, field: &str) -> String {
        if !self.odd() {
            return self.choices.pick(pools::words(field)).to_owned();
        }
        self.hostile_text()
    }

    /// A text of what formats and readers of other texts stumble over.
    pub(super) fn hostile_text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.choices.between(1, 5) {
            text.push_str(self.choices.pick(pools::ODD_FRAGMENTS));
        }
        if self.profile == Profile::Hostile && self.choices.chance(20) {
            text.push_str(self.choices.pick(pools::FRAGMENTS_OF_JSON));
        }
        if self.choices.chance(20) {
            text = text.repeat(self.choices.between(2, 500));
        }
        // At least one character that is no white space.
        if text.trim().is_empty() {
            text.push('.');
        }
        text
    }

    /// The `div` of a narrative.
    fn narrative(&mut self) -> String {
        if !self.odd() {
            return self.choices.pick(pools::NARRATIVES).to_owned();
        }
        match self.choices.below(10) {
            9 if self.profile == Profile::Hostile => {
                self.choices.pick(pools::NARRATIVES_OF_JSON).to_owned()
            }
            0..4 => self.choices.pick(pools::ODD_NARRATIVES).to_owned(),
            _ => {
                let mut text = self.choices.pick(pools::AROUND_NARRATIVES).to_owned();
                let (start, end) = self.choices.pick(pools::DIV_TAGS);
                text.push_str(start);
                for _ in 0..self.choices.between(0, 6) {
                    text.push_str(self.choices.pick(pools::MARKUP_FRAGMENTS));
                }
                text.push_str(end);
                text.push_str(self.choices.pick(pools::AROUND_NARRATIVES));
                text
            }
        }
    }

    fn base64(&mut self) -> String {
        let length = if self.odd() {
            self.choices.between(1, 300)
        } else {
            self.choices.between(1, 24)
        };
        let mut text = String::with_capacity(length.div_ceil(3) * 4);
        for start in (0..length).step_by(3) {
            let left = (length - start).min(3);
            let bits = (self.choices.draw() >> 8) & [0, 0xff_0000, 0xff_ff00, 0xff_ffff][left];
            for symbol in 0..4 {
                if symbol > left {
                    text.push('=');
                } else {
                    let sextet = bits >> (18 - 6 * symbol) & 63;
                    text.push(char::from(pools::BASE64[sextet as usize]));
                }
            }
        }
        // White space is legal until R4.
        if !self.since(FhirVersion::R5) && self.odd() {
            let space = self.choices.pick(&["\n", " ", "\r\n", "\t"]);
            text.insert_str(text.len() / 2, space);
        }
        text
    }
}
