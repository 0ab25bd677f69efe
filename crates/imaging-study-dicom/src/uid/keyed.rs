//! UIDs in place of UIDs, by a secret key.

use std::error::Error;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Uid;

/// A secret with which UIDs are replaced by others, the same by the same, as de-identification asks
/// for (DICOM PS3.15 annex E).
///
/// The new UID stands below 2.25; its UUID has version 8 (RFC 9562) and 122 bits of the HMAC-SHA-256
/// of the old text. Without the key, nobody can find out which UID was replaced, nor test a guess.
///
/// ```
/// use imaging_study_dicom::{Uid, UidKey};
///
/// let key = UidKey::new(b"a secret of at least 16 bytes")?;
/// let uid = Uid::from_static("1.2.3");
/// assert_eq!(key.replace(&uid), key.replace("1.2.3"));
/// assert_ne!(key.replace(&uid), key.replace("1.2.4"));
/// # Ok::<(), imaging_study_dicom::UidKeyError>(())
/// ```
#[derive(Clone)]
pub struct UidKey(Hmac<Sha256>);

/// The key is shorter than 16 bytes, and might be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UidKeyError;

impl UidKey {
    /// A key of at least 16 bytes, random ones at best: a password is easily guessed.
    ///
    /// # Errors
    ///
    /// If the key is shorter.
    pub fn new(key: &[u8]) -> Result<Self, UidKeyError> {
        if key.len() < 16 {
            return Err(UidKeyError);
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| UidKeyError)
    }

    /// The UID that stands in place of another one, or of what stands where one belongs. The text
    /// counts as it is: one with padding or prefix is another one.
    #[must_use]
    pub fn replace(&self, uid: impl AsRef<str>) -> Uid {
        let mut hmac = self.0.clone();
        hmac.update(uid.as_ref().as_bytes());
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(hmac.finalize().into_bytes()) {
            *byte = hashed;
        }
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Uid::from_uuid_bytes(bytes)
    }
}

impl fmt::Debug for UidKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UidKey(..)")
    }
}

impl fmt::Display for UidKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key for UIDs has at least 16 bytes")
    }
}

impl Error for UidKeyError {}
