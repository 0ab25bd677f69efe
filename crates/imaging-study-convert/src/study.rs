//! The conversion from any version to any other.

use imaging_study_core::Element;
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;

use crate::context::Context;
use crate::hub;
use crate::mirror::Mirror;
use crate::version::Version;
use crate::versions::{R4, R5};
use crate::{Converted, Options, Refused};

/// An ImagingStudy of a version that can be converted: the `ImagingStudy` of each version crate.
/// Other types cannot implement it.
pub trait Study: Element + sealed::Sealed {}

impl Study for r4::ImagingStudy {}
impl Study for r5::ImagingStudy {}

mod sealed {
    use super::{Mirror, Version, hub};

    pub trait Sealed {
        #[doc(hidden)]
        fn into_hub(self) -> Hub;

        #[doc(hidden)]
        fn from_hub(hub: Hub, context: &mut Context<'_, '_>) -> Self;

        #[doc(hidden)]
        fn tables() -> Tables;
    }

    /// Hides the hub from the public interface.
    pub struct Hub(pub(super) hub::ImagingStudy);

    pub struct Tables(pub(super) &'static Version);

    pub struct Context<'c, 'o>(pub(super) &'c mut crate::context::Context<'o>);

    macro_rules! sealed {
        ($($study:path => $tables:path,)+) => {
            $(impl Sealed for $study {
                fn into_hub(self) -> Hub {
                    Hub(self.lift())
                }

                fn from_hub(hub: Hub, context: &mut Context<'_, '_>) -> Self {
                    Self::lower(hub.0, context.0)
                }

                fn tables() -> Tables {
                    Tables(&$tables)
                }
            })+
        };
    }
    sealed!(
        super::r4::ImagingStudy => super::R4,
        super::r5::ImagingStudy => super::R5,
    );
}

/// Converts a study to the version of `B`.
///
/// The study is moved; only what has to be written in another form is copied.
///
/// # Errors
///
/// The options ask for a strict conversion, and something would be lost or stay in a foreign form.
pub fn convert<A: Study, B: Study>(study: A, options: &Options) -> Result<Converted<B>, Refused> {
    let sealed::Hub(hub) = study.into_hub();
    let (source, target) = (A::tables().0, B::tables().0);
    let mut context = Context::new(source, target, options, &hub.contained);
    let value = B::from_hub(sealed::Hub(hub), &mut sealed::Context(&mut context));
    let mut losses = context.losses;
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
