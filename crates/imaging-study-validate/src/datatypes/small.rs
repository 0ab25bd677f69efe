//! Data types with a rule or two.

use super::Checked;
use crate::moment;
use crate::rule;

pub(super) fn period(mut checked: Checked<'_, '_>) {
    let (start, end) = (checked.node.text("start"), checked.node.text("end"));
    checked.check(&rule::PER_1, !moment::is_after(&start, &end));
}

pub(super) fn attachment(mut checked: Checked<'_, '_>) {
    let holds = !checked.has("data") || checked.has("contentType");
    checked.check(&rule::ATT_1, holds);
}

pub(super) fn contact_point(mut checked: Checked<'_, '_>) {
    let holds = !checked.has("value") || checked.has("system");
    checked.check(&rule::CPT_2, holds);
}

pub(super) fn coding(mut checked: Checked<'_, '_>) {
    let holds = !checked.has("display") || checked.has("code");
    checked.check(&rule::COD_1, holds);
}

pub(super) fn identifier(mut checked: Checked<'_, '_>) {
    let holds = checked.has("value");
    checked.check(&rule::IDENT_1, holds);
}

pub(super) fn expression(mut checked: Checked<'_, '_>) {
    let holds = checked.has("expression") || checked.has("reference");
    checked.check(&rule::EXP_1, holds);
    let name = checked.node.text("name");
    let is_name = |name: &str| {
        let mut characters = name.chars();
        let first = characters.next();
        first.is_some_and(|first| first.is_ascii_alphabetic())
            && name.len() <= 64
            && characters.all(|one| one.is_ascii_alphanumeric() || one == '_')
    };
    checked.check(&rule::EXP_2, name.is_none_or(|name| is_name(&name)));
}

pub(super) fn related_artifact(mut checked: Checked<'_, '_>) {
    let node = checked.node;
    let kind = node.text("type").unwrap_or_default();
    let (citation, resource) = (node.has("citation"), node.has("resource"));
    let document = node.has("document");
    checked.check(&rule::RLA_1, kind != "citation" || citation != resource);
    checked.check(&rule::RLA_2, kind != "documentation" || document);
    let justified = document || node.has("resourceReference");
    checked.check(&rule::RLA_3, kind != "justification" || justified);
}
