//! The manifest of a package, in any language → its name, owner and version.

pub(crate) mod gradle;
mod pom;

pub(crate) use pom::Pom;

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

/// One kind of manifest.
pub(crate) struct Manifest {
    /// Its file.
    pub(crate) path: &'static str,
    /// How the names of images begin that programs of its language run in.
    pub(crate) images: &'static [&'static str],
    /// Reads it.
    pub(crate) read: fn(&str) -> Option<Package>,
}

const JAVA: &[&str] = &["eclipse-temurin", "openjdk", "amazoncorretto", "java"];

/// The manifests that are looked for, the first one first.
pub(crate) const MANIFESTS: &[Manifest] = &[
    // Rails has its name in here; a Gemfile has none.
    Manifest { path: "config/application.rb", images: &["ruby", "rails"], read: rails },
    Manifest { path: "composer.json", images: &["php", "laravel", "frankenphp"], read: composer },
    Manifest { path: "pom.xml", images: JAVA, read: maven },
    Manifest { path: gradle::SETTINGS[0], images: JAVA, read: gradle },
    Manifest { path: gradle::SETTINGS[1], images: JAVA, read: gradle },
    Manifest { path: "package.json", images: &["node", "bun", "nodejs"], read: npm },
    Manifest { path: "Cargo.toml", images: &["rust"], read: cargo },
    Manifest { path: "go.mod", images: &["golang", "go"], read: go },
    Manifest { path: "pyproject.toml", images: &["python", "uv"], read: python },
];

/// `module ShopApi`, as `rails new` writes it.
fn rails(text: &str) -> Option<Package> {
    let module = text.lines().find_map(|line| line.strip_prefix("module "))?.trim();
    let mut name = String::new();
    for char in module.chars() {
        if char.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(char.to_ascii_lowercase());
    }
    (!name.is_empty()).then(|| Package { name, ..Package::default() })
}

/// `"name": "shop/api"`.
fn composer(text: &str) -> Option<Package> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let (owner, name) = json.get("name")?.as_str()?.split_once('/')?;
    // The name of the skeleton that projects begin from is no project's.
    if owner == "laravel" || owner == "symfony" {
        return None;
    }
    let version = json.get("version").and_then(|version| version.as_str()).map(str::to_string);
    Some(Package { name: name.to_string(), owner: Some(owner.to_string()), version })
}

/// `artifactId`, the last part of `groupId`, `version`.
fn maven(text: &str) -> Option<Package> {
    let pom = Pom::read(text);
    let literal = |text: &str| (!text.contains("${")).then(|| text.to_string());
    let group = pom.project("groupId").and_then(literal);
    let owner = group.and_then(|group| Some(group.rsplit('.').next()?.to_string()));
    let version = pom.project("version").and_then(literal);
    Some(Package { name: pom.project("artifactId").and_then(literal)?, owner, version })
}

/// `rootProject.name = 'invoices'`; the rest stands in `build.gradle`.
fn gradle(text: &str) -> Option<Package> {
    Some(Package { name: gradle::value(text, "rootProject.name")?, ..Package::default() })
}

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
        assert_eq!(composer(r#"{"name":"shop/api"}"#), package("api", Some("shop"), None));
        assert_eq!(composer(r#"{"name":"laravel/laravel"}"#), None);
        assert_eq!(rails("# x\nmodule ShopApi\n  class"), package("shop-api", None, None));
        let pom = "<project><!-- <artifactId>no</artifactId> --><parent><artifactId>no</artifactId></parent>\n\
                   <groupId>com.shop</groupId><artifactId> api </artifactId><version>${v}</version></project>";
        assert_eq!(maven(pom), package("api", Some("shop"), None));
        assert_eq!(maven("<project"), None);
        assert_eq!(python("[tool.poetry]\nname = 'api'\n"), package("api", None, None));
    }
}
