//! Drawing trees of texts.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::shown::shown;

/// What a text of a line is, which tells its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// What the line is about.
    Title,
    /// The name of what stands behind it.
    Label,
    /// A value.
    Value,
    /// A code.
    Code,
    /// A UID, of which the middle may be left out where there is no room.
    Uid,
    /// Where something stands.
    Place,
    /// What is wrong.
    Problem,
}

impl Role {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(anstyle::Color::Ansi(colour)));
        match self {
            Self::Title => Style::new().bold(),
            Self::Label => colour(AnsiColor::Cyan),
            Self::Value => Style::new(),
            Self::Code => colour(AnsiColor::Green),
            Self::Problem => colour(AnsiColor::Red),
            Self::Uid | Self::Place => Style::new().dimmed(),
        }
    }
}

/// A text of a line.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    role: Role,
    text: String,
    /// How wide its column is.
    width: usize,
}

impl Cell {
    /// A text of the input, escaped.
    pub(crate) fn new(role: Role, text: &str) -> Self {
        let text = shown(text);
        Self {
            role,
            width: text.width(),
            text,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// A line, and the lines below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) cells: Vec<Cell>,
    pub(crate) below: Vec<Node>,
}

impl Node {
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        Self {
            cells,
            below: Vec::new(),
        }
    }

    /// A name and a value.
    pub(crate) fn fact(label: &str, role: Role, value: &str) -> Self {
        Self::new(vec![Cell::new(Role::Label, label), Cell::new(role, value)])
    }
}

/// The widest column that others are lined up with.
const WIDEST: usize = 40;

/// Lines up the cells of lines that belong together.
pub(crate) fn align(nodes: &mut [Node]) {
    let columns = nodes.iter().map(|node| node.cells.len()).max();
    for column in 0..columns.unwrap_or_default() {
        let cells = || nodes.iter().filter_map(|node| node.cells.get(column));
        let widths = cells()
            .map(|cell| cell.width)
            .filter(|width| *width <= WIDEST);
        let width = widths.max().unwrap_or_default();
        for cell in nodes
            .iter_mut()
            .filter_map(|node| node.cells.get_mut(column))
        {
            cell.width = cell.width.max(width);
        }
    }
}

/// Draws a tree, as wide as there is room.
pub(crate) fn draw(root: &Node, width: Option<usize>, out: &mut Vec<u8>) {
    line("", &root.cells, width, out);
    below(&root.below, &mut String::new(), width, out);
}

fn below(nodes: &[Node], guide: &mut String, width: Option<usize>, out: &mut Vec<u8>) {
    for (index, node) in nodes.iter().enumerate() {
        let last = index + 1 == nodes.len();
        let length = guide.len();
        guide.push_str(if last { "└─ " } else { "├─ " });
        line(guide, &node.cells, width, out);
        guide.truncate(length);
        guide.push_str(if last { "   " } else { "│  " });
        below(&node.below, guide, width, out);
        guide.truncate(length);
    }
}

/// The least part of a UID that is left on both sides.
const END: usize = 6;

fn line(guide: &str, cells: &[Cell], width: Option<usize>, out: &mut Vec<u8>) {
    const GAP: &str = "  ";
    let mut cells: Vec<Cell> = cells.to_vec();
    // Nothing stands behind the last text that there is.
    while cells.last().is_some_and(|cell| cell.text.is_empty()) {
        cells.pop();
    }
    cells.retain(|cell| cell.width > 0);
    if let Some(last) = cells.last_mut() {
        last.width = last.text.width();
    }
    let gaps = GAP.len() * cells.len().saturating_sub(1);
    let mut length = guide.width() + gaps + cells.iter().map(|cell| cell.width).sum::<usize>();
    let room = width.unwrap_or(usize::MAX);
    for cell in cells.iter_mut().filter(|cell| cell.role == Role::Uid) {
        if length > room {
            length -= shorten(cell, length - room);
        }
    }
    let styled = |style: Style, text: &str| format!("{style}{text}{style:#}");
    let mut text = match guide.is_empty() {
        true => String::new(),
        false => styled(Style::new().dimmed(), guide),
    };
    let mut left = room.saturating_sub(guide.width());
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            left = left.saturating_sub(GAP.len());
        }
        if left == 0 {
            break;
        }
        let gap = if index > 0 { GAP } else { "" };
        let cut = cut(&cell.text, left);
        let style = cell.role.style();
        text.push_str(gap);
        text.push_str(&match style == Style::new() {
            true => cut.clone(),
            false => styled(style, &cut),
        });
        let padding = cell.width.saturating_sub(cut.width());
        if index + 1 < cells.len() {
            text.extend(std::iter::repeat_n(' ', padding.min(left)));
        }
        left = left.saturating_sub(cell.width.max(cut.width()));
    }
    out.extend_from_slice(text.trim_end().as_bytes());
    out.push(b'\n');
}

/// Leaves out the middle of a UID; returns by how much its column is narrower.
fn shorten(cell: &mut Cell, excess: usize) -> usize {
    let characters: Vec<char> = cell.text.chars().collect();
    let kept = characters.len().saturating_sub(excess + 1).max(2 * END);
    if kept + 1 >= characters.len() {
        return 0;
    }
    let (start, end) = (kept / 2, characters.len() - (kept - kept / 2));
    let before = cell.width;
    let start = characters[..start].iter();
    cell.text = start.chain(&['…']).chain(&characters[end..]).collect();
    cell.width = cell.text.width();
    before.saturating_sub(cell.width)
}

/// A text as far as there is room for it.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut width = 1;
    for character in text.chars() {
        width += character.width().unwrap_or(0);
        if width > room {
            break;
        }
        cut.push(character);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(node: &Node, width: Option<usize>) -> String {
        let mut out = Vec::new();
        draw(node, width, &mut out);
        anstream::adapter::strip_bytes(&out)
            .into_vec()
            .try_into()
            .unwrap_or_else(|_| String::from_utf8(out).expect("text"))
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let uid = "1.2.840.113619.2.55.3.604688119.971.1505978400.123";
        let mut root = Node::new(vec![Cell::new(Role::Title, "ImagingStudy/検査-ä")]);
        root.below = vec![
            Node::fact("uid", Role::Uid, uid),
            Node::fact(
                "description",
                Role::Value,
                "胸部 CT, e\u{301}tude\u{202e}\n of the chest",
            ),
        ];
        align(&mut root.below);
        let mut series = root.clone();
        series.below.reverse();
        root.below.push(series);
        let whole = drawn(&root, None);
        assert!(whole.contains(uid) && whole.contains("chest"), "{whole}");
        assert!(whole.contains("\\u{202e}\\n"), "{whole}");
        for width in 1..80 {
            let text = drawn(&root, Some(width));
            assert_eq!(text.lines().count(), whole.lines().count());
            for line in text.lines() {
                // The guides stay whole; what they lead to is cut.
                assert!(line.width() <= width.max(9), "{width}: {line}");
            }
        }
        let narrow = drawn(&root, Some(40));
        assert!(
            narrow.contains("1.2.840.") && narrow.contains("…"),
            "{narrow}"
        );
        assert!(
            narrow.lines().any(|line| line.ends_with("00.123")),
            "{narrow}"
        );
    }
}
