//! `dpc lock`: what it writes, keeps and says.

use super::server::{Server, config, documents, of, serve};
use crate::project::Project;
use dpc::front::resolve::Request;
use dpc::pipeline::compile;
use dpc::project::Disk;
use serde_json::json;

/// A registry that has `shop/api:1` as an image says, and a project that runs it.
fn shop(config: serde_json::Value) -> (Server, Project) {
    let documents = documents(&config, false);
    let server = serve(move |asked| of(&documents, asked));
    let project = Project::empty().file("dpc.kdl", kdl(&server, "1", "volume \"/data\""));
    (server, project)
}

fn kdl(server: &Server, tag: &str, more: &str) -> String {
    format!(
        "fleet \"shop\" {{\n    pin \"lock\"\n}}\nhost \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {{\n    image \"127.0.0.1:{}/shop/api:{tag}\"\n    \
         on \"app-1\"\n    port \"http\" 8080\n    port \"dns\" 53 protocol=\"udp\"\n    health tcp=\"http\"\n    user \"0:0\"\n    {more}\n}}\n",
        server.port
    )
}

#[test]
fn a_lock_is_written_once_and_read_without_a_network() {
    let (server, project) = shop(config());
    project.call(["check"]).code(1).says(["is not in `dpc.lock`", "run `dpc lock`"]).run();
    project.call(["lock"]).prints(["new     127.0.0.1:", "dpc.lock: 1 image, 1 changed"]).run();
    let lock = project.read("dpc.lock");
    for part in [
        "user \"1000:1000\"",
        "volume \"/data\"",
        "port 53 protocol=\"udp\"",
        "port 8080",
        "stop-signal \"SIGINT\"",
        "variables \"PATH\" \"TOKEN\"",
        "bytes=1024",
    ] {
        assert!(lock.contains(part), "{part}\n{lock}");
    }
    assert!(!lock.contains("secret"), "{lock}");
    let asked = server.heard().len();
    project.call(["lock"]).stdout("dpc.lock: 1 image, 0 changed\n").run();
    project.call(["check", "--strict"]).prints(["1 service"]).run();
    project.call(["build", "-q"]).run();
    assert_eq!(server.heard().len(), asked, "asked again");
    let script = project.read("out/app-1/docker/shop-api-1.sh");
    assert!(script.contains("/shop/api:1@sha256:"), "{script}");
    assert_eq!(project.read("dpc.lock"), lock);
    // All of the lock is as dpc lays out KDL, but it is nobody's to edit.
    project.call(["fmt", "--check"]).run();
}

#[test]
fn what_fails_is_said_and_the_rest_is_written() {
    let (server, project) = shop(config());
    let other = format!(
        "service \"other\" {{\n    image \"127.0.0.1:{}/shop/gone:1\"\n    on \"app-1\"\n}}\n",
        server.port
    );
    project.write("dpc.kdl", kdl(&server, "1", "volume \"/data\"") + &other);
    project
        .call(["lock"])
        .code(1)
        .prints(["new "])
        .says(["/shop/gone:1`: the registry", "correct the name or the tag"])
        .run();
    let lock = project.read("dpc.lock");
    assert!(lock.contains("/shop/api:1") && !lock.contains("gone"), "{lock}");
    // A tag that is edited and not there leaves the rest as it was.
    project.write("dpc.kdl", kdl(&server, "2", "volume \"/data\""));
    project.call(["check"]).code(1).says(["is not in `dpc.lock`"]).run();
    project.call(["lock", "nobody"]).code(2).says(["there is no service or task `nobody`"]).run();
    project
        .call(["lock", "--from", "nowhere"])
        .code(2)
        .says(["write `registry`, `docker` or `oci:DIR`"])
        .run();
    assert_eq!(project.read("dpc.lock"), lock);
}

#[test]
fn a_broken_lock_is_written_anew() {
    let (_server, project) = shop(config());
    project.call(["lock", "-q"]).prints(["new "]).run();
    let whole = project.read("dpc.lock");
    for broken in
        ["", "dpc-lock 2\n", "image \"a\" {", "dpc-lock 1\nimage \"redis:7\" digest=\"sha256:1\"\n", "\u{0}"]
    {
        project.write("dpc.lock", broken);
        for command in ["check", "lock"] {
            project.call([command]).code(1).says(["let `dpc lock --update` ask for every image again"]).run();
        }
        assert_eq!(project.read("dpc.lock"), broken);
        project.call(["lock", "--update"]).prints(["could not be read, and is written anew"]).run();
        assert_eq!(project.read("dpc.lock"), whole, "{broken:?}");
    }
}

