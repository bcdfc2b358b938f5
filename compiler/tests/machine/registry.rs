//! `dpc lock` against a registry that people run: Debian's docker-registry on the loopback, filled by skopeo.

use crate::project::Project;
use crate::readers::tool;
use dpc::registry::{Client, FailureKind, Settings, Source, all};
use dpc::value::image::Image;
use dpc::value::platform::Platform;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// A registry that ends with the test.
struct Registry {
    process: Child,
    port: u16,
    folder: Project,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `secret` as htpasswd(1) keeps it.
const PASSWORDS: &str = "me:$2b$04$q84Tbz89P9272H1Gkrc2suGp9tkko7F4DwQmayfqpinbyldaPlrhe\n";

impl Registry {
    /// Starts one; none where it is not installed.
    fn start(asks_who: bool) -> Option<Self> {
        let (program, _) = (tool::find("docker-registry")?, tool::find("skopeo")?);
        let folder = Project::empty().file("passwords", PASSWORDS);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let auth =
            format!("auth: {{htpasswd: {{realm: r, path: {}}}}}\n", folder.path("passwords").display());
        let config = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \
             '127.0.0.1:{port}'}}\n{}",
            folder.path("data").display(),
            if asks_who { &auth } else { "" }
        );
        folder.write("config.yml", config);
        let process = Command::new(program).arg("serve").arg(folder.path("config.yml")).spawn().unwrap();
        let registry = Self { process, port, folder };
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "docker-registry does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Some(registry)
    }

    /// Pushes images, each under a tag: an index of two platforms.
    fn push(&self, tags: &[String], volume: &str) {
        for tag in tags {
            layout(&self.folder, tag, volume);
            let mut copy = Command::new("skopeo");
            copy.args(["copy", "--quiet", "--all", "--dest-tls-verify=false", "--dest-creds", "me:secret"]);
            copy.arg(format!("oci:{}:{tag}", self.folder.path("layout").display()));
            let output = tool::run(copy.arg(format!("docker://127.0.0.1:{}/shop/api:{tag}", self.port)));
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }

    fn service(&self, tag: &str, name: &str) -> String {
        format!(
            "service \"{name}\" {{\n    image \"127.0.0.1:{}/shop/api:{tag}\"\n    on \"*\"\n    user \"0:0\"\n    volume \"/data\"\n    network \"none\"\n}}\n",
            self.port
        )
    }
}

const HOSTS: &str = "fleet \"shop\" { pin \"lock\" }\nhost \"a\" address=\"10.0.0.11\"\nhost \"b\" address=\"10.0.0.12\" { platform \"linux/arm64\" }\n";

