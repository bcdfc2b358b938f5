//! Values that look like secrets → marks that tell only whether they changed. A secret does not belong in a variable. If one
//! stands there, a comment that more people read than the project must not repeat it.
//!
//! These look like secrets: the value of a name that says so (`name.rs`; a public key is none, and a path only leads to one);
//! the password in a URL or an address; credentials behind `Bearer`; a private key in PEM; long random text. This is the only
//! place that says it, for differences and for messages.

mod arguments;
mod code;
mod known;
mod name;
mod pairs;
mod pem;
mod programs;
mod quotes;
mod request;
mod script;
mod spans;
mod tokens;
mod value;

pub(crate) use arguments::{masked_arguments, public_arguments, secret_arguments};
pub(crate) use code::could_be_code;
pub(crate) use known::Known;
pub(crate) use name::{is_name, is_node, looks_secret};
use programs::Programs;
use script::ScriptWord;
pub(crate) use spans::{Spans, conceal, random};

use std::collections::BTreeSet;

/// The mark of a secret that did not change, or has nothing to be compared with.
pub(crate) const SAME: &str = "•••";
/// A secret that was replaced.
pub(crate) const OLD: &str = "••• (old)";
/// The mark of a secret that replaced another.
pub(crate) const CHANGED: &str = "••• (changed)";

/// Knowledge about a value besides its text.
#[derive(Clone, Copy)]
pub(crate) enum Hint<'n> {
    /// Nothing is known, and no secret from elsewhere is looked for.
    None,
    /// The name of the variable or label that it is the value of.
    Name(&'n str),
    /// It is a command that a shell reads.
    Command,
}

/// One value before and after.
pub(crate) fn masked_pair(
    hint: Hint,
    known: &Known,
    before: Option<String>,
    after: Option<String>,
) -> (Option<String>, Option<String>) {
    let both = before.is_some() && after.is_some();
    let (old, new) = (before.unwrap_or_default(), after.unwrap_or_default());
    let (old_spans, new_spans) = (spans_of(hint, &old, known), spans_of(hint, &new, known));
    let (old_known, new_known) = (old_spans.texts(&old), new_spans.texts(&new));
    if both {
        let masked_old = conceal(&old, &old_spans, |text| if new_known.contains(text) { SAME } else { OLD });
        let masked_new =
            conceal(&new, &new_spans, |text| if old_known.contains(text) { SAME } else { CHANGED });
        (Some(masked_old), Some(masked_new))
    } else {
        let said =
            |text: &str, spans: &Spans| Some(conceal(text, spans, |_| SAME)).filter(|text| !text.is_empty());
        (said(&old, &old_spans), said(&new, &new_spans))
    }
}

/// The words of a command before and after.
pub(crate) fn masked_words(before: &[String], after: &[String], known: &Known) -> (Vec<String>, Vec<String>) {
    masked_lists(before, after, |words| command_spans(words, known))
}

/// Masks what is found in each word of two lists.
fn masked_lists(
    before: &[String],
    after: &[String],
    find: impl Fn(&[String]) -> Vec<Spans>,
) -> (Vec<String>, Vec<String>) {
    let (old, new) = (find(before), find(after));
    let (old_known, new_known) = (texts(before, &old), texts(after, &new));
    let changed = if before.is_empty() { SAME } else { CHANGED };
    let mask = |words: &[String], spans: &[Spans], known: &BTreeSet<String>, other: &'static str| {
        let each = |(word, spans): (&String, &Spans)| {
            conceal(word, spans, |text| if known.contains(text) { SAME } else { other })
        };
        words.iter().zip(spans).map(each).collect()
    };
    (mask(before, &old, &new_known, OLD), mask(after, &new, &old_known, changed))
}

fn texts(words: &[String], spans: &[Spans]) -> BTreeSet<String> {
    words.iter().zip(spans).flat_map(|(word, spans)| spans.texts(word)).collect()
}

