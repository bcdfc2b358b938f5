//! A diagnostic → the same without secrets: more people read logs and comments than the file.
//!
//! [`super::lines`] finds the secrets of the lines that it shows, and [`super::secrets`] those of the whole project.

use super::secrets::{LineSecrets, ProjectSecrets};
use super::{Diagnostic, Label};
use crate::secret::{Known, Spans, conceal};
use crate::text::{Sources, Span};
use std::rc::Rc;

/// Longer lines are neither shown nor gone through.
pub(crate) const LONGEST_EXCERPT: usize = 16 * 1024;

/// A diagnostic without secrets, and the secrets that its excerpts must not show either.
pub(crate) struct Concealed<'s> {
    /// The diagnostic with marks for the secrets.
    pub(crate) diagnostic: Diagnostic,
    /// Secrets of the lines that it is about.
    near: Vec<Rc<LineSecrets>>,
    /// All files.
    secrets: &'s ProjectSecrets<'s>,
}

/// Masks the secrets that stand in the lines of a diagnostic, or anywhere in the project.
pub(crate) fn concealed<'s>(diagnostic: &Diagnostic, secrets: &'s ProjectSecrets<'s>) -> Concealed<'s> {
    let mut places: Vec<Span> =
        diagnostic.labels.iter().map(|label| around(label.span, secrets.sources)).collect();
    places.dedup();
    let near: Vec<_> = places.into_iter().map(|place| secrets.lines(place)).collect();
    let known: Vec<&Known> = near.iter().map(|lines| lines.known()).chain([secrets.known()]).collect();
    let words = |text: &String| Known::masked_all(&known, text);
    let label = |label: &Label| Label { span: label.span, text: words(&label.text) };
    let diagnostic = Diagnostic {
        fault: diagnostic.fault,
        message: words(&diagnostic.message),
        labels: diagnostic.labels.iter().map(label).collect(),
        help: diagnostic.help.iter().map(words).collect(),
    };
    Concealed { diagnostic, near, secrets }
}

/// Returns the lines of a place, or the text around it if they are too long: the same for all places near each other.
fn around(place: Span, sources: &Sources) -> Span {
    const HALF: usize = LONGEST_EXCERPT / 2;
    let source = sources.get(place.file);
    let lines = source.whole_lines(place.range());
    if lines.len() <= LONGEST_EXCERPT {
        return Span::new(place.file, lines.start, lines.end);
    }
    let near = place.range().start / HALF * HALF;
    let from = source.text.floor_char_boundary(lines.start.max(near.saturating_sub(HALF)));
    let to = source.text.floor_char_boundary(lines.end.min(near + 2 * HALF));
    Span::new(place.file, from, to)
}

impl Concealed<'_> {
    /// Puts an asterisk for every byte of a secret, so that places stay the same.
    pub(crate) fn starred(&self, lines: Span) -> String {
        let text = self.secrets.sources.text(lines);
        let own = self.secrets.lines(lines);
        let mut secrets = Spans::from(own.spans(text, self.secrets.known()).to_vec());
        let others = self.near.iter().filter(|near| !Rc::ptr_eq(near, &own));
        others.for_each(|near| near.known().find(text, &mut secrets));
        starred(text, &secrets)
    }
}

fn starred(text: &str, secrets: &Spans) -> String {
    let stars = |c: char| if c == '\n' { c.to_string() } else { "*".repeat(c.len_utf8()) };
    conceal(text, secrets, |secret| secret.chars().map(stars).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::lines::spans;

    #[test]
    fn a_line_with_many_faults_is_gone_through_once() {
        use crate::diagnostic::{Color, Fault, Renderer};
        const FAULT: Fault = Fault::error("wrong", "a rule", "A reason.");
        for faults in [1000, 600] {
            let line: String = (0..faults).map(|at| format!("password \"x{at:04}hunt\"; ")).collect();
            let step = line.len() / faults;
            let mut sources = Sources::default();
            let file = sources.add("dpc.kdl".into(), line.as_str()).unwrap();
            let started = crate::text::busy::busy();
            let renderer = Renderer::new(Color::No, &sources);
            for at in 0..faults {
                let wrong =
                    Diagnostic::new(&FAULT, "wrong").at(Span::new(file, at * step, at * step + 8), "here");
                assert!(!renderer.render(&wrong).contains("hunt"));
            }
            let worked = crate::text::busy::busy() - started;
            assert!(worked.as_secs() < 4, "{faults}: {worked:?}");
        }
    }

    #[test]
    fn what_looks_like_a_secret_is_starred_in_its_place() {
        for (line, shown) in [
            (r#"env { DB_PASSWORD "hunter2" }"#, r#"env { DB_PASSWORD "*******" }"#),
            (r#"env { "DB_PASSWORD" "hünter" }"#, r#"env { "DB_PASSWORD" "*******" }"#),
            (r#"env { "DB_PASSWORD=hunter2" }"#, r#"env { "DB_PASSWORD=*******" }"#),
            (r#"env { TLS_KEY "/etc/a.key"; PORT "8080" }"#, r#"env { TLS_KEY "/etc/a.key"; PORT "8080" }"#),
            (r#"env { TOKEN "{{ var.token }}" }"#, r#"env { TOKEN "{{ var.token }}" }"#),
            (r#"secret "KEY" from="sk_live""#, r#"secret "KEY" from="*******""#),
            (r#"  secret "KEY" "sk_live""#, r#"  secret "KEY" "*******""#),
            (r#"secret "KEY" value="sk_live""#, r#"secret "KEY" value="*******""#),
            (r#"secret "KEY" from="/etc/key" path="x""#, r#"secret "KEY" from="/etc/key" path="x""#),
            (r#"command "--password=hunter2""#, r#"command "--password=*******""#),
            (r#"env { URL "redis://me:hunter2@db/0" }"#, r#"env { URL "redis://me:*******@db/0" }"#),
            (r#"env { ü"a" "b" }"#, r#"env { ü"a" "b" }"#),
            (r#"env { TOKEN "a" "b"; X "c" }"#, r#"env { TOKEN "*" "*"; X "c" }"#),
            (r#"json key="/shop""#, r#"json key="/shop""#),
            (r#"fleet "a" { pin "digest" }"#, r#"fleet "a" { pin "digest" }"#),
            (r#"port "http" 8080 // a key: abcd"#, r#"port "http" 8080 // a key: ****"#),
        ] {
            let starred = starred(line, &Spans::from(spans(line)));
            assert_eq!(starred, shown);
            assert_eq!(starred.len(), line.len());
        }
    }
}
