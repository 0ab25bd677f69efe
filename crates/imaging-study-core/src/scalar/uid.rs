//! DICOM UIDs as scalars.

use imaging_study_dicom::{RawUid, RawUrnOid};

use super::{Scalar, ScalarError, ScalarType, TextStore};
use crate::FhirVersion;

/// A text that is no value of the type is kept, since archives hold UIDs with and without prefixes
/// and with padding.
macro_rules! kept_texts {
    ($($name:ty: $type:ident),+) => {$(
        impl Scalar for $name {
            const TYPE: ScalarType = ScalarType::$type;

            fn read(
                text: &str,
                version: FhirVersion,
                _store: &mut impl TextStore,
            ) -> Result<Self, ScalarError> {
                match ScalarType::String.check(text, version) {
                    Ok(()) => Ok(Self::from(text)),
                    Err(_) => Err(ScalarError::new(Self::TYPE)),
                }
            }

            fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
                receive(self.as_str())
            }

            fn text(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed(self.as_str())
            }
        }
    )+};
}
// Since R4 the UIDs of series and instances are an id; before, and in R6 for the SOP class, an oid.
kept_texts!(RawUid: Id, RawUrnOid: Oid);
