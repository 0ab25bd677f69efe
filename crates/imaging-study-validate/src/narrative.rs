//! The XHTML of narrative (<https://hl7.org/fhir/R5/narrative.html>).
//!
//! What HL7's validator and the XPath of the standard both refuse is an error, what one of them
//! refuses a warning. How elements may stand in one another is not checked.

use std::collections::HashSet;

use imaging_study_core::FhirVersion;
use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use crate::{Rule, Severity, rule};

const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// The elements that every version allows.
const ELEMENTS: &str = " a abbr acronym b big blockquote br caption cite code col colgroup dd dfn \
    div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody \
    td tfoot th thead tr tt ul var ";

/// Elements that only HL7's validator takes.
const DISPUTED_ELEMENTS: &str = " address area bdo kbd map ";

/// The attributes that both take.
const ATTRIBUTES: &str = " abbr accesskey align alt axis border cellpadding cellspacing char charoff \
    charset cite class colspan coords dir frame headers height href hreflang id lang longdesc name \
    nowrap rel rev rowspan rules scope shape span src style summary tabindex title type valign width \
    xml:lang ";

/// Attributes that one of them takes.
const DISPUTED_ATTRIBUTES: &str = " bgcolor cellhalign cellvalign compact hspace ismap nohref space \
    start usemap value vspace xml:space ";

/// How deep elements may stand in one another: no narrative is, and a checker must end.
const DEPTH: usize = 256;

/// How many namespaces may be declared: each is looked through for every element.
const NAMESPACES: usize = 1_000;

/// What is wrong with a narrative: each rule once.
#[derive(Debug, Default)]
pub(crate) struct Narrative {
    pub(crate) faults: Vec<Fault>,
    /// The ids of contained resources that its images and links name.
    pub(crate) references: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) severity: Severity,
    pub(crate) rule: &'static Rule,
    pub(crate) message: &'static str,
    pub(crate) repairable: bool,
}

impl Narrative {
    /// Checks the text of a `div`.
    pub(crate) fn of(text: &str, version: FhirVersion) -> Self {
        let mut checker = Checker {
            narrative: Self::default(),
            version,
            depth: 0,
            roots: 0,
            content: false,
            bare: false,
            plain: text.starts_with("<div"),
            namespaces: 0,
        };
        if let Err(message) = checker.read(text) {
            checker.fault(Severity::Error, &rule::TXT_1, message);
        } else if !checker.content {
            // Where there is no rule of its own, the first one asks for it.
            let rule = match rule::TXT_2.is_in(version) {
                true => &rule::TXT_2,
                false => &rule::TXT_1,
            };
            checker.fault(Severity::Error, rule, "neither text nor an image");
        }
        checker.narrative
    }
}

struct Checker {
    narrative: Narrative,
    version: FhirVersion,
    depth: usize,
    roots: usize,
    content: bool,
    /// Whether the root is in no namespace, and what is in it with it.
    bare: bool,
    /// Whether the text begins with the div.
    plain: bool,
    namespaces: usize,
}

type Broken = &'static str;