/// Returns the secrets in a variable's value.
pub(crate) fn secret_values(name: &str, value: &str) -> BTreeSet<String> {
    spans_of(Hint::Name(name), value, &Known::default()).texts(value)
}

/// Returns the secrets among the words of a command.
pub(crate) fn secret_words(words: &[String]) -> BTreeSet<String> {
    texts(words, &command_spans(words, &Known::default()))
}

/// Returns whether a value is secret where its name says so.
pub(crate) fn is_secret_value(value: &str) -> bool {
    !name::is_reference(value)
}

/// Returns whether a secret is no word of every day, so that it is the secret wherever it stands.
pub(crate) fn is_made_up(secret: &str) -> bool {
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = secret.bytes().all(|byte| byte.is_ascii_digit());
    let is_capitalised = secret.get(1..).is_some_and(is_word);
    secret.len() >= 12 || !is_word(secret) && !is_capitalised && !is_number
}

/// Returns the ranges of secrets in lines of settings.
pub(crate) fn assigned_in_text(text: &str) -> Vec<std::ops::Range<usize>> {
    Spans::of_lines(text).merged()
}

/// The origin of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Text of dpc, in which nothing of the user is assigned: `secrets='…'` is a list of paths.
    Own,
    /// Text of dpc around arguments of the user.
    Script,
    /// The user wrote it.
    User,
}

/// Masks two versions of a file. `known` holds the secrets that it is known to have.
pub(crate) fn masked_texts(before: &str, after: &str, known: &Known, origin: Origin) -> (String, String) {
    let (old, new) = (spans_in(before, known, origin), spans_in(after, known, origin));
    let (old_known, new_known) = (old.texts(before), new.texts(after));
    (
        conceal(before, &old, |text| if new_known.contains(text) { SAME } else { OLD }),
        conceal(after, &new, |text| if old_known.contains(text) { SAME } else { CHANGED }),
    )
}

/// Returns the secrets in a file.
pub(crate) fn secrets_of_file(text: &str) -> BTreeSet<String> {
    spans_in(text, &Known::default(), Origin::User).texts(text)
}

fn spans_in(text: &str, known: &Known, origin: Origin) -> Spans {
    match origin {
        Origin::Own => {
            let mut spans = Spans::certain(text);
            spans.add(request::secrets(text));
            spans
        }
        Origin::Script => script_spans(text, known),
        Origin::User => {
            let mut spans = Spans::of_settings(text, true);
            known.find_values(text, &mut spans);
            spans
        }
    }
}

/// Finds secrets in the words that hold text of the user, each as what it is, and what looks like one in the rest.
fn script_spans(script: &str, known: &Known) -> Spans {
    let ((run, run_words), (health, health_words)) = (script::run(script), script::health(script));
    let mut spans = Spans::of_script(script).outside(&[&run, &health]);
    let mut add = |word: &ScriptWord, found: &Spans| spans.add(word.in_script(found));
    let texts: Vec<String> = run_words.iter().map(|word| word.text.clone()).collect();
    run_words.iter().zip(&arguments::run_spans(&texts, known)).for_each(|(word, found)| add(word, found));
    // A request has signs of its own between its headers, so that it is no command.
    if script::is_exec(script) {
        let texts: Vec<String> = health_words.iter().map(|word| word.text.clone()).collect();
        health_words.iter().zip(&command_spans(&texts, known)).for_each(|(word, found)| add(word, found));
    }
    let commands = health_words.iter().filter(|word| !request::is_one(&word.text));
    commands.for_each(|word| add(word, &spans_of(Hint::Command, &word.text, known)));
    spans.add(request::secrets(script));
    spans
}

fn spans_of(hint: Hint, value: &str, known: &Known) -> Spans {
    let mut spans = match hint {
        Hint::Name(name) if looks_secret(name) && !name::is_reference(value) => Spans::whole(value),
        Hint::Name(name) => Spans::of_value(value, !name::is_revision(name)),
        Hint::None | Hint::Command => Spans::of(value),
    };
    match hint {
        Hint::Name(name) => known.find_in_value(name, value, &mut spans),
        Hint::Command => known.find_values(value, &mut spans),
        Hint::None => {}
    }
    spans
}