/// A folder in the layout of OCI with one image.
fn layout(folder: &Project, tag: &str, volume: &str) {
    let put = |body: &[u8]| {
        let hex: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        folder.write(format!("layout/blobs/sha256/{hex}"), body);
        json!({ "digest": format!("sha256:{hex}"), "size": body.len() })
    };
    let typed = |kind: &str, mut about: serde_json::Value| {
        about["mediaType"] = json!(format!("application/vnd.oci.image.{kind}"));
        about
    };
    let layer = typed("layer.v1.tar", put(&[0; 1024]));
    let manifests: Vec<_> = ["amd64", "arm64"].map(|architecture| {
        let config = json!({ "os": "linux", "architecture": architecture, "rootfs": { "type": "layers", "diff_ids": [layer["digest"]] },
            "config": { "User": "1000", "Volumes": { volume: {} }, "Env": [format!("TAG={tag}")] } });
        let config = typed("config.v1+json", put(config.to_string().as_bytes()));
        let manifest = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": [layer] });
        let mut manifest = typed("manifest.v1+json", put(manifest.to_string().as_bytes()));
        manifest["platform"] = json!({ "os": "linux", "architecture": architecture });
        manifest
    })
    .into();
    let index = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": manifests });
    let mut index = typed("index.v1+json", put(index.to_string().as_bytes()));
    index["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
    folder.write("layout/index.json", json!({ "schemaVersion": 2, "manifests": [index] }).to_string());
    folder.write("layout/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
}

#[test]
fn a_registry_tells_what_its_images_are_and_when_a_tag_moved() {
    let Some(registry) = Registry::start(false) else { return };
    registry.push(&["1.0.0".into(), "1.0.3".into()], "/data");
    let project = Project::empty().file("dpc.kdl", HOSTS.to_string() + &registry.service("1.0.0", "api"));
    let first = project.dpc(["lock"]);
    assert!(first.code == 0 && first.out.contains("1 image, 1 changed"), "{first:?}");
    let lock = project.read("dpc.lock");
    assert!(
        lock.contains("linux/arm64") && lock.contains("user \"1000\"") && lock.contains("volume \"/data\""),
        "{lock}"
    );
    assert_eq!(project.dpc(["check", "--strict"]).code, 0);
    // The same by the layout that was pushed, and by no network: the digest is the image's.
    registry.push(&["1.0.0".into()], "/data");
    let update = project.dpc(["lock", "--update"]);
    assert!(
        update.out.contains("0 changed") && update.out.contains("/shop/api:1.0.3 is there"),
        "{update:?}"
    );
    assert_eq!(project.read("dpc.lock"), lock);
    registry.push(&["1.0.0".into()], "/cache");
    let moved = project.dpc(["lock", "--update"]);
    assert!(moved.out.contains("moved   127.0.0.1:"), "{moved:?}");
    assert!(project.dpc(["check"]).err.contains("no volume for `/cache` of its image"));
    project.edit("dpc.kdl", "api:1.0.0", "api:9");
    let gone = project.dpc(["lock"]);
    assert!(gone.code == 1 && gone.err.contains("has no `127.0.0.1"), "{gone:?}");
}

#[test]
fn a_registry_that_asks_who_we_are_hears_it() {
    let Some(registry) = Registry::start(true) else { return };
    registry.push(&["1".into()], "/data");
    let project = Project::empty().file("dpc.kdl", HOSTS.to_string() + &registry.service("1", "api"));
    let run = |config: &str| {
        project.write("docker/config.json", config);
        project.command(["lock"]).env("DOCKER_CONFIG", project.path("docker")).output().unwrap()
    };
    let nobody = run("{}");
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("docker login"), "{nobody:?}");
    let name = format!("127.0.0.1:{}", registry.port);
    // me:secret, then a helper that says the same.
    assert!(run(&format!("{{\"auths\":{{\"{name}\":{{\"auth\":\"bWU6c2VjcmV0\"}}}}}}")).status.success());
    std::fs::remove_file(project.path("dpc.lock")).unwrap();
    project.program(
        "bin/docker-credential-here",
        "#!/bin/sh\nread -r name\necho '{\"Username\":\"me\",\"Secret\":\"secret\"}'\n",
    );
    project.write("docker/config.json", "{\"credsStore\":\"here\"}");
    let path = format!("{}:{}", project.path("bin").display(), std::env::var("PATH").unwrap());
    let output = project
        .command(["lock"])
        .env("DOCKER_CONFIG", project.path("docker"))
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_hundred_images_take_a_moment_and_a_build_no_network() {
    let Some(registry) = Registry::start(false) else { return };
    let tags: Vec<String> = (0..100).map(|number| format!("2.0.{number}")).collect();
    registry.push(&tags, "/data");
    let services: String =
        tags.iter().enumerate().map(|(number, tag)| registry.service(tag, &format!("s{number}"))).collect();
    let project = Project::empty().file("dpc.kdl", HOSTS.to_string() + &services);
    let timed = |arguments: &[&str]| {
        let began = Instant::now();
        let ended = project.dpc(arguments);
        assert_eq!(ended.code, 0, "{ended:?}");
        began.elapsed()
    };
    let (all, again) = (timed(&["lock"]), timed(&["lock", "--update"]));
    let row = format!("lock | 100 images of two platforms | {all:.2?} | nothing moved | {again:.2?}\n");
    std::io::stderr().write_all(row.as_bytes()).unwrap();
    assert!(all < Duration::from_secs(15) && again < Duration::from_secs(10), "{row}");
    let Some(strace) = tool::find("strace") else { return };
    let mut traced = Command::new(strace);
    traced.args([
        "--follow-forks",
        "--trace=%network",
        "--output=calls",
        env!("CARGO_BIN_EXE_dpc"),
        "build",
        "--quiet",
    ]);
    let output = tool::run(traced.current_dir(&project.root));
    assert!(output.status.success(), "{output:?}");
    let calls = project.read("calls");
    assert!(!calls.contains("socket("), "{calls}");
}

/// The address by which others reach this machine. No packet is sent.
fn address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

/// A registry that ends with the test, elsewhere than on the loopback.
struct Elsewhere(Child, u16);

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn elsewhere(address: &str, folder: &Project, tls: &str) -> Option<Elsewhere> {
    let program = tool::find("docker-registry")?;
    let port = TcpListener::bind((address, 0)).unwrap().local_addr().unwrap().port();
    let data = folder.path("data");
    folder.write(
        "config.yml",
        format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '{address}:{port}'{tls}}}\n",
            data.display()
        ),
    );
    let process = Command::new(program).arg("serve").arg(folder.path("config.yml")).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect((address, port)).is_err() {
        assert!(Instant::now() < until, "docker-registry does not listen");
        thread::sleep(Duration::from_millis(20));
    }
    Some(Elsewhere(process, port))
}

