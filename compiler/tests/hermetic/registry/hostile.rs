//! Registries that are gone, hang, lie, or say what nobody means. Each is a failure in words, and no panic.

use super::server::{config, documents, of, platforms, serve};
use dpc::registry::FailureKind;
use proptest::prelude::*;
use serde_json::json;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn what_is_gone_is_named() {
    let server = serve(|_| None);
    let failure = server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"])).unwrap_err();
    assert!(failure.kind == FailureKind::Gone && failure.message.contains("shop/api:1"), "{failure}");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let image = dpc::value::image::Image::parse(&format!("127.0.0.1:{nobody}/a:1")).unwrap();
    assert_eq!(server.client(None).digest(&image).unwrap_err().kind, FailureKind::Unreachable);
}

#[test]
fn a_registry_that_hangs_ends() {
    let server = serve(|_| {
        thread::sleep(Duration::from_secs(20));
        None
    });
    let started = Instant::now();
    let failure = server.client(None).digest(&server.image()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
}

#[test]
fn a_lie_about_a_digest_is_seen() {
    let good = documents(&config(), false);
    // Another manifest or configuration under the digest of the right one.
    for kind in ["manifests/sha256", "blobs/sha256"] {
        let documents = good.clone();
        let server = serve(move |asked| {
            let mut said = of(&documents, asked)?;
            if asked.path.contains(kind) {
                said.2.push(b' ');
            }
            Some(said)
        });
        let failure = server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"])).unwrap_err();
        assert!(
            failure.kind == FailureKind::Wrong && failure.message.contains("is not what its digest"),
            "{failure}"
        );
    }
    let server = serve(move |asked| {
        let mut said = of(&good, asked)?;
        said.1.push(("Docker-Content-Digest".into(), format!("sha256:{}", "0".repeat(64))));
        Some(said)
    });
    let failure = server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"])).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Wrong, "{failure}");
}

#[test]
fn what_nobody_means_is_too_much() {
    let many: serde_json::Map<_, _> = (0..2_000).map(|number| (format!("/v{number}"), json!({}))).collect();
    for config in [
        json!({ "Volumes": many }),
        json!({ "Env": vec!["A=1"; 2_000] }),
        json!({ "User": "u".repeat(10_000) }),
        json!({ "Cmd": ["a\u{0}b"] }),
    ] {
        let documents = documents(&config, false);
        let server = serve(move |asked| of(&documents, asked));
        let failure = server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"])).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Wrong, "{failure}");
    }
    let server = serve(|_| Some((200, Vec::new(), vec![b' '; 5 << 20])));
    assert!(server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"])).is_err());
    let circle = serve(|asked| Some((302, vec![("Location".into(), asked.path.clone())], Vec::new())));
    assert!(circle.client(None).digest(&circle.image()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Any byte of any document changed, or the document cut, and the digests of the others as they were.
    #[test]
    fn any_damage_is_answered(at in 0..4_000usize, byte in any::<u8>(), cut in any::<bool>()) {
        let documents = documents(&config(), true);
        let server = serve(move |asked| {
            let mut said = of(&documents, asked)?;
            // The index, which has no digest yet.
            if asked.path.ends_with("/1") {
                let at = at % said.2.len();
                if cut { said.2.truncate(at) } else { said.2[at] = byte }
            }
            Some(said)
        });
        let _ = server.client(None).fetch(&server.image(), &platforms(&["linux/amd64"]));
    }
}
