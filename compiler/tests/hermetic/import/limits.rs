//! Input that is too large or too deep ends soon, with an error that names the limit and the place.

use crate::import::examples::options;
use crate::import::mutate::busy;
use dpc::project::Memory;
use dpc::tools::import::{self, ImportError, container::KnownContainers, found::Found};
use std::collections::BTreeMap;
use std::time::Duration;

/// More than any of these takes in a debug build, and far less than they would take without a limit.
const SOON: Duration = Duration::from_secs(20);

fn compose(files: &[(&str, String)]) -> Result<Found, ImportError> {
    let mut project = Memory::default();
    files.iter().for_each(|(path, text)| project.insert(*path, text.as_str()));
    import::compose::files(&["compose.yaml".to_string()], &BTreeMap::new(), &project)
}

#[track_caller]
fn ends(import: impl FnOnce() -> Result<Found, ImportError>, wanted: &str) {
    let start = busy();
    let trouble = import().expect_err(wanted);
    assert!(trouble.message.contains(wanted), "{trouble}");
    assert!(busy() - start < SOON, "{wanted}: {:?}", busy() - start);
}

/// Checks that large but allowed input is imported soon.
#[track_caller]
fn passes(found: impl FnOnce() -> Result<Found, ImportError>) {
    let start = busy();
    import::convert(&found().unwrap(), &options(), &Memory::default());
    assert!(busy() - start < 3 * SOON, "{:?}", busy() - start);
}

fn services(count: usize) -> String {
    let services: String = (0..count).map(|index| format!("  s{index}: {{image: 'a:{index}'}}\n")).collect();
    format!("services:\n{services}")
}

#[test]
fn files_that_include_each_other() {
    let mut files = vec![("compose.yaml".to_string(), String::new())];
    for index in 0..14 {
        let list = vec![format!("f{index}.yaml"); 10].join(", ");
        files.last_mut().unwrap().1 = format!("include: [{list}]\nservices: {{}}\n");
        files.push((format!("f{index}.yaml"), services(1)));
    }
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    ends(|| compose(&files), "more than 200 files include each other");
    ends(|| compose(&[("compose.yaml", "include: [compose.yaml]\n".into())]), "in a circle");
    ends(
        || compose(&[("compose.yaml", "services: {a: {extends: b}, b: {extends: a}}\n".into())]),
        "services extend each other in a circle",
    );
    let wide = format!("x: [{}]\n", vec![format!("[{}]", vec!["x"; 4000].join(",")); 40].join(","));
    let files = [
        ("compose.yaml", "include: [b.yaml, b.yaml, b.yaml, b.yaml]\nservices: {}\n".into()),
        ("b.yaml", wide),
    ];
    ends(|| compose(&files), "more than 400000 values together");
}

#[test]
fn yaml_that_grows() {
    let mut bomb = "services: {}\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_string();
    for level in 1..12 {
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(","));
    }
    ends(|| compose(&[("compose.yaml", bomb)]), "more than 200000 values");
    let texts = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 4000].join(","));
    ends(|| compose(&[("compose.yaml", texts)]), "more than 16 MiB of text");
    ends(|| compose(&[("compose.yaml", format!("a: {}", "[".repeat(80)))]), "nested more than 64 deep");
    ends(|| compose(&[("compose.yaml", "x".repeat(5 << 20))]), "larger than 4 MiB");
    let keys: String = (0..200_000).map(|key| format!("k{key}: 1\n")).collect();
    ends(|| compose(&[("compose.yaml", keys)]), "more than 5000 values");
}

#[test]
fn odd_yaml_ends() {
    for part in [
        "[", "{", "- ", "? ", "!", "&a ", "*a ", "\"", "'", "|", ">", "#", ":", "%", "---\n", "\t", "${",
        "a: &a\n", "[*a,", "é",
    ] {
        let text = part.repeat((1 << 18) / part.len());
        let start = busy();
        let _ = compose(&[("compose.yaml", text.clone())]);
        let _ =
            compose(&[("compose.yaml", format!("services: {{a: {{image: '{}'}}}}", text.replace('\'', "")))]);
        assert!(busy() - start < SOON, "{part:?}: {:?}", busy() - start);
    }
}

