//! The one list of the versions that there are.

/// Calls a macro with every version, oldest first: the variant of
/// [`FhirVersion`](imaging_study_core::FhirVersion) and of
/// [`AnyImagingStudy`](crate::AnyImagingStudy), and the module of its types in this crate. With the
/// macro in braces, what stands behind them is handed to it first.
///
/// ```
/// macro_rules! names {
///     ($($variant:ident $types:ident,)+) => { [$(stringify!($types)),+] };
/// }
/// let names = imaging_study_any::for_each_version!(names);
/// assert_eq!(names[0], "dstu2");
/// assert_eq!(names.len(), imaging_study_core::FhirVersion::ALL.len());
/// ```
#[macro_export]
macro_rules! for_each_version {
    ($callback:ident) => {
        $crate::for_each_version! { { $callback } }
    };
    ({ $($callback:tt)+ } $($arguments:tt)*) => {
        $($callback)+! {
            $($arguments)*
            Dstu2 dstu2,
            Stu3 stu3,
            R4 r4,
            R4B r4b,
            R5 r5,
            R6Draft r6_draft,
            R6 r6,
        }
    };
}

/// Runs an expression on the study inside an [`AnyImagingStudy`](crate::AnyImagingStudy), whatever
/// its version.
///
/// ```
/// use imaging_study_any::{AnyImagingStudy, r5, with_study};
///
/// let any = AnyImagingStudy::from(r5::ImagingStudy::default());
/// assert_eq!(with_study!(&any, study => study.series.len()), 0);
/// ```
#[macro_export]
macro_rules! with_study {
    ($any:expr, $study:ident => $result:expr) => {
        $crate::for_each_version!({ $crate::__with_study } $any, $study => $result;)
    };
}

/// What [`with_study!`] is made of.
#[doc(hidden)]
#[macro_export]
macro_rules! __with_study {
    ($any:expr, $study:ident => $result:expr; $($variant:ident $types:ident,)+) => {
        match $any {
            $($crate::AnyImagingStudy::$variant($study) => $result,)+
        }
    };
}

/// Runs an expression with the module of the types of a version.
///
/// ```
/// use imaging_study_any::with_types;
/// use imaging_study_core::{Element, FhirVersion};
///
/// let fields = with_types!(FhirVersion::R4, types => types::ImagingStudy::info().fields.len());
/// assert_eq!(fields, 28);
/// ```
#[macro_export]
macro_rules! with_types {
    ($version:expr, $types:ident => $result:expr) => {
        $crate::for_each_version!({ $crate::__with_types } $version, $types => $result;)
    };
}

/// What [`with_types!`] is made of.
#[doc(hidden)]
#[macro_export]
macro_rules! __with_types {
    ($version:expr, $name:ident => $result:expr; $($variant:ident $types:ident,)+) => {
        match $version {
            $($crate::FhirVersion::$variant => {
                use $crate::$types as $name;
                $result
            })+
        }
    };
}
