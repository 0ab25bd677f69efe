//! How codes are bound to value sets.

use crate::FieldType;

/// The value set that the codes of an element come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Binding {
    /// How binding it is.
    pub strength: BindingStrength,
    /// The URL of the value set, without a version; empty where the standard describes the codes in
    /// words alone.
    pub value_set: &'static str,
}

/// How much an element is bound to its value set
/// (<https://hl7.org/fhir/R5/valueset-binding-strength.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BindingStrength {
    /// The value set shows what the codes can be like; any other may be used.
    Example,
    /// The codes are recommended.
    Preferred,
    /// A code of the value set where one fits, another elsewhere.
    Extensible,
    /// A code of the value set and no other.
    Required,
}

impl BindingStrength {
    /// The code of the standard, e.g. `required`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Example => "example",
            Self::Preferred => "preferred",
            Self::Extensible => "extensible",
            Self::Required => "required",
        }
    }
}

impl Binding {
    /// The binding of an element whose type lists its codes, as an enum of codes does.
    #[must_use]
    pub const fn of_codes(types: &[FieldType]) -> Option<Self> {
        match types {
            [FieldType::Scalar(_, Some(set))] => Some(Self {
                strength: BindingStrength::Required,
                value_set: set.url,
            }),
            _ => None,
        }
    }
}
