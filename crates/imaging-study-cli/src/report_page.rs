//! The parts of the page of a report.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::archive::{Archive, grouped, size};
use crate::report_style::{SCRIPT, STYLE};
use crate::shown::shown;
use crate::study_facts::{Count, StudyFacts};
use crate::study_tree::versions;

/// What a study needs to be shown, beside its facts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extras {
    /// Where it stands in the input.
    pub(crate) place: String,
    /// Its number in the report, counted from 1.
    pub(crate) number: u64,
    /// Whether it has a section.
    pub(crate) section: bool,
    /// How many values would be lost and noted, where studies are converted.
    pub(crate) losses: Option<(u64, u64)>,
    /// The thumbnail of the study, and one for each series.
    pub(crate) thumbnail: Option<String>,
    pub(crate) series_thumbnails: Vec<Option<String>>,
}

/// A text of the input: what changes a terminal or the direction of a text is escaped here too.
fn text(text: Option<&str>) -> String {
    text.map(shown).unwrap_or_default()
}

/// What stands before the table of studies.
pub(crate) fn head(archive: &Archive, converted: Option<&str>) -> String {
    let tiles = [
        ("studies", grouped(archive.studies)),
        ("series", grouped(archive.series)),
        ("instances", grouped(archive.instances)),
        ("in all", size(archive.sizes.sum)),
        ("not readable", grouped(archive.rejects.sum())),
    ];
    let page = html! {
        h1 { "Imaging studies" }
        div.tiles {
            @for (name, value) in &tiles {
                div.tile { b { (value) } span { (name) } }
            }
        }
        div.charts {
            @for (name, rows) in archive.tables() {
                @if !rows.is_empty() && !matches!(name, "losses" | "notes") { (chart(name, &rows)) }
            }
        }
        @if let Some(version) = converted {
            h2 { "Converted to " (version) }
            div.charts {
                @for (name, counts) in [("losses", &archive.losses), ("notes", &archive.notes)] {
                    @let rows = counts.by_count();
                    @if rows.is_empty() {
                        figure { figcaption { (name) } "none" }
                    } @else {
                        (chart(name, &rows))
                    }
                }
            }
        }
        h2 { "Studies" }
        @if archive.studies > SECTIONS {
            p.soft {
                "With more than " (grouped(SECTIONS)) " studies there is the table alone, without a section for each."
            }
        }
        @if archive.studies > ROWS {
            p.soft { "The table has the first " (grouped(ROWS)) " studies." }
        }
        input #search type="search" placeholder="Search" aria-label="Search the table" hidden;
    };
    let start = html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
            meta name="referrer" content="no-referrer";
            title { "Imaging studies" }
            style { (PreEscaped(STYLE)) }
        }
        (PreEscaped("<body>"))
        (page)
        (PreEscaped("<div class=\"wide\"><table id=\"studies\">"))
        thead { tr {
            @for name in ["Study", "Patient", "Started", "Modalities", "Description"] { th { (name) } }
            th { "Series" } th { "Instances" } th { "Version" } th { "Status" }
            @if converted.is_some() { th { "Lost" } th { "Noted" } }
            th { "Place" }
        } }
        (PreEscaped("<tbody>"))
    };
    start.into_string()
}

/// What stands between the table and the sections.
pub(crate) const TABLE_END: &str = "</tbody></table></div>\n";

/// The end of the page.
pub(crate) fn end() -> String {
    let script = html! { script { (PreEscaped(SCRIPT)) } };
    format!("{}</body></html>\n", script.into_string())
}

/// Up to how many studies each has a section.
pub(crate) const SECTIONS: u64 = 1_000;

/// How many rows the table has at most: no browser shows millions.
pub(crate) const ROWS: u64 = 20_000;

/// How many bars a chart has at most.
const BARS: usize = 12;

fn chart(name: &str, rows: &[(&str, u64)]) -> Markup {
    let skipped = rows.len().saturating_sub(BARS);
    // Of years the last ones matter most.
    let start = if name == "years" { skipped } else { 0 };
    let rows: Vec<_> = rows.iter().skip(start).take(BARS).collect();
    let greatest = rows
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1)
        .max(1);
    let height = 24 * rows.len();
    html! {
        figure {
            figcaption {
                (name)
                @if skipped > 0 { span { " and " (skipped) " more" } }
            }
            svg viewBox={"0 0 400 " (height)} role="img" aria-label=(name) {
                @for (index, (label, count)) in rows.iter().enumerate() {
                    @let y = 24 * index;
                    // In units of the drawing: 150 for the name, 60 for the number.
                    @let width = (u128::from(*count) * 180).div_ceil(u128::from(greatest));
                    text x="0" y=(y + 16) { (shortened(label)) title { (text(Some(label))) } }
                    rect x="155" y=(y + 4) width=(width) height="16" rx="2" {}
                    text x=(160 + width) y=(y + 16) { (grouped(*count)) }
                }
            }
        }
    }
}

