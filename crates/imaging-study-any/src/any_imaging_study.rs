//! A study of any version.

use imaging_study_core::{Definitions, ElementMut, ElementRef, FhirVersion, Resource};

use crate::{dstu2, for_each_version, r4, r4b, r5, r6, r6_draft, stu3, with_study, with_types};

macro_rules! any_imaging_study {
    ($($variant:ident $types:ident,)+) => {
        /// An ImagingStudy of any version.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum AnyImagingStudy {
            $(
                #[doc = concat!("A study of `", stringify!($types), "`.")]
                $variant(Box<$types::ImagingStudy>),
            )+
        }

        impl AnyImagingStudy {
            /// The version of the study.
            #[must_use]
            pub const fn version(&self) -> FhirVersion {
                match self {
                    $(Self::$variant(_) => FhirVersion::$variant,)+
                }
            }
        }

        $(
            impl From<$types::ImagingStudy> for AnyImagingStudy {
                fn from(study: $types::ImagingStudy) -> Self {
                    Self::$variant(Box::new(study))
                }
            }

            impl TryFrom<AnyImagingStudy> for $types::ImagingStudy {
                type Error = OtherVersion;

                fn try_from(study: AnyImagingStudy) -> Result<Self, OtherVersion> {
                    match study {
                        AnyImagingStudy::$variant(study) => Ok(*study),
                        study => Err(OtherVersion {
                            expected: FhirVersion::$variant,
                            study,
                        }),
                    }
                }
            }
        )+
    };
}
for_each_version!(any_imaging_study);

/// A study is of another version than that which was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the study is of {}, not of {expected}", .study.version())]
pub struct OtherVersion {
    /// The version that was asked for.
    pub expected: FhirVersion,
    /// The study.
    pub study: AnyImagingStudy,
}

impl AnyImagingStudy {
    /// An empty study of a version.
    #[must_use]
    pub fn new(version: FhirVersion) -> Self {
        with_types!(version, types => types::ImagingStudy::default().into())
    }

    /// The study as an element: every name, path, type and value in it.
    #[must_use]
    pub fn element(&self) -> ElementRef<'_> {
        with_study!(self, study => ElementRef::new(&**study))
    }

    /// The study as an element to be changed.
    pub fn element_mut(&mut self) -> ElementMut<'_> {
        with_study!(self, study => ElementMut::new(&mut **study))
    }

    /// The resources inside the study.
    #[must_use]
    pub fn contained(&self) -> &[Resource] {
        with_study!(self, study => &study.contained)
    }

    /// The table of every type of a version, for resources that are no Rust type; `None` without the
    /// feature `definitions` of the version's crate, which the feature `xml` brings.
    #[must_use]
    pub fn definitions(version: FhirVersion) -> Option<&'static Definitions> {
        with_types!(version, types => types::definitions())
    }
}
