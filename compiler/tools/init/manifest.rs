//! The manifest of a package, in any language → its name, owner and version.

/// A manifest of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Package {
    /// The name, without its scope.
    pub(crate) name: String,
    /// The scope or owner, such as `shop` of `@shop/api` or of `example.com/shop/api`.
    pub(crate) owner: Option<String>,
    /// The version.
    pub(crate) version: Option<String>,
}

/// Reads one kind of manifest.
pub(crate) type ManifestReader = fn(&str) -> Option<Package>;

/// The manifests that are looked for, the first one first.
pub(crate) const MANIFESTS: &[(&str, ManifestReader)] =
    &[("package.json", npm), ("Cargo.toml", cargo), ("go.mod", go), ("pyproject.toml", python)];

fn npm(text: &str) -> Option<Package> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let full = json.get("name")?.as_str()?;
    let (owner, name) = match full.strip_prefix('@').and_then(|full| full.split_once('/')) {
        Some((owner, name)) => (Some(owner.to_string()), name),
        None => (None, full),
    };
    let version = json.get("version").and_then(|version| version.as_str()).map(str::to_string);
    Some(Package { name: name.to_string(), owner, version })
}

fn cargo(text: &str) -> Option<Package> {
    toml(text, &["package"])
}

fn python(text: &str) -> Option<Package> {
    toml(text, &["project", "tool.poetry"])
}

/// `module example.com/shop/api/v2`
fn go(text: &str) -> Option<Package> {
    let module = text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
    let module = module.split("//").next().unwrap_or(module).trim().trim_matches('"');
    let is_major = |part: &&str| part.starts_with('v') && part[1..].parse::<u32>().is_ok();
    let mut parts = module.split('/').rev().peekable();
    parts.next_if(is_major);
    let name = parts.next()?.to_string();
    let owner = parts.next().filter(|_| parts.next().is_some()).map(str::to_string);
    Some(Package { name, owner, version: None })
}

/// Reads `name` and `version` of the first of these tables: two plain strings, which need no full reader of TOML.
fn toml(text: &str, tables: &[&str]) -> Option<Package> {
    tables.iter().find_map(|table| {
        let header = format!("[{table}]");
        let inside = text.lines().map(str::trim).skip_while(|line| *line != header).skip(1);
        let lines: Vec<&str> = inside.take_while(|line| !line.starts_with('[')).collect();
        let value = |key: &str| {
            lines.iter().find_map(|line| {
                let quoted = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim_start();
                let quote = quoted.chars().next().filter(|char| matches!(char, '"' | '\''))?;
                quoted[1..].split(quote).next().map(str::to_string)
            })
        };
        Some(Package { name: value("name")?, owner: None, version: value("version") })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, owner: Option<&str>, version: Option<&str>) -> Option<Package> {
        Some(Package {
            name: name.into(),
            owner: owner.map(str::to_string),
            version: version.map(str::to_string),
        })
    }

    #[test]
    fn names_are_found() {
        assert_eq!(
            npm(r#"{"name":"@shop/api","version":"1.2.3"}"#),
            package("api", Some("shop"), Some("1.2.3"))
        );
        assert_eq!(npm(r#"{"name":"api"}"#), package("api", None, None));
        assert_eq!(npm("{"), None);
        assert_eq!(
            cargo(
                "[workspace]\nname = \"no\"\n[package]\nname = \"api\" # x\nversion='0.1.0'\n[dependencies]\n"
            ),
            package("api", None, Some("0.1.0"))
        );
        assert_eq!(cargo("[package]\nversion.workspace = true\n"), None);
        assert_eq!(go("// x\nmodule example.com/shop/api/v2 // y\n"), package("api", Some("shop"), None));
        assert_eq!(go("module api\n"), package("api", None, None));
        assert_eq!(python("[tool.poetry]\nname = 'api'\n"), package("api", None, None));
    }
}
