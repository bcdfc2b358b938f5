//! The output directory: files that are written, left alone, or refused.

use crate::command::call::{Call, SHOP};
use crate::command::system::{fifo, is_root, program_for_everyone, unprivileged};
use crate::project::Project;
use crate::tree::{Entry, Tree};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// The files of `after` that were written since `before`.
fn rewritten(before: &Tree, after: &Tree) -> Vec<String> {
    let is_new = |path: &str, entry: &Entry| before.0.get(path) != Some(entry);
    after.0.iter().filter(|(path, entry)| is_new(path, entry)).map(|(path, _)| path.clone()).collect()
}

#[test]
fn files_that_did_not_change_are_not_touched() {
    let project = Project::built();
    let before = project.tree("out");
    project.call(["build", "-q"]).run();
    assert_eq!(rewritten(&before, &project.tree("out")), [""; 0]);
    project.edit("api.json", "{}", "{\"new\": true}");
    project.call(["build", "-q"]).run();
    let after = project.tree("out");
    let changed = rewritten(&before, &after);
    assert!(changed.contains(&"app-1/files/shop-api-1/app/config.json".to_string()), "{changed:?}");
    assert!(changed.contains(&"app-1/MANIFEST".to_string()), "{changed:?}");
    assert!(!changed.contains(&"app-1/systemd/shop.target".to_string()), "{changed:?}");
}

#[test]
fn a_file_of_the_same_size_with_other_bytes_or_another_mode_is_mended() {
    let project = Project::built();
    let before = project.tree("out");
    let mut text = before.bytes("app-1/activate").to_vec();
    text[100] ^= 1;
    project.write("out/app-1/activate", text);
    fs::set_permissions(project.path("out/app-1/docker/shop-api-1.sh"), Permissions::from_mode(0o644))
        .unwrap();
    let stale = "stale: out/app-1/activate\nstale: out/app-1/docker/shop-api-1.sh\n";
    project.call(["build", "--check"]).code(1).stdout(stale).says(["2 files in out are not"]).run();
    project.call(["build", "-q"]).run();
    assert!(project.tree("out").same_as(&before));
}

#[test]
fn a_host_of_many_units_has_the_files_of_each_and_lists_them_all() {
    let service = |number| {
        format!(
            "service \"api-{number}\" {{ image \"a:1\"; on \"h\"; user \"1:1\"; health command=\"true\" }}\n"
        )
    };
    let services: String = (0..200).map(service).collect();
    let head = "fleet \"shop\"\nhost \"h\" address=\"10.0.0.1\"\n";
    let project = Project::empty().file("dpc.kdl", format!("{head}{services}"));
    project.call(["build", "-q"]).run();
    let written = project.tree("out/h");
    for number in 0..200 {
        for path in [format!("docker/shop-api-{number}-1.sh"), format!("systemd/shop-api-{number}-1.service")]
        {
            assert!(written.0.contains_key(&path), "{path}");
        }
    }
    Call::new(Path::new("sha256sum"), &project.path("out/h"), ["--check", "--strict", "--quiet", "MANIFEST"])
        .run();
    let listed = String::from_utf8(written.bytes("MANIFEST").to_vec()).unwrap();
    assert_eq!(listed.lines().filter(|line| !line.starts_with('#')).count(), 200 * 2 + 2);
    // Its own template fails once, and nothing is written.
    project.write("templates/container.sh.j2", "{{ nothing.at.all }}");
    project.edit("dpc.kdl", "a:1", "a:2");
    project.call(["build"]).code(1).says(["container.sh.j2"]).run();
    assert!(project.tree("out/h").same_as(&written));
}

#[test]
fn modes_are_set_whatever_the_umask() {
    let project = Project::shop();
    project.edit("dpc.kdl", "source=\"api.json\"", "source=\"api.json\" mode=\"0666\"");
    let mut trees = BTreeMap::new();
    for umask in ["000", "022", "077", "777"] {
        let line = format!("umask {umask}; exec {} build -q -o out-{umask}", env!("CARGO_BIN_EXE_dpc"));
        fs::create_dir(project.path(&format!("out-{umask}"))).unwrap();
        Call::new(Path::new("sh"), &project.path(""), ["-c", &line]).run();
        trees.insert(umask, project.tree(&format!("out-{umask}")));
    }
    let wanted = &trees["000"];
    assert_eq!(wanted.0["app-1/files/shop-api-1/app/config.json"].mode, 0o666);
    assert_eq!(wanted.0["app-1/activate"].mode, 0o755);
    assert_eq!(wanted.0["app-1/docker"].mode, 0o755);
    for (umask, tree) in &trees {
        assert!(tree.same_as(wanted), "{umask}");
    }
}

