//! A `pom.xml` → the texts of its elements, each with the path to it. Enough of XML for what Maven's own tools write.

/// The elements of a project.
#[derive(Debug, Default)]
pub(crate) struct Pom {
    /// Path and text, such as `project/parent/version` and `1.0`.
    elements: Vec<(String, String)>,
}

/// Maximum depth of elements: a deeper one is not looked at.
const DEEPEST: usize = 16;

impl Pom {
    /// Reads it as far as it goes.
    pub(crate) fn read(text: &str) -> Self {
        let mut pom = Self::default();
        let mut path: Vec<&str> = Vec::new();
        let mut rest = text;
        while let Some((before, tag)) = rest.split_once('<') {
            if let Some((_, behind)) = tag.strip_prefix("!--").and_then(|comment| comment.split_once("-->")) {
                rest = behind;
                continue;
            }
            let Some((tag, behind)) = tag.split_once('>') else { break };
            rest = behind;
            if tag.starts_with('/') {
                if path.len() <= DEEPEST && !before.trim().is_empty() {
                    pom.elements.push((path.join("/"), before.trim().to_string()));
                }
                path.pop();
            } else if !tag.starts_with(['?', '!']) && !tag.ends_with('/') {
                path.push(tag.split_whitespace().next().unwrap_or_default());
            }
        }
        pom
    }

    /// The text of an element of the project itself.
    pub(crate) fn project(&self, name: &str) -> Option<&str> {
        let wanted = format!("project/{name}");
        self.elements.iter().find(|(path, _)| *path == wanted).map(|(_, text)| text.as_str())
    }

    /// Returns whether the project depends on this artifact.
    pub(crate) fn depends_on(&self, artifact: &str) -> bool {
        let wanted = "project/dependencies/dependency/artifactId";
        self.elements.iter().any(|(path, text)| path == wanted && text == artifact)
    }
}
