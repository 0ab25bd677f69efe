//! The conversion from any version to any other.

use std::any::Any;

use imaging_study_any::{AnyImagingStudy, with_study, with_types};
use imaging_study_core::{Element, FhirVersion};
use imaging_study_dstu2 as dstu2;
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;

use crate::context::Context;
use crate::mirror::Form;
use crate::version::Version;
use crate::versions::{DSTU2, R4, R4B, R5, R6, R6_DRAFT, STU3};
use crate::{Carry, Converted, Loss, Options, Refused, codes, comments, trial, without_carries};

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
studies!(dstu2: DSTU2, stu3: STU3, r4: R4, r4b: R4B, r5: R5, r6_draft: R6_DRAFT, r6: R6);

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
/// # Ok::<(), imaging_study_convert::Refused>(())
/// ```
///
/// # Errors
///
/// Those of [`convert`].
pub fn convert_any(
    study: AnyImagingStudy,
    version: FhirVersion,
    options: &Options,
) -> Result<Converted<AnyImagingStudy>, Refused> {
    if version == study.version() {
        return Ok(Converted {
            value: study,
            losses: Vec::new(),
        });
    }
    with_study!(study, study => with_types!(version, types => {
        Ok(convert::<_, types::ImagingStudy>(*study, options)?.map(AnyImagingStudy::from))
    }))
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
    if matches!(A::VERSION, FhirVersion::Dstu2 | FhirVersion::R6)
        && let Some(same) = (&study as &dyn Any).downcast_ref::<B>()
    {
        // The hub has no place for comments, and what one version has alone is a carry there.
        return Ok(Converted {
            value: same.clone(),
            losses,
        });
    }
    if A::VERSION == FhirVersion::Dstu2 {
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
