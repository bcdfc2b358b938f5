//! `settings.gradle` and `build.gradle`, in Groovy or Kotlin → what stands in them as plain text. They are programs, and not run.

/// The files that may name the project.
pub(crate) const SETTINGS: [&str; 2] = ["settings.gradle", "settings.gradle.kts"];
/// The files that say what it is built of.
pub(crate) const BUILD: [&str; 2] = ["build.gradle", "build.gradle.kts"];

/// Returns the text that is given to a name: `version = "1.8.0"`, `group 'com.acme'`.
pub(crate) fn value(text: &str, name: &str) -> Option<String> {
    let given = |line: &str| {
        let rest = line.strip_prefix(name)?.trim_start_matches([' ', '=']);
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, _) = rest[1..].split_once(quote)?;
        // What is put together is not known.
        (!value.is_empty() && !value.contains('$')).then(|| value.to_string())
    };
    // Of the project itself: what is indented belongs to a part of it.
    text.lines().find_map(given)
}

/// Returns whether the project depends on this artifact: `implementation("org.springframework.boot:spring-boot-starter-web")`.
pub(crate) fn depends_on(text: &str, artifact: &str) -> bool {
    let names = |line: &str| {
        let behind = line.split_once(&format!(":{artifact}")).map(|(_, behind)| behind);
        behind.is_some_and(|behind| behind.starts_with(['"', '\'', ':']))
    };
    text.lines()
        .map(str::trim_start)
        .any(|line| !line.starts_with("//") && !line.starts_with("test") && names(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_plain_texts() {
        for (text, name, found) in [
            ("rootProject.name = 'invoices'\n", "rootProject.name", Some("invoices")),
            ("rootProject.name=\"invoices\"", "rootProject.name", Some("invoices")),
            ("group = 'com.acme'\nversion '1.8.0'", "version", Some("1.8.0")),
            ("version = \"$releaseVersion\"", "version", None),
            ("versions = '1'", "version", None),
            ("plugins {\n  version '3'\n}", "version", None),
        ] {
            assert_eq!(value(text, name).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn an_artifact_is_named_whole() {
        let text = "dependencies {\n  implementation 'a:web'\n  // runtimeOnly(\"a:b\")\n  testImplementation(\"a:c\")\n  implementation(\"a:d:1.0\")\n}";
        assert!(depends_on(text, "web") && depends_on(text, "d"));
        assert!(!depends_on(text, "b") && !depends_on(text, "c") && !depends_on(text, "we"));
    }
}
