//! An element of the study or of a contained resource, seen alike.

use std::borrow::Cow;

use imaging_study_core::{ElementRef, Json, ValueRef};
use smol_str::SmolStr;

/// An element with a type of its own, or an object of JSON in a contained resource.
#[derive(Clone, Copy)]
pub(crate) enum Node<'a> {
    Typed(ElementRef<'a>),
    Tree(&'a [(SmolStr, Json)]),
}

impl<'a> Node<'a> {
    fn member(members: &'a [(SmolStr, Json)], name: &str) -> Option<&'a Json> {
        let mut members = members.iter();
        members.find_map(|(member, value)| (member == name).then_some(value))
    }

    /// Whether an element is there: a value, or an id or extensions in place of it.
    pub(crate) fn has(self, name: &str) -> bool {
        match self {
            Self::Typed(element) => element.field(name).is_some(),
            Self::Tree(members) => members
                .iter()
                .any(|(member, _)| member.strip_prefix('_').unwrap_or(member) == name),
        }
    }

    /// The same for a choice, by its name without a type.
    pub(crate) fn has_choice(self, stem: &str) -> bool {
        match self {
            Self::Typed(element) => element.field(stem).is_some(),
            Self::Tree(members) => members.iter().any(|(member, _)| {
                let name = member.strip_prefix('_').unwrap_or(member);
                let suffix = name.strip_prefix(stem);
                suffix.is_some_and(|suffix| {
                    suffix.starts_with(|first: char| first.is_ascii_uppercase())
                })
            }),
        }
    }

    /// The text of a value, the first of several.
    pub(crate) fn text(self, name: &str) -> Option<Cow<'a, str>> {
        match self {
            Self::Typed(element) => element.text(name),
            Self::Tree(members) => scalar(match Self::member(members, name)? {
                Json::Array(entries) => entries.first()?,
                value => value,
            }),
        }
    }

    /// The texts of a value that repeats.
    pub(crate) fn texts(self, name: &str) -> Vec<Cow<'a, str>> {
        match self {
            Self::Typed(element) => {
                let values = element.field(name).into_iter();
                let values = values.flat_map(|field| field.values());
                let scalars = values.filter_map(ValueRef::scalar);
                scalars.map(|scalar| scalar.text()).collect()
            }
            Self::Tree(members) => match Self::member(members, name) {
                Some(Json::Array(entries)) => entries.iter().filter_map(scalar).collect(),
                Some(value) => scalar(value).into_iter().collect(),
                None => Vec::new(),
            },
        }
    }

    /// An element inside, the first of several.
    pub(crate) fn child(self, name: &str) -> Option<Self> {
        match self {
            Self::Typed(element) => element.element(name).map(Self::Typed),
            Self::Tree(members) => match Self::member(members, name)? {
                Json::Object(members) => Some(Self::Tree(members)),
                Json::Array(entries) => entries.first()?.as_object().map(Self::Tree),
                _ => None,
            },
        }
    }
}

fn scalar(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::String(text) => Some(Cow::Borrowed(text)),
        Json::Number(number) => Some(Cow::Borrowed(number.as_str())),
        Json::Boolean(true) => Some(Cow::Borrowed("true")),
        Json::Boolean(false) => Some(Cow::Borrowed("false")),
        _ => None,
    }
}
