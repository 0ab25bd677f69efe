//! How the elements of a version are merged.

/// Implements merging for a type: lists its elements by the way they are merged.
macro_rules! merge_elements {
    ($($kind:ident [$($element:ident $name:literal),* $(,)?])*) => {
        fn merge(&mut self, delta: Self, merger: &mut Merger) {
            $($(merge_elements!(@$kind merger, self.$element, delta.$element, $name);)*)*
        }
    };
    (@primitive $merger:ident, $held:expr, $delta:expr, $name:literal) => {
        $merger.primitive($name, &mut $held, $delta, |one, other| one == other);
    };
    (@time $merger:ident, $held:expr, $delta:expr, $name:literal) => {
        $merger.primitive($name, &mut $held, $delta, same_time);
    };
    (@single $merger:ident, $held:expr, $delta:expr, $name:literal) => {
        $merger.single($name, &mut $held, $delta);
    };
    (@list $merger:ident, $held:expr, $delta:expr, $name:literal) => {
        $merger.list($name, &mut $held, $delta);
    };
    (@status $merger:ident, $held:expr, $delta:expr, $name:literal) => {
        // Images have arrived for a study that was only announced. That none are known here says
        // nothing about one that has some.
        let registered = Some(types::ImagingStudyStatus::Registered);
        if $held.value == registered && $delta.value != registered {
            $held.value = $delta.value;
            $merger.changed($name);
        } else if $delta.value != registered || $held.value.is_none() {
            $merger.primitive($name, &mut $held, $delta, |one, other| one == other);
        }
    };
}

/// Implements what studies, series and instances of all versions share, or several of them.
macro_rules! form {
    (study $types:ident, modality $modality:ident) => {
        type Series = $types::ImagingStudySeries;

        fn series(&mut self) -> &mut Vec<Self::Series> {
            &mut self.series
        }

        fn number_of_series(&self) -> Option<UnsignedInt> {
            self.number_of_series.value
        }

        fn set_number_of_series(&mut self, number: Option<UnsignedInt>) {
            set(&mut self.number_of_series, number);
        }

        fn number_of_instances(&self) -> Option<UnsignedInt> {
            self.number_of_instances.value
        }

        fn set_number_of_instances(&mut self, number: Option<UnsignedInt>) {
            set(&mut self.number_of_instances, number);
        }

        fn add_modalities(&mut self) -> bool {
            let before = self.$modality.len();
            let mut known = Known::of(&self.$modality);
            for modality in self.series.iter().filter_map(|one| one.modality.as_ref()) {
                // Before R5 only those that acquire.
                let listed = !modality.is_absent()
                    && ($types::VERSION >= imaging_study_core::FhirVersion::R5
                        || codes(modality).iter().any(|code| {
                            imaging_study_dicom::Modality::find(code)
                                .is_some_and(imaging_study_dicom::Modality::is_acquisition)
                        }));
                if listed && !known.has(&self.$modality, modality) {
                    known.add(self.$modality.len(), modality);
                    let mut modality = modality.clone();
                    modality.id = None;
                    modality.extension.clear();
                    self.$modality.push(modality);
                }
            }
            self.$modality.len() > before
        }

        fn drop_modalities(&mut self, gone: &HashSet<SmolStr>) -> bool {
            let before = self.$modality.len();
            self.$modality
                .retain(|one| !codes(one).iter().any(|code| gone.contains(*code)));
            self.$modality.len() < before
        }
    };
    (series $types:ident) => {
        type Instance = $types::ImagingStudySeriesInstance;

        fn uid(&self) -> Option<&str> {
            let value = self.uid.value.as_ref().map(|uid| uid.as_str());
            uid_text(value, self.uid.extension(), &self.extension, SERIES_UID)
        }

        fn number(&self) -> Option<u32> {
            self.number.value.map(u32::from)
        }

        fn modality_codes(&self) -> Vec<&str> {
            self.modality.as_ref().map(codes).unwrap_or_default()
        }

        fn instances(&mut self) -> &mut Vec<Self::Instance> {
            &mut self.instance
        }

        fn listed(&self) -> &[Self::Instance] {
            &self.instance
        }

        fn number_of_instances(&self) -> Option<UnsignedInt> {
            self.number_of_instances.value
        }

        fn set_number_of_instances(&mut self, number: Option<UnsignedInt>) {
            set(&mut self.number_of_instances, number);
        }
    };
    (instance $types:ident, sop class $kind:ident) => {
        impl InstanceForm for $types::ImagingStudySeriesInstance {
            fn uid(&self) -> Option<&str> {
                let value = self.uid.value.as_ref().map(|uid| uid.as_str());
                uid_text(value, self.uid.extension(), &self.extension, INSTANCE_UID)
            }

            fn number(&self) -> Option<u32> {
                self.number.value.map(u32::from)
            }

            merge_elements! {
                $kind [sop_class "sopClass"]
                primitive [number "number", title "title"]
            }
        }
    };
    (uid $types:ident) => {
        fn uids(&self) -> Vec<&str> {
            let carries = self.extension.iter().filter_map(|one| match &one.value {
                Some($types::ExtensionValue::Identifier(identifier))
                    if one.carries(STUDY_IDENTIFIER)
                        && identifier
                            .system
                            .value
                            .as_ref()
                            .is_some_and(|uri| uri == UID_SYSTEM) =>
                {
                    Some(identifier.value.value.as_ref()?.as_str())
                }
                _ => None,
            });
            let uid = self.uid.value.iter().map(|uid| uid.as_str());
            uid.chain(carries).collect()
        }

        fn merge_uid(&mut self, delta: &mut Self, merger: &mut Merger) {
            // One that is there is the same: other studies are not merged.
            if !self.uids().is_empty() {
                return;
            }
            set(&mut self.uid, delta.uid.value.take());
            if self.uid.value.is_none() {
                let marks = self.uid.extension_mut();
                marks.retain(|one| !one.is_mark());
                marks.append(delta.uid.extension_mut());
                self.extension.append(&mut delta.extension);
            }
            merger.changed("uid");
        }

        /// How soon images can be fetched is not known for those that are gone.
        fn set_empty(&mut self) -> bool {
            false
        }
    };
    (identifier, status $types:ident) => {
        fn merge_uid(&mut self, _delta: &mut Self, _merger: &mut Merger) {
            // It is one of the identifiers.
        }

        fn uids(&self) -> Vec<&str> {
            let identifiers = self.identifier.iter();
            identifiers
                .filter(|one| {
                    let system = one.system.value.as_ref();
                    system.is_some_and(|system| system == UID_SYSTEM)
                })
                .filter_map(|one| Some(one.value.value.as_ref()?.as_str()))
                .collect()
        }

        fn set_empty(&mut self) -> bool {
            let available = self.status.value == Some($types::ImagingStudyStatus::Available);
            if available {
                self.status.value = Some($types::ImagingStudyStatus::Registered);
            }
            available
        }
    };
}

/// Defines the codes of a modality: of a Coding, or of a CodeableConcept.
macro_rules! codes {
    ($types:ident, coding) => {
        fn codes(coding: &$types::Coding) -> Vec<&str> {
            coding.code.value.iter().map(|code| code.as_str()).collect()
        }
    };
    ($types:ident, concept) => {
        fn codes(concept: &$types::CodeableConcept) -> Vec<&str> {
            let codings = concept.coding.iter();
            codings
                .filter_map(|coding| Some(coding.code.value.as_ref()?.as_str()))
                .collect()
        }
    };
}
