//! What is written otherwise than OCI and docker write it is no image: nobody is to believe that it has no volumes, or runs as root.

use super::server::{Asked, Said, config, digest, documents, of, platforms, serve};
use crate::project::Project;
use dpc::registry::{Failure, FailureKind, FoundImage, all};
use dpc::value::image::Image;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

fn said(body: impl Into<Vec<u8>>) -> Option<Said> {
    Some((200, Vec::new(), body.into()))
}

fn fetch(rule: impl Fn(&Asked) -> Option<Said> + Send + Sync + 'static) -> Result<FoundImage, Failure> {
    let server = serve(rule);
    server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"]))
}

fn of_config(config: &Value) -> Result<FoundImage, Failure> {
    let documents = documents(config, true);
    fetch(move |asked| of(&documents, asked))
}

/// The failure of a manifest, which fits in a line.
fn of_manifest(body: impl Into<Vec<u8>>) -> Failure {
    let body = body.into();
    let failure = fetch(move |_| said(body.clone())).unwrap_err();
    assert!(failure.message.len() < 600 && !failure.message.contains(char::is_control), "{failure}");
    failure
}

#[test]
fn a_wrong_type_is_not_nothing() {
    for config in [
        json!({ "User": 0 }),
        json!({ "User": ["root"] }),
        json!({ "Volumes": ["/data"] }),
        json!({ "ExposedPorts": "80/tcp" }),
        json!({ "Env": [1] }),
        json!({ "Cmd": [null, 5] }),
        json!({ "Cmd": { "a": "b" } }),
        json!({ "Healthcheck": [] }),
        json!({ "Labels": { "a": 1 } }),
        json!([]),
        json!("root"),
    ] {
        let failure = of_config(&config).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Wrong, "{config}: {failure}");
    }
}

#[test]
fn keys_are_read_as_docker_reads_them() {
    let found = of_config(
        &json!({ "user": "1000", "VOLUMES": { "/data": null }, "Cmd": "sh", "Env": null, "Labels": null }),
    );
    let found = found.unwrap().platforms.into_values().next().unwrap().config;
    assert_eq!((found.user.as_str(), found.volumes.len(), found.command.len()), ("1000", 1, 1));
    assert_eq!(of_config(&Value::Null).unwrap().platforms.into_values().next().unwrap().config.user, "");
    // Builders keep records of their own in labels.
    let long =
        of_config(&json!({ "Labels": { "io.buildpacks.build.metadata": "x".repeat(100_000), "a": "b" } }));
    assert_eq!(long.unwrap().platforms.into_values().next().unwrap().config.labels.len(), 1);
}

#[test]
fn manifests_that_are_none_are_named() {
    let layer = json!({ "digest": format!("sha256:{}", "0".repeat(64)), "size": 1 });
    let entry = json!({ "digest": layer["digest"], "platform": { "os": "linux", "architecture": "amd64" } });
    for (manifest, words) in [
        (json!({ "schemaVersion": 1, "fsLayers": [] }), "docker's first schema"),
        (
            json!({ "schemaVersion": 2, "config": layer, "manifests": [entry] }),
            "both an index and a manifest",
        ),
        (
            json!({ "schemaVersion": 2, "config": { "mediaType": "application/vnd.cncf.helm.config.v1+json" } }),
            "is no image of containers",
        ),
        (json!({ "schemaVersion": 2, "config": { "digest": "../../etc/passwd" } }), "has a digest by"),
        (json!({ "schemaVersion": 2, "config": { "digest": "\u{1b}[2J\u{202e}" } }), "has a digest by"),
        (json!({ "schemaVersion": 2, "config": layer, "layers": [{ "size": "9" }] }), "is not as OCI"),
        (json!({ "schemaVersion": 2, "config": layer, "layers": [{ "size": -1 }] }), "is not as OCI"),
        (json!({ "schemaVersion": 2, "manifests": vec![entry.clone(); 1001] }), "more than 1000 entries"),
        (
            json!({ "schemaVersion": 2, "manifests": [{ "digest": "x", "platform": { "os": "linux", "architecture": "amd64" } }] }),
            "has a digest by",
        ),
        (json!({ "schemaVersion": 2, "manifests": null, "layers": null }), "without a configuration"),
        (json!("é".repeat(100_000)), "is not as OCI"),
        (json!([]), "is not as OCI"),
    ] {
        let failure = of_manifest(manifest.to_string());
        assert!(failure.kind == FailureKind::Wrong && failure.message.contains(words), "{failure}");
    }
    for body in [&b""[..], b"<html>", b"\xff\xfe", b"{\"schemaVersion\": 2, \"x\": [[[[[["] {
        assert_eq!(of_manifest(body).kind, FailureKind::Wrong);
    }
    let nested = format!("{{\"manifests\": {}", "[".repeat(200_000));
    assert_eq!(of_manifest(nested).kind, FailureKind::Wrong);
}

