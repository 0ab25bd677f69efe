//! DICOM UIDs as scalars.

use imaging_study_dicom::{RawUid, RawUrnOid};

use super::{Scalar, ScalarError, ScalarType, TextStore};
use crate::FhirVersion;

/// Since R4 the UIDs of series and instances have the type `id`; a text that is none is kept, since
/// archives hold UIDs with prefixes and padding.
impl Scalar for RawUid {
    const TYPE: ScalarType = ScalarType::Id;

    fn read(
        text: &str,
        version: FhirVersion,
        _store: &mut impl TextStore,
    ) -> Result<Self, ScalarError> {
        match ScalarType::String.check(text, version) {
            Ok(()) => Ok(Self::from(text)),
            Err(_) => Err(ScalarError::new(ScalarType::Id)),
        }
    }

    fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
        receive(self.as_str())
    }
}

/// In DSTU2 and STU3 they have the type `oid`, and so has the SOP class there and in R6; a text that
/// is none is kept, since archives hold UIDs without the prefix.
impl Scalar for RawUrnOid {
    const TYPE: ScalarType = ScalarType::Oid;

    fn read(
        text: &str,
        version: FhirVersion,
        _store: &mut impl TextStore,
    ) -> Result<Self, ScalarError> {
        match ScalarType::String.check(text, version) {
            Ok(()) => Ok(Self::from(text)),
            Err(_) => Err(ScalarError::new(ScalarType::Oid)),
        }
    }

    fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
        receive(self.as_str())
    }
}
