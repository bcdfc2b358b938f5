//! The result for any Dockerfile compiles without warnings and is laid out.

use dpc::project::Memory;
use dpc::text::FileId;
use dpc::tools::init::draft::{self, Draft, asked_path, is_root, placeholders, proposed_user};
use dpc::tools::init::found::found;
use dpc::tools::init::prove::prove;
use dpc::tools::init::source::Sourced;
use dpc::tools::init::surroundings::{HostSurroundings, free_port};
use proptest::prelude::*;
use std::collections::BTreeMap;

const INSTRUCTIONS: &[&str] = &[
    "EXPOSE ",
    "VOLUME ",
    "USER ",
    "STOPSIGNAL ",
    "HEALTHCHECK CMD ",
    "HEALTHCHECK --interval=",
    "ENV PORT=",
    "ENV ",
    "WORKDIR ",
    "CMD ",
    "ENTRYPOINT ",
    "RUN useradd -u ",
    "ARG ",
    "FROM ",
    "ONBUILD ",
    "# ",
    "",
];

const PIECES: &[&str] = &[
    "80",
    "3000",
    "6379/tcp",
    "/udp",
    "40000",
    "-",
    "/data",
    "/etc",
    "/",
    " ",
    "[\"",
    "\", \"",
    "\"]",
    "\"",
    "'",
    "{{",
    "}}",
    "$A",
    "${",
    "}",
    "\\",
    "\n",
    "\t",
    "node",
    "root",
    "SIGTERM",
    "1000",
    ":",
    ",",
    "é",
    "\u{7}",
    "\u{202e}",
    "http://localhost:3000/",
    "curl ",
    "|| exit 1",
    "5s",
    " CMD x",
    "<<EOF",
    "=",
    "%",
    "#",
    "//",
    "/*",
    ";",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_it_says(
        lines in prop::collection::vec(
            (prop::sample::select(INSTRUCTIONS), prop::collection::vec(prop::sample::select(PIECES), 0..6)),
            0..8,
        )
    ) {
        let body: String = lines.iter().map(|(name, pieces)| format!("{name}{}\n", pieces.concat())).collect();
        let mut repository = Memory::default();
        repository.insert("Dockerfile", format!("FROM a\n{body}"));
        let draft = drafted(&repository);
        compiled(&draft).map_err(|why| TestCaseError::fail(format!("{body:?}: {why}")))?;
    }
}

/// What `dpc init` proposes for a repository.
fn drafted(repository: &Memory) -> Draft {
    let facts = found(repository);
    let built = facts.image;
    let user = proposed_user(built.as_ref());
    let unknown = HostSurroundings::unknown();
    let is_root = is_root(user.as_ref().map(|user| user.value.as_str()));
    let port = facts.service.port.as_ref();
    let port = port.and_then(|port| free_port(port.value, [&unknown].into_iter(), is_root));
    Draft {
        fleet: Sourced::new("shop".into(), ""),
        hosts: Sourced::new(placeholders(1, "host"), ""),
        service: Sourced::new("api".into(), ""),
        image: Sourced::new("shop/api:1".into(), ""),
        port: port.map(|port| Sourced::new(port, "")),
        health_path: built.as_ref().and_then(asked_path).map(|path| Sourced::new(path, "HEALTHCHECK")),
        user,
        built,
        facts: facts.service,
        ..Draft::default()
    }
}

/// Compiles the page of a draft without a warning, and compares it with its layout.
fn compiled(draft: &Draft) -> Result<(), String> {
    let pages = BTreeMap::from([("dpc.kdl".to_string(), draft::alone(draft))]);
    let proven = prove(&Memory::default(), pages, &[None], &[]).unwrap();
    let proven = proven.map_err(|outcome| format!("{:?}", outcome.diagnostics))?;
    let text = &proven.files["dpc.kdl"];
    let formatted = dpc::tools::format::format(FileId(0), text).map_err(|refused| format!("{refused:?}"))?;
    if &formatted == text { Ok(()) } else { Err(format!("laid out otherwise:\n{text}")) }
}

const FILES: &[&str] = &[
    "Procfile",
    "Gemfile",
    "config/puma.rb",
    "config/routes.rb",
    "config/application.rb",
    "manage.py",
    "shop/settings.py",
    "shop/celery.py",
    "requirements.txt",
    "pyproject.toml",
    "package.json",
    "composer.json",
    "pom.xml",
    "application.yml",
    "server.js",
    "go.mod",
    "main.go",
    "compose.yaml",
];

const WORDS: &[&str] = &[
    "web: ",
    "worker: ",
    "release: ",
    "gem \"rails\"\n",
    "gem 'sidekiq'\n",
    "\"DJANGO_SETTINGS_MODULE\", \"shop.settings\"",
    "celery\n",
    "beat_schedule",
    "MEDIA_ROOT = BASE_DIR / \"media\"",
    "get \"up\" => \"rails/health#show\"\n",
    "{\"name\": \"a/b\", \"require\": {\"laravel/framework\": 1, \"laravel/horizon\": 1}}",
    "{\"name\": \"@a/b\", \"dependencies\": {\"next\": 1}, \"scripts\": {\"start\": \"next start -p 80\"}}",
    "<project><artifactId>",
    "</artifactId>",
    "module ",
    "name: ",
    "ENV.fetch(\"PORT\") { 22 }",
    "process.env.PORT || 40000",
    "app.get(\"/healthz\"",
    "puma -p $PORT",
    "gunicorn a:b --bind 0.0.0.0:${PORT:-80}",
    "${PORT",
    "\"a b\"",
    "sh -c 'a && b'",
    "PASSWORD=hunter2 run",
    "$HOME",
    "\n",
    " ",
    "{{ x }}",
    "{%",
    "é",
    "\u{7}",
    "\u{202e}",
    "\"",
    "//",
    ";",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_other_files_say(
        files in prop::collection::vec(
            (prop::sample::select(FILES), prop::collection::vec(prop::sample::select(WORDS), 0..8)),
            0..6,
        ),
        starts in prop::sample::select(&["", "FROM ruby:3\nWORKDIR /app\nCMD [\"rails\", \"server\"]\n",
            "FROM php:8-apache\nWORKDIR /var/www/html\nUSER app\n", "FROM python:3\nWORKDIR /srv\nENTRYPOINT [\"gunicorn\"]\n"][..]),
    ) {
        let mut repository = Memory::default();
        for (path, words) in &files {
            repository.insert(*path, words.concat());
        }
        if !starts.is_empty() {
            repository.insert("Dockerfile", starts);
        }
        let draft = drafted(&repository);
        compiled(&draft).map_err(|why| TestCaseError::fail(format!("{files:?}: {why}")))?;
    }
}