#[test]
fn variables_that_grow() {
    let uses = format!("services: {{a: {{image: b, labels: [{}]}}}}\n", vec!["'x=$A'"; 100].join(","));
    let files = [("compose.yaml", uses), (".env", format!("A={}\n", "x".repeat(60_000)))];
    ends(|| compose(&files), "variables fill in more than 4 MiB of text");
    // Each line twice the one before.
    let doubled: String =
        (1..40).map(|line| format!("V{line}=${{V{}}}${{V{}}}\n", line - 1, line - 1)).collect();
    let doubled = format!("V0=0123456789\n{doubled}");
    let files =
        [("compose.yaml", "services: {a: {image: 'b:$V39'}}\n".to_string()), (".env", doubled.clone())];
    let start = busy();
    let _ = compose(&files);
    let run = || {
        import::run::text("run.sh", &format!("{doubled}docker run -e A=$V39 redis:7\n"), &Memory::default())
    };
    passes(run);
    let environment = format!(
        "[Service]\nEnvironment=A={}\nExecStart=/usr/bin/docker run -e B=\"{}\" redis:7\n",
        "x".repeat(400_000),
        "$A ".repeat(100_000)
    );
    passes(|| import::unit::units(&[("a.service".to_string(), environment)], &Memory::default()));
    assert!(busy() - start < SOON, "{:?}", busy() - start);
}

#[test]
fn too_many() {
    ends(
        || compose(&[("compose.yaml", services(1001))]),
        "there are 1001 containers: import at most 1000 at once",
    );
    let lines = "docker run redis:7\n".repeat(50_000);
    ends(|| import::run::text("run.sh", &lines, &Memory::default()), "there are 50000 containers");
    let flags = format!("docker run {} redis:7\n", "-e A=1 ".repeat(3000));
    ends(|| import::run::text("run.sh", &flags, &Memory::default()), "at most 2000 are imported");
    ends(|| import::run::text("run.sh", &"x".repeat(2 << 20), &Memory::default()), "larger than 1 MiB");
    let profiles: Vec<String> = (0..60).map(|profile| format!("p{profile}")).collect();
    let text = format!("services: {{a: {{image: b, profiles: [{}]}}}}\n", profiles.join(","));
    ends(|| compose(&[("compose.yaml", text)]), "there are 60 profiles");
    let variables: String = (0..6000).map(|line| format!("V{line}=1\n")).collect();
    let files = [
        ("compose.yaml", "services: {a: {image: b, env_file: [v.env]}}\n".to_string()),
        ("v.env", variables),
    ];
    ends(|| compose(&files), "at most 2000 are imported");
}

#[test]
fn documents_of_docker() {
    let inspected = |text: &str, diff: &str| {
        let known = KnownContainers {
            diffs: [(String::new(), diff.to_string())].into(),
            ..KnownContainers::default()
        };
        import::container::inspected("a.json", text, &known)
    };
    ends(|| inspected(&"[".repeat(100_000), ""), "this is no JSON: recursion limit exceeded");
    ends(|| inspected(&" ".repeat(17 << 20), ""), "larger than 16 MiB");
    let one = r#"[{"Name": "/a", "Config": {"Image": "b:1"}, "HostConfig": {}}]"#;
    ends(|| inspected(one, &"A /x\n".repeat(4 << 20)), "larger than 16 MiB");
    let folders: String =
        (0..60_000).map(|folder| format!("C /var/lib/{folder}\nA /var/lib/{folder}/x\n")).collect();
    ends(|| inspected(one, &folders), "at most 2000 are imported");
    let deep = format!("A {}\n", "/d".repeat(100_000));
    passes(|| inspected(one, &deep));
}

#[test]
fn large_and_allowed() {
    passes(|| compose(&[("compose.yaml", services(1000))]));
    let names = "db,".repeat(100_000);
    passes(|| {
        compose(&[(
            "compose.yaml",
            format!("services: {{db: {{image: b}}, a: {{image: b, environment: {{A: '{names}'}}}}}}\n"),
        )])
    });
}