/// A name as long as there is room for it.
fn shortened(label: &str) -> String {
    const ROOM: usize = 20;
    let label = shown(label);
    if label.chars().count() <= ROOM {
        return label;
    }
    label.chars().take(ROOM - 1).chain(['…']).collect()
}

fn counted(count: Count) -> String {
    match count.stated {
        Some(stated) if stated != count.listed && count.listed > 0 => {
            format!("{} of {stated}", count.listed)
        }
        _ => grouped(count.best()),
    }
}

fn title(facts: &StudyFacts<'_>, extras: &Extras) -> String {
    match (facts.id, facts.uid.as_deref()) {
        (Some(id), _) => shown(id),
        (None, Some(uid)) => shown(uid),
        (None, None) => format!("study {}", extras.number),
    }
}

/// A row of the table.
pub(crate) fn row(facts: &StudyFacts<'_>, extras: &Extras) -> String {
    let patient = facts
        .patient
        .and_then(|patient| patient.display.or(patient.reference));
    let title = title(facts, extras);
    let row = html! {
        tr {
            td {
                @if extras.section { a href={"#s" (extras.number)} { (title) } } @else { (title) }
            }
            td { (text(patient)) }
            td { (text(facts.started)) }
            td { (shown(&facts.modalities.join(", "))) }
            td { (text(facts.description)) }
            td.n { (counted(facts.number_of_series)) }
            td.n { (counted(facts.number_of_instances)) }
            td { (versions(&facts.versions)) }
            td { (text(facts.status.or(facts.availability))) }
            @if let Some((lost, noted)) = extras.losses {
                td.n.bad[lost > 0] { (lost) } td.n { (noted) }
            }
            td { (shown(&extras.place)) }
        }
    };
    row.into_string() + "\n"
}

/// A link, if the address is one that a browser may follow.
fn link(url: Option<&String>, name: &str) -> Markup {
    let safe = url.filter(|url| {
        let lower = url.to_ascii_lowercase();
        lower.starts_with("https://") || lower.starts_with("http://")
    });
    html! {
        @if let Some(url) = safe { a href=(url) rel="noopener noreferrer" { (name) } }
    }
}

/// The section of a study.
pub(crate) fn section(facts: &StudyFacts<'_>, extras: &Extras) -> String {
    let patient = facts.patient.and_then(|patient| patient.reference);
    let section = html! {
        section.study id={"s" (extras.number)} {
            h3 { (title(facts, extras)) " " span.soft { (versions(&facts.versions)) } }
            dl {
                @for (name, value) in [
                    ("Patient", patient),
                    ("UID", facts.uid.as_deref()),
                    ("Accession", facts.accession),
                    ("Description", facts.description),
                ] {
                    @if value.is_some() { dt { (name) } dd { (text(value)) } }
                }
                @for (name, values) in [
                    ("Procedure", &facts.procedures),
                    ("Reason", &facts.reasons),
                    ("Endpoint", &facts.endpoints),
                ] {
                    @for value in values { dt { (name) } dd { (shown(value)) } }
                }
                @if extras.thumbnail.is_some() {
                    dt { "Images" } dd { (link(extras.thumbnail.as_ref(), "thumbnail")) }
                }
            }
            @if !facts.series.is_empty() {
                div.wide { table {
                    thead { tr {
                        @for name in ["Number", "Modality", "Description", "Body site", "Instances", "UID", "Images"] { th { (name) } }
                    } }
                    tbody {
                        @for (index, series) in facts.series.iter().enumerate() {
                            tr {
                                td.n { @if let Some(number) = series.number { (number) } }
                                td { (text(series.modality)) }
                                td { (text(series.description)) }
                                td { (shown(&series.body_sites.join(", "))) }
                                td.n { (counted(series.number_of_instances)) }
                                td.uid { (text(series.uid)) }
                                td { (link(extras.series_thumbnails.get(index).and_then(Option::as_ref), "thumbnail")) }
                            }
                        }
                    }
                } }
            }
        }
    };
    section.into_string() + "\n"
}
