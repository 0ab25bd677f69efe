//! The conversion from any version to any other.

use std::any::Any;

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::{Element, FhirVersion};
use imaging_study_dstu2 as dstu2;
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;

use crate::context::Context;
use crate::mirror::Form;
use crate::version::Version;
use crate::versions::{DSTU2, R4, R4B, R5, R6_DRAFT, STU3};
use crate::{
    CannotConvert, Carry, Converted, Loss, Options, Refused, codes, comments, trial,
    without_carries,
};

/// An ImagingStudy of a version that can be converted: the `ImagingStudy` of each version crate.
/// Other types cannot implement it.
pub trait Study: Element + sealed::Sealed {}

macro_rules! studies {
    ($($types:ident: $version:ident),+ $(,)?) => {$(
        impl Study for $types::ImagingStudy {}

        impl sealed::Sealed for $types::ImagingStudy {
            fn tables() -> sealed::Tables {
                sealed::Tables(&$version)
            }
        }
    )+};
}
studies!(dstu2: DSTU2, stu3: STU3, r4: R4, r4b: R4B, r5: R5, r6_draft: R6_DRAFT);

mod sealed {
    use super::{Form, Version};

    /// What the conversion needs of a study; the hub stays out of the public interface.
    #[allow(
        private_bounds,
        reason = "a sealed trait, whose bound is nobody else's business"
    )]
    pub trait Sealed: Form {
        #[doc(hidden)]
        fn tables() -> Tables;
    }

    #[doc(hidden)]
    pub struct Tables(pub(crate) &'static Version);
}

/// Converts a study of any version to a version. Into its own version it is moved as it is.
///
/// ```
/// use imaging_study_any::{AnyImagingStudy, r4};
/// use imaging_study_convert::{Options, convert_any};
/// use imaging_study_core::FhirVersion;
///
/// let study = AnyImagingStudy::from(r4::ImagingStudy::default());
/// let converted = convert_any(study, FhirVersion::R5, &Options::default())?;
/// assert_eq!(converted.value.version(), FhirVersion::R5);
/// # Ok::<(), imaging_study_convert::CannotConvert>(())
/// ```
///
/// # Errors
///
/// Those of [`convert`], and that there is no conversion between the versions: none from or to R6 yet.
pub fn convert_any(
    study: AnyImagingStudy,
    version: FhirVersion,
    options: &Options,
) -> Result<Converted<AnyImagingStudy>, CannotConvert> {
    if version == study.version() {
        return Ok(Converted {
            value: study,
            losses: Vec::new(),
        });
    }
    let from = study.version();
    macro_rules! pairs {
        (all $list:tt) => {
            pairs!(from $list $list)
        };
        (from [$($from:ident $_:ident),+] $list:tt) => {
            match study {
                $(AnyImagingStudy::$from(study) => pairs!(to study $list),)+
                AnyImagingStudy::R6(_) => None,
            }
        };
        (to $study:ident [$($to:ident $types:ident),+]) => {
            match version {
                $(FhirVersion::$to => Some(
                    convert::<_, $types::ImagingStudy>(*$study, options)?
                        .map(AnyImagingStudy::from),
                ),)+
                FhirVersion::R6 => None,
            }
        };
    }
    let converted = pairs!(all [
        Dstu2 dstu2, Stu3 stu3, R4 r4, R4B r4b, R5 r5, R6Draft r6_draft
    ]);
    converted.ok_or(CannotConvert::NoConversion { from, to: version })
}

/// Converts a study to the version of `B`.
///
/// The study is moved; only what has to be written in another form is copied.
///
/// # Errors
///
/// The options ask for a strict conversion, and something would be lost or stay in a foreign form.
pub fn convert<A: Study, B: Study>(study: A, options: &Options) -> Result<Converted<B>, Refused> {
    let mut losses = Vec::new();
    if A::VERSION == FhirVersion::Dstu2 {
        if let Some(same) = (&study as &dyn Any).downcast_ref::<B>() {
            // Comments, for which the hub has no place, stay.
            return Ok(Converted {
                value: same.clone(),
                losses,
            });
        }
        losses = comments::collect(&study);
    }
    let mut study = study;
    let mut not_restored = trial::losses::<A, B>(&mut study, options);
    let (mut value, mut met) = plain::<A, B>(study, options, None);
    losses.append(&mut met);
    losses.append(&mut not_restored);
    if options.carry == Carry::Nothing {
        value = without_carries::remove(value, A::VERSION, &mut losses);
    }
    for loss in &mut losses {
        loss.path.prepend_name("ImagingStudy");
    }
    if options.strict {
        let refused: Vec<_> = losses
            .iter()
            .filter(|loss| loss.kind.is_refused_by_strict())
            .cloned()
            .collect();
        if !refused.is_empty() {
            return Err(Refused { losses: refused });
        }
    }
    Ok(Converted { value, losses })
}

/// The conversion itself, and what it reports. References `#id` mean the resources that are contained
/// in the study, or in the one of another context, which it is a part of.
pub(crate) fn plain<A: Study, B: Study>(
    study: A,
    options: &Options,
    whole: Option<&Context<'_>>,
) -> (B, Vec<Loss>) {
    let (source, target) = (A::tables().0, B::tables().0);
    let hub = codes::prepare(study, source, target, options).lift();
    let mut context = match whole {
        Some(whole) => Context::new(source, target, options, &[]).with_contained_of(whole),
        None => Context::new(source, target, options, &hub.contained),
    };
    let value = B::lower(hub, &mut context);
    let mut losses = context.losses;
    let value = codes::fit(value, source, target, &mut losses);
    (value, losses)
}
