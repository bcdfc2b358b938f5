//! Files, output and messages of dpc.

use crate::project::Project;
use std::io::Write;

/// A text that every planted secret holds.
const CANARY: &str = "c4naRy";

/// A fleet whose service has this in it.
fn fleet(nodes: &str) -> String {
    format!(
        "fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {{\n    image \"a:1\"\n    on \"app-1\"\n    port \"http\" 8080\n{nodes}\n}}\n"
    )
}

/// Looks for the secret, and counts where it was looked for.
fn absent(text: &str, place: &str, looked: &mut usize) {
    *looked += 1;
    assert!(!text.to_lowercase().contains(&CANARY.to_lowercase()), "{place} holds the secret:\n{text}");
}

fn counted(what: &str, looked: usize) {
    std::io::stderr().write_all(format!("secrets | {what} | {looked}\n").as_bytes()).unwrap();
}

/// The files are there, on the machine that compiles: dpc must not look.
fn references(place: &Project) -> String {
    place.write("host/variable", format!("{CANARY}-variable\n"));
    place.write("host/file", format!("{CANARY}-file\n"));
    format!(
        "    secret \"STRIPE_KEY\" from=\"{}\"\n    secret \"tls\" from=\"{}\" path=\"/run/secrets/tls\"",
        place.at("host/variable"),
        place.at("host/file")
    )
}

#[test]
fn a_reference_never_leads_to_what_it_refers_to() {
    let place = Project::empty();
    place.write("dpc.kdl", fleet(&references(&place)));
    place.write("base/dpc.kdl", fleet(""));
    let mut looked = 0;
    for arguments in [
        &["build"][..],
        &["build", "--format", "json"],
        &["build", "--check"],
        &["check"],
        &["check", "--format", "json"],
        &["show", "api"],
        &["show", "api", "--format", "json"],
        &["graph"],
        &["graph", "--format", "json"],
        &["fmt", "--check"],
        &["diff", "--base", "base"],
        &["diff", "--base", "base", "--format", "markdown"],
        &["diff", "--base", "base", "--format", "json"],
        &["explain", "secret"],
    ] {
        let (well, said) = place.said(arguments);
        assert!(well || arguments[0] == "fmt", "{arguments:?}: {said}");
        absent(&said, &format!("{arguments:?}"), &mut looked);
    }
    let files = place.texts("out");
    assert!(files.iter().any(|(path, text)| path.ends_with("plan.json") && text.contains("host/variable")));
    for (path, text) in files {
        absent(&text, &path, &mut looked);
    }
    counted("of a `secret` node, in what every command prints and every file that is written", looked);
}

/// Such a secret stands in KDL or beside it, so it is in the artifacts. Output for more people does not repeat it.
#[test]
fn a_secret_in_plain_text_is_not_repeated_in_a_diff() {
    let nodes = |word: &str| {
        format!(
            "    env {{ DB_PASSWORD \"{CANARY}-{word}\"; URL \"redis://me:{CANARY}-{word}@db-1/0\" }}\n    env-file \"api.env\"\n    file \"/app/config.yaml\" source=\"config.yaml\"\n    command \"serve\" \"--password\" \"{CANARY}-{word}\" \"--api-key={CANARY}-{word}\"\n    docker-args \"--env\" \"API_TOKEN={CANARY}-{word}\"\n    label \"token\" \"{CANARY}-{word}\"\n    file \"/app/inline.ini\" content=\"password = {CANARY}-{word}\"\n    entrypoint \"run\" \"--token={CANARY}-{word}\"\n    health command=\"check --password={CANARY}-{word}\""
        )
    };
    let place = Project::empty();
    for (folder, word) in [("base", "old"), (".", "new")] {
        place.write(format!("{folder}/dpc.kdl"), fleet(&nodes(word)));
        place.write(format!("{folder}/api.env"), format!("SESSION_SECRET={CANARY}-{word}\n"));
        place.write(format!("{folder}/config.yaml"), format!("port: 80\npassword: {CANARY}-{word}\n"));
    }
    let mut looked = 0;
    for format in ["text", "markdown", "json"] {
        for files in [&["--no-artifacts"][..], &[]] {
            let arguments = [&["diff", "--base", "base", "--format", format], files].concat();
            let (well, said) = place.said(&arguments);
            assert!(well && said.contains("•••"), "{arguments:?}: {said}");
            absent(&said, &format!("{arguments:?}"), &mut looked);
        }
    }
    for arguments in
        [&["check"][..], &["build"], &["build", "--format", "json"], &["build", "--check"], &["graph"]]
    {
        absent(&place.said(arguments).1, &format!("{arguments:?}"), &mut looked);
    }
    counted("in plain text, in what is printed but by `show`", looked);
}

