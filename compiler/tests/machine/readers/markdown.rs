//! Code in Markdown against GitHub's own parser: the rendered page shows the text and nothing else.

use std::fs;
use std::path::Path;
use std::process::Command;

use dpc::encode::{markdown, terminal};
use proptest::prelude::*;

use crate::project::Project;
use crate::readers::{texts, tool};

#[test]
fn spans_show_the_text() {
    let Some(cmark) = tool::find("cmark-gfm") else { return };
    texts::batches("code spans in Markdown (cmark-gfm)", texts::text(), |batch, tally| {
        tally.count(batch.len(), batch.len());
        let source: String = batch.iter().map(|text| format!("{}\n\n", markdown::code(text))).collect();
        let expected: String = batch.iter().map(|text| format!("<p>{}</p>\n", code(text))).collect();
        prop_assert_eq!(render(&cmark, &source), expected);
        Ok(())
    });
}

#[test]
fn cells_show_the_text() {
    let Some(cmark) = tool::find("cmark-gfm") else { return };
    texts::batches("cells in Markdown (cmark-gfm)", texts::text(), |batch, tally| {
        tally.count(batch.len(), batch.len());
        let rows: String = batch.iter().map(|text| format!("| {} | end |\n", markdown::cell(text))).collect();
        let html = render(&cmark, &format!("| a | b |\n|---|---|\n{rows}"));
        let cells: Vec<&str> =
            html.split("<td>").skip(1).filter_map(|cell| cell.split("</td>").next()).collect();
        let expected: Vec<String> = batch.iter().flat_map(|text| [code(text), "end".to_owned()]).collect();
        prop_assert_eq!(cells, expected);
        Ok(())
    });
}

#[test]
fn blocks_show_the_text() {
    let Some(cmark) = tool::find("cmark-gfm") else { return };
    texts::batches("blocks in Markdown (cmark-gfm)", texts::text(), |batch, tally| {
        tally.count(batch.len(), batch.len());
        let source: String = batch.iter().map(|text| markdown::block("diff", text)).collect();
        let expected: String = batch.iter().map(|text| block(text)).collect();
        prop_assert_eq!(render(&cmark, &source), expected);
        Ok(())
    });
}

fn render(cmark: &Path, source: &str) -> String {
    let directory = Project::empty();
    let file = directory.root.join("comment.md");
    fs::write(&file, source).unwrap();
    let mut command = Command::new(cmark);
    for extension in ["table", "autolink", "strikethrough", "tasklist"] {
        command.args(["--extension", extension]);
    }
    // Raw HTML stays, as on GitHub, which filters the rest later.
    let output = tool::run(command.args(["--unsafe", "--github-pre-lang"]).arg(file));
    String::from_utf8(output.stdout).unwrap()
}

fn code(text: &str) -> String {
    if text.is_empty() {
        "(empty)".to_owned()
    } else {
        format!("<code>{}</code>", html(&terminal::line(text)))
    }
}

fn block(text: &str) -> String {
    let shown = terminal::lines(text);
    let end = if shown.is_empty() || shown.ends_with('\n') { "" } else { "\n" };
    format!("<pre lang=\"diff\"><code>{}{end}</code></pre>\n", html(&shown))
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
