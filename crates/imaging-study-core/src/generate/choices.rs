//! The sequence of choices that decides what is generated.

/// Choices that are drawn one after the other; 0 once there are no more.
///
/// Small numbers stand for the simplest outcome everywhere, so that fewer and smaller choices
/// make a smaller element.
#[derive(Debug)]
pub(super) struct Choices<'c> {
    numbers: &'c [u32],
    next: usize,
    spans: Vec<Span>,
}

/// The choices that one part was generated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The index of the first choice.
    pub(super) start: usize,
    /// The index after the last choice.
    pub(super) end: usize,
    pub(super) part: Part,
}

/// What a span made, which says how to do without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// An optional part: a 0 in place of its choices leaves it out.
    Optional,
    /// An entry of a list after the first: nothing need stay.
    Entry,
    /// An element inside so many others: choices of 0 make the simplest one.
    Element(usize),
}

impl<'c> Choices<'c> {
    pub(super) fn new(numbers: &'c [u32]) -> Self {
        Self {
            numbers,
            next: 0,
            spans: Vec::new(),
        }
    }

    /// The next choice.
    pub(super) fn draw(&mut self) -> u32 {
        let choice = self.numbers.get(self.next).copied().unwrap_or_default();
        self.next += 1;
        choice
    }

    /// A number less than `bound`, which is at least 1.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let scaled = u64::from(self.draw()) * bound as u64;
        (scaled >> 32) as usize
    }

    /// A number from `least` to `greatest`.
    pub(super) fn between(&mut self, least: usize, greatest: usize) -> usize {
        least + self.below(greatest - least + 1)
    }

    /// Whether something happens that has so many chances in a thousand.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) >= 1000_usize.saturating_sub(per_mille as usize)
    }

    /// An entry of a pool that is not empty; the first is the simplest.
    pub(super) fn pick<T: Copy>(&mut self, pool: &[T]) -> T {
        pool[self.below(pool.len())]
    }

    /// Where the next choice stands.
    pub(super) fn position(&self) -> usize {
        self.next
    }

    /// Notes that a part was generated from the choices since `start`.
    pub(super) fn close(&mut self, start: usize, part: Part) {
        self.spans.push(Span {
            start,
            end: self.next,
            part,
        });
    }

    /// How many choices were drawn, and the parts that were generated from them.
    #[cfg(feature = "proptest")]
    pub(super) fn into_spans(self) -> (usize, Vec<Span>) {
        (self.next, self.spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_choice_is_the_simplest_choice() {
        let mut choices = Choices::new(&[]);
        assert_eq!(choices.between(3, 9), 3);
        assert!(!choices.chance(999));
        assert_eq!(choices.pick(&["simple", "odd"]), "simple");
    }
}
