//! Making new UIDs.

use ::uuid::Uuid;

use super::Uid;

impl Uid {
    /// A new UID below 2.25, from a random UUID (version 4 of RFC 9562).
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    ///
    /// assert_ne!(Uid::random(), Uid::random());
    /// ```
    ///
    /// # Panics
    ///
    /// If the operating system has no random numbers to give.
    #[must_use]
    pub fn random() -> Self {
        Uuid::new_v4().into()
    }

    /// The UID below 2.25 that a name always gets: a UUID of version 5 (RFC 9562), by SHA-1 from
    /// the name and the UUID of what it is a name in.
    ///
    /// Whoever can guess the name can find it from the UID. Where patients must not be found, use a
    /// `UidKey` of the feature `keyed`.
    ///
    /// ```
    /// use imaging_study_dicom::Uid;
    /// use uuid::Uuid;
    ///
    /// assert_eq!(
    ///     Uid::from_name(&Uuid::NAMESPACE_OID, "1.2.3"),
    ///     "2.25.88839595469657311435919266497071881984"
    /// );
    /// ```
    #[must_use]
    pub fn from_name(namespace: &Uuid, name: &str) -> Self {
        Uuid::new_v5(namespace, name.as_bytes()).into()
    }

    /// The UUID that the UID was made from, if it was.
    #[must_use]
    pub fn as_uuid(&self) -> Option<Uuid> {
        self.as_uuid_u128().map(Uuid::from_u128)
    }
}

impl From<Uuid> for Uid {
    fn from(uuid: Uuid) -> Self {
        Self::from_uuid_u128(uuid.as_u128())
    }
}
