//! A document as a tree, and the many spellings that XML has for it.

use std::fmt::Write as _;

use imaging_study_xml::{FHIR, XHTML};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// What stands in an element of FHIR.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Element(Tree),
    /// The `div` of a narrative as it is spelled, and the comment that belongs to it.
    Div {
        note: Option<String>,
        markup: String,
    },
}

/// An element of FHIR.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

impl Tree {
    /// Takes apart what our writer wrote.
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::new("")];
        let mut note = None;
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event().expect("well-formed XML");
            let last = open.last_mut().expect("an open element");
            match event {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "div" => {
                    if !text[start..reader.buffer_position() as usize].ends_with("/>") {
                        reader.read_to_end(tag.name()).expect("an end tag");
                    }
                    let end = reader.buffer_position() as usize;
                    let (note, markup) = (note.take(), text[start..end].to_owned());
                    last.children.push(Node::Div { note, markup });
                }
                Event::Start(tag) => open.push(Self::of_tag(&tag)),
                Event::Empty(tag) => last.children.push(Node::Element(Self::of_tag(&tag))),
                Event::End(_) => {
                    let element = open.pop().expect("an open element");
                    let parent = open.last_mut().expect("a parent");
                    parent.children.push(Node::Element(element));
                }
                Event::Comment(comment) => {
                    note = Some(comment.to_string());
                }
                Event::Eof => break,
                other => panic!("our writer writes no such thing: {other:?}"),
            }
        }
        let mut document = open.pop().expect("the document");
        match document.children.pop() {
            Some(Node::Element(root)) => root,
            other => panic!("no root: {other:?}"),
        }
    }

    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    fn of_tag(tag: &BytesStart<'_>) -> Self {
        let attributes = tag.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            (
                attribute.key.as_ref().to_owned(),
                value.expect("a value").into_owned(),
            )
        });
        Self {
            attributes: attributes.filter(|(name, _)| name != "xmlns").collect(),
            ..Self::new(tag.name().as_ref())
        }
    }
}

/// How a document is spelled. The numbers are chances in a thousand.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    pub(crate) seed: u64,
    /// That white space stands where it may.
    pub(crate) white: u32,
    /// That a comment stands where it may.
    pub(crate) comments: u32,
    /// That a character is a reference.
    pub(crate) references: u32,
    /// That an element without children has an end tag.
    pub(crate) end_tags: u32,
    /// That an element declares the namespace of FHIR again.
    pub(crate) declarations: u32,
    /// The prefix of FHIR at the root.
    pub(crate) prefix: &'static str,
    pub(crate) narrative: Narrative,
    /// Whether every line ends in CR LF.
    pub(crate) returns: bool,
    /// What stands before the root.
    pub(crate) prolog: &'static str,
    pub(crate) encoding: Encoding,
}

/// How a `div` says that it is XHTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Narrative {
    AsItIs,
    /// With a prefix that it declares.
    Prefix,
    /// With a prefix that the root declares.
    OuterPrefix,
    /// With a default namespace that the root declares.
    OuterDefault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16Little,
    Utf16Big,
}

/// A source of numbers: Vigna's SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, pool: &[&'a T]) -> &'a T {
        pool[self.below(pool.len())]
    }
}

const XHTML_DECLARATION: &str = " xmlns=\"http://www.w3.org/1999/xhtml\"";

/// Spells a document.
pub(crate) fn spell(root: &Tree, spelling: &Spelling) -> Vec<u8> {
    let mut speller = Speller {
        spelling,
        random: Random(spelling.seed),
        out: spelling.prolog.to_owned(),
        prefixes: vec![spelling.prefix.to_owned()],
    };
    speller.gap();
    speller.element(root, true);
    speller.gap();
    let mut text = speller.out;
    if spelling.returns {
        text = text.replace('\n', "\r\n");
    }
    let marked = || std::iter::once('\u{FEFF}').chain(text.chars());
    let units = || {
        marked()
            .collect::<String>()
            .encode_utf16()
            .collect::<Vec<_>>()
    };
    match spelling.encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8WithMark => marked().collect::<String>().into_bytes(),
        Encoding::Utf16Little => units().into_iter().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Big => units().into_iter().flat_map(u16::to_be_bytes).collect(),
    }
}

struct Speller<'s> {
    spelling: &'s Spelling,
    random: Random,
    out: String,
    /// The prefixes that stand for FHIR here; the empty one for names without.
    prefixes: Vec<String>,
}