#[test]
fn a_certificate_is_held_against_those_that_are_trusted() {
    let (Some(_), Some(address)) = (tool::find("openssl"), address()) else { return };
    let folder = Project::empty();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=test", "-addext", &format!("subjectAltName=IP:{address}"), "-keyout", "key.pem"])
        // Else it is an authority's, which rustls does not take for a server's.
        .args(["-addext", "basicConstraints=CA:FALSE", "-out", "ca.crt"])
        .current_dir(&folder.root)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (certificate, key) = (folder.path("ca.crt"), folder.path("key.pem"));
    let tls = format!(", tls: {{certificate: {}, key: {}}}", certificate.display(), key.display());
    let Some(secure) = elsewhere(&address, &folder, &tls) else { return };
    let asked = |port: u16, certificates: Option<PathBuf>| {
        let client = Client::new(Source::Registry, &Settings { certificates, ..Settings::default() });
        client.digest(&Image::parse(&format!("{address}:{port}/a:1")).unwrap()).unwrap_err()
    };
    // Who is trusted says that there is no such image.
    assert_eq!(asked(secure.1, Some(certificate)).kind, FailureKind::Gone);
    let stranger = asked(secure.1, None);
    assert!(
        stranger.kind == FailureKind::Unreachable && stranger.message.contains("no TLS to trust"),
        "{stranger}"
    );
    let Some(plain) = elsewhere(&address, &Project::empty(), "") else { return };
    let plain = asked(plain.1, None);
    assert!(plain.kind == FailureKind::Unreachable && plain.message.contains("no TLS to trust"), "{plain}");
}

/// What the client alone takes, without a lock.
#[test]
fn a_hundred_images_are_known_within_a_second() {
    let Some(registry) = Registry::start(false) else { return };
    let tags: Vec<String> = (0..100).map(|number| format!("3.0.{number}")).collect();
    registry.push(&tags, "/data");
    let image = |tag: &String| Image::parse(&format!("127.0.0.1:{}/shop/api:{tag}", registry.port)).unwrap();
    let (images, platforms) =
        (tags.iter().map(image).collect::<Vec<_>>(), [Platform::parse("linux/amd64").unwrap()].into());
    let fastest = |ask: &(dyn Fn(&Client, &Image) -> bool + Sync)| {
        let once = || {
            let (client, began) = (Client::new(Source::Registry, &Settings::default()), Instant::now());
            assert!(all(&images, |image| ask(&client, image), |_| ()).into_iter().all(|is_known| is_known));
            began.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap()
    };
    let fetched = fastest(&|client, image| client.fetch(image, &platforms).is_ok());
    let named = fastest(&|client, image| client.digest(image).is_ok());
    let row = format!("registry | 100 images of one platform | {fetched:.2?} | 100 digests | {named:.2?}\n");
    std::io::stderr().write_all(row.as_bytes()).unwrap();
    assert!(fetched < Duration::from_secs(3) && named < Duration::from_millis(500), "{row}");
}
