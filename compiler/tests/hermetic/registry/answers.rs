//! What registries say every day: both kinds of manifest, tokens, passwords, redirects, no time.

use super::server::{Asked, config, digest, documents, of, platforms, serve};
use crate::project::Project;
use dpc::registry::FailureKind;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn an_index_is_read_for_each_platform_of_either_kind() {
    for docker in [false, true] {
        let documents = documents(&config(), docker);
        let index = digest(&documents["/v2/shop/api/manifests/1"]);
        let server = serve(move |asked| of(&documents, asked));
        let client = server.client(None);
        let found = client.fetch(&server.image(), &platforms(&["linux/amd64", "linux/arm64"])).unwrap();
        assert_eq!((found.digest.as_str(), found.platforms.len()), (&*index, 2));
        assert_eq!(client.digest(&server.image()).unwrap().as_str(), index);
        let one = found.platforms.values().next().unwrap();
        assert_eq!((one.bytes, &*one.config.user, &*one.config.stop_signal), (1024, "1000:1000", "SIGINT"));
        assert_eq!(one.config.variables.iter().collect::<Vec<_>>(), ["PATH", "TOKEN"]);
        assert!(!format!("{found:?}").contains("secret"), "the value of a variable");
        let other = client.fetch(&server.image(), &platforms(&["linux/s390x"])).unwrap_err();
        assert!(
            other.kind == FailureKind::Platform && other.help.contains("linux/amd64, linux/arm64"),
            "{other:?}"
        );
    }
}

#[test]
fn a_token_is_fetched_once_and_said_to_its_registry_alone() {
    let documents = documents(&config(), false);
    let elsewhere = serve({
        let documents = documents.clone();
        move |asked| {
            of(&documents, &Asked { path: asked.path.replace("/cdn", "/v2/shop/api/blobs"), ..asked.clone() })
        }
    });
    let other = elsewhere.port;
    let server = serve(move |asked| {
        if asked.path.starts_with("/token?service=reg&scope=repository:shop/api:pull") {
            let may = asked.authorization == "Basic bWU6c2VjcmV0";
            return Some((if may { 200 } else { 401 }, Vec::new(), b"{\"token\":\"abc\"}".to_vec()));
        }
        if asked.authorization != "Bearer abc" {
            let challenge = format!(
                "Bearer realm=\"http://127.0.0.1:{}/token\",service=\"reg\",scope=\"repository:shop/api:pull\"",
                asked.port
            );
            return Some((401, vec![("WWW-Authenticate".into(), challenge)], Vec::new()));
        }
        if let Some(blob) = asked.path.strip_prefix("/v2/shop/api/blobs") {
            return Some((
                307,
                vec![("Location".into(), format!("http://127.0.0.1:{other}/cdn{blob}"))],
                Vec::new(),
            ));
        }
        of(&documents, asked)
    });
    let folder = Project::empty();
    let login =
        |server: u16| format!("{{\"auths\":{{\"127.0.0.1:{server}\":{{\"auth\":\"bWU6c2VjcmV0\"}}}}}}");
    folder.write("config.json", login(server.port));
    let client = server.client(Some(folder.path("")));
    let found = client.fetch(&server.image(), &platforms(&["linux/amd64", "linux/arm64"])).unwrap();
    assert_eq!(found.platforms.len(), 2);
    let heard = elsewhere.heard();
    assert!(!heard.is_empty() && heard.iter().all(|asked| asked.authorization.is_empty()), "{heard:?}");
    folder.write("config.json", "{}");
    let refused = server
        .client(Some(folder.path("")))
        .fetch(&server.image(), &platforms(&["linux/amd64"]))
        .unwrap_err();
    assert!(refused.kind == FailureKind::Denied && refused.help.contains("docker login"), "{refused:?}");
}

#[test]
fn a_password_is_said_where_the_registry_asks_for_it() {
    let documents = documents(&config(), false);
    let server = serve(move |asked| {
        if asked.authorization != "Basic bWU6c2VjcmV0" {
            return Some((401, vec![("WWW-Authenticate".into(), "Basic realm=\"x\"".into())], Vec::new()));
        }
        of(&documents, asked)
    });
    let folder = Project::empty();
    let denied = server.client(Some(folder.path(""))).digest(&server.image()).unwrap_err();
    assert_eq!(denied.kind, FailureKind::Denied);
    folder.write(
        "config.json",
        format!("{{\"auths\":{{\"127.0.0.1:{}\":{{\"auth\":\"bWU6c2VjcmV0\"}}}}}}", server.port),
    );
    assert!(server.client(Some(folder.path(""))).digest(&server.image()).is_ok());
    // A helper says it as well, and no message repeats it.
    folder.write("config.json", "{\"credsStore\":\"none-of-that-name\"}");
    let broken = server.client(Some(folder.path(""))).digest(&server.image()).unwrap_err();
    assert!(broken.message.contains("docker-credential-none-of-that-name"), "{broken}");
}

#[test]
fn a_registry_without_time_is_asked_again() {
    let documents = documents(&config(), false);
    let (asked, busy) = (AtomicUsize::new(0), AtomicUsize::new(2));
    let server = serve(move |request| {
        asked.fetch_add(1, Ordering::Relaxed);
        if busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
            return Some((429, vec![("Retry-After".into(), "0".into())], Vec::new()));
        }
        of(&documents, request)
    });
    assert!(server.client(None).digest(&server.image()).is_ok());
    let never = serve(|_| Some((503, vec![("Retry-After".into(), "0".into())], Vec::new())));
    let failure = never.client(None).digest(&never.image()).unwrap_err();
    assert!(failure.kind == FailureKind::Unreachable && failure.message.contains("503"), "{failure}");
    assert_eq!(never.heard().len(), 3);
}

#[test]
fn tags_come_in_pages() {
    let server = serve(|asked| {
        let (body, next) = match asked.path.split('?').nth(1) {
            Some("n=1000") => {
                ("{\"tags\":[\"1\",\"2\"]}", Some("</v2/shop/api/tags/list?n=1000&last=2>; rel=\"next\""))
            }
            _ => ("{\"tags\":[\"3\"]}", None),
        };
        Some((
            200,
            next.map(|next| ("Link".to_string(), next.to_string())).into_iter().collect(),
            body.into(),
        ))
    });
    assert_eq!(server.client(None).tags(&server.image()).unwrap(), ["1", "2", "3"]);
}
