//! Nothing is overwritten, and nothing is half written.

use crate::project::Project;
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn what_is_there_stays() {
    let repository = Project::top(&[("dpc.kdl", "mine")]);
    for arguments in [&["init"][..], &["init", "--fleet"], &["init", "--fleet", "x"]] {
        let ended = repository.dpc(arguments);
        assert_eq!(ended.code, 2);
        assert!(
            ended.err.starts_with("error: `dpc.kdl` is here already, and `dpc init` overwrites nothing\n")
        );
    }
    assert_eq!(repository.read("dpc.kdl"), "mine");
}

#[test]
fn a_link_is_not_written_through() {
    let repository = Project::top(&[("elsewhere/x", "")]);
    symlink(repository.root.join("elsewhere/new"), repository.root.join("dpc.kdl")).unwrap();
    assert_eq!(repository.dpc(["init"]).code, 2);
    std::fs::remove_file(repository.root.join("dpc.kdl")).unwrap();
    symlink("elsewhere", repository.root.join(".github")).unwrap();
    let ended = repository.dpc(["init", "--ci", "github"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("`./.github` is a symbolic link, and dpc writes through none"),
        "{}",
        ended.err
    );
    symlink("elsewhere/ignored", repository.root.join(".gitignore")).unwrap();
    let ended = repository.dpc(["init", "--gitignore"]);
    assert!(ended.err.contains("`.gitignore` cannot be written: it is not a regular file"), "{}", ended.err);
    assert_eq!(repository.files(), [".github", ".gitignore", "dpc.kdl", "elsewhere/x"]);
}

#[test]
fn one_file_in_the_way_stops_all() {
    let repository = Project::top(&[(".github/workflows/dpc.yml", "mine"), ("f/services", "a file")]);
    let ended = repository.dpc(["init", "--ci", "github"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("dpc.yml` is there already"), "{}", ended.err);
    let ended = repository.dpc_in("f", &["init", "--fleet"], "");
    assert_eq!(ended.code, 2);
    assert_eq!(repository.files(), [".github/workflows/dpc.yml", "f/services"]);
}

#[test]
fn lines_are_added_once_to_what_git_ignores() {
    let repository = Project::top(&[(".gitignore", "node_modules")]);
    assert_eq!(repository.dpc(["init", "a", "--gitignore"]).code, 0);
    assert_eq!(repository.read(".gitignore"), "node_modules\n/out/\n");
    assert_eq!(repository.dpc(["init", "b", "--gitignore"]).code, 0);
    assert_eq!(repository.read(".gitignore"), "node_modules\n/out/\n");
}

#[test]
fn answers_that_cannot_be_are_refused_with_their_reason() {
    let repository = Project::top(&[]);
    for (arguments, said) in [
        (&["A"][..], "the name `A` holds"),
        (&["--image", "redis:latest"], "`redis:latest` is another image tomorrow"),
        (&["--image", "re dis"], "re dis"),
        (&["--port", "0"], "0"),
        (&["--port", "80", "--user", "1000"], "port 80 needs root: choose one from 1024 on"),
        (&["--port", "40000"], "port 40000 is taken there: 8080 is free"),
        (&["--host", "a"], "`a` has no address: write NAME=ADDRESS"),
        (&["--host", "a=127.0.0.1"], "is loopback"),
        (&["--user", "a b"], "a b"),
        (&["--health", "up", "--port", "8080"], "up"),
        (&["--health", "/up"], "no port is known to ask for `/up`"),
        (&["--fleet-name", "multi-user"], "systemd has a target of that name"),
        (&["--etcd", "etcd"], "etcd"),
        (&["--extends", "x"], "the fleet has no base `x`"),
    ] {
        let ended = repository.dpc([&["init"], arguments].concat());
        assert_eq!(ended.code, 2, "{arguments:?}: {ended:?}");
        assert!(ended.err.starts_with("error: ") && ended.err.contains(said), "{arguments:?}: {}", ended.err);
    }
    assert!(repository.files().is_empty());
}

#[test]
fn a_directory_that_cannot_be_written_is_told() {
    let repository = Project::top(&[("d/x", "")]);
    let folder = repository.root.join("d");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    let ended = repository.dpc_in("d", &["init"], "");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Root writes everywhere.
    let written = repository.has("d/dpc.kdl");
    assert_eq!(ended.code, if written { 0 } else { 2 }, "{ended:?}");
}