/// Returns the secrets in each word of a command.
fn command_spans(words: &[String], known: &Known) -> Vec<Spans> {
    let mut programs = Programs::default();
    let each = |(index, word): (usize, &String)| {
        let mut spans = word_spans(words, index);
        spans.add(programs.word(word));
        known.find_in_word(&words[..index], word, &mut spans);
        spans
    };
    words.iter().enumerate().map(each).collect()
}

/// A word behind a flag such as `--password` is secret as a whole.
fn word_spans(words: &[String], index: usize) -> Spans {
    let word = &words[index];
    let flag = index.checked_sub(1).map(|before| words[before].as_str());
    let takes_secret = flag.is_some_and(name::takes_secret);
    if takes_secret && !name::is_reference(word) && !word.starts_with('-') {
        Spans::whole(word)
    } else {
        Spans::of(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::busy::busy;

    fn pair(name: &str, before: &str, after: &str) -> (String, String) {
        let (before, after) =
            masked_pair(Hint::Name(name), &Known::default(), Some(before.into()), Some(after.into()));
        (before.unwrap(), after.unwrap())
    }

    #[test]
    fn the_value_of_a_secret_name_is_a_mark() {
        for name in ["DB_PASSWORD", "apiToken", "STRIPE_KEY", "CLIENT_SECRET", "AWS_CREDENTIALS", "DB_PASS"] {
            assert_eq!(pair(name, "a", "b"), (OLD.into(), CHANGED.into()), "{name}");
        }
        assert_eq!(pair("PUBLIC_KEY", "a", "b"), ("a".into(), "b".into()));
        assert_eq!(pair("TLS_KEY", "/etc/a.key", "/etc/b.key"), ("/etc/a.key".into(), "/etc/b.key".into()));
        assert_eq!(
            masked_pair(Hint::Name("TOKEN"), &Known::default(), None, Some("x".into())),
            (None, Some(SAME.into()))
        );
    }

    #[test]
    fn the_password_of_a_url_is_a_mark_and_the_rest_is_not() {
        assert_eq!(
            pair("DATABASE_URL", "postgres://app:one@db-1/shop", "postgres://app:one@db-2/shop"),
            ("postgres://app:•••@db-1/shop".into(), "postgres://app:•••@db-2/shop".into())
        );
        assert_eq!(
            pair("DATABASE_URL", "postgres://app:p@ss/w@db/x", "postgres://app:two@db/x").1,
            "postgres://app:••• (changed)@db/x"
        );
    }

    #[test]
    fn long_random_text_and_private_keys_are_marks() {
        let random = "x9Kf2LmQ8vRt5WzB1nHc7JpD";
        assert_eq!(pair("VALUE", random, random).1, SAME);
        assert_eq!(pair("GIT_SHA", &"0a1b2c3d".repeat(5), "x").0, "0a1b2c3d".repeat(5));
        let pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----";
        assert_eq!(pair("CERT", &format!("x {pem} y"), "").0, format!("x {OLD} y"));
        for plain in
            ["registry.example.com/shop/api:1.4.2", "a rather long sentence without any secret", "8080"]
        {
            assert_eq!(pair("VALUE", plain, "").0, plain);
        }
    }

    #[test]
    fn a_name_of_what_runs_and_where_is_not_secret() {
        for (name, value) in [
            ("RESTIC_PASSWORD_COMMAND", "evil"),
            ("KEYCLOAK_URL", "http://evil"),
            ("AUTH_HOST", "evil"),
            ("TOKEN_URL", "http://evil/x"),
            ("AUTH_IMAGE", "evil/x:1"),
            ("KEYDB_HOST", "evil"),
            ("MONKEY_PATCH", "evil"),
            ("KEY_PLUGIN", "evil.so"),
            ("AUTH_OPTIONS", "-x"),
            ("POSTGRES_HOST_AUTH_METHOD", "trust"),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"),
            ("SECRET_PATH", "evil"),
            ("AUTH", "none"),
        ] {
            assert_eq!(pair(name, "x", value).1, value, "{name}");
        }
        for name in ["KEYCLOAK_ADMIN_PASSWORD", "PROXY_PASS", "HOST_KEY", "USER_PASSWORD", "URL_TOKEN"] {
            assert_eq!(pair(name, "x", "evil").1, CHANGED, "{name}");
        }
        assert_eq!(pair("TOKEN_URL", "x", "http://me:hunter2@evil").1, "http://me:••• (changed)@evil");
        for line in [
            "proxy_pass http://evil:8080;",
            "fastcgi_pass evil:9000;",
            "uwsgi_pass evil:1;",
            "scgi_pass evil:1;",
            "grpc_pass grpc://evil;",
            "memcached_pass evil:1;",
            "js_pass evil;",
            "auth_request /evil;",
            "auth_http evil/x;",
            "forward_auth evil:1 {",
            "ProxyPass / http://evil/",
            "PassEnv EVIL",
            "x --authorization-mode=AlwaysAllow --auth=none --token-url=http://evil",
            "x --token-url http://evil",
            "AuthorizedKeysCommand evil",
            "passwordCommand: evil",
            "{\"apiKeyHelper\": \"evil\"}",
            "key.serializer=evil",
            "keyword: evil",
            "primary_key: evil",
            "tokenizer: evil",
        ] {
            let spans = Spans::of_settings(line, false);
            assert_eq!(conceal(line, &spans, |_| SAME), line);
        }
    }

    #[test]
    fn words_behind_flags_are_marks() {
        let words = |text: &str| text.split(' ').map(String::from).collect::<Vec<_>>();
        let (before, after) = masked_words(
            &words("serve --password hunter2 --api-key=k1 --port 80"),
            &words("serve --password hunter2 --api-key=k2 --port 81"),
            &Known::default(),
        );
        let list = words("redis-cli -a hunter2 -p 6379");
        assert_eq!(masked_words(&list, &list, &Known::default()).1.join(" "), "redis-cli -a ••• -p 6379");
        assert_eq!(before.join(" "), "serve --password ••• --api-key=••• (old) --port 80");
        assert_eq!(after.join(" "), "serve --password ••• --api-key=••• (changed) --port 81");
    }

    #[test]
    fn every_usual_spelling_is_known() {
        for (text, shown) in [
            ("redis-server --requirepass hunter2 --port 1", "redis-server --requirepass ••• --port 1"),
            ("requirepass hunter2", "requirepass •••"),
            ("machine x login y password hunter2", "machine x login y password •••"),
            ("DBPASS=hunter2", "DBPASS=•••"),
            ("curl -u me:hunter2 http://x", "curl -u me:••• http://x"),
            ("ALTER USER x PASSWORD 'hunter2'", "ALTER USER x PASSWORD '•••'"),
            ("masterauth hunter2\nport 1", "masterauth •••\nport 1"),
            ("-H 'Authorization: Bearer hunter2x'", "-H 'Authorization: •••'"),
            ("AUTHORIZATION=Bearer hunter2", "AUTHORIZATION=•••"),
            ("mysqldump -uroot -phunter2 -P 3306 shop", "mysqldump -uroot -p••• -P 3306 shop"),
            ("/usr/bin/mysql -p'hunter2 x' -h db", "/usr/bin/mysql -p'•••' -h db"),
            ("mysql -p -h db", "mysql -p -h db"),
            ("redis-cli -p 6379 -a hunter2 ping", "redis-cli -p 6379 -a ••• ping"),
            ("sshpass -p hunter2 ssh -p 22 db", "sshpass -p ••• ssh -p 22 db"),
            ("sshpass -phunter2 ssh db", "sshpass -p••• ssh db"),
            ("docker login -u me -p hunter2 x", "docker login -u me -p ••• x"),
            (
                "docker run -p 8080:80 -p8081:81 --user 1000:1000 x",
                "docker run -p 8080:80 -p8081:81 --user 1000:1000 x",
            ),
            ("serve -p 8080 -u 1000:1000", "serve -p 8080 -u 1000:1000"),
            ("curl -s --user me:hunter2 http://x", "curl -s --user me:••• http://x"),
            ("curl --user=me:hunter2 -ume:hunter2", "curl --user=me:••• -ume:•••"),
            ("curl x; serve -u 1:2", "curl x; serve -u 1:2"),
            ("curl -u $ME:$IT x", "curl -u $ME:$IT x"),
            ("'curl' '-u' 'me:hunter2'", "'curl' '-u' 'me:•••'"),
            ("PGPASSWORD=hunter2 psql -p 5432", "PGPASSWORD=••• psql -p 5432"),
            ("GITHUB_PAT=hunter2 COMPAT=1 PATH=/a", "GITHUB_PAT=••• COMPAT=1 PATH=/a"),
            ("x ghp_abcdefgh0123 y", "x ••• y"),
            ("x=glpat-abcdEFGH01", "x=•••"),
            ("(xoxb-123-456-abcdef)", "(•••)"),
            ("AKIAIOSFODNN7EXAMPLE AKIA", "••• AKIA"),
            ("sk_live_4eC39HqLyj github_pat_11ABCDEF", "••• •••"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln!", "•••!"),
            ("npm_config_registry hf_home sk-learn-1 eyJ", "npm_config_registry hf_home sk-learn-1 eyJ"),
            ("send Bearer abc123def456 now", "send Bearer ••• now"),
            ("app:hunter2@tcp(db:3306)/shop", "app:•••@tcp(db:3306)/shop"),
            ("app:hu/nt@er2@tcp(db:3306)/shop", "app:•••@tcp(db:3306)/shop"),
            ("app:hunter2@db.example.com", "app:•••@db.example.com"),
            ("a/b:1.2@sha256:0123", "a/b:1.2@sha256:0123"),
            ("redis://:hunter2@db/0", "redis://:•••@db/0"),
            ("Server=db;User Id=a;Pwd=hunter2;x=1", "Server=db;User Id=a;Pwd=•••;x=1"),
            ("<password>hunter2</password>", "<password>•••</password>"),
            ("'password' => 'hunter2',", "'password' => '•••',"),
            ("{\\\"token\\\": \\\"hunter2\\\"}", "{\\\"token\\\": \\\"•••\\\"}"),
            ("PUBLIC_TOKEN=hunter2 PUBLIC_KEY=abc", "PUBLIC_TOKEN=••• PUBLIC_KEY=abc"),
            ("SECRET_ID: hunter2", "SECRET_ID: •••"),
            ("BYPASS=1 KEY_FILE=/etc/a/b", "BYPASS=1 KEY_FILE=/etc/a/b"),
            ("the token is old", "the token is old"),
            ("LDAP_PW=hunter2 PIN=1 SPIN=1 OTP: x", "LDAP_PW=••• PIN=••• SPIN=1 OTP: •••"),
            ("https://hUnter2canary9@github.com/x", "https://•••@github.com/x"),
            ("https://git@github.com/x", "https://git@github.com/x"),
            ("https://h/?a=1&sig=hunter2", "https://h/?a=1&sig=•••"),
            ("password: >-\n  hunter2\nx: y", "password: >-\n  •••\nx: y"),
            ("tokens:\n- hunter2\n- 'hunter3'\nx", "tokens:\n- •••\n- '•••'\nx"),
            ("tokens:\n  - ./evil9.sh\n", "tokens:\n  - ./evil9.sh\n"),
            ("token: |\n  curl evil | sh\n", "token: |\n  curl evil | sh\n"),
            ("passwords = [\"hunter2\"]", "passwords = [\"•••\"]"),
            ("openssl enc -k hunter2 -in x", "openssl enc -k ••• -in x"),
            ("a.basicauth.users=u:hunter2", "a.basicauth.users=•••"),
            ("TOKEN=$hUnter2 HASH_PASS=$2y$05$abc", "TOKEN=••• HASH_PASS=•••"),
            ("TOKEN=$X TOKEN=${X} TOKEN=$x", "TOKEN=$X TOKEN=${X} TOKEN=$x"),
            (
                "x: {token: hunter2, image: evil/img:1, command: [sh, -c, pwned]}",
                "x: {token: •••, image: evil/img:1, command: [sh, -c, pwned]}",
            ),
            ("x: {token: hunter2 pwned}", "x: {token: ••• pwned}"),
            ("x: {\n  token: hunter2 if pwned,\n}", "x: {\n  token: ••• if pwned,\n}"),
            ("f(\n  token: hunter2 + pwned\n)", "f(\n  token: ••• + pwned\n)"),
            ("{token: 'a, b', run: pwned}", "{token: '•••', run: pwned}"),
            ("go token: hunter2, run: pwned", "go token: •••, run: pwned"),
            ("key: hunter2, b=pwned", "key: •••, b=pwned"),
            ("echo key: hunter2 pwned.sh", "echo key: ••• pwned.sh"),
            ("keys: [sh, -c, evil.sh]", "keys: [sh, -c, evil.sh]"),
            ("keys: [hunter2, evil.sh]", "keys: [•••, evil.sh]"),
            ("- \"token\": one two\n  key: one two", "- \"token\": •••\n  key: •••"),
        ] {
            let spans = Spans::of_settings(text, false);
            assert_eq!(conceal(text, &spans, |_| SAME), shown, "{text}");
        }
    }

    #[test]
    fn text_of_any_kind_is_gone_through_once() {
        for part in [
            "://",
            "token=",
            "mysql -p",
            "curl -u a:b",
            "ghp_",
            "eyJa.",
            "token:",
            "--password ",
            "key:",
            "-----BEGIN PRIVATE KEY",
            "-----BEGIN ",
            "token=$",
            "token:$",
            "a:b@",
            "token='$",
            "token=\"",
            "<token>",
            "--",
            "=",
            ": ",
            "password ",
            "Bearer ",
            "token=/a/b ",
            "token:/a/b",
            "aaaa",
            "@",
            "token=true",
            "token= ",
            "\\\"",
            "token=\\\"$",
            "a://b",
            "\n",
            "{",
            "x.",
            "token=>",
            "Basic=",
            "\"token\",",
            "\"token\",'",
            "name: token\n",
            "name=token value=",
            "user >a",
            "a:1:",
            "\"\"\"token",
            "ENV token ",
        ] {
            let (text, started) = (part.repeat(20_000 / part.len()), busy());
            let found = Spans::of_settings(&text, true).texts(&text);
            let known = Known::new(found.into_iter().chain([text.clone()]), ["a"]);
            masked_texts(&text, &text, &known, Origin::User);
            let worked = busy() - started;
            assert!(worked.as_secs() < 3, "{part}: {worked:?}");
        }
    }

    #[test]
    fn a_file_hides_what_is_known_and_what_is_assigned() {
        let known = Known::new(["it's it".to_string()], []);
        let (before, after) =
            masked_texts("a it's it\ndb_password: one two\n", "a it's it\n", &known, Origin::User);
        assert_eq!((&*before, &*after), ("a •••\ndb_password: ••• (old)\n", "a •••\n"));
        let json = r#"{"apiKey": "a\"b", "port": 80}"#;
        assert_eq!(
            masked_texts(json, json, &Known::default(), Origin::User).0,
            r#"{"apiKey": "•••", "port": 80}"#
        );
    }
}
