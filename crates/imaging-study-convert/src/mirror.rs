//! Moving values between a version's types and the hub.

mod primitive;

use imaging_study_core::{
    Base64Binary, Canonical, Code, Date, DateTime, Decimal, Element, FhirString, FhirVersion, Id,
    Instant, Integer, Integer64, Markdown, Oid, PositiveInt, Resource, Scalar, Time, Unshared,
    UnsignedInt, Uri, Url, Uuid, Xhtml,
};
use imaging_study_dicom::{RawUid, RawUrnOid};

use crate::context::Context;
use crate::entries::{each, each_entry};
use crate::hub;

/// A type of a version that has a counterpart in the hub. Values are moved, not cloned.
pub(crate) trait Mirror: Sized {
    /// The counterpart.
    type Hub;

    /// Moves a value into the hub, as it is.
    fn lift(self) -> Self::Hub;

    /// Moves a value out of the hub and does to it what the target version asks for.
    fn lower(hub: Self::Hub, context: &mut Context<'_>) -> Self;
}

/// A series of a version. Each is lifted and lowered in one go: those of the hub are larger than those
/// of the versions, and there may be many.
pub(crate) trait LiftSeries {
    /// Its instances.
    type Instance: Mirror<Hub = hub::Instance>;

    /// Moves a series into the hub.
    fn lift(self) -> hub::Series<Self::Instance>;
}

/// The series of a contained study, which is lifted whole.
impl<I: Mirror<Hub = hub::Instance>> LiftSeries for hub::Series<I> {
    type Instance = I;

    fn lift(self) -> Self {
        self
    }
}

/// The ImagingStudy of a version, with the form that the version gives to what others have
/// otherwise.
pub(crate) trait Form: Sized {
    /// Its series.
    type Series: LiftSeries + Element;

    /// Its series and the resources that it contains.
    fn parts_mut(&mut self) -> (&mut Vec<Self::Series>, &mut Vec<Resource>);

    /// Moves a study into the hub.
    fn lift(self) -> hub::ImagingStudy<Self::Series>;

    /// Moves a study out of the hub and gives it the form of the version.
    fn lower<S: LiftSeries>(study: hub::ImagingStudy<S>, context: &mut Context<'_>) -> Self;
}

/// A scalar that has a counterpart in the hub.
pub(crate) trait MirrorScalar: Scalar {
    /// The counterpart: the scalar itself, or `Code` for the codes of a version.
    type Hub: Scalar;

    /// Moves a value into the hub.
    fn lift(value: Option<Self>) -> Option<Self::Hub>;

