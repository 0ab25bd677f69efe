//! The conversion from any version to any other.

use std::any::Any;

use imaging_study_any::{
    AnyImagingStudy, dstu2, for_each_version, r4, r4b, r5, r6, r6_draft, stu3, with_study,
    with_types,
};
use imaging_study_core::{Element, ElementRef, FhirVersion, Resource, Shared};

use crate::context::Context;
use crate::engine::{Look, Verdict};
use crate::{
    Carry, Converted, Loss, Options, Refused, codes, comments, engine, entries, illegal_id, trial,
    versions, without_carries,
};

/// An ImagingStudy of a version that can be converted: the `ImagingStudy` of each version crate.
/// Other types cannot implement it.
pub trait Study: Element + sealed::Sealed {}

macro_rules! studies {
    ($($version:ident $types:ident,)+) => {$(
        impl Study for $types::ImagingStudy {}

        impl sealed::Sealed for $types::ImagingStudy {
            type Series = $types::ImagingStudySeries;
            type Instance = $types::ImagingStudySeriesInstance;
            type Coding = $types::Coding;

            fn instances_mut(series: &mut Self::Series) -> &mut Vec<Self::Instance> {
                &mut series.instance
            }

            fn sop_class(
                instance: &mut Self::Instance,
            ) -> Option<&mut Option<Shared<Self::Coding>>> {
                sealed::SopClass::coding(&mut instance.sop_class)
            }

            fn parts_mut(&mut self) -> (&mut Vec<Self::Series>, &mut Vec<Resource>) {
                (&mut self.series, &mut self.contained)
            }
        }
    )+};
}
for_each_version!(studies);

mod sealed {
    use imaging_study_core::{Element, Primitive, Resource, Scalar, Shared};

    /// Only the studies of this workspace can be converted.
    pub trait Sealed {
        #[doc(hidden)]
        type Series: Element;
        #[doc(hidden)]
        type Instance: Element;
        #[doc(hidden)]
        type Coding: Element;

        /// The instances of a series.
        #[doc(hidden)]
        fn instances_mut(series: &mut Self::Series) -> &mut Vec<Self::Instance>;

        /// The SOP class of an instance, where it is a Coding.
        #[doc(hidden)]
        fn sop_class(instance: &mut Self::Instance) -> Option<&mut Option<Shared<Self::Coding>>>;

        /// The series and the contained resources.
        #[doc(hidden)]
        fn parts_mut(&mut self) -> (&mut Vec<Self::Series>, &mut Vec<Resource>);
    }

    /// The SOP class of an instance: a Coding or an oid.
    pub(super) trait SopClass<C> {
        /// The Coding, if it is one.
        fn coding(&mut self) -> Option<&mut Option<Shared<C>>>;
    }

    impl<C: Element> SopClass<C> for Option<Shared<C>> {
        fn coding(&mut self) -> Option<&mut Self> {
            Some(self)
        }
    }

    impl<C: Element, T: Scalar, E: Element> SopClass<C> for Primitive<T, E> {
        fn coding(&mut self) -> Option<&mut Option<Shared<C>>> {
            None
        }
    }
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
    let mut study = Some(study);
    if let Some(same) = (&mut study as &mut dyn Any).downcast_mut::<Option<B>>() {
        return Ok(Converted {
            value: same.take().unwrap_or_default(),
            losses: Vec::new(),
        });
    }
    let mut study = study.unwrap_or_default();
    let mut losses = Vec::new();
    if A::VERSION == FhirVersion::Dstu2 {
        losses = comments::collect(&study);
    }
    let (source, target) = (versions::table(A::VERSION), versions::table(B::VERSION));
    let mut context = Context::new(source, target, options, ElementRef::new(&study));
    let mut taken = engine::take::<A, B>(&mut study, &context);
    let series = std::mem::take(study.parts_mut().0);
    let mut look = Look::new(&context, Verdict::Sound);
    let head = engine::look::<A, B>(&study, &mut look);
    let mut verdicts = Vec::with_capacity(series.len());
    for one in &series {
        verdicts.push(engine::look::<A::Series, B::Series>(one, &mut look));
    }
    let least = verdicts.iter().copied().fold(head, Verdict::min);
    let (marks_codes, marks_ids) = (look.marks_codes, look.marks_ids);
    let (mut value, mut found): (B, _) = match least {
        Verdict::Plain | Verdict::Sound if !marks_codes => {
            let mut value = run(study, series, &mut context, (head, &verdicts));
            if marks_ids {
                illegal_id::put_back(&mut value, &context);
            }
            let mut met = context.losses;
            match least {
                Verdict::Plain => (value, met),
                _ => (codes::fit(value, source, target, &mut met), met),
            }
        }
        _ => {
            *study.parts_mut().0 = series;
            let mut not_restored = match least {
                Verdict::Odd => trial::losses::<A, B>(&mut study, &context),
                _ => Vec::new(),
            };
            let (value, mut met) = plain::<A, B>(study, options, None);
            met.append(&mut not_restored);
            (value, met)
        }
    };
    engine::place_losses(&mut found, &taken);
    engine::give_back(&mut value, &mut taken);
    losses.append(&mut found);
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

/// The conversion itself of what may be anything, and what it reports. References `#id` mean the
/// resources that are contained in the study, or in the one of another context, which it is a part of.
pub(crate) fn plain<A: Study, B: Study>(
    study: A,
    options: &Options,
    whole: Option<&Context<'_>>,
) -> (B, Vec<Loss>) {
    let (source, target) = (versions::table(A::VERSION), versions::table(B::VERSION));
    let mut context = match whole {
        Some(whole) => Context::of_pair(source, target, options).with_contained_of(whole),
        None => Context::new(source, target, options, ElementRef::new(&study)),
    };
    let mut study = study;
    illegal_id::set_aside(&mut study, &context);
    let mut study = codes::prepare(study, source, target, options);
    let series = std::mem::take(study.parts_mut().0);
    let mut value: B = run(study, series, &mut context, (Verdict::Odd, &[]));
    illegal_id::put_back(&mut value, &context);
    let mut losses = context.losses;
    let value = codes::fit(value, source, target, &mut losses);
    (value, losses)
}

/// Converts a study and its series, of which is known what they are.
fn run<A: Study, B: Study>(
    mut study: A,
    series: Vec<A::Series>,
    context: &mut Context<'_>,
    (head, verdicts): (Verdict, &[Verdict]),
) -> B {
    let mut value = B::default();
    context.is_plain = head == Verdict::Plain;
    engine::convert(&mut study, &mut value, context);
    drop(study);
    let mut verdicts = verdicts.iter();
    *value.parts_mut().0 = context.at("series", |context| {
        entries::each(series, context, |mut series, context| {
            context.is_plain = verdicts.next() == Some(&Verdict::Plain);
            let mut converted = B::Series::default();
            engine::convert(&mut series, &mut converted, context);
            engine::share::<B>(B::instances_mut(&mut converted));
            converted
        })
    });
    value
}
