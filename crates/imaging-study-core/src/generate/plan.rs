//! What is decided about the fields of an element before they are filled.

use std::borrow::Cow;

/// Decisions about fields that depend on one another; other fields are decided one by one.
#[derive(Debug, Default)]
pub(super) struct Plan(Vec<(&'static str, Planned)>);

/// What is decided about a field.
#[derive(Debug)]
pub(super) enum Planned {
    /// It has no value.
    Absent,
    /// It has a value, of the type with this index.
    Present(u8),
    /// It has this value, of the type with this index.
    Text(u8, Cow<'static, str>),
}

impl Plan {
    /// Plans that `field` is absent.
    pub(super) fn without(mut self, field: &'static str) -> Self {
        self.0.push((field, Planned::Absent));
        self
    }

    /// Plans that `field` is present.
    pub(super) fn with(self, field: &'static str) -> Self {
        self.with_variant(field, 0)
    }

    /// Plans that the choice element `field` has its type number `variant`.
    pub(super) fn with_variant(mut self, field: &'static str, variant: u8) -> Self {
        self.0.push((field, Planned::Present(variant)));
        self
    }

    /// Plans the text of `field`.
    pub(super) fn text(self, field: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        self.variant_text(field, 0, text)
    }

    /// Plans the type number `variant` and its text for the choice element `field`.
    pub(super) fn variant_text(
        mut self,
        field: &'static str,
        variant: u8,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.0.push((field, Planned::Text(variant, text.into())));
        self
    }

    /// What is decided about a field.
    pub(super) fn get(&self, field: &str) -> Option<&Planned> {
        self.0
            .iter()
            .find_map(|(name, planned)| (*name == field).then_some(planned))
    }
}