#[test]
fn a_head_that_lies_is_seen() {
    let documents = documents(&config(), false);
    let index = documents["/v2/shop/api/manifests/1"].clone();
    let pinned =
        |port: u16, digest: &str| Image::parse(&format!("127.0.0.1:{port}/shop/api:1@{digest}")).unwrap();
    let lie = format!("sha256:{}", "0".repeat(64));
    let header = vec![("Docker-Content-Digest".to_string(), lie)];
    let server = serve(move |_| Some((200, header.clone(), Vec::new())));
    let failure = server.client(None).digest(&pinned(server.port, &digest(&index))).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Wrong, "{failure}");
    let server = serve(move |_| {
        Some((200, vec![("Docker-Content-Digest".into(), "sha256:zz".into())], index.clone()))
    });
    let failure = server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"])).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Wrong, "{failure}");
}

#[test]
fn a_registry_without_head_is_asked_for_the_body() {
    let documents = documents(&config(), false);
    let index = digest(&documents["/v2/shop/api/manifests/1"]);
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = serve(move |asked| match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        _ if asked.path != "/v2/shop/api/manifests/1" => None,
        0 => Some((405, Vec::new(), Vec::new())),
        _ => of(&documents, asked),
    });
    // The answer to a try of TLS may be the first.
    assert_eq!(server.client(None).digest(&server.image()).unwrap().as_str(), index);
}

#[test]
fn a_platform_is_chosen_as_docker_chooses() {
    let manifest = |platform: &Value, documents: &mut BTreeMap<String, Vec<u8>>| {
        let mut written = platform.clone();
        written["config"] = json!({ "User": platform["variant"] });
        let config = written.to_string().into_bytes();
        let body =
            json!({ "schemaVersion": 2, "config": { "digest": digest(&config) } }).to_string().into_bytes();
        documents.insert(format!("/v2/shop/api/blobs/{}", digest(&config)), config);
        let name = digest(&body);
        documents.insert(format!("/v2/shop/api/manifests/{name}"), body);
        json!({ "digest": name, "platform": platform })
    };
    let mut all = BTreeMap::new();
    let platform = |processor: &str, variant: &str| json!({ "os": "linux", "architecture": processor, "variant": variant });
    let offered =
        [platform("amd64", "v2"), platform("arm", "v6"), platform("arm", "v5"), platform("arm64", "v8")];
    let entries: Vec<Value> = offered.iter().map(|platform| manifest(platform, &mut all)).collect();
    let index = json!({ "schemaVersion": 2, "manifests": entries }).to_string().into_bytes();
    all.insert("/v2/shop/api/manifests/1".to_string(), index);
    let server = serve(move |asked| of(&all, asked));
    for (wanted, variant) in [("linux/amd64/v3", "v2"), ("linux/arm/v7", "v6"), ("linux/arm64", "v8")] {
        let found = server.client(None).fetch(&server.image(), &platforms(&[wanted])).unwrap();
        assert_eq!(found.platforms.into_values().next().unwrap().config.user, variant, "{wanted}");
    }
    let failure = server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"])).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Platform);
}

