//! Studies that try to make a reader slow.

use std::fmt;

use crate::JsonText;

/// A kind of study that grows in one respect only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hostile {
    /// One long text.
    LongText,
    /// One long text in which every character is escaped.
    Escapes,
    /// Many extensions side by side.
    Extensions,
    /// Many extensions on a primitive that repeats, with holes between them.
    Holes,
    /// Many references, each nested as deeply as a reader allows.
    Depth,
    /// A contained resource with many members.
    ContainedMembers,
    /// A contained resource with many entries, each as deep as a reader allows.
    ContainedDepth,
    /// Many members that R4 does not define; they can only be read by who keeps them.
    UnknownMembers,
    /// White space between two tokens.
    WhiteSpace,
    /// A decimal with many digits.
    Digits,
}

impl Hostile {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::LongText,
        Self::Escapes,
        Self::Extensions,
        Self::Holes,
        Self::Depth,
        Self::ContainedMembers,
        Self::ContainedDepth,
        Self::UnknownMembers,
        Self::WhiteSpace,
        Self::Digits,
    ];

    /// Whether the study can only be read by who keeps unknown elements.
    #[must_use]
    pub const fn has_unknown_elements(self) -> bool {
        matches!(self, Self::UnknownMembers)
    }

    /// An R4 study of about `length` bytes.
    #[must_use]
    pub fn study(self, length: usize) -> String {
        let mut json = JsonText::default();
        json.object(|json| {
            json.text("resourceType", "ImagingStudy");
            self.members(json, length);
        });
        json.into_string()
    }

    fn members(self, json: &mut JsonText, length: usize) {
        const URL: &str = "http://example.org/hostile";
        match self {
            Self::LongText => json.text("description", &"long text ".repeat(length / 10)),
            Self::Escapes => json.text("description", &"\n\"\\\t".repeat(length / 12)),
            Self::Extensions => json.list("extension", |json| {
                for index in 0..length / 60 {
                    json.object(|json| {
                        json.text("url", URL);
                        json.number("valueInteger", index as u64);
                    });
                }
            }),
            Self::Holes => json.member("meta", |json| {
                let entries = length / 80;
                json.list("profile", |json| {
                    for index in 0..entries {
                        if index % 2 == 0 {
                            json.entry(URL)
                        } else {
                            json.null()
                        }
                    }
                });
                json.list("_profile", |json| {
                    for index in 0..entries {
                        if index % 2 == 0 {
                            json.null();
                        } else {
                            json.object(|json| json.text("id", "e"));
                        }
                    }
                });
            }),
            Self::Depth => json.list("extension", |json| {
                for _ in 0..length / 2_700 {
                    json.object(|json| nested_extension(json, 60));
                }
            }),
            Self::ContainedMembers => json.list("contained", |json| {
                json.object(|json| {
                    json.text("resourceType", "Basic");
                    for index in 0..length / 20 {
                        json.number(&format!("member{index}"), 1);
                    }
                });
            }),
            Self::ContainedDepth => json.list("contained", |json| {
                json.object(|json| {
                    json.text("resourceType", "Basic");
                    json.list("entry", |json| {
                        for _ in 0..length / 400 {
                            json.object(|json| nested_member(json, 55));
                        }
                    });
                });
            }),
            Self::UnknownMembers => {
                for index in 0..length / 20 {
                    json.number(&format!("member{index}"), 1);
                }
            }
            Self::WhiteSpace => json.literal("id", &format!("{}\"a\"", " \n".repeat(length / 2))),
            Self::Digits => json.list("extension", |json| {
                json.object(|json| {
                    json.text("url", URL);
                    json.literal("valueDecimal", &format!("1.{}", "50".repeat(length / 2)));
                });
            }),
        }
    }
}

fn nested_extension(json: &mut JsonText, levels: usize) {
    if levels == 0 {
        json.text("url", "part");
        return;
    }
    json.list("extension", |json| {
        json.object(|json| nested_extension(json, levels - 1))
    });
    json.text("url", "http://example.org/hostile");
}

fn nested_member(json: &mut JsonText, levels: usize) {
    if levels == 0 {
        json.number("a", 1);
        return;
    }
    json.member("a", |json| nested_member(json, levels - 1));
}

impl fmt::Display for Hostile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::LongText => "one long text",
            Self::Escapes => "one text of escapes",
            Self::Extensions => "many extensions",
            Self::Holes => "a list with many holes",
            Self::Depth => "deep extensions",
            Self::ContainedMembers => "contained, many members",
            Self::ContainedDepth => "contained, deep",
            Self::UnknownMembers => "unknown members, kept",
            Self::WhiteSpace => "white space",
            Self::Digits => "one long decimal",
        })
    }
}
