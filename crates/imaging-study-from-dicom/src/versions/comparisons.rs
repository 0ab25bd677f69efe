//! How the data types of a version are compared when a study is merged.

/// Implements the comparison of the data types of a version. References differ: the list holds
/// `identifier` where those of the version have one.
macro_rules! comparisons {
    ($types:ident, reference [$($identifier:ident)?]) => {
        impl Mark for $types::Extension {
            fn is_mark(&self) -> bool {
                self.url.as_ref().is_some_and(|url| url == ABSENT)
            }

            fn url(&self) -> Option<&str> {
                self.url.as_ref().map(|url| url.as_str())
            }

            fn text(&self) -> Option<&str> {
                match self.value.as_ref()? {
                    $types::ExtensionValue::Id(id) => Some(id.value.as_ref()?.as_str()),
                    $types::ExtensionValue::Oid(oid) => Some(oid.value.as_ref()?.as_str()),
                    $types::ExtensionValue::String(text) => Some(text.value.as_ref()?.as_str()),
                    _ => None,
                }
            }
        }

        impl Compare for $types::Coding {
            fn same(&self, other: &Self) -> Option<bool> {
                match both(&self.code.value, &other.code.value) {
                    Some(code) => {
                        let system = both(&self.system.value, &other.system.value);
                        Some(code && system != Some(false))
                    }
                    None => both(&self.display.value, &other.display.value),
                }
            }

            fn keys(&self, take: &mut dyn FnMut(&str)) {
                comparisons!(@texts self, take, code display);
            }

            comparisons!(@absent code display);
        }

        impl Compare for $types::Identifier {
            fn same(&self, other: &Self) -> Option<bool> {
                let system = both(&self.system.value, &other.system.value);
                // UIDs are met with and without their prefix.
                let (one, other) = (self.value.value.as_ref()?, other.value.value.as_ref()?);
                Some(bare(one.as_str()) == bare(other.as_str()) && system != Some(false))
            }

            fn keys(&self, take: &mut dyn FnMut(&str)) {
                if let Some(value) = &self.value.value {
                    take(bare(value.as_str()));
                }
            }

            comparisons!(@absent value);
        }

        impl Compare for $types::Reference {
            fn same(&self, other: &Self) -> Option<bool> {
                let reference = both(&self.reference.value, &other.reference.value);
                reference
                    $(.or_else(|| self.$identifier.as_ref()?.same(other.$identifier.as_ref()?)))?
                    .or_else(|| both(&self.display.value, &other.display.value))
            }

            fn keys(&self, take: &mut dyn FnMut(&str)) {
                comparisons!(@texts self, take, reference display);
                $(if let Some(identifier) = &self.$identifier {
                    identifier.keys(take);
                })?
            }

            fn is_absent(&self) -> bool {
                self.reference.value.is_none()
                    && self.display.value.is_none()
                    $(&& self.$identifier.is_none())?
                    && self.extension.iter().any(Mark::is_mark)
            }

            comparisons!(@replace);
        }
    };
    ($types:ident, concept) => {
        impl Compare for $types::CodeableConcept {
            fn same(&self, other: &Self) -> Option<bool> {
                let texts = both(&self.text.value, &other.text.value);
                if texts == Some(true) {
                    return texts;
                }
                let mut codes = None;
                for one in &self.coding {
                    for another in &other.coding {
                        codes = codes.max(one.same(another));
                    }
                }
                codes.or(texts)
            }

            fn keys(&self, take: &mut dyn FnMut(&str)) {
                comparisons!(@texts self, take, text);
                for coding in &self.coding {
                    coding.keys(take);
                }
            }

            fn is_absent(&self) -> bool {
                self.coding.is_empty()
                    && self.text.value.is_none()
                    && self.extension.iter().any(Mark::is_mark)
            }

            comparisons!(@replace);
        }
    };
    ($types:ident, codeable reference) => {
        impl Compare for $types::CodeableReference {
            fn same(&self, other: &Self) -> Option<bool> {
                self.concept.as_ref()?.same(other.concept.as_ref()?)
            }

            fn keys(&self, take: &mut dyn FnMut(&str)) {
                if let Some(concept) = &self.concept {
                    concept.keys(take);
                }
            }

            fn is_absent(&self) -> bool {
                false
            }

            comparisons!(@replace);
        }
    };
    ($types:ident, performer) => {
        impl Compare for $types::ImagingStudySeriesPerformer {
            fn same(&self, other: &Self) -> Option<bool> {
                let actor = self.actor.as_ref()?.same(other.actor.as_ref()?)?;
                let function = match (&self.function, &other.function) {
                    (Some(one), Some(other)) => one.same(other) != Some(false),
                    _ => true,
                };
                Some(actor && function)
            }

            fn keys(&self, take: &mut dyn FnMut(&str)) {
                if let Some(actor) = &self.actor {
                    actor.keys(take);
                }
            }

            fn is_absent(&self) -> bool {
                false
            }

            comparisons!(@replace);
        }
    };
    (@texts $self:ident, $take:ident, $($element:ident)+) => {
        $(if let Some(text) = &$self.$element.value {
            $take(text.as_str());
        })+
    };
    (@absent $($element:ident)+) => {
        fn is_absent(&self) -> bool {
            $(self.$element.value.is_none() &&)+ self.extension.iter().any(Mark::is_mark)
        }

        comparisons!(@replace);
    };
    (@replace) => {
        fn replace(&mut self, other: Self) {
            let held = std::mem::replace(self, other);
            self.id = held.id;
            let kept = held.extension.into_iter().filter(|one| !one.is_mark());
            self.extension.extend(kept);
        }
    };
}