#[test]
fn a_moved_tag_moves_only_when_it_is_asked_for() {
    let (_server, project) = shop(config());
    project.call(["lock", "-q"]).prints(["new "]).run();
    let before = project.read("dpc.lock");
    // Another registry at the same name has another image.
    let documents = documents(&json!({ "User": "root", "Volumes": { "/data": {}, "/cache": {} } }), false);
    let moved = serve(move |asked| match asked.path.as_str() {
        "/v2/shop/api/tags/list?n=1000" => {
            Some((200, Vec::new(), b"{\"tags\":[\"1\",\"1.5\",\"x\"]}".to_vec()))
        }
        _ => of(&documents, asked),
    });
    let name =
        project.read("dpc.kdl").split('"').find(|text| text.contains("/shop/api")).unwrap().to_string();
    let registry = name.split('/').next().unwrap().to_string();
    let mirror = format!("{registry}=http://127.0.0.1:{}", moved.port);
    project.call(["lock", "--mirror", &mirror]).prints(["0 changed"]).run();
    assert_eq!(project.read("dpc.lock"), before);
    project.call(["lock", "--update", "--mirror", &mirror]).prints(["moved   127.0.0.1", "1 changed"]).run();
    assert!(project.read("dpc.lock").contains("volume \"/cache\""));
    project.call(["check"]).code(1).says(["image-volume", "no volume for `/cache`"]).run();
}

#[test]
fn any_image_gives_a_lock_that_is_read() {
    for config in [
        json!({}),
        json!({ "User": ":::", "Volumes": { "relative": {}, "/a\n\"b": {} }, "ExposedPorts": { "x": {}, "0/tcp": {}, "1-70000": {} }, "StopSignal": "NO" }),
        json!({ "Cmd": "echo \"$HOME\" \\", "Entrypoint": ["\u{202e}", "\u{7f}", "a\r\nb"], "Labels": { "org.opencontainers.image.version": "\u{1}" } }),
        json!({ "Healthcheck": { "Test": ["NONE"] }, "Env": ["=", "A", "\"=1"] }),
    ] {
        let (_server, project) = shop(config.clone());
        project.call(["lock", "-q"]).prints(["new "]).run();
        let outcome = compile(&Disk::open(&project.path(""), false).unwrap(), &Request::default()).unwrap();
        assert!(
            outcome.diagnostics.iter().all(|one| one.fault.code != "broken-lock"),
            "{config}: {}",
            project.read("dpc.lock")
        );
        project.call(["lock"]).stdout("dpc.lock: 1 image, 0 changed\n").run();
    }
}

#[test]
fn a_lock_that_says_what_no_image_says_is_found_out() {
    let (_server, project) = shop(config());
    project.call(["lock", "--check"]).code(1).prints(["missing 127.0.0.1:"]).run();
    project.call(["lock", "-q"]).prints(["new "]).run();
    project.call(["lock", "--check"]).prints(["says what the images say: 1 image"]).run();
    let whole = project.read("dpc.lock");
    for (line, forged) in [
        ("user \"1000:1000\"", "user \"0:0\""),
        ("        volume \"/data\"\n", ""),
        ("bytes=1024", "bytes=1"),
    ] {
        assert!(whole.contains(line), "{line}");
        project.write("dpc.lock", whole.replace(line, forged));
        project.call(["lock", "--check"]).code(1).prints(["wrong   127.0.0.1:"]).run();
    }
    // A pipe in the place of the lock is no lock, and nothing waits for it.
    std::fs::remove_file(project.path("dpc.lock")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(project.path("dpc.lock")).status().unwrap().success());
    project
        .call(["lock", "--update"])
        .code(2)
        .prints(["written anew"])
        .says(["it is not a regular file"])
        .run();
    project.call(["lock", "--mirror", "docker.io=http://me:secret@h"]).code(2).says(["is no host"]).run();
}

#[test]
fn two_locks_at_once_lose_nothing() {
    let documents = documents(&config(), false);
    let server = serve(move |asked| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        let path = asked.path.replace("/shop/b", "/shop/api");
        of(&documents, &super::server::Asked { path, ..asked.clone() })
    });
    let service = |name: &str| {
        let image = format!("127.0.0.1:{}/shop/{name}:1", server.port);
        format!("service \"{name}\" {{ image \"{image}\"; on \"a\"; volume \"/data\" }}\n")
    };
    let hosts = "fleet \"shop\"\nhost \"a\" address=\"10.0.0.11\"\n";
    let project = Project::empty().file("dpc.kdl", hosts.to_string() + &service("api") + &service("b"));
    let mut both = ["api", "b"].map(|name| project.command(["lock", name]).spawn().unwrap());
    assert!(both.iter_mut().all(|one| one.wait().unwrap().success()));
    let lock = project.read("dpc.lock");
    assert!(lock.contains("/shop/api:1") && lock.contains("/shop/b:1"), "{lock}");
}