impl Checker {
    fn read(&mut self, text: &str) -> Result<(), Broken> {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().check_end_names = true;
        loop {
            let (namespace, event) = reader
                .read_resolved_event()
                .map_err(|_| "not well-formed XML")?;
            match event {
                Event::Start(tag) => {
                    let namespace = space(&namespace)?;
                    self.open(&tag, namespace)?;
                    self.depth += 1;
                    if self.depth > DEPTH {
                        return Err("elements nest too deeply");
                    }
                }
                Event::Empty(tag) => {
                    let namespace = space(&namespace)?;
                    self.open(&tag, namespace)?;
                }
                Event::End(_) => self.depth = self.depth.saturating_sub(1),
                Event::Text(text) => {
                    let blank = is_blank(&text);
                    if !blank && self.depth == 0 {
                        return Err("text outside of the div");
                    }
                    self.content |= !blank;
                }
                Event::CData(text) => {
                    self.content |= !is_blank(&text);
                }
                Event::GeneralRef(name) => {
                    let known = matches!(&*name, "amp" | "lt" | "gt" | "quot" | "apos");
                    if !known && !name.starts_with('#') {
                        return Err("an entity that XML does not define");
                    }
                    self.content = true;
                }
                Event::DocType(_) => return Err("a document type declaration"),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof => break,
            }
        }
        match (self.depth, self.roots) {
            (0, 1) => Ok(()),
            (0, _) => Err("not one div element"),
            _ => Err("an element without its end"),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, namespace: Space) -> Result<(), Broken> {
        let name = tag.local_name().into_inner();
        if self.depth == 0 {
            self.roots += 1;
            if name != "div" {
                return Err("the root is another element than div");
            }
            if namespace == Space::None {
                self.bare = true;
                // The official example of DSTU2 has none.
                let severity = match self.version {
                    FhirVersion::Dstu2 => Severity::Warning,
                    _ => Severity::Error,
                };
                let message = "the div is not in the namespace of XHTML";
                self.fault(severity, &rule::TXT_1, message);
                let declares = tag
                    .attributes()
                    .with_checks(false)
                    .flatten()
                    .any(|attribute| attribute.key.into_inner().starts_with("xmlns"));
                if let Some(fault) = self.narrative.faults.last_mut() {
                    fault.repairable = !declares && self.plain;
                }
            }
        }
        let ours = namespace == Space::Xhtml || (self.bare && namespace == Space::None);
        if !ours {
            let message = "an element of another namespace than XHTML's";
            self.fault(Severity::Error, &rule::TXT_1, message);
        } else if is_listed(DISPUTED_ELEMENTS, name) {
            let message = "an element that only some validators allow";
            self.fault(Severity::Warning, &rule::TXT_1, message);
        } else if !is_listed(ELEMENTS, name) {
            let message = "an element that narrative may not have";
            self.fault(Severity::Error, &rule::TXT_1, message);
        }
        self.attributes(tag, name)
    }

    fn attributes(&mut self, tag: &BytesStart<'_>, element: &str) -> Result<(), Broken> {
        // DSTU2 has a rule of its own for attributes.
        let rule = match self.version {
            FhirVersion::Dstu2 => &rule::TXT_3,
            _ => &rule::TXT_1,
        };
        let mut seen = HashSet::new();
        // The reader would compare each attribute with each other one.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| "an attribute that is not well-formed")?;
            let name = attribute.key.into_inner();
            if !seen.insert(name) {
                return Err("an attribute is there twice");
            }
            if name == "xmlns" || name.starts_with("xmlns:") {
                self.namespaces += 1;
                if self.namespaces > NAMESPACES {
                    return Err("too many declarations of namespaces");
                }
                continue;
            }
            let value = attribute
                .normalized_value(Default::default())
                .map_err(|_| "the value of an attribute is not well-formed")?;
            if is_listed(DISPUTED_ATTRIBUTES, name) {
                let message = "an attribute that only some validators allow";
                self.fault(Severity::Warning, rule, message);
            } else if !is_listed(ATTRIBUTES, name) {
                let message = "an attribute that narrative may not have";
                self.fault(Severity::Error, rule, message);
            }
            if matches!(name, "href" | "src") {
                let scheme = value.trim_start().get(..11).unwrap_or_default();
                if scheme.eq_ignore_ascii_case("javascript:") {
                    self.fault(Severity::Error, rule, "a link that is a script");
                }
                if let Some(id) = value.strip_prefix('#') {
                    self.narrative.references.push(id.to_owned());
                }
                self.content |= element == "img" && name == "src";
            }
        }
        Ok(())
    }

