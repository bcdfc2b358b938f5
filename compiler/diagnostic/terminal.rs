//! Diagnostics for people: the lines of the file with the text underlined. The only module that knows annotate-snippets.

use super::concealed::{Concealed, LONGEST_EXCERPT, concealed};
use super::secrets::ProjectSecrets;
use super::{Diagnostic, Severity};
use crate::encode::terminal;
use crate::text::{FileId, Sources, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Snippet};

/// The use of colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// With ANSI escapes.
    Yes,
    /// Plain text.
    No,
}

/// Renders diagnostics of one project in one style.
pub struct Renderer<'s> {
    renderer: annotate_snippets::Renderer,
    secrets: ProjectSecrets<'s>,
}

/// Labels that are further apart than this get excerpts of their own.
const NEAR: usize = 12;
/// Longer messages are cut, in characters.
const LONGEST_WORDS: usize = 2000;

impl<'s> Renderer<'s> {
    /// A renderer with or without colors.
    pub fn new(color: Color, sources: &'s Sources) -> Self {
        let renderer = match color {
            Color::Yes => annotate_snippets::Renderer::styled(),
            Color::No => annotate_snippets::Renderer::plain(),
        };
        Self { renderer: renderer.decor_style(DecorStyle::Ascii), secrets: ProjectSecrets::new(sources) }
    }

    /// The diagnostic, with a newline at its end.
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let sources = self.secrets.sources;
        let concealed = concealed(diagnostic, &self.secrets);
        let diagnostic = &concealed.diagnostic;
        let level = match diagnostic.fault.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let message = cut_line(&diagnostic.message);
        let texts: Vec<String> = diagnostic.labels.iter().map(|label| cut_line(&label.text)).collect();
        let excerpts = excerpts(&concealed, sources);
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
            group = group.element(Level::HELP.message(cut_line(help)));
        }
        let mut text = self.renderer.render(&[group]);
        text.push('\n');
        text
    }

    /// Returns the message alone, without secrets.
    pub(crate) fn message(&self, diagnostic: &Diagnostic) -> String {
        concealed(diagnostic, &self.secrets).diagnostic.message
    }
}

/// Returns words for the terminal: on one line, and cut if they hold a name of megabytes.
fn cut_line(words: &str) -> String {
    match words.char_indices().nth(LONGEST_WORDS) {
        Some((end, _)) => format!("{}…", terminal::line(&words[..end])),
        None => terminal::line(words).into_owned(),
    }
}

/// Lines of one file with the labels that are in them.
struct Excerpt {
    file: FileId,
    /// The first byte of the excerpt in its file.
    start: usize,
    line: usize,
    column: usize,
    text: Option<String>,
    labels: Vec<usize>,
}

fn excerpts(concealed: &Concealed<'_>, sources: &Sources) -> Vec<Excerpt> {
    let labels = &concealed.diagnostic.labels;
    let mut groups: Vec<(FileId, usize, usize, Vec<usize>)> = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let (here, line) = (label.span.file, sources.position(label.span).0);
        let near = groups
            .iter_mut()
            .find(|(file, first, last, _)| *file == here && line + NEAR >= *first && line <= *last + NEAR);
        match near {
            Some((_, first, last, members)) => {
                (*first, *last) = (line.min(*first), line.max(*last));
                members.push(index);
            }
            None => groups.push((here, line, line, vec![index])),
        }
    }
    groups.into_iter().map(|(file, _, _, members)| excerpt(file, members, concealed, sources)).collect()
}

fn excerpt(file: FileId, members: Vec<usize>, concealed: &Concealed<'_>, sources: &Sources) -> Excerpt {
    let labels = &concealed.diagnostic.labels;
    let source = sources.get(file);
    let spans = || members.iter().map(|index| labels[*index].span.range());
    let first = spans().map(|span| span.start).min().unwrap_or(0);
    let last = spans().map(|span| span.end).max().unwrap_or(0).max(first);
    let lines = source.whole_lines(first..last);
    let lines = lines.start + mark(&source.text[..first])..lines.end;
    let start = lines.start;
    let (line, column) = sources.position(labels[members[0]].span);
    let shown =
        (lines.len() <= LONGEST_EXCERPT).then(|| concealed.starred(Span::new(file, lines.start, lines.end)));
    let first_line = || sources.position(Span::new(file, start, start)).0;
    let line = if shown.is_some() { first_line() } else { line };
    Excerpt { file, start, line, column, text: shown, labels: members }
}

/// Returns the length of the byte order mark, which is no text, if the place is in the first line.
fn mark(before: &str) -> usize {
    match before.strip_prefix('\u{feff}') {
        Some(rest) if !rest.contains('\n') => before.len() - rest.len(),
        _ => 0,
    }
}

impl Excerpt {
    fn snippet<'a>(
        &'a self,
        raw: &'a str,
        diagnostic: &'a Diagnostic,
        texts: &'a [String],
        sources: &'a Sources,
    ) -> Snippet<'a, Annotation<'a>> {
        let annotations = self.labels.iter().map(|index| {
            let span = diagnostic.labels[*index].span.range();
            let kind = if *index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let at = |byte: usize| terminal::excerpt(&raw[..byte - self.start]).len();
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
    use crate::front::parse::syntax_error;
    use crate::kdl::read;

    #[test]
    fn a_secret_of_one_line_is_shown_in_no_other() {
        let secret = "Hunter2Zq9";
        let text = format!(
            "x {{\n  DB_PASSWORD \"{secret}\"\n  A_TOKEN \"b\\u{{41}}c-d-e\"\n}}\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nextra-host \"{secret}.x\"\n"
        );
        let mut sources = Sources::default();
        let file = sources.add("dpc.kdl".to_string(), text.clone()).unwrap();
        let at = text.find("extra-host").unwrap();
        let diagnostic =
            Diagnostic::new(crate::front::faults::all()[0], format!("no `{secret}.x`, and no bAc-d-e"))
                .at(Span::new(file, at, at + 12), format!("of {}", secret.to_uppercase()))
                .help(format!("write `{}`", secret.to_lowercase()));
        let shown = Renderer::new(Color::No, &sources).render(&diagnostic);
        let json = crate::diagnostic::to_json(&[diagnostic], &sources);
        for page in [shown, json] {
            assert!(!page.to_lowercase().contains("hunter2zq9") && !page.contains("bAc-d-e"), "{page}");
            assert!(page.contains("•••.x"), "{page}");
        }
    }

    #[test]
    fn an_excerpt_hides_nothing_and_is_underlined_where_it_should() {
        let mut sources = Sources::default();
        let file = sources
            .add("a\u{1b}.kdl".to_string(), "\u{feff}n \"a\u{200b}\" \"\u{2028}\" b\r\n".to_string())
            .unwrap();
        let error = read(file, &*sources.get(file).text).errors.remove(0);
        let shown = Renderer::new(Color::No, &sources).render(&syntax_error(error));
        assert_eq!(terminal::lines(&shown), shown);
        assert!(shown.contains("n \"a\\u{200b}\" \"\\u{2028}\" b"), "{shown}");
        let [excerpt, underline] = [1, 2].map(|line| shown.lines().nth(line + 2).unwrap_or_default());
        assert_eq!(excerpt.find("\"\\u{2028}"), underline.find('^'), "{shown}");
    }
}
