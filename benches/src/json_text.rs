//! Writing JSON without a codec, so that the generated studies owe nothing to the one measured.

use std::fmt::Write;

/// A JSON text without white space that grows member by member.
///
/// ```
/// use imaging_study_benches::JsonText;
///
/// let mut json = JsonText::default();
/// json.object(|json| {
///     json.text("uid", "1.2");
///     json.list("instance", |json| json.object(|json| json.number("number", 1)));
/// });
/// assert_eq!(json.into_string(), r#"{"uid":"1.2","instance":[{"number":1}]}"#);
/// ```
#[derive(Clone, Debug, Default)]
pub struct JsonText(String);

impl JsonText {
    /// Writes an object: the whole text, an entry of a list, or the value of a name.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.separate();
        self.0.push('{');
        members(self);
        self.0.push('}');
    }

    /// Writes a member that is an object.
    pub fn member(&mut self, name: &str, members: impl FnOnce(&mut Self)) {
        self.name(name);
        self.object(members);
    }

    /// Writes a member that is an array.
    pub fn list(&mut self, name: &str, entries: impl FnOnce(&mut Self)) {
        self.name(name);
        self.0.push('[');
        entries(self);
        self.0.push(']');
    }

    /// Writes a member that is a string.
    pub fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.string(text);
    }

    /// Writes a member that is a whole number.
    pub fn number(&mut self, name: &str, number: u64) {
        self.literal(name, &number.to_string());
    }

    /// Writes a member whose value is JSON already.
    pub fn literal(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    /// Writes an entry of a list that is a string.
    pub fn entry(&mut self, text: &str) {
        self.separate();
        self.string(text);
    }

    /// Writes an entry of a list that is `null`.
    pub fn null(&mut self) {
        self.separate();
        self.0.push_str("null");
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    fn separate(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }

    fn name(&mut self, name: &str) {
        self.separate();
        self.string(name);
        self.0.push(':');
    }

    fn string(&mut self, text: &str) {
        self.0.push('"');
        for character in text.chars() {
            match character {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\0'..' ' => write!(self.0, "\\u{:04x}", u32::from(character))
                    .expect("a String takes any text"),
                _ => self.0.push(character),
            }
        }
        self.0.push('"');
    }
}