    /// The first fault of a rule and severity.
    fn fault(&mut self, severity: Severity, rule: &'static Rule, message: &'static str) {
        let mut faults = self.narrative.faults.iter();
        if !faults.any(|fault| fault.rule.key == rule.key && fault.severity == severity) {
            self.narrative.faults.push(Fault {
                severity,
                rule,
                message,
                repairable: false,
            });
        }
    }
}

/// The namespace of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    Xhtml,
    None,
    Other,
}

fn space(resolved: &ResolveResult<'_>) -> Result<Space, Broken> {
    match resolved {
        ResolveResult::Bound(Namespace(XHTML)) => Ok(Space::Xhtml),
        ResolveResult::Bound(_) => Ok(Space::Other),
        ResolveResult::Unbound => Ok(Space::None),
        ResolveResult::Unknown(_) => Err("a prefix that is not declared"),
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

fn is_listed(list: &str, name: &str) -> bool {
    !name.is_empty()
        && !name.contains(' ')
        && list.split_ascii_whitespace().any(|listed| listed == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(inner: &str, version: FhirVersion) -> Vec<(Severity, &'static str)> {
        let text = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        let found = Narrative::of(&text, version).faults;
        found
            .iter()
            .map(|fault| (fault.severity, fault.rule.key))
            .collect()
    }

    #[test]
    fn what_is_active_is_refused() {
        use FhirVersion::{Dstu2, R4, R6};
        let error = |key| vec![(Severity::Error, key)];
        let cases = [
            ("<p>a &amp; b &#x263A;</p>", R4, vec![]),
            ("<img src=\"#i\"/>", R4, vec![]),
            ("<p xml:lang=\"de\">a</p>", R4, vec![]),
            ("<script>x</script>", R4, error("txt-1")),
            ("<P>x</P>", R4, error("txt-1")),
            ("<p onclick=\"x()\">x</p>", R4, error("txt-1")),
            ("<p onclick=\"x()\">x</p>", Dstu2, error("txt-3")),
            ("<a href=\"JavaScript:x\">x</a>", R4, error("txt-1")),
            ("<p xmlns=\"urn:x\">x</p>", R4, error("txt-1")),
            ("a&nbsp;b", R4, error("txt-1")),
            ("<p>a", R4, error("txt-1")),
            (" <br/> ", R4, error("txt-2")),
            (" <br/> ", R6, error("txt-1")),
            ("<kbd>x</kbd>", R4, vec![(Severity::Warning, "txt-1")]),
            (
                "<td bgcolor=\"red\">x</td>",
                R4,
                vec![(Severity::Warning, "txt-1")],
            ),
        ];
        for (inner, version, expected) in cases {
            assert_eq!(faults(inner, version), expected, "{inner}");
        }
    }

    #[test]
    fn there_is_one_div_in_its_namespace() {
        let keys = |text, version| {
            let found = Narrative::of(text, version).faults;
            let faults = found.iter();
            faults
                .map(|fault| (fault.severity, fault.repairable))
                .collect::<Vec<_>>()
        };
        let error = [(Severity::Error, false)];
        assert_eq!(
            keys(
                "<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>",
                FhirVersion::R4
            ),
            error
        );
        assert_eq!(keys("", FhirVersion::R4), error);
        assert_eq!(keys("text", FhirVersion::R4), error);
        assert_eq!(
            keys("<div>x</div>", FhirVersion::R4),
            [(Severity::Error, true)]
        );
        assert_eq!(
            keys("<div>x</div>", FhirVersion::Dstu2),
            [(Severity::Warning, true)]
        );
        let prefixed = "<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p>x</h:p></h:div>";
        assert_eq!(keys(prefixed, FhirVersion::R5), []);
        let deep =
            "<div xmlns=\"http://www.w3.org/1999/xhtml\">".to_owned() + &"<b>".repeat(300_000);
        assert_eq!(keys(&deep, FhirVersion::R5), error);
        let linked = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><img src=\"#i\"/></div>";
        assert_eq!(Narrative::of(linked, FhirVersion::R5).references, ["i"]);
    }
}