    /// Moves a value out of the hub.
    fn lower(hub: Option<Self::Hub>) -> Option<Self>;
}

macro_rules! same_scalars {
    ($($scalar:ident),+ $(,)?) => {
        $(impl MirrorScalar for $scalar {
            type Hub = Self;

            #[inline(always)]
            fn lift(value: Option<Self>) -> Option<Self> {
                value
            }

            #[inline(always)]
            fn lower(hub: Option<Self>) -> Option<Self> {
                hub
            }
        })+
    };
}
same_scalars!(
    Base64Binary,
    bool,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    FhirString,
    Id,
    Instant,
    Integer,
    Integer64,
    Markdown,
    Oid,
    PositiveInt,
    RawUid,
    RawUrnOid,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
);

/// The code of an enum of a version.
pub(crate) fn lift_code<T: Scalar>(value: &T) -> Option<Code> {
    value.with_text(|text| Code::read(text, FhirVersion::R6, &mut Unshared).ok())
}

/// The value of an enum of a version for a code.
pub(crate) fn lower_code<T: Scalar>(code: &Code) -> Option<T> {
    T::read(code.as_str(), FhirVersion::R6, &mut Unshared).ok()
}

/// A primitive under the name that another version gives its type, whose texts are the same.
pub(crate) fn retyped<T: Scalar, U: Scalar>(primitive: hub::Primitive<T>) -> hub::Primitive<U> {
    let read =
        |value: T| value.with_text(|text| U::read(text, FhirVersion::R6, &mut Unshared).ok());
    hub::Primitive {
        value: primitive.value.and_then(read),
        element: primitive.element,
    }
}

/// Implements [`MirrorScalar`] for the code enums of a version.
macro_rules! mirror_codes {
    ($($name:ty),+ $(,)?) => {
        $(impl $crate::mirror::MirrorScalar for $name {
            type Hub = imaging_study_core::Code;

            fn lift(value: Option<Self>) -> Option<imaging_study_core::Code> {
                $crate::mirror::lift_code(&value?)
            }

            fn lower(hub: Option<imaging_study_core::Code>) -> Option<Self> {
                $crate::mirror::lower_code(&hub?)
            }
        })+
    };
}
pub(crate) use mirror_codes;

/// Implements [`Mirror`] for a struct of a version whose fields the hub has alike.
macro_rules! mirror {
    (
        $(#[$inline:meta])*
        $source:path, $hub:path { $($field:ident: $element:literal),+ $(,)? }
        $(, fit $fit:path)?
        $(, comments $comments:ident)?
    ) => {
        impl $crate::mirror::Mirror for $source {
            type Hub = $hub;

            $(#[$inline])*
            fn lift(self) -> $hub {
                let Self { $($field,)+ $($comments: _)? } = self;
                #[allow(unused_mut, reason = "only DSTU2 has ids to restore")]
                let mut hub: $hub = {
                    $hub { $($field: $crate::mirror::Mirror::lift($field)),+ }
                };
                $($crate::mirror::mirror!(restore $comments hub);)?
                hub
            }

            $(#[$inline])*
            fn lower(hub: $hub, context: &mut $crate::context::Context<'_>) -> Self {
                $(let hub = $fit(hub, context);)?
                $(
                    let mut hub = hub;
                    $crate::mirror::mirror!(carry $comments hub, context);
                )?
                // Written out and not with `Context::at`, whose closures would copy each field.
                $(
                    let before = context.losses.len();
                    let $field = $crate::mirror::Mirror::lower(hub.$field, context);
                    if context.losses.len() > before {
                        context.place_name(before, $element);
                    }
                )+
                Self { $($field,)+ $($comments: Vec::new())? }
            }
        }
    };
    // The version with comments is the one whose element ids are of another type.
    (restore $comments:ident $hub:ident) => {
        $crate::element_id::restore(&mut $hub.id, &mut $hub.extension)
    };
    (carry $comments:ident $hub:ident, $context:ident) => {
        $crate::element_id::carry(&mut $hub.id, &mut $hub.extension, $context)
    };
}
pub(crate) use mirror;

/// Implements [`Mirror`] for the types that every version has alike.
macro_rules! mirror_common {
    ($types:ident $(, comments $comments:ident)?) => {
        $crate::mirror::mirror!(
            #[inline(always)]
            $types::Coding,
            $crate::hub::Coding {
                id: "id",
                extension: "extension",
                system: "system",
                version: "version",
                code: "code",
                display: "display",
                user_selected: "userSelected",
            }
            $(, comments $comments)?
        );
        $crate::mirror::mirror!(
            $types::CodeableConcept,
            $crate::hub::CodeableConcept {
                id: "id",
                extension: "extension",
                coding: "coding",
                text: "text",
            }
            $(, comments $comments)?
        );
        $crate::mirror::mirror!(
            $types::Period,
            $crate::hub::Period {
                id: "id",
                extension: "extension",
                start: "start",
                end: "end",
            }
            $(, comments $comments)?
        );
        $crate::mirror::mirror!(
            $types::Narrative,
            $crate::hub::Narrative {
                id: "id",
                extension: "extension",
                status: "status",
                div: "div",
            }
            $(, comments $comments)?
        );
        impl $crate::mirror::Mirror for $types::AnnotationAuthor {
            type Hub = $crate::hub::AnnotationAuthor;

            fn lift(self) -> $crate::hub::AnnotationAuthor {
                match self {
                    Self::Reference(value) => {
                        $crate::hub::AnnotationAuthor::Reference(value.lift())
                    }
                    Self::String(value) => $crate::hub::AnnotationAuthor::String(value.lift()),
                }
            }

            fn lower(
                hub: $crate::hub::AnnotationAuthor,
                context: &mut $crate::context::Context<'_>,
            ) -> Self {
                match hub {
                    $crate::hub::AnnotationAuthor::Reference(value) => {
                        Self::Reference(Mirror::lower(value, context))
                    }
                    $crate::hub::AnnotationAuthor::String(value) => {
                        Self::String(Mirror::lower(value, context))
                    }
                }
            }
        }

        impl $crate::mirror::Mirror for $types::Annotation {
            type Hub = $crate::hub::Annotation;

            fn lift(self) -> $crate::hub::Annotation {
                #[allow(unused_mut, reason = "only DSTU2 has ids to restore")]
                let mut hub = $crate::hub::Annotation {
                    id: self.id,
                    extension: self.extension.lift(),
                    author: self.author.lift(),
                    time: self.time.lift(),
                    text: $crate::mirror::retyped(self.text.lift()),
                };
                $($crate::mirror::mirror!(restore $comments hub);)?
                hub
            }

            fn lower(
                hub: $crate::hub::Annotation,
                context: &mut $crate::context::Context<'_>,
            ) -> Self {
                let targets = context.targets(|targets| targets.author);
                let hub = $crate::annotation::fit(hub, targets, context);
                $(
                    let mut hub = hub;
                    $crate::mirror::mirror!(carry $comments hub, context);
                )?
                Self {
                    id: hub.id,
                    $($comments: Vec::new(),)?
                    extension: context
                        .at("extension", |context| Mirror::lower(hub.extension, context)),
                    author: context.at("author", |context| Mirror::lower(hub.author, context)),
                    time: context.at("time", |context| Mirror::lower(hub.time, context)),
                    text: context.at("text", |context| {
                        Mirror::lower($crate::mirror::retyped(hub.text), context)
                    }),
                }
            }
        }

        impl $crate::tree::Nest for $types::Extension {
            fn nest(
                id: Option<imaging_study_core::FhirString>,
                url: Option<imaging_study_core::Uri>,
                extension: Vec<Self>,
            ) -> Self {
                Self {
                    id,
                    url,
                    extension,
                    ..Self::default()
                }
            }
        }

        impl $crate::mirror::Mirror for $types::Extension {
            type Hub = $crate::hub::Extension;

            fn lift(self) -> $crate::hub::Extension {
                #[allow(unused_mut, reason = "only DSTU2 has ids to restore")]
                let mut hub = $crate::hub::Extension {
                    id: self.id,
                    extension: self.extension.lift(),
                    url: self.url,
                    value: self.value.map(lift_value),
                };
                $(
                    let _ = stringify!($comments);
                    $crate::element_id::restore_extension(&mut hub);
                )?
                hub
            }

            fn lower(
                hub: $crate::hub::Extension,
                context: &mut $crate::context::Context<'_>,
            ) -> Self {
                let hub = match $crate::tree::restore(hub, context) {
                    Ok(restored) => return restored,
                    Err(hub) => hub,
                };
                let hub = $crate::extension::fit(hub, context);
                $(
                    let _ = stringify!($comments);
                    let hub = $crate::element_id::carry_extension(hub, context);
                )?
                let value = match hub.value {
                    Some(value) => match lower_value(value, context) {
                        Ok(value) => Some(value),
                        Err(lost) => {
                            context.report(
                                $crate::LossKind::InvalidValue,
                                $crate::Rule::ExtensionValue,
                                lost,
                            );
                            None
                        }
                    },
                    None => None,
                };
                Self {
                    id: hub.id,
                    $($comments: Vec::new(),)?
                    extension: context
                        .at("extension", |context| Mirror::lower(hub.extension, context)),
                    url: hub.url,
                    value,
                }
            }
        }
    };
}
pub(crate) use mirror_common;

/// Implements [`Mirror`] for the types that every version from R4 on has alike and STU3 has otherwise.
macro_rules! mirror_since_r4 {
    ($types:ident) => {
        $crate::mirror::mirror!(
            $types::Reference,
            $crate::hub::Reference {
                id: "id",
                extension: "extension",
                reference: "reference",
                type_: "type",
                identifier: "identifier",
                display: "display",
            },
            fit $crate::datatype::reference_since_r4
        );
        $crate::mirror::mirror!(
            $types::Identifier,
            $crate::hub::Identifier {
                id: "id",
                extension: "extension",
                use_: "use",
                type_: "type",
                system: "system",
                value: "value",
                period: "period",
                assigner: "assigner",
            },
            fit $crate::datatype::identifier_since_r4
        );
        $crate::mirror::mirror!(
            $types::Meta,
            $crate::hub::Meta {
                id: "id",
                extension: "extension",
                version_id: "versionId",
                last_updated: "lastUpdated",
                source: "source",
                profile: "profile",
                security: "security",
                tag: "tag",
            },
            fit $crate::datatype::meta_since_r4
        );
        impl $crate::mirror::Mirror for $types::ImagingStudySeriesPerformer {
            type Hub = $crate::hub::Performer;

            fn lift(self) -> $crate::hub::Performer {
                $crate::hub::Performer {
                    id: self.id,
                    extension: self.extension.lift(),
                    modifier_extension: self.modifier_extension.lift(),
                    function: self.function.lift(),
                    actor: self.actor.lift(),
                }
            }

            fn lower(
                hub: $crate::hub::Performer,
                context: &mut $crate::context::Context<'_>,
            ) -> Self {
                let mut hub = hub;
                let targets = context.targets(|targets| targets.actor);
                let (list, modifier) = (&mut hub.extension, &mut hub.modifier_extension);
                let lent = $crate::carry::lend(modifier, list, context);
                let path = "ImagingStudy.series.performer.actor";
                let actor =
                    $crate::reference::take_carried(hub.actor, list, path, targets, context);
                $crate::carry::give_back(lent, list, modifier);
                let actor = actor.map(|actor| $crate::reference::fit(actor, targets, context));
                Self {
                    id: hub.id,
                    extension: context
                        .at("extension", |context| Mirror::lower(hub.extension, context)),
                    modifier_extension: context.at("modifierExtension", |context| {
                        Mirror::lower(hub.modifier_extension, context)
                    }),
                    function: context
                        .at("function", |context| Mirror::lower(hub.function, context)),
                    actor: context.at("actor", |context| Mirror::lower(actor, context)),
                }
            }
        }
    };
}
pub(crate) use mirror_since_r4;

/// Mirrors the CodeableReference of a version.
macro_rules! mirror_codeable_reference {
    ($types:ident) => {
        $crate::mirror::mirror!(
            $types::CodeableReference,
            $crate::hub::CodeableReference {
                id: "id",
                extension: "extension",
                concept: "concept",
                reference: "reference",
            }
        );
    };
}
pub(crate) use mirror_codeable_reference;

/// Mirrors the instances of a version; `id` or `oid` is what it has for the UID, `coding` or `oid`
/// what it has for the SOP class, `frames` its name for the number of frames, if it has that.
macro_rules! mirror_instance {
    ($types:ident, uid $uid:ident, sop_class $form:ident $(, frames $frames:ident)?) => {
        impl $crate::mirror::Mirror for $types::ImagingStudySeriesInstance {
            type Hub = $crate::hub::Instance;

            #[inline(always)]
            fn lift(self) -> $crate::hub::Instance {
                #[allow(unused_mut, reason = "only R6 has what travels from here on")]
                let mut extension = self.extension.lift();
                $($crate::number_of_frames::carry(self.$frames.lift(), &mut extension);)?
                $crate::hub::Instance {
                    id: self.id,
                    extension,
                    modifier_extension: self.modifier_extension.lift(),
                    uid: $crate::mirror::mirror_instance!(lift_uid $uid self.uid),
                    sop_class: $crate::mirror::mirror_instance!(lift $form self.sop_class),
                    number: self.number.lift(),
                    title: self.title.lift(),
                }
            }

            #[inline(always)]
            fn lower(
                hub: $crate::hub::Instance,
                context: &mut $crate::context::Context<'_>,
            ) -> Self {
                let mut hub = hub;
                if !hub.extension.is_empty() || !hub.modifier_extension.is_empty() {
                    $crate::instance::gather(&mut hub, context);
                }
                let before = context.losses.len();
                let sop_class =
                    $crate::mirror::mirror_instance!(lower $form hub.sop_class, context);
                $crate::mirror::mirror_instance!(place context before "sopClass");
                $(
                    let before = context.losses.len();
                    let (list, modifier) = (&mut hub.extension, &mut hub.modifier_extension);
                    let $frames = $crate::number_of_frames::take(list, modifier, context);
                    let $frames = Mirror::lower($frames, context);
                    $crate::mirror::mirror_instance!(place context before "numberOfFrames");
                )?
                let before = context.losses.len();
                let uid = $crate::uid::$uid(hub.uid, $crate::uid::INSTANCE, context);
                let uid = Mirror::lower(uid, context);
                $crate::mirror::mirror_instance!(place context before "uid");
                $crate::mirror::mirror_instance!(fields context hub
                    extension "extension",
                    modifier_extension "modifierExtension",
                    number "number",
                    title "title"
                );
                let before = context.losses.len();
                let sop_class = $crate::mirror::mirror_instance!(written $form $types sop_class, context);
                $crate::mirror::mirror_instance!(place context before "sopClass");
                Self {
                    id: hub.id,
                    extension,
                    modifier_extension,
                    uid,
                    sop_class,
                    number,
                    title,
                    $($frames,)?
                }
            }
        }
    };
    (lift_uid id $uid:expr) => {
        $crate::hub::Uid::Id($uid.lift())
    };
    (lift_uid oid $uid:expr) => {
        $crate::hub::Uid::Oid($uid.lift())
    };
    // Written out and not with `Context::at`, whose closures would copy each field.
    (fields $context:ident $hub:ident $($field:ident $element:literal),+) => {
        $(
            let before = $context.losses.len();
            let $field = Mirror::lower($hub.$field, $context);
            $crate::mirror::mirror_instance!(place $context before $element);
        )+
    };
    (place $context:ident $before:ident $element:literal) => {
        if $context.losses.len() > $before {
            $context.place_name($before, $element);
        }
    };
    (lift coding $sop_class:expr) => {
        $sop_class.map(|coding| $crate::hub::SopClass::Coding(coding.into_inner().lift()))
    };
    (lift oid $sop_class:expr) => {
        (!$sop_class.is_absent()).then(|| $crate::hub::SopClass::Oid($sop_class.lift()))
    };
    (lower coding $sop_class:expr, $context:ident) => {
        $sop_class.map(|sop_class| $crate::sop_class::coding(sop_class, $context))
    };
    (written coding $types:ident $sop_class:expr, $context:ident) => {{
        let written: Option<$types::Coding> = Mirror::lower($sop_class, $context);
        written.map(|written| $context.share(written))
    }};
    (written oid $types:ident $sop_class:expr, $context:ident) => {
        Mirror::lower($sop_class, $context)
    };
    (lower oid $sop_class:expr, $context:ident) => {
        $sop_class
            .map(|sop_class| $crate::sop_class::oid(sop_class, $context))
            .unwrap_or_default()
    };
}
pub(crate) use mirror_instance;

/// Defines how the values of a version's extensions are lifted and lowered: the primitive types, the types
/// that the hub has too, and the others, which pass through it as JSON.
macro_rules! mirror_values {
    (
        $types:ident,
        primitive [$($primitive:ident),+ $(,)?],
        same [$($same:ident),+ $(,)?],
        other [$($other:ident $name:literal),+ $(,)?] $(,)?
    ) => {
        /// Moves the value of an extension into the hub.
        fn lift_value(value: $types::ExtensionValue) -> $crate::hub::Value {
            match value {
                $($types::ExtensionValue::$primitive(value) => $crate::hub::Value::$primitive(value.lift()),)+
                $($types::ExtensionValue::$same(value) => $crate::hub::Value::$same(value.lift()),)+
                $($types::ExtensionValue::$other(value) => {
                    $crate::hub::Value::Other(Box::new($crate::hub::Other {
                        type_name: $name,
                        json: $crate::tree::write_value(&*value),
                    }))
                })+
            }
        }

        /// The value of an extension, or the JSON of one that the version does not take.
        fn lower_value(
            hub: $crate::hub::Value,
            context: &mut $crate::context::Context<'_>,
        ) -> Result<$types::ExtensionValue, imaging_study_core::Json> {
            Ok(match hub {
                $($crate::hub::Value::$primitive(value) => {
                    $types::ExtensionValue::$primitive(Mirror::lower(value, context))
                })+
                $($crate::hub::Value::$same(value) => {
                    $types::ExtensionValue::$same(Mirror::lower(value, context))
                })+
                $crate::hub::Value::Other(other) => match other.type_name {
                    $($name => {
                        match $crate::tree::parse_value(&other.json, context) {
                            Some(value) => $types::ExtensionValue::$other(Box::new(value)),
                            None => return Err(other.json),
                        }
                    })+
                    _ => return Err(other.json),
                },
                #[allow(unreachable_patterns, reason = "some versions have every primitive type")]
                other => {
                    return Err(imaging_study_core::Json::String(other.type_name().into()));
                }
            })
        }
    };
}
pub(crate) use mirror_values;

/// Element ids.
impl Mirror for FhirString {
    type Hub = Self;

    #[inline(always)]
    fn lift(self) -> Self {
        self
    }

    #[inline(always)]
    fn lower(hub: Self, _context: &mut Context<'_>) -> Self {
        hub
    }
}

/// The url of an extension.
impl Mirror for Uri {
    type Hub = Self;

    #[inline]
    fn lift(self) -> Self {
        self
    }

    #[inline]
    fn lower(hub: Self, _context: &mut Context<'_>) -> Self {
        hub
    }
}

impl<T: Mirror> Mirror for Option<T> {
    type Hub = Option<T::Hub>;

    #[inline(always)]
    fn lift(self) -> Self::Hub {
        self.map(T::lift)
    }

    #[inline(always)]
    fn lower(hub: Self::Hub, context: &mut Context<'_>) -> Self {
        hub.map(|value| T::lower(value, context))
    }
}

impl<T: Mirror> Mirror for Box<T> {
    type Hub = Box<T::Hub>;

    fn lift(self) -> Self::Hub {
        Box::new((*self).lift())
    }

    fn lower(hub: Self::Hub, context: &mut Context<'_>) -> Self {
        Self::new(T::lower(*hub, context))
    }
}

impl<T: Mirror> Mirror for Vec<T> {
    type Hub = Vec<T::Hub>;

    // Most lists are empty, and then nothing but this test is worth inlining.
    #[inline(always)]
    fn lift(self) -> Self::Hub {
        if self.is_empty() {
            return Vec::new();
        }
        lift_list(self)
    }

    #[inline(always)]
    fn lower(hub: Self::Hub, context: &mut Context<'_>) -> Self {
        if hub.is_empty() {
            return Self::new();
        }
        lower_list(hub, context)
    }
}

#[inline(never)]
fn lift_list<T: Mirror>(list: Vec<T>) -> Vec<T::Hub> {
    each(list, T::lift)
}

#[inline(never)]
fn lower_list<T: Mirror>(list: Vec<T::Hub>, context: &mut Context<'_>) -> Vec<T> {
    each_entry(list, context, T::lower)
}

/// The instances of a contained study, which is lifted whole.
impl Mirror for hub::Instance {
    type Hub = Self;

    fn lift(self) -> Self {
        self
    }

    fn lower(hub: Self, _context: &mut Context<'_>) -> Self {
        hub
    }
}