#[test]
fn what_is_no_tag_is_no_tag() {
    let server = serve(|_| said("{\"tags\": [\"2\", \"a b\", \"\\u001b[2J\", \"{{ x }}\", null]}"));
    assert_eq!(server.client(None).tags(&server.image()).unwrap(), ["2"]);
    let endless = serve(|_| {
        Some((200, vec![("Link".into(), "</v2/a/tags/list?n=1>; rel=\"next\"".into())], b"{}".to_vec()))
    });
    assert_eq!(endless.client(None).tags(&endless.image()).unwrap_err().kind, FailureKind::Wrong);
}

/// A registry that wants a token, by headers of its own, and gives it at `/token`.
fn with_tokens(challenges: &'static [&'static str]) -> super::server::Server {
    let documents = documents(&config(), false);
    serve(move |asked| {
        if asked.path.starts_with("/token") {
            return said("{\"access_token\": \"abc\"}");
        }
        if asked.authorization == "Bearer abc" {
            return of(&documents, asked);
        }
        let realm = format!("http://127.0.0.1:{}/token", asked.port);
        let header = |text: &&str| ("WWW-Authenticate".to_string(), text.replace("REALM", &realm));
        Some((401, challenges.iter().map(header).collect(), Vec::new()))
    })
}

#[test]
fn challenges_are_read_by_their_grammar() {
    for challenges in [
        &[
            "Bearer service=\"a \\\"b\\\", c\" , realm=\"REALM\",scope=\"repository:shop/api:pull,push,delete\"",
        ][..],
        &["Negotiate, Basic realm=\"x\", Bearer realm=\"REALM\""],
        &["Basic realm=\"x\"", "BEARER Realm=\"REALM\""],
    ] {
        let server = with_tokens(challenges);
        assert!(server.client(None).digest(&server.image()).is_ok(), "{challenges:?}");
        let heard = server.heard();
        let token = heard.iter().find(|asked| asked.path.starts_with("/token")).unwrap();
        // No more is asked for than to read.
        assert!(token.path.ends_with("scope=repository:shop/api:pull"), "{token:?}");
    }
}

#[test]
fn threads_share_a_token_and_a_helper() {
    let server = with_tokens(&["Bearer realm=\"REALM\""]);
    let (client, images) = (server.client(None), vec![server.image(); 40]);
    assert!(all(&images, |image| client.digest(image), |_| ()).iter().all(Result::is_ok));
    assert_eq!(server.heard().iter().filter(|asked| asked.path.starts_with("/token")).count(), 1);
}

#[test]
fn a_realm_without_tls_gets_nothing() {
    let folder = Project::empty();
    for realm in [
        "http://auth.example.com/token",
        "ftp://a/",
        "",
        "https://user@a.example.com/",
        "http://127.0.0.1@a.example.com/",
    ] {
        let challenge = format!("Bearer realm=\"{realm}\"");
        let server =
            serve(move |_| Some((401, vec![("WWW-Authenticate".into(), challenge.clone())], Vec::new())));
        folder.write("config.json", json!({ "auths": { format!("127.0.0.1:{}", server.port): { "username": "me", "password": "hunter2" } } }).to_string());
        let failure = server.client(Some(folder.path(""))).digest(&server.image()).unwrap_err();
        assert!(
            failure.kind == FailureKind::Denied && !failure.to_string().contains("hunter2"),
            "{realm}: {failure}"
        );
        assert!(server.heard().iter().all(|asked| asked.authorization.is_empty()));
    }
}

#[test]
fn a_mirror_gets_its_own_credentials() {
    use dpc::registry::{Client, Settings, Source};
    let documents = documents(&config(), false);
    let server = serve(move |asked| {
        if asked.authorization == "Basic bWU6bWlycm9y" {
            return of(&documents, asked);
        }
        Some((401, vec![("WWW-Authenticate".into(), "Basic realm=\"x\"".into())], Vec::new()))
    });
    let mirror = format!("127.0.0.1:{}", server.port);
    let folder = Project::empty();
    let client = |accounts: Value| {
        folder.write("config.json", json!({ "auths": accounts }).to_string());
        let mirrors = [("registry.example.com".to_string(), mirror.clone())].into();
        Client::new(
            Source::Registry,
            &Settings { docker: Some(folder.path("")), mirrors, ..Settings::default() },
        )
    };
    let image = Image::parse("registry.example.com/shop/api:1").unwrap();
    let registry = json!({ "username": "me", "password": "hunter2" });
    let failure = client(json!({ "registry.example.com": registry.clone() })).digest(&image).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Denied);
    assert!(server.heard().iter().all(|asked| asked.authorization.is_empty()), "{:?}", server.heard());
    let own = json!({ "username": "me", "password": "mirror" });
    assert!(client(json!({ "registry.example.com": registry, mirror.clone(): own })).digest(&image).is_ok());
}

