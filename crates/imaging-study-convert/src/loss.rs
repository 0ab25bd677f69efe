//! What a conversion tells about values that it could not simply move.

use imaging_study_core::{ElementPath, Json};

/// A value converted to another version, and what did not go smoothly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted<T> {
    /// The value in the target version.
    pub value: T,
    /// Losses and notes, in the order in which the conversion met them.
    pub losses: Vec<Loss>,
}

impl<T> Converted<T> {
    /// Puts the value into another type.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> Converted<U> {
        Converted {
            value: into(self.value),
            losses: self.losses,
        }
    }
}

/// A value that was lost, or that is kept but not as it ought to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Where the value stood in the source.
    pub path: ElementPath,
    /// What happened to it.
    pub kind: LossKind,
    /// The rule that says so, as the documentation of this crate numbers them.
    pub rule: Rule,
    /// The value as it stood in the source.
    pub value: Json,
}

/// What happened to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LossKind {
    /// A carried value was dropped because the element beside it had been edited since.
    StaleCarry,
    /// The target version has no element for a value, and extensions were not wanted.
    NotCarried,
    /// A contained resource is kept as it is, in the form of the source version.
    ContainedNotConverted,
    /// A contained resource is kept as it is, and the target version has no resource of its type.
    ContainedTypeMissing,
    /// A contained resource of a type that the source version does not define is kept as the XML
    /// that it was.
    ContainedUnknown,
    /// `implicitRules` is kept, but the rules may be bound to the source version.
    ImplicitRules,
    /// A profile is kept that the converted study cannot conform to.
    ProfileOfOtherVersion,
    /// A contained ImagingStudy could not be read in the source version and is kept as it is.
    ContainedUnreadable,
    /// The value of an extension was not legal in the source version and could not be converted.
    InvalidValue,
    /// The study is not valid, and the conversion back would not give this value again, or would
    /// give more than there was. The converted study has it, in a form that stays.
    NotRestored,
    /// The element lacks something that its version requires, and the conversion back would put
    /// something there. Nothing is lost, so this is only noted.
    RequiredMissing,
    /// A code is written as the closest one of the target, which says less or nearly the same. It
    /// comes back, so this is only noted.
    ApproximateCode,
    /// A comment of an XML document, which only DSTU2 has a place for. Comments are no data, so this
    /// is only noted.
    Comment,
    /// A carried value stood in a form that HL7's guides had before, and was read: the way back gives
    /// it in the newest form. The value is kept, so this is only noted.
    Form,
}

/// Gives each variant of an enum a name, and lists them all.
macro_rules! named {
    ($type:ident, $(#[$doc:meta])* $method:ident: $($variant:ident $name:literal,)+) => {
        impl $type {
            /// All of them, in no order that means something.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            $(#[$doc])*
            #[must_use]
            pub const fn $method(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

named! {
    LossKind,
    /// A name for reports, in lower case with hyphens.
    name:
    StaleCarry "stale-carry",
    NotCarried "not-carried",
    ApproximateCode "approximate-code",
    Comment "comment",
    Form "form",
    ContainedNotConverted "contained-not-converted",
    ContainedTypeMissing "contained-type-missing",
    ContainedUnknown "contained-unknown",
    ImplicitRules "implicit-rules",
    InvalidValue "invalid-value",
    NotRestored "not-restored",
    RequiredMissing "required-missing",
    ProfileOfOtherVersion "profile-of-other-version",
    ContainedUnreadable "contained-unreadable",
}

impl LossKind {
    /// Whether the value is gone from the output; otherwise it is only noted.
    #[must_use]
    pub const fn is_loss(self) -> bool {
        matches!(
            self,
            Self::StaleCarry | Self::NotCarried | Self::InvalidValue | Self::NotRestored
        )
    }

    /// Whether a strict conversion refuses a study for it: something is lost, or is not what it
    /// claims to be in the target version.
    #[must_use]
    pub const fn is_refused_by_strict(self) -> bool {
        !matches!(
            self,
            Self::ApproximateCode
                | Self::Comment
                | Self::ContainedNotConverted
                | Self::Form
                | Self::ProfileOfOtherVersion
                | Self::RequiredMissing
        )
    }
}

/// A rule of the conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A carried value counts only while it agrees with the native value beside it.
    Stale,
    /// What a version has no element for travels in an extension, unless nobody wants it.
    Carry,
    /// An availability becomes the status that is true of it.
    Availability,
    /// Contained resources of other types are copied.
    Contained,
    /// `implicitRules` is copied.
    ImplicitRules,
    /// `meta.profile` is copied.
    Profile,
    /// The value of an extension keeps its type, takes a simpler one, or travels whole.
    ExtensionValue,
    /// Comments stay behind.
    Comments,
    /// What is not valid comes back, or is reported.
    Invalid,
    /// Every form of a carried value that HL7's guides had is read, and the newest one is written.
    Form,
}

named! {
    Rule,
    /// The id of the rule in reports.
    id:
    Stale "stale",
    Carry "carry",
    Availability "availability",
    Contained "contained",
    ImplicitRules "implicit-rules",
    Profile "profile",
    ExtensionValue "extension-value",
    Comments "comments",
    Invalid "invalid",
    Form "form",
}

/// The strict mode refuses a study: these values would be lost or stay in a foreign form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("strict conversion refused: {} at {}", .losses[0].kind.name(), .losses[0].path)]
#[non_exhaustive]
pub struct Refused {
    /// What would have been reported; at least one entry.
    pub losses: Vec<Loss>,
}
