//! A comment in Markdown, parsed by GitHub's own parser: only dpc's own words stand outside code.

use crate::is_shown;
use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, parse_document};

/// The most characters of a comment on GitHub.
const LONGEST: usize = 65_536;
/// The HTML that dpc writes.
const TAGS: [&str; 10] = [
    "<details>",
    "<details open>",
    "</details>",
    "<summary>",
    "</summary>",
    "<b>",
    "</b>",
    "<code>",
    "</code>",
    "<br>",
];

/// Checks a comment.
pub fn check(page: &str) {
    assert!(page.chars().count() <= LONGEST, "{} characters", page.chars().count());
    assert!(is_shown(page), "it acts on the text around it: {page:?}");
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    let arena = Arena::new();
    let mut reader = Reader { code: 0, open: 0, page };
    reader.node(parse_document(&arena, page, &options));
    assert_eq!((reader.code, reader.open), (0, 0), "what is opened is closed:\n{page}");
}

struct Reader<'p> {
    code: usize,
    open: usize,
    page: &'p str,
}

impl Reader<'_> {
    fn node(&mut self, node: Node<'_>) {
        match &node.data().value {
            NodeValue::Document
            | NodeValue::Paragraph
            | NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell
            | NodeValue::SoftBreak
            | NodeValue::Code(_)
            | NodeValue::CodeBlock(_)
            | NodeValue::Emph
            | NodeValue::Strong => {}
            NodeValue::Text(text) => self.text(text),
            NodeValue::HtmlInline(html) => self.html(html),
            NodeValue::HtmlBlock(block) => self.html(&block.literal),
            other => panic!("{other:?} in\n{}", self.page),
        }
        node.children().for_each(|child| self.node(child));
    }

    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            self.text(&rest[..start]);
            let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
            let tag = &rest[start..end];
            assert!(TAGS.contains(&tag), "{tag:?} in\n{}", self.page);
            match tag {
                "<code>" => self.code += 1,
                "</code>" => self.code = self.code.checked_sub(1).expect("it was opened"),
                "</details>" => self.open = self.open.checked_sub(1).expect("it was opened"),
                tag if tag.starts_with("<details") => self.open += 1,
                _ => {}
            }
            rest = &rest[end..];
        }
        self.text(rest);
    }

    /// Outside code GitHub makes links of names, numbers, addresses and commits.
    fn text(&self, text: &str) {
        if self.code > 0 {
            return;
        }
        let linked = text.contains(['@', '#', '<', '>']) || text.contains("://") || text.contains("www.");
        let commit = |word: &str| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let commits = text.split(|c: char| !c.is_ascii_alphanumeric()).any(commit);
        assert!(!linked && !commits, "{text:?} stands outside code in\n{}", self.page);
    }
}
