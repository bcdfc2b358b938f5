//! Diagnostics for people: the lines of the file with the text underlined. The only module that knows annotate-snippets.

use super::{Diagnostic, Label, Severity};
use crate::encode::terminal;
use crate::source::{FileId, Sources};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Snippet};

/// Whether to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// With ANSI escapes.
    Yes,
    /// Plain text.
    No,
}

/// Renders diagnostics in one style.
pub struct Renderer {
    renderer: annotate_snippets::Renderer,
}

/// Labels that are further apart than this get excerpts of their own.
const NEAR: usize = 12;
/// Longer excerpts are not shown: a place is named, and a terminal is not flooded.
const LONGEST_EXCERPT: usize = 16 * 1024;

impl Renderer {
    /// A renderer with or without colors.
    pub fn new(color: Color) -> Self {
        let renderer = match color {
            Color::Yes => annotate_snippets::Renderer::styled(),
            Color::No => annotate_snippets::Renderer::plain(),
        };
        Self { renderer: renderer.decor_style(DecorStyle::Ascii) }
    }

    /// The diagnostic, with a newline at its end.
    pub fn render(&self, diagnostic: &Diagnostic, sources: &Sources) -> String {
        let level = match diagnostic.fault.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let message = terminal::line(&diagnostic.message).into_owned();
        let texts: Vec<String> =
            diagnostic.labels.iter().map(|label| terminal::line(&label.text).into_owned()).collect();
        let excerpts = excerpts(&diagnostic.labels, sources);
        let mut group = Group::with_title(level.primary_title(message.as_str()).id(diagnostic.fault.code));
        for excerpt in &excerpts {
            group = match &excerpt.text {
                Some(text) => group.element(excerpt.snippet(text, diagnostic, &texts, sources)),
                None => group.element(
                    Origin::path(terminal::line(&sources.get(excerpt.file).path))
                        .line(excerpt.line)
                        .char_column(excerpt.column),
                ),
            };
        }
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(terminal::line(help).into_owned()));
        }
        let mut text = self.renderer.render(&[group]).to_string();
        text.push('\n');
        text
    }
}

/// Lines of one file with the labels that are in them.
struct Excerpt<'s> {
    file: FileId,
    /// The first byte of the excerpt in its file.
    start: usize,
    line: usize,
    column: usize,
    text: Option<&'s str>,
    labels: Vec<usize>,
}

fn excerpts<'s>(labels: &[Label], sources: &'s Sources) -> Vec<Excerpt<'s>> {
    let mut groups: Vec<(FileId, usize, usize, Vec<usize>)> = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let line = sources.position(label.span).0;
        let near = groups.iter_mut().find(|(file, first, last, _)| {
            *file == label.span.file && line + NEAR >= *first && line <= *last + NEAR
        });
        match near {
            Some((_, first, last, members)) => {
                (*first, *last) = (line.min(*first), line.max(*last));
                members.push(index);
            }
            None => groups.push((label.span.file, line, line, vec![index])),
        }
    }
    groups.into_iter().map(|(file, _, _, members)| excerpt(file, members, labels, sources)).collect()
}

fn excerpt<'s>(file: FileId, members: Vec<usize>, labels: &[Label], sources: &'s Sources) -> Excerpt<'s> {
    let text = &sources.get(file).text;
    let spans = || members.iter().map(|index| labels[*index].span);
    let first = spans().map(|span| span.start as usize).min().unwrap_or(0);
    let last = spans().map(|span| span.end as usize).max().unwrap_or(0).max(first);
    let start = text[..first].rfind('\n').map_or_else(|| mark(text, first), |newline| newline + 1);
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline);
    let (line, column) = sources.position(labels[members[0]].span);
    let lines_above = text[..start].matches('\n').count();
    let shown = (end - start <= LONGEST_EXCERPT).then(|| &text[start..end]);
    let line = if shown.is_some() { lines_above + 1 } else { line };
    Excerpt { file, start, line, column, text: shown, labels: members }
}

/// The length of a byte order mark, which is no text, before a place.
fn mark(text: &str, place: usize) -> usize {
    text[..place].strip_prefix('\u{feff}').map_or(0, |rest| place - rest.len())
}

impl<'s> Excerpt<'s> {
    fn snippet<'a>(
        &'a self,
        raw: &'a str,
        diagnostic: &'a Diagnostic,
        texts: &'a [String],
        sources: &'a Sources,
    ) -> Snippet<'a, Annotation<'a>> {
        let annotations = self.labels.iter().map(|index| {
            let span = diagnostic.labels[*index].span;
            let kind = if *index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let at = |byte: u32| terminal::excerpt(&raw[..byte as usize - self.start]).len();
            let annotation = kind.span(at(span.start)..at(span.end));
            match &texts[*index] {
                text if text.is_empty() => annotation,
                text => annotation.label(text.as_str()),
            }
        });
        Snippet::source(terminal::excerpt(raw))
            .line_start(self.line)
            .path(terminal::line(&sources.get(self.file).path))
            .fold(true)
            .annotations(annotations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::syntax_error;
    use crate::syntax::read;

    #[test]
    fn an_excerpt_hides_nothing_and_is_underlined_where_it_should() {
        let mut sources = Sources::default();
        let file =
            sources.add("a\u{1b}.kdl".to_string(), "\u{feff}n \"a\u{200b}\" \"\u{2028}\" b\r\n".to_string());
        let error = read(file, &sources.get(file).text).unwrap_err().remove(0);
        let shown = Renderer::new(Color::No).render(&syntax_error(error), &sources);
        assert_eq!(terminal::lines(&shown), shown);
        assert!(shown.contains("n \"a\\u{200b}\" \"\\u{2028}\" b"), "{shown}");
        let [excerpt, underline] = [1, 2].map(|line| shown.lines().nth(line + 2).unwrap_or_default());
        assert_eq!(excerpt.find("\"\\u{2028}"), underline.find('^'), "{shown}");
    }
}