#[test]
fn files_that_dpc_did_not_make_stay() {
    let project = Project::built();
    project.write("out/notes.txt", "mine");
    project.write("out/app-1/docker/mine.sh", "mine");
    project.write("out/app-9/MANIFEST", "mine");
    let before = project.tree("out");
    project.call(["build", "--check", "-q"]).run();
    project.edit("dpc.kdl", "service \"api\"", "service \"web\"");
    project.call(["build", "-q"]).run();
    let after = project.tree("out");
    for path in ["notes.txt", "app-1/docker/mine.sh", "app-9/MANIFEST"] {
        assert_eq!(before.0[path], after.0[path]);
    }
    assert!(after.0.contains_key("app-1/docker/shop-web-1.sh"));
    assert!(!after.0.contains_key("app-1/docker/shop-api-1.sh"));
}

#[test]
fn what_is_no_longer_made_goes_with_the_folders_it_leaves_empty() {
    let project = Project::shop();
    project.edit("dpc.kdl", "fleet", "host \"app-2\" address=\"10.0.0.12\"\nfleet");
    project.edit("dpc.kdl", "on \"app-1\"", "on \"app-1\" \"app-2\"");
    project.call(["build", "-q"]).run();
    project.write("out/app-2/docker/mine.sh", "mine");
    project.write("dpc.kdl", SHOP.replace("    file \"/app/config.json\" source=\"api.json\"\n", ""));
    let left = project
        .call(["build", "--check"])
        .code(1)
        .says(["run `dpc build`"])
        .prints(["left over: out/app-2/activate\n"]);
    left.run();
    project.call(["build", "-q"]).run();
    let after = project.tree("out");
    let on_app_2: Vec<_> = after.paths().into_iter().filter(|path| path.starts_with("app-2")).collect();
    assert_eq!(on_app_2, ["app-2", "app-2/docker", "app-2/docker/mine.sh"]);
    assert!(!after.0.contains_key("app-1/files"));
    project.call(["build", "--check", "-q"]).run();
}

#[test]
fn what_was_changed_by_hand_is_overwritten_while_it_is_made_and_kept_when_it_is_not() {
    let project = Project::built();
    let made = project.tree("out");
    project.write("out/app-1/files/shop-api-1/app/config.json", "by hand");
    project.call(["build", "-q"]).run();
    assert!(project.tree("out").same_as(&made));
    project.write("out/app-1/files/shop-api-1/app/config.json", "by hand");
    project.write("dpc.kdl", SHOP.replace("    file \"/app/config.json\" source=\"api.json\"\n", ""));
    let kept = "kept   out/app-1/files/shop-api-1/app/config.json: nothing makes it any more, but it was changed by hand\n";
    project.call(["build"]).prints([kept]).run();
    assert_eq!(project.tree("out").bytes("app-1/files/shop-api-1/app/config.json"), b"by hand");
    project.call(["build", "--check", "-q"]).run();
}

#[test]
fn a_file_and_a_folder_change_places() {
    let project = Project::built();
    let with_file = project.tree("out");
    project.edit("dpc.kdl", "/app/config.json", "/app/config.json/x/y");
    project.call(["build", "-q"]).run();
    assert_eq!(project.tree("out").bytes("app-1/files/shop-api-1/app/config.json/x/y"), b"{}\n");
    project.call(["build", "--check", "-q"]).run();
    project.write("dpc.kdl", SHOP);
    project.call(["build", "-q"]).run();
    assert!(project.tree("out").same_as(&with_file));
}

#[test]
fn a_user_s_file_in_the_way_is_an_error_and_nothing_is_written() {
    let project = Project::shop();
    project.write("out/plan.txt", "mine");
    project.write("out/app-1/activate", "mine too");
    let before = project.tree("");
    let reason =
        "was not made by dpc, and dpc does not overwrite it: move it away, or choose another `--out`\n";
    let error = format!(
        "error: `out/app-1/activate` {reason}error: `out/plan.txt` {reason}  help: nothing was written\n"
    );
    project.call(["build"]).code(2).stderr(&error).run();
    project.call(["build", "--check"]).code(2).stderr(&error).run();
    assert_eq!(project.tree(""), before);
}

