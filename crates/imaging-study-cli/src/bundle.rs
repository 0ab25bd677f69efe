//! Finding the resources in a Bundle.

use std::ops::Range;

use imaging_study::core::Json;

/// A resource in an entry of a Bundle.
pub(crate) struct EntryResource<'a> {
    /// The index of the entry.
    pub(crate) entry: usize,
    pub(crate) resource_type: &'a str,
    /// Where in the text it stands.
    pub(crate) span: Range<usize>,
}

/// The resources in the entries of a Bundle, in order; `tree` is what `text` holds.
///
/// Only their places in the text are looked for, so that everything else can stay as it is.
pub(crate) fn resources<'a>(text: &[u8], tree: &'a Json) -> Vec<EntryResource<'a>> {
    let mut found = Vec::new();
    let mut cursor = Cursor { text, position: 0 };
    for (name, value) in tree.as_object().unwrap_or_default() {
        cursor.step_into_member();
        match value.as_array() {
            Some(entries) if name == "entry" && !entries.is_empty() => {
                for (index, entry) in entries.iter().enumerate() {
                    cursor.step();
                    cursor.entry(index, entry, &mut found);
                }
                cursor.step();
            }
            _ => cursor.skip_value(),
        }
    }
    found
}

/// A place in a text that is known to be JSON, so that a few characters tell where values end.
struct Cursor<'a> {
    text: &'a [u8],
    position: usize,
}

impl Cursor<'_> {
    fn entry<'a>(&mut self, index: usize, entry: &'a Json, found: &mut Vec<EntryResource<'a>>) {
        let members = match entry.as_object() {
            Some(members) if !members.is_empty() => members,
            _ => return self.skip_value(),
        };
        for (name, value) in members {
            self.step_into_member();
            self.skip_white_space();
            let start = self.position;
            self.skip_value();
            if name == "resource"
                && let Some(resource_type) = value.get("resourceType").and_then(Json::as_str)
            {
                found.push(EntryResource {
                    entry: index,
                    resource_type,
                    span: start..self.position,
                });
            }
        }
        self.step();
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    fn skip_white_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.position += 1;
        }
    }

    /// Steps over a bracket, comma or colon.
    fn step(&mut self) {
        self.skip_white_space();
        self.position += 1;
    }

    /// Steps over the bracket or comma before a member, its name and the colon.
    fn step_into_member(&mut self) {
        self.step();
        self.skip_white_space();
        self.skip_string();
        self.step();
    }

    fn skip_string(&mut self) {
        self.position += 1;
        loop {
            let rest = self.text.get(self.position..).unwrap_or_default();
            let Some(at) = memchr::memchr2(b'"', b'\\', rest) else {
                self.position = self.text.len();
                return;
            };
            let escape = rest.get(at) == Some(&b'\\');
            self.position += at + 1 + usize::from(escape);
            if !escape {
                return;
            }
        }
    }

    fn skip_value(&mut self) {
        self.skip_white_space();
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.position += 1;
                }
                b'}' | b']' | b',' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    self.position += 1;
                }
                _ if depth == 0 && byte.is_ascii_whitespace() => return,
                _ => self.position += 1,
            }
            let closed = matches!(byte, b'"' | b'}' | b']');
            if depth == 0 && closed {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use imaging_study::json::Decoder;

    use super::*;

    #[test]
    fn resources_are_found_where_they_stand() {
        let text = br#" {"resourceType" : "Bundle", "total":3 , "e": [{"resource": {}}],
            "entr\u0079" : [ {"fullUrl":"a\"]}\\","resource" :{"resourceType":"A","x":[{}, "}"]} },
            {} , 7, {"request": {"method": "DELETE"}, "z": -1.5e3 }, {"resource": null},
            {"resource":{"resourceType":"B"},"search":{"mode":"match"}}], "last": true } "#;
        let tree = Decoder::default()
            .decode_json(text)
            .expect("the text is JSON");
        let found: Vec<_> = resources(text, &tree)
            .into_iter()
            .map(|found| {
                (
                    found.entry,
                    String::from_utf8_lossy(&text[found.span]).into_owned(),
                )
            })
            .collect();
        let expected = [
            (0, r#"{"resourceType":"A","x":[{}, "}"]}"#.to_owned()),
            (5, r#"{"resourceType":"B"}"#.to_owned()),
        ];
        assert_eq!(found, expected);
    }
}
