//! The proptest strategy: random choices, and how to shrink them.

use std::marker::PhantomData;

use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::choices::{Part, Span};
use super::seed::{exponents, split_mix};
use super::{Profile, from_choices, generate};
use crate::Element;

/// The strategy that [`element`] makes.
#[derive(Clone, Copy, Debug)]
pub struct ElementStrategy<T> {
    profile: Profile,
    element: PhantomData<fn() -> T>,
}

/// A generated element that can shrink.
#[derive(Clone, Debug)]
pub struct ElementTree<T> {
    profile: Profile,
    /// The choices of the current element.
    choices: Vec<u32>,
    /// The last choices that were accepted, to go back to.
    accepted: Vec<u32>,
    /// The parts of the accepted element, largest first.
    spans: Vec<Span>,
    step: Step,
    /// Whether anything was accepted since the first step.
    progress: bool,
    element: PhantomData<fn() -> T>,
}

/// What to try next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Leave out, or make the simplest of, the part with this index.
    Drop(usize),
    /// Lower the choice with this index; values up to `failed` are known to be too low.
    Lower { index: usize, failed: Option<u32> },
    /// Nothing is left to try.
    Done,
}

/// Random elements of a type.
///
/// A failing test shrinks by leaving out optional parts, the largest first, and then by simplifying
/// what is left. See the [module documentation](super) for an example and for what is valid.
pub fn element<T: Element>(profile: Profile) -> ElementStrategy<T> {
    ElementStrategy {
        profile,
        element: PhantomData,
    }
}

impl<T: Element> Strategy for ElementStrategy<T> {
    type Tree = ElementTree<T>;
    type Value = T;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let exponents = exponents(self.profile);
        let exponent = exponents.new_tree(runner)?.current();
        let length = (0..1_usize << exponent).new_tree(runner)?.current() + (1 << exponent);
        let mut state = proptest::num::u64::ANY.new_tree(runner)?.current();
        let choices = (0..length).map(|_| split_mix(&mut state)).collect();
        Ok(ElementTree::new(self.profile, choices))
    }
}

impl<T: Element> ElementTree<T> {
    fn new(profile: Profile, choices: Vec<u32>) -> Self {
        let mut tree = Self {
            profile,
            choices,
            accepted: Vec::new(),
            spans: Vec::new(),
            step: Step::Drop(0),
            progress: false,
            element: PhantomData,
        };
        tree.accept();
        tree
    }

    /// Makes the current choices those to go back to, without the ones that were never drawn.
    fn accept(&mut self) {
        let (used, mut spans) = generate::<T>(self.profile, &self.choices).1.into_spans();
        self.choices.truncate(used);
        self.accepted.clone_from(&self.choices);
        for span in &mut spans {
            span.end = span.end.min(self.choices.len());
        }
        // Only parts that can become simpler.
        spans.retain(|span| match self.choices.get(span.start..span.end) {
            None | Some([]) => false,
            Some(choices) => match span.part {
                Part::Optional => choices.len() > 1,
                Part::Entry => true,
                Part::Element(_) => choices.len() > 1 && choices.iter().any(|&choice| choice > 0),
            },
        });
        self.spans = spans;
        self.spans
            .sort_by_key(|span| std::cmp::Reverse(span.end - span.start));
    }

    /// Takes a part out of the current choices.
    fn without(&mut self, span: Span) {
        let zeros = match span.part {
            Part::Optional => 1,
            Part::Entry => 0,
            // As many choices as the simplest element draws.
            Part::Element(_) => {
                self.choices[span.start..span.end].fill(0);
                let spans = generate::<T>(self.profile, &self.choices).1.into_spans().1;
                let simplest = spans
                    .iter()
                    .find(|other| other.start == span.start && other.part == span.part);
                simplest.map_or(0, |simplest| simplest.end - simplest.start)
            }
        };
        self.choices
            .splice(span.start..span.end, std::iter::repeat_n(0, zeros));
    }

    /// Puts the next attempt into the current choices; returns whether there was one.
    fn attempt(&mut self) -> bool {
        self.choices.clone_from(&self.accepted);
        loop {
            match self.step {
                Step::Drop(part) => match self.spans.get(part) {
                    Some(&span) => {
                        self.without(span);
                        return true;
                    }
                    None => {
                        self.step = Step::Lower {
                            index: 0,
                            failed: None,
                        }
                    }
                },
                Step::Lower { index, failed } => match self.accepted.get(index) {
                    // What was lowered may have changed which parts there are.
                    None if self.progress => {
                        self.progress = false;
                        self.step = Step::Drop(0);
                    }
                    None => self.step = Step::Done,
                    Some(&value) => {
                        let lower = match failed {
                            None => 0,
                            Some(failed) => failed + (value - failed) / 2,
                        };
                        if value == 0 || failed == Some(lower) {
                            self.step = Step::Lower {
                                index: index + 1,
                                failed: None,
                            };
                        } else {
                            self.choices[index] = lower;
                            return true;
                        }
                    }
                },
                Step::Done => return false,
            }
        }
    }
}

impl<T: Element> ValueTree for ElementTree<T> {
    type Value = T;

    fn current(&self) -> T {
        from_choices(self.profile, &self.choices)
    }

    fn simplify(&mut self) -> bool {
        if self.choices != self.accepted {
            self.progress = true;
            self.accept();
        }
        self.attempt()
    }

    fn complicate(&mut self) -> bool {
        match &mut self.step {
            Step::Drop(part) => *part += 1,
            Step::Lower { index, failed } => *failed = self.choices.get(*index).copied(),
            Step::Done => {}
        }
        self.attempt()
    }
}