#[test]
fn what_is_no_file_or_no_folder_is_in_the_way() {
    let folder = |path: &Path| fs::create_dir_all(path.join("mine")).unwrap();
    let file = |path: &Path| fs::write(path, "mine").unwrap();
    is_in_the_way("out/plan.txt", folder, "is a directory in the way of a file");
    is_in_the_way("out/app-1/docker", file, "is a file in the way of a directory");
    is_in_the_way("out/app-1", fifo, "is in the way of a directory");
    is_in_the_way("out/app-1/activate", fifo, "is in the way of a file");
    is_in_the_way("out", file, "is not a directory");
}

fn is_in_the_way(path: &str, make: impl Fn(&Path), reason: &str) {
    let project = Project::shop();
    fs::create_dir_all(project.path(path).parent().unwrap()).unwrap();
    make(&project.path(path));
    let before = project.tree("");
    let error = format!("`{path}` {reason}");
    project.call(["build"]).code(2).says([&error, "nothing was written"]).run();
    project.call(["build", "--check"]).code(2).says([&error]).run();
    assert_eq!(project.tree(""), before, "{path}");
}

#[test]
fn nothing_is_written_through_a_link() {
    for (path, leads) in [
        ("out", "elsewhere"),
        ("out", "nowhere"),
        ("out/app-1", "elsewhere"),
        ("out/app-1", "nowhere"),
        ("out/app-1/docker", "elsewhere"),
        ("out/app-1/activate", "elsewhere/file"),
        ("out/plan.json", "nowhere"),
        ("out/.dpc-new", "elsewhere"),
        ("out/.dpc-new", "nowhere"),
    ] {
        let project = Project::shop().file("elsewhere/file", "mine");
        fs::create_dir_all(project.path(path).parent().unwrap()).unwrap();
        symlink(project.path(leads), project.path(path)).unwrap();
        let before = project.tree("");
        let error = format!("`{path}` is a symbolic link");
        project.call(["build"]).code(2).says([&error, "nothing was written"]).run();
        assert_eq!(project.tree(""), before, "{path} -> {leads}");
    }
    let project = Project::shop().file("elsewhere/file", "mine");
    symlink("elsewhere", project.path("build")).unwrap();
    project.call(["build", "-o", "build/out"]).code(2).says(["`build` is a symbolic link"]).run();
    assert_eq!(project.tree("elsewhere").paths(), ["file"]);
}

#[test]
fn check_writes_nothing_at_all() {
    let project = Project::shop();
    project
        .call(["build", "--check"])
        .code(1)
        .says(["9 files in out are not"])
        .prints(["missing: out/plan.json\n"])
        .run();
    assert!(!project.path("out").exists());
    project.call(["build", "-q"]).run();
    let before = project.tree("");
    project.call(["build", "--check"]).stdout("out is up to date: 9 files\n").run();
    project.edit("dpc.kdl", "8080", "8081");
    let edited = project.tree("");
    project.call(["build", "--check", "-q"]).code(1).prints(["stale: "]).says([""]).run();
    assert_eq!(project.tree(""), edited);
    assert_eq!(
        project.tree("out").0,
        before
            .0
            .into_iter()
            .filter_map(|(path, entry)| Some((path.strip_prefix("out/")?.to_string(), entry)))
            .collect()
    );
}

#[test]
fn where_nothing_may_be_written_nothing_is() {
    let project = Project::built();
    let program = program_for_everyone(&project);
    let built = project.tree("out");
    if !is_root() {
        fs::set_permissions(project.path("out"), Permissions::from_mode(0o555)).unwrap();
    }
    let call = |arguments: &[&str]| Call::new(&program, &project.path(""), arguments).with(unprivileged);
    call(&["build", "-q"]).run();
    project.edit("dpc.kdl", "8080", "8081");
    let error = "error: `out` cannot be written: permission denied\n  help: nothing was written\n";
    call(&["build"]).code(2).stderr(error).run();
    call(&["build", "--check"]).code(1).prints(["stale: "]).says([""]).run();
    assert_eq!(project.tree("out").0, built.0);
    if is_root() {
        call(&["build", "-o", "new/deep"])
            .code(2)
            .says(["`new/deep` cannot be written: permission denied"])
            .run();
        assert!(!project.path("new").exists());
    }
    fs::set_permissions(project.path("out"), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_file_on_the_way_to_the_output_is_named() {
    let project = Project::shop().file("file", "");
    let error = "error: `file` is not a directory: choose another `--out`\n  help: nothing was written\n";
    project.call(["build", "-o", "file/deep/out"]).code(2).stderr(error).run();
    assert_eq!(project.tree("").paths(), ["api.json", "dpc.kdl", "file"]);
}
