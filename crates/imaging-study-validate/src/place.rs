//! Where an issue is, while a study is walked.

use std::borrow::Cow;

use crate::{Issue, Rule, Severity};

/// The place of an element: borrowed steps, so that a walk allocates nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    above: Option<&'p Place<'p>>,
    /// The name of the element, of a choice without its type.
    stem: &'p str,
    /// The type of a choice, as it ends the name.
    suffix: &'p str,
    index: Option<usize>,
    /// The number of the element in its type.
    order: usize,
}

impl<'p> Place<'p> {
    pub(crate) const fn root(stem: &'p str) -> Self {
        Self {
            above: None,
            stem,
            suffix: "",
            index: None,
            order: 0,
        }
    }

    /// An element in this one.
    pub(crate) const fn below(&'p self, stem: &'p str, order: usize) -> Self {
        Self {
            above: Some(self),
            stem,
            suffix: "",
            index: None,
            order,
        }
    }

    /// The same, of a choice.
    pub(crate) const fn of_type(self, suffix: &'p str) -> Self {
        Self { suffix, ..self }
    }

    /// The same, one of several.
    pub(crate) const fn entry(self, index: usize) -> Self {
        Self {
            index: Some(index),
            ..self
        }
    }

    fn steps(&self) -> Vec<&Place<'p>> {
        let mut steps = Vec::new();
        let mut step = Some(self);
        while let Some(one) = step {
            steps.push(one);
            step = one.above;
        }
        steps.reverse();
        steps
    }

    fn text(steps: &[&Place<'_>], with_types: bool) -> String {
        let mut text = String::new();
        for step in steps {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(step.stem);
            if with_types {
                text.push_str(step.suffix);
            }
            if let Some(index) = step.index {
                text.push_str(&format!("[{index}]"));
            }
        }
        text
    }
}

/// The issues that were found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    found: Vec<(Vec<usize>, Issue)>,
}

impl Report {
    /// A rule is broken.
    #[cold]
    pub(crate) fn add(&mut self, rule: &'static Rule, place: &Place<'_>, message: &'static str) {
        self.add_as(rule.severity, rule, place, message);
    }

    /// A rule is broken, and how bad that is depends on the place.
    #[cold]
    pub(crate) fn add_as(
        &mut self,
        severity: Severity,
        rule: &'static Rule,
        place: &Place<'_>,
        message: impl Into<Cow<'static, str>>,
    ) -> &mut Issue {
        let message = message.into();
        let message = match message == rule.meaning {
            true => Cow::Owned(format!("expected that {message}")),
            false => message,
        };
        self.push(
            place,
            Issue {
                severity,
                code: rule.code,
                rule: Cow::Borrowed(rule.key),
                path: String::new(),
                expression: String::new(),
                message,
                repairable: false,
                line: None,
                column: None,
            },
        )
    }

    /// An issue, whose paths are those of a place.
    #[cold]
    pub(crate) fn push(&mut self, place: &Place<'_>, mut issue: Issue) -> &mut Issue {
        let steps = place.steps();
        issue.path = Place::text(&steps, true);
        issue.expression = Place::text(&steps, false);
        let order = steps
            .iter()
            .flat_map(|step| [step.order, step.index.map_or(0, |index| index + 1)])
            .collect();
        self.found.push((order, issue));
        let last = self.found.len() - 1;
        &mut self.found[last].1
    }

    /// Whether the issue that was added last can be repaired.
    pub(crate) fn last_is_repairable(&mut self, repairable: bool) {
        if let Some((_, issue)) = self.found.last_mut() {
            issue.repairable = repairable;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// The issues in the order of the document, those of one place by their key.
    pub(crate) fn finish(mut self) -> Vec<Issue> {
        self.found.sort_by(|(one, first), (next, second)| {
            (one, &first.rule, first.severity).cmp(&(next, &second.rule, second.severity))
        });
        self.found.into_iter().map(|(_, issue)| issue).collect()
    }
}
