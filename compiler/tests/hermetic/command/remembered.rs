//! A fleet that is large enough for the cache: whatever the last build left, a build writes the same files as into an empty
//! folder.

use crate::project::Project;
use crate::tree::Kind;
use std::fs;

const SERVICES: usize = 600;
const HOSTS: usize = 12;

fn fleet() -> Project {
    let hosts = (0..HOSTS).map(|host| format!("host \"h{host}\" address=\"10.0.0.{host}\"\n"));
    let services = (0..SERVICES).map(|number| {
        // One of them has many.
        let host = if (100..200).contains(&number) { 4 } else { number % HOSTS };
        let (port, needed) = (8000 + number, if number < HOSTS { "" } else { "; needs \"s0\"" });
        format!(
            "service \"s{number}\" {{ image \"a/s{number}:1\"; on \"h{host}\"; user \"1:1\"; port \"http\" {port}; health http=\"http\" path=\"/\"{needed} }}\n"
        )
    });
    let text: String = std::iter::once("fleet \"shop\"\n".to_owned()).chain(hosts).chain(services).collect();
    // Large enough that the list of units is reserved while the fleet is compiled.
    Project::in_memory().file("dpc.kdl", text + &"// A large fleet has large files.\n".repeat(9000))
}

/// Builds, and remembers it in a cache of the project.
fn build(project: &Project) {
    let cache = project.path("cache").display().to_string();
    project.call(["build", "-q"]).env("XDG_CACHE_HOME", &cache).run();
}

/// Builds, where nothing changed since [`built`].
fn builds_nothing(project: &Project) {
    let before = project.tree("out");
    build(project);
    assert!(project.tree("out") == before);
}

/// Builds, and holds all that is there against a build into nothing. Out: the paths of the files that were written.
fn built(project: &Project) -> Vec<String> {
    let before = project.tree("out");
    build(project);
    let other = project.path("other").display().to_string();
    project.call(["build", "-q", "--out", "fresh"]).env("XDG_CACHE_HOME", &other).run();
    let (found, fresh) = (project.tree("out"), project.tree("fresh"));
    assert!(found.0.keys().eq(fresh.0.keys()));
    for (path, entry) in &found.0 {
        let wanted = &fresh.0[path];
        assert!(entry.kind == wanted.kind && entry.mode == wanted.mode, "{path}");
    }
    fs::remove_dir_all(project.path("fresh")).unwrap();
    fs::remove_dir_all(other).unwrap();
    let is_new = |path: &&String| before.0.get(*path).is_none_or(|old| old.written != found.0[*path].written);
    found
        .0
        .keys()
        .filter(is_new)
        .filter(|path| matches!(found.0[*path].kind, Kind::File(_)))
        .cloned()
        .collect()
}

#[test]
fn what_changes_is_written_and_nothing_else() {
    let project = fleet();
    built(&project);
    builds_nothing(&project);
    // Longer and shorter, on the first host, one in the middle and the last: the rest of the plan's page moves.
    for (old, new) in [
        ("a/s0:1", "a/s0:1.22.333"),
        ("a/s5:1", "b:1"),
        ("a/s150:1", "a/s150:1.2"),
        ("a/s599:1", "a/s599:44"),
        ("b:1", "b:2"),
    ] {
        project.edit("dpc.kdl", old, new);
        let written = built(&project);
        assert!(written.len() < 10, "{written:?}");
        assert!(written.iter().any(|path| path == "plan.txt"), "{written:?}");
        builds_nothing(&project);
    }
    // Other sources of the same plan touch nothing, not even the folder.
    let folder = || fs::metadata(project.path("out")).unwrap().modified().unwrap();
    let before = folder();
    project.edit("dpc.kdl", "// A large fleet", "// This large fleet");
    builds_nothing(&project);
    assert_eq!(folder(), before);
    // A host goes, and another comes.
    project.edit("dpc.kdl", "\"h7\"", "\"a7\"");
    built(&project);
    builds_nothing(&project);
    // The last host goes: nothing moves on the page, which is shorter all the same.
    let text = fs::read_to_string(project.path("dpc.kdl")).unwrap();
    let fewer: Vec<&str> = text.lines().filter(|line| !line.contains("\"h9\"")).collect();
    project.write("dpc.kdl", fewer.join("\n"));
    assert!(built(&project).contains(&"plan.txt".to_string()));
    builds_nothing(&project);
}

#[test]
fn what_somebody_changed_is_mended() {
    let project = fleet();
    built(&project);
    for (number, path) in
        ["plan.txt", "plan.json", "h3/MANIFEST", "h3/docker/shop-s3-1.sh"].iter().enumerate()
    {
        fs::write(project.path("out").join(path), "not this\n").unwrap();
        if number % 2 == 0 {
            project.edit("dpc.kdl", &format!("a/s{number}:1"), "a/b:3");
        }
        assert!(built(&project).iter().any(|written| written == path), "{path}");
    }
    fs::remove_file(project.path("out/plan.txt")).unwrap();
    built(&project);
    builds_nothing(&project);
}

#[test]
fn what_is_remembered_wrong_harms_nothing() {
    let project = fleet();
    for (start, end) in [("0", "9999999999999999999"), ("9999999999999999999", "0"), ("5", "9999999")] {
        built(&project);
        let cache = fs::read_dir(project.path("cache/dpc")).unwrap().next().unwrap().unwrap().path();
        let text = fs::read_to_string(&cache).unwrap();
        let damaged = text.lines().map(|line| match line.split(' ').collect::<Vec<_>>()[..] {
            [made_of, state, digest, _, _, path] => {
                format!("{made_of} {state} {digest} {start} {end} {path}\n")
            }
            _ => format!("{line}\n"),
        });
        fs::write(cache, damaged.collect::<String>()).unwrap();
        project.edit("dpc.kdl", "a/s5:1", "a/s5:11");
    }
    built(&project);
}

#[test]
fn a_project_s_own_page_is_printed_as_a_whole() {
    let project = fleet();
    built(&project);
    let own = "{{ fleet }}\n{% for host in hosts %}{{ loop.index }} of {{ loop.length }}: {{ host.name }}\n{% endfor %}";
    project.write("templates/plan.txt.j2", own);
    built(&project);
    let text = fs::read_to_string(project.path("out/plan.txt")).unwrap();
    assert!(text.starts_with("shop\n1 of 12: h0\n") && text.ends_with("12 of 12: h9\n"), "{text}");
    project.edit("dpc.kdl", "a/s5:1", "b:1");
    built(&project);
    fs::remove_dir_all(project.path("templates")).unwrap();
    built(&project);
    builds_nothing(&project);
}