impl Speller<'_> {
    /// White space, where it may be absent.
    fn white(&mut self) {
        // A lone CR would be half of a line end if all others were turned into CR LF.
        let pool: &[&str] = match self.spelling.returns {
            true => &[" ", "\n", "\t"],
            false => &[" ", "\n", "\t", "\r\n", "\r"],
        };
        while self.random.chance(self.spelling.white) {
            self.out.push_str(self.random.pick(pool));
        }
    }

    /// What may stand between elements.
    fn gap(&mut self) {
        self.white();
        while self.random.chance(self.spelling.comments) {
            // The note of a narrative means nothing where no narrative follows.
            let comment = self.random.pick(&[
                "",
                " <a> & ]]> ",
                "-a\n\u{e9}",
                "<![CDATA[",
                " json-div no-xmlns",
            ]);
            let _ = write!(self.out, "<!--{comment}-->");
            self.white();
        }
    }

    fn element(&mut self, tree: &Tree, root: bool) {
        let mut attributes: Vec<(String, String)> = tree.attributes.clone();
        let scope = self.prefixes.len();
        if root {
            attributes.push(declaration(self.spelling.prefix, FHIR));
            match self.spelling.narrative {
                Narrative::OuterPrefix => attributes.push(declaration("outer", XHTML)),
                Narrative::OuterDefault => attributes.push(declaration("", XHTML)),
                Narrative::AsItIs | Narrative::Prefix => {}
            }
            if self.random.chance(self.spelling.declarations) {
                let location = format!("{FHIR} \n fhir-all.xsd");
                attributes.push(declaration(
                    "xsi",
                    "http://www.w3.org/2001/XMLSchema-instance",
                ));
                attributes.push(("xsi:schemaLocation".to_owned(), location));
            }
        } else if scope < 6 && self.random.chance(self.spelling.declarations) {
            let pool: &[&str] = match self.spelling.narrative {
                // The default is that of XHTML.
                Narrative::OuterDefault => &["p", "q-1", "\u{e9}.x"],
                _ => &["p", "", "q-1", "\u{e9}.x"],
            };
            let prefix = self.random.pick(pool);
            attributes.push(declaration(prefix, FHIR));
            self.prefixes.push(prefix.to_owned());
        }
        let prefix = self.random.below(self.prefixes.len());
        let mut name = self.prefixes[prefix].clone();
        if !name.is_empty() {
            name.push(':');
        }
        name.push_str(&tree.name);
        let _ = write!(self.out, "<{name}");
        while !attributes.is_empty() {
            let index = match self.random.chance(self.spelling.white) {
                true => self.random.below(attributes.len()),
                false => 0,
            };
            let (name, value) = attributes.remove(index);
            self.attribute(&name, &value);
        }
        self.white();
        if tree.children.is_empty() && !self.random.chance(self.spelling.end_tags) {
            self.out.push_str("/>");
        } else {
            self.out.push('>');
            for child in &tree.children {
                self.gap();
                match child {
                    Node::Element(child) => self.element(child, false),
                    Node::Div { note, markup } => self.div(note.as_deref(), markup),
                }
            }
            self.gap();
            let _ = write!(self.out, "</{name}");
            self.white();
            self.out.push('>');
        }
        self.prefixes.truncate(scope);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.white();
        self.out.push_str(name);
        self.white();
        self.out.push('=');
        self.white();
        let quote = match self.random.chance(self.spelling.references) {
            true => '\'',
            false => '"',
        };
        self.out.push(quote);
        for character in value.chars() {
            self.character(character, quote);
        }
        self.out.push(quote);
    }

    /// A character in a value.
    fn character(&mut self, character: char, quote: char) {
        let needed = matches!(character, '&' | '<' | '\t' | '\n' | '\r') || character == quote;
        if !needed && !self.random.chance(self.spelling.references) {
            self.out.push(character);
            return;
        }
        let named = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&apos;",
            // To a reader these are spaces.
            ' ' => self.random.pick(&["\t", "\n"]),
            _ => "",
        };
        let number = u32::from(character);
        let _ = match self.random.below(if named.is_empty() { 4 } else { 6 }) {
            0 => write!(self.out, "&#{number};"),
            1 => write!(self.out, "&#x{number:x};"),
            2 => write!(self.out, "&#x000{number:X};"),
            3 => write!(self.out, "&#00{number};"),
            _ => write!(self.out, "{named}"),
        };
    }

    fn div(&mut self, note: Option<&str>, markup: &str) {
        if let Some(note) = note {
            let _ = write!(self.out, "<!--{note}-->");
            self.white();
            self.out.push_str(markup);
            return;
        }
        if self.spelling.comments > 0 {
            // The comment before it may look like a note.
            self.out.push_str("<!--none-->");
        }
        let plain = markup
            .strip_prefix("<div")
            .and_then(|rest| rest.strip_prefix(XHTML_DECLARATION))
            .filter(|rest| !rest.contains("xmlns"));
        let spelled = match (plain, self.spelling.narrative) {
            (None, _) | (_, Narrative::AsItIs) => markup.to_owned(),
            (Some(rest), Narrative::OuterDefault) => format!("<div{rest}"),
            (Some(rest), Narrative::OuterPrefix) => with_prefix(&format!("<div{rest}"), "outer"),
            (Some(rest), Narrative::Prefix) => {
                with_prefix(&format!("<div xmlns:h='{XHTML}'{rest}"), "h")
            }
        };
        self.out.push_str(&spelled);
    }
}

fn declaration(prefix: &str, namespace: &str) -> (String, String) {
    let name = match prefix {
        "" => "xmlns".to_owned(),
        prefix => format!("xmlns:{prefix}"),
    };
    (name, namespace.to_owned())
}

/// Markup in which every element has a prefix.
fn with_prefix(markup: &str, prefix: &str) -> String {
    let mut reader = Reader::from_str(markup);
    let mut out = String::new();
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().expect("well-formed XML");
        let raw = &markup[start..reader.buffer_position() as usize];
        match event {
            Event::Start(_) | Event::Empty(_) => {
                let _ = write!(out, "<{prefix}:{}", &raw[1..]);
            }
            Event::End(_) => {
                let _ = write!(out, "</{prefix}:{}", &raw[2..]);
            }
            Event::Eof => return out,
            _ => out.push_str(raw),
        }
    }
}