#[test]
fn a_layout_is_asked_for_the_image_that_is_meant() {
    use dpc::registry::{Client, Settings, Source};
    let project = Project::empty();
    let put = |folder: &str, names: &[Option<&str>]| {
        let documents = documents(&config(), false);
        let index = digest(&documents["/v2/shop/api/manifests/1"]);
        for (path, body) in &documents {
            if let Some((_, name)) = path.rsplit_once("sha256:") {
                project.write(format!("{folder}/blobs/sha256/{name}"), body);
            }
        }
        let entry = |name: &Option<&str>| match name {
            Some(name) => {
                json!({ "digest": index, "annotations": { "org.opencontainers.image.ref.name": name } })
            }
            None => json!({ "digest": index }),
        };
        let names: Vec<Value> = names.iter().map(entry).collect();
        project.write(
            format!("{folder}/index.json"),
            json!({ "schemaVersion": 2, "manifests": names }).to_string(),
        );
        index
    };
    let index = put("several/api", &[Some("1"), Some("registry.example.com/shop/db:3")]);
    put("several/any", &[Some("docker.io/library/redis:7"), Some("8")]);
    put("one", &[None]);
    let has = |folder: &str, image: &str| {
        let client = Client::new(Source::Layout(project.path(folder)), &Settings::default());
        client.fetch(&Image::parse(image).unwrap(), &platforms(&["linux/amd64"]))
    };
    for image in ["shop/api:1", "registry.example.com/shop/db:3", "redis:7", &format!("what:ever@{index}")] {
        assert_eq!(has("several", image).unwrap().digest.as_str(), index, "{image}");
    }
    for image in
        ["redis:8", "redis:1", "redis", "shop/db:3", &format!("shop/api:1@sha256:{}", "0".repeat(64))]
    {
        assert_eq!(has("several", image).unwrap_err().kind, FailureKind::Gone, "{image}");
    }
    assert!(has("one", "what:ever").is_ok() && has("several/any", "what:8").is_ok());
    // A pipe, which nobody writes to.
    let blob = project.path(&format!("one/blobs/{}", index.replace(':', "/")));
    std::fs::remove_file(&blob).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(blob).status().unwrap().success());
    let began = Instant::now();
    assert!(has("one", "what:ever").unwrap_err().message.contains("it is no file"));
    assert!(began.elapsed() < Duration::from_secs(5));
}

/// Where a mutation is, and what stands there then.
fn mutation() -> impl Strategy<Value = (usize, &'static str)> {
    let pieces =
        ["", "null", "[", "{", "\"", ",", "-1", "1e999", "\\u0000", "\\ud800", "{}", "[[[]]]", "\u{202e}"];
    (any::<usize>(), prop::sample::select(pieces.to_vec()))
}

proptest! {
    #[test]
    fn a_mutated_configuration_is_an_image_or_a_failure(mutations in prop::collection::vec(mutation(), 1..4)) {
        let mut written = json!({ "os": "linux", "architecture": "amd64", "config": config() }).to_string();
        for (at, piece) in mutations {
            let starts: Vec<(usize, char)> = written.char_indices().collect();
            let (start, c) = starts[at % starts.len()];
            written.replace_range(start..start + c.len_utf8(), piece);
        }
        let manifest = json!({ "schemaVersion": 2, "config": { "digest": digest(written.as_bytes()) } }).to_string();
        let found = fetch(move |asked| said(if asked.path.contains("blobs") { written.clone() } else { manifest.clone() }));
        if let Err(failure) = found {
            prop_assert!(failure.message.len() < 600 && !failure.message.contains(char::is_control), "{}", failure);
        }
    }
}
