//! What a failing property shrinks to.

use imaging_study_core::generate::{element, from_choices};
use imaging_study_core::{
    Element, ElementRef, Name, ObjectElements, ObjectPrimitives, PrimitiveRef, Resource, ScalarRef,
    Writer,
};
use imaging_study_r4 as r4;
use imaging_study_r4::strategy::Profile;
use imaging_study_r5 as r5;
use proptest::test_runner::{Config, TestError, TestRunner};

/// Counts elements and values.
#[derive(Default)]
struct Count(usize);

impl Count {
    fn of(element: &impl Element) -> usize {
        let mut count = Self::default();
        let Ok(()) = ElementRef::new(element).write(&mut count);
        count.0
    }
}

impl Writer for Count {
    type Error = std::convert::Infallible;

    fn any_attribute(&mut self, _: Name, _: ScalarRef<'_>) -> Result<(), Self::Error> {
        self.0 += 1;
        Ok(())
    }

    fn any_primitive(&mut self, _: Name, value: PrimitiveRef<'_>) -> Result<(), Self::Error> {
        self.0 += 1;
        match value.element() {
            Some(element) => element.write(self),
            None => Ok(()),
        }
    }

    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), Self::Error> {
        values
            .entries()
            .try_for_each(|value| self.any_primitive(name, value))
    }

    fn any_element(&mut self, _: Name, value: ElementRef<'_>) -> Result<(), Self::Error> {
        self.0 += 1;
        value.write(self)
    }

    fn any_elements(&mut self, name: Name, values: &dyn ObjectElements) -> Result<(), Self::Error> {
        values
            .entries()
            .try_for_each(|value| self.any_element(name, value))
    }

    fn resources(&mut self, _: Name, values: &[Resource]) -> Result<(), Self::Error> {
        self.0 += values.len();
        Ok(())
    }
}

/// The study that a false claim shrinks to.
fn shrink<T: Element>(profile: Profile, claim: impl Fn(&T) -> bool) -> T {
    let config = Config {
        cases: 2000,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRunner::deterministic().new_rng());
    let result = runner.run(&element::<T>(profile), |study| {
        proptest::prop_assert!(claim(&study));
        Ok(())
    });
    match result {
        Err(TestError::Fail(_, study)) => study,
        other => panic!("the claim is false, and yet: {other:?}"),
    }
}

#[test]
fn a_failing_property_shrinks_to_a_small_study() {
    for profile in [Profile::Typical, Profile::Hostile, Profile::Interchange] {
        let least = Count::of(&from_choices::<r4::ImagingStudy>(profile, &[]));
        let study = shrink(profile, |study: &r4::ImagingStudy| {
            study.series.iter().all(|series| series.instance.len() < 3)
        });
        assert_eq!(study.series.len(), 1, "{study:#?}");
        assert_eq!(study.series[0].instance.len(), 3, "{study:#?}");
        // One series and three instances, each with UID, coding, system and code.
        let count = Count::of(&study);
        assert!(
            count <= least + 5 + 3 * 5,
            "{count} elements, least {least}: {study:#?}"
        );
    }
    let study = shrink(Profile::Hostile, |study: &r5::ImagingStudy| {
        study.note.iter().all(|note| note.author.is_none())
    });
    let least = Count::of(&from_choices::<r5::ImagingStudy>(Profile::Hostile, &[]));
    assert!(Count::of(&study) <= least + 4, "{study:#?}");
}
