//! XML that tries to make a reader slow.

use std::fmt;
use std::fmt::Write as _;

/// A kind of XML document that grows in one respect only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HostileXml {
    /// One long value.
    LongText,
    /// One long value in which every character is a reference.
    References,
    /// Elements with as many attributes as a reader allows.
    Attributes,
    /// Elements that declare as many namespaces as a reader allows.
    Namespaces,
    /// Values that look like declarations of namespaces.
    LikeNamespaces,
    /// Many extensions, each nested as deeply as a reader allows.
    Depth,
    /// Many comments.
    Comments,
    /// White space between two elements.
    WhiteSpace,
    /// Narrative with elements beside one another, in a prefix that is declared far outside.
    NarrativePrefixes,
    /// Narrative with elements inside one another.
    NarrativeDepth,
    /// Narrative in CDATA with a carriage return at each line end.
    NarrativeReturns,
    /// A contained resource with many elements.
    Contained,
    /// A contained resource of a type that no version defines.
    ContainedUnknown,
    /// Many elements that R4 does not define.
    UnknownElements,
}

impl HostileXml {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::LongText,
        Self::References,
        Self::Attributes,
        Self::Namespaces,
        Self::LikeNamespaces,
        Self::Depth,
        Self::Comments,
        Self::WhiteSpace,
        Self::NarrativePrefixes,
        Self::NarrativeDepth,
        Self::NarrativeReturns,
        Self::Contained,
        Self::ContainedUnknown,
        Self::UnknownElements,
    ];

    /// An R4 study of about `length` bytes; to be read by who keeps unknown elements.
    #[must_use]
    pub fn study(self, length: usize) -> String {
        let mut out = String::with_capacity(length + 1_000);
        out.push_str(
            "<ImagingStudy xmlns=\"http://hl7.org/fhir\" xmlns:h=\"http://www.w3.org/1999/xhtml\">",
        );
        self.children(&mut out, length);
        out.push_str("</ImagingStudy>");
        out
    }

    fn children(self, out: &mut String, length: usize) {
        let repeat = |out: &mut String, one: &str| {
            out.extend(std::iter::repeat_n(one, length / one.len()));
        };
        match self {
            Self::LongText => {
                out.push_str("<description value=\"");
                repeat(out, "long text ");
                out.push_str("\"/>");
            }
            Self::References => {
                out.push_str("<description value=\"");
                repeat(out, "&amp;&#x41;&#10;\n");
                out.push_str("\"/>");
            }
            Self::Attributes => {
                let attributes: String = (0..255).map(|index| format!(" a{index}=\"\"")).collect();
                repeat(
                    out,
                    &format!("<note{attributes}><text value=\"a\"/></note>"),
                );
            }
            Self::Namespaces => {
                let declarations: String = (0..14)
                    .map(|index| format!(" xmlns:n{index}=\"urn:{index}\""))
                    .collect();
                repeat(
                    out,
                    &format!("<note{declarations}><text value=\"a\"/></note>"),
                );
            }
            Self::LikeNamespaces => repeat(out, "<note><text value=\"xmlns xmlns:a\"/></note>"),
            Self::Depth => {
                let one = (0..60).fold("<extension url=\"part\"/>".to_owned(), |inner, _| {
                    format!("<extension url=\"a\">{inner}</extension>")
                });
                repeat(out, &one);
            }
            Self::Comments => repeat(out, "<!-- a - comment -->"),
            Self::WhiteSpace => repeat(out, " \n\t "),
            Self::NarrativePrefixes => {
                out.push_str("<text><status value=\"generated\"/><h:div>");
                repeat(out, "<h:p h:class=\"a\">b</h:p>");
                out.push_str("</h:div></text>");
            }
            Self::NarrativeDepth => {
                out.push_str(
                    "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">",
                );
                repeat(out, "<b>");
                repeat(out, "</b>");
                let opened = length / "<b>".len();
                let closed = length / "</b>".len();
                out.extend(std::iter::repeat_n("</b>", opened - closed));
                out.push_str("</div></text>");
            }
            Self::NarrativeReturns => {
                out.push_str(
                    "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><![CDATA[",
                );
                repeat(out, "a < b & c\r\n\r");
                out.push_str("]]></div></text>");
            }
            Self::Contained => {
                out.push_str("<contained><Patient>");
                repeat(
                    out,
                    "<name><given value=\"a\"/><given id=\"b\"><extension url=\"c\"/></given></name>",
                );
                out.push_str("</Patient></contained>");
            }
            Self::ContainedUnknown => {
                out.push_str("<contained><Unknown>");
                repeat(out, "<h:name><given value=\"a\"/></h:name>");
                out.push_str("</Unknown></contained>");
            }
            Self::UnknownElements => {
                for index in 0..length / 30 {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "<element{index} value=\"1\"/>");
                }
            }
        }
    }
}

impl fmt::Display for HostileXml {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::LongText => "one long value",
            Self::References => "one value of references",
            Self::Attributes => "tags of 255 attributes",
            Self::Namespaces => "tags of 14 namespaces",
            Self::LikeNamespaces => "values like namespaces",
            Self::Depth => "deep extensions",
            Self::Comments => "comments",
            Self::WhiteSpace => "white space",
            Self::NarrativePrefixes => "narrative, prefixes",
            Self::NarrativeDepth => "narrative, deep",
            Self::NarrativeReturns => "narrative, carriage returns",
            Self::Contained => "contained, many elements",
            Self::ContainedUnknown => "contained, unknown type",
            Self::UnknownElements => "unknown elements, kept",
        })
    }
}