#[test]
fn services_that_all_need_each_other() {
    let needing = |count: usize, needs: &dyn Fn(usize) -> Vec<usize>| {
        let service = |index: usize| {
            let needs: Vec<String> = needs(index).iter().map(|other| format!("s{other}")).collect();
            format!("  s{index}: {{image: 'a:1', depends_on: [{}]}}\n", needs.join(", "))
        };
        format!("services:\n{}", (0..count).map(service).collect::<String>())
    };
    let wanted = "the services need each other 44850 times";
    ends(|| compose(&[("compose.yaml", needing(300, &|index| (0..index).collect()))]), wanted);
    passes(|| compose(&[("compose.yaml", needing(190, &|index| (0..index).collect()))]));
    passes(|| compose(&[("compose.yaml", needing(190, &|index| (index + 1..190).collect()))]));
    let ring = |index: usize| (0..100).filter(|other| *other != index).collect();
    passes(|| compose(&[("compose.yaml", needing(100, &ring))]));
}

#[test]
fn what_services_share_is_counted_once_for_each() {
    let services = |what: &str| {
        let service = |index: usize| format!("  s{index}: {{image: 'a:1', {what}}}\n");
        format!("services:\n{}", (0..500).map(service).collect::<String>())
    };
    let pairs = |count: usize| (0..count).map(|index| format!("E{index}: x")).collect::<Vec<_>>().join(", ");
    let anchored = format!("x: &e {{{}}}\n{}", pairs(150), services("environment: *e"));
    ends(|| compose(&[("compose.yaml", anchored)]), "all containers together say 75500 things");
    let profiles: Vec<String> = (0..40).map(|profile| format!("p{profile}")).collect();
    let profiles = services(&format!("user: '1:1', profiles: [{}]", profiles.join(",")));
    ends(|| compose(&[("compose.yaml", profiles)]), "once for each profile: at most 50000 are imported");
    let variables: String = (0..2000).map(|line| format!("V{line}=http://host.example:80/\n")).collect();
    let files = [("compose.yaml", services("env_file: v.env")), ("v.env", variables.clone())];
    ends(|| compose(&files), "files of variables and labels come to more than 4 MiB");
    let files = [("v.env", variables.as_str())];
    let mut project = Memory::default();
    files.iter().for_each(|(path, text)| project.insert(*path, *text));
    let lines = "docker run --env-file v.env redis:7\n".repeat(500);
    ends(
        || import::run::text("run.sh", &lines, &project),
        "files of variables and labels come to more than 4 MiB",
    );
    let content =
        format!("{}configs: {{c: {{content: '{}'}}}}\n", services("configs: [c]"), "x".repeat(20_000));
    ends(|| compose(&[("compose.yaml", content)]), "more than 4 MiB of text from `configs` and `secrets`");
    let extends =
        format!("{}  b: {{image: 'a:1', environment: {{{}}}}}\n", services("extends: b"), pairs(300));
    ends(|| compose(&[("compose.yaml", extends)]), "take over more than 100000 values");
    let name = format!("services: {{{}: {{image: b}}}}\n", "s".repeat(300));
    ends(|| compose(&[("compose.yaml", name)]), "the name of a service has 300 bytes: 255 are the most");
}

#[test]
fn ports_and_volumes_that_many_share() {
    let services = |what: &str| {
        let service = |index: usize| format!("  s{index}: {{image: 'a:1', {what}}}\n");
        format!("services:\n{}", (0..400).map(service).collect::<String>())
    };
    let list = |item: &dyn Fn(usize) -> String| (1..=60).map(item).collect::<Vec<_>>().join(", ");
    let ports = services(&format!("ports: [{}]", list(&|port| format!("'{port}:{port}'"))));
    passes(|| compose(&[("compose.yaml", ports)]));
    let mounts = services(&format!("volumes: [{}]", list(&|volume| format!("'/srv/{volume}:/v{volume}'"))));
    passes(|| compose(&[("compose.yaml", mounts)]));
    let deep = format!("services: {{a: {{image: 'a:1', volumes: ['{}:/x']}}}}\n", "/a".repeat(450_000));
    passes(|| compose(&[("compose.yaml", deep)]));
}
