//! Finding the resources in a Bundle.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use imaging_study::core::Json;

/// A resource in an entry of a Bundle, or of a Bundle that is one itself.
pub struct EntryResource<'a> {
    /// The indexes of the entries in which it stands, outermost first.
    pub entries: Vec<usize>,
    pub value: &'a Json,
    /// Where in the text it stands.
    pub span: Range<usize>,
}

impl EntryResource<'_> {
    pub fn resource_type(&self) -> Option<&str> {
        self.value.get("resourceType").and_then(Json::as_str)
    }

    pub fn is_study(&self) -> bool {
        self.resource_type() == Some("ImagingStudy")
    }
}

/// The path of a resource in entries of Bundles inside one another.
pub fn entry_path(entries: &[usize]) -> String {
    let mut path = String::from("Bundle");
    for index in entries {
        // Writing to a text does not fail.
        let _ = write!(path, ".entry[{index}].resource");
    }
    path
}

/// The resources in the entries of a Bundle, in order; `tree` is what `text` holds. Those of a
/// Bundle inside it stand in its place.
///
/// Only their places in the text are looked for, so that everything else can stay as it is.
pub fn resources<'a>(text: &[u8], tree: &'a Json) -> Vec<EntryResource<'a>> {
    let mut finder = Finder {
        cursor: Cursor { text, position: 0 },
        entries: Vec::new(),
        found: Vec::new(),
    };
    finder.bundle(tree);
    finder.found
}

pub fn is_bundle(value: &Json) -> bool {
    value.get("resourceType").and_then(Json::as_str) == Some("Bundle")
}

/// Takes the entries of some resources out of a Bundle, and of the Bundles inside it. `left_out` has the
/// indexes of the entries, outermost first.
pub fn leave_out(bundle: &mut Json, left_out: &BTreeSet<Vec<usize>>) {
    if !left_out.is_empty() {
        leave_out_inside(bundle, &mut Vec::new(), left_out);
    }
}

fn leave_out_inside(bundle: &mut Json, place: &mut Vec<usize>, left_out: &BTreeSet<Vec<usize>>) {
    let Json::Object(members) = bundle else {
        return;
    };
    for (_, entries) in members.iter_mut().filter(|(name, _)| name == "entry") {
        let Json::Array(entries) = entries else {
            continue;
        };
        let mut index = 0;
        entries.retain_mut(|entry| {
            place.push(index);
            index += 1;
            let stays = !left_out.contains(place);
            if let (true, Json::Object(members)) = (stays, entry) {
                let inner = members.iter_mut().filter(|(name, _)| name == "resource");
                for (_, inner) in inner.filter(|(_, inner)| is_bundle(inner)) {
                    leave_out_inside(inner, place, left_out);
                }
            }
            place.pop();
            stays
        });
    }
    // A list in FHIR is never empty.
    members.retain(|(name, entries)| {
        name != "entry" || entries.as_array().is_none_or(|entries| !entries.is_empty())
    });
}

struct Finder<'t, 'a> {
    cursor: Cursor<'t>,
    entries: Vec<usize>,
    found: Vec<EntryResource<'a>>,
}

impl<'a> Finder<'_, 'a> {
    fn bundle(&mut self, tree: &'a Json) {
        for (name, value) in tree.as_object().unwrap_or_default() {
            self.cursor.step_into_member();
            match value.as_array() {
                Some(entries) if name == "entry" && !entries.is_empty() => {
                    for (index, entry) in entries.iter().enumerate() {
                        self.cursor.step();
                        self.entries.push(index);
                        self.entry(entry);
                        self.entries.pop();
                    }
                    self.cursor.step();
                }
                _ => self.cursor.skip_value(),
            }
        }
        self.cursor.step();
    }

    fn entry(&mut self, entry: &'a Json) {
        let members = match entry.as_object() {
            Some(members) if !members.is_empty() => members,
            _ => return self.cursor.skip_value(),
        };
        for (name, value) in members {
            self.cursor.step_into_member();
            if name == "resource" && is_bundle(value) {
                self.bundle(value);
                continue;
            }
            self.cursor.skip_white_space();
            let start = self.cursor.position;
            self.cursor.skip_value();
            if name == "resource" {
                self.found.push(EntryResource {
                    entries: self.entries.clone(),
                    value,
                    span: start..self.cursor.position,
                });
            }
        }
        self.cursor.step();
    }
}

/// A place in a text that is known to be JSON, so that a few characters tell where values end.
struct Cursor<'a> {
    text: &'a [u8],
    position: usize,
}

impl Cursor<'_> {
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
            {"resource":{"resourceType":"B"},"search":{"mode":"match"}},
            {"resource" : {"resourceType":"Bundle", "entry":[{}, {"resource": {"resourceType":"C"} }],
             "id": "inner"} , "fullUrl":"u"}, {"resource":{"resourceType":"Bundle"}},
            {"resource":[{"resourceType":"D"}]}], "last": true } "#;
        let tree = Decoder::default()
            .decode_json(text)
            .expect("the text is JSON");
        let found: Vec<_> = resources(text, &tree)
            .into_iter()
            .map(|found| {
                (
                    entry_path(&found.entries),
                    String::from_utf8_lossy(&text[found.span]).into_owned(),
                )
            })
            .collect();
        let expected = [
            (
                "Bundle.entry[0].resource",
                r#"{"resourceType":"A","x":[{}, "}"]}"#,
            ),
            ("Bundle.entry[4].resource", "null"),
            ("Bundle.entry[5].resource", r#"{"resourceType":"B"}"#),
            (
                "Bundle.entry[6].resource.entry[1].resource",
                r#"{"resourceType":"C"}"#,
            ),
            ("Bundle.entry[8].resource", r#"[{"resourceType":"D"}]"#),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()));
        assert_eq!(found, expected);
    }
}
