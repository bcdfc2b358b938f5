//! Text of the input for Markdown comments: always code, as a span, in a table's cell or as a block.
//!
//! Rule: a span or block is fenced by more backticks than stand in it, and everything that hides or ends a line is shown
//! as an escape. There is no encoder for text outside code: there GitHub makes links of `@name`, `#1`, commit hashes and
//! addresses after the Markdown is rendered, where no escape helps; in code it does not. Sources: GitHub Flavored Markdown
//! specification, 6.3 (code spans), 4.5 (fenced code blocks), 4.10 (tables).

use super::terminal;

/// `text` on one line as a code span.
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let shown = terminal::line(text);
    let fence = "`".repeat(longest_run(&shown) + 1);
    let pad = if needs_padding(&shown) { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// `text` as code in the cell of a table, where a pipe would end the cell even in a code span.
pub fn cell(text: &str) -> String {
    if !text.contains('|') {
        return code(text);
    }
    let shown = terminal::line(text);
    let written =
        shown.chars().map(|c| if is_markup(c) { format!("&#{};", c as u32) } else { c.to_string() });
    format!("<code>{}</code>", written.collect::<String>())
}

/// `text` as a block of its own with its lines kept, such as a `diff`. It ends with a newline and must start on a line.
pub fn block(language: &str, text: &str) -> String {
    let shown = terminal::lines(text);
    let fence = "`".repeat(longest_run(&shown).max(2) + 1);
    let end = if shown.is_empty() || shown.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{shown}{end}{fence}\n")
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A backtick at an end would join the fence; a space at both ends would be taken for padding.
fn needs_padding(text: &str) -> bool {
    let spaced = text.starts_with(' ') && text.ends_with(' ') && !text.trim_matches(' ').is_empty();
    spaced || text.starts_with('`') || text.ends_with('`')
}

/// Every character that Markdown gives a meaning to somewhere is ASCII punctuation.
fn is_markup(c: char) -> bool {
    c.is_ascii_punctuation()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_fenced_by_more_than_it_holds() {
        for (text, span) in [
            ("redis:7.2.5", "`redis:7.2.5`"),
            ("", "(empty)"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            ("a`", "`` a` ``"),
            (" a ", "`  a  `"),
            (" ", "` `"),
            ("</details> @name #1\n\u{202e}", "`</details> @name #1\\n\\u{202e}`"),
        ] {
            assert_eq!(code(text), span);
        }
    }

    #[test]
    fn a_cell_holds_no_pipe() {
        assert_eq!(cell("a\\b"), "`a\\b`");
        assert_eq!(cell("a|`<b>"), "<code>a&#124;&#96;&#60;b&#62;</code>");
    }

    #[test]
    fn a_block_ends_where_it_should() {
        assert_eq!(block("diff", "-a\n+b"), "```diff\n-a\n+b\n```\n");
        assert_eq!(block("", "```\n````x\r\n"), "`````\n```\n````x\\r\n`````\n");
        assert_eq!(block("", ""), "```\n```\n");
    }
}