/// The wrong value is the secret, or stands beside it.
#[test]
fn a_diagnostic_does_not_repeat_the_secret_that_is_wrong() {
    let env_file = |text: &str| ("    env-file \"api.env\"\n    env { A \"x\" }".to_owned(), text.to_owned());
    let node = |text: &str| (format!("    {text}"), String::new());
    let cases = [
        node(&format!("env {{ DB_PASSWORD \"{CANARY}\\u{{0}}\" }}")),
        node(&format!("env {{ DB_PASSWORD \"{CANARY}{{{{ nope }}}}\" }}")),
        node(&format!("env {{ DB_PASSWORD \"{CANARY}\" extra=1 }}")),
        node(&format!("env {{ DB_PASSWORD \"{CANARY}\" \"{CANARY}\" }}")),
        node(&format!("env {{ \"DB_PASSWORD={CANARY}\" }}")),
        node(&format!("env {{ \"DB_PASSWORD={CANARY}\" \"x\" }}")),
        node(&format!("env {{ DB_PASSWORD \"{CANARY}\"; DB_PASSWORD \"{CANARY}\" }}")),
        node(&format!("env {{ URL \"redis://me:{CANARY}@{{{{ nope }}}}/0\" }}")),
        node(&format!("secret \"STRIPE_KEY\" from=\"{CANARY}\"")),
        node(&format!("secret \"STRIPE_KEY\" \"{CANARY}\"")),
        node(&format!("secret \"STRIPE_KEY\" value=\"{CANARY}\"")),
        node(&format!("secret \"STRIPE_KEY\" from=\"/etc/x\" value=\"{CANARY}\"")),
        node(&format!("command \"run\" \"--password={CANARY}{{{{ nope }}}}\"")),
        node(&format!("docker-args \"--env\" \"DB_PASSWORD={CANARY}\" \"--rm\"")),
        node(&format!("env {{ DB_PASSWORD \"{CANARY}9\" }}\n    extra-host \"{CANARY}9.x_\" \"10.0.0.1\"")),
        node(&format!("env {{ DB_PASSWORD \"\"\"\n  {CANARY}9\n  \"\"\" }}\n\n    volume \"{CANARY}9\"")),
        node(&format!("env {{ DB_PASSWORD #\"{CANARY}9\"# }}\n\n    needs \"{CANARY}9\"")),
        env_file(&format!("DB_PASSWORD {CANARY}\n")),
        env_file(&format!("DB PASSWORD={CANARY}\n")),
        env_file(&format!("{CANARY}\n")),
        env_file(&format!("X={CANARY}\nX={CANARY}\n")),
        env_file(&format!("X={CANARY}\0\n")),
        env_file(&format!("={CANARY}\n")),
        env_file(&format!("export X={CANARY}\n")),
    ];
    let mut looked = 0;
    for (nodes, env) in &cases {
        let place = Project::empty();
        place.write("dpc.kdl", fleet(nodes));
        place.write("api.env", env);
        place.write("base/dpc.kdl", fleet(""));
        let (well, _) = place.said(&["check", "--strict"]);
        assert!(!well, "nothing is wrong with {nodes} {env}");
        for arguments in [
            &["check"][..],
            &["check", "--format", "json"],
            &["build"],
            &["diff", "--base", "base"],
            &["diff", "--base", "base", "--format", "markdown"],
            &["diff", "--base", "base", "--format", "json"],
        ] {
            absent(&place.said(arguments).1, &format!("{arguments:?} of {nodes} {env}"), &mut looked);
        }
    }
    counted(&format!("as the value that is wrong, {} ways, in diagnostics", cases.len()), looked);
}

/// `.env` and files of secrets beside a compose file stay where they are.
#[test]
fn an_import_leaves_secrets_where_they_are() {
    let place = Project::empty();
    place.write(".env", format!("DB_PASSWORD={CANARY}-env\n"));
    place.write("stripe.key", format!("{CANARY}-file\n"));
    place.write(
        "compose.yaml",
        "services:\n  api:\n    image: a:1\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n    secrets: [stripe]\nsecrets:\n  stripe:\n    file: ./stripe.key\n",
    );
    let mut looked = 0;
    let (_, said) = place.said(&["import", "compose", "compose.yaml"]);
    assert!(said.contains("secret \"DB_PASSWORD\""), "{said}");
    absent(&said, "the import", &mut looked);
    counted("beside a compose file, in what `import` writes and says", looked);
}
