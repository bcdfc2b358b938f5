//! `dpc fmt` on files.

use crate::project::Project;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

const UGLY: &str = "a{\n  b   // c\n}\n";
const NEAT: &str = "a {\n    b   // c\n}\n";

#[test]
fn a_project_is_its_entry_and_what_that_includes() {
    let repository = Project::top(&[
        ("dpc.kdl", "include   \"services/*.kdl\" \"../outside.kdl\"\n"),
        ("services/a.kdl", UGLY),
        ("services/b.kdl", NEAT),
        ("other.kdl", UGLY),
    ]);
    let checked = repository.dpc(["fmt", "--check"]);
    assert_eq!((checked.code, checked.out.as_str()), (1, "dpc.kdl\nservices/a.kdl\n"), "{checked:?}");
    assert_eq!(repository.read("services/a.kdl"), UGLY);
    fs::set_permissions(repository.root.join("services/a.kdl"), fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(repository.root.join("services/b.kdl")).unwrap().ino();
    let done = repository.dpc(["fmt"]);
    assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "dpc.kdl\nservices/a.kdl\n", ""));
    assert_eq!(repository.read("services/a.kdl"), NEAT);
    assert_eq!(repository.read("other.kdl"), UGLY);
    let mode = fs::metadata(repository.root.join("services/a.kdl")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o640);
    assert_eq!(
        fs::metadata(repository.root.join("services/b.kdl")).unwrap().ino(),
        before,
        "rewritten for nothing"
    );
    assert_eq!(repository.dpc(["fmt", "--check"]).code, 0);
    assert_eq!(repository.files(), ["dpc.kdl", "other.kdl", "services/a.kdl", "services/b.kdl"]);
}

#[test]
fn files_are_named_one_by_one() {
    let repository = Project::top(&[("x/a.kdl", UGLY), ("b.kdl", UGLY)]);
    let done = repository.dpc(["fmt", "x/a.kdl", "b.kdl", "./b.kdl"]);
    assert_eq!((done.code, done.out.as_str()), (0, "x/a.kdl\nb.kdl\n"));
    assert_eq!((repository.read("x/a.kdl"), repository.read("b.kdl")), (NEAT.to_string(), NEAT.to_string()));
    assert_eq!(repository.dpc(["fmt", "--quiet", "b.kdl"]).out, "");
}

#[test]
fn a_pipe_goes_through() {
    let repository = Project::top(&[]);
    let done = repository.dpc_in("", &["fmt", "-"], UGLY);
    assert_eq!((done.code, done.out.as_str()), (0, NEAT));
    let checked = repository.dpc_in("", &["fmt", "--check", "-"], UGLY);
    assert_eq!((checked.code, checked.out.as_str()), (1, "<stdin>\n"));
    assert_eq!(repository.dpc_in("", &["fmt", "--check", "-"], NEAT).code, 0);
    assert_eq!(repository.dpc_in("", &["fmt", "-"], "a {").code, 1);
    assert_eq!(repository.dpc_in("", &["fmt", "-", "a.kdl"], "").code, 2);
}

#[test]
fn one_wrong_file_keeps_all_as_they_are() {
    let repository =
        Project::top(&[("dpc.kdl", "include \"a.kdl\" \"b.kdl\"\n"), ("a.kdl", UGLY), ("b.kdl", "b {\n")]);
    let done = repository.dpc(["fmt"]);
    assert_eq!(done.code, 1);
    let check = repository.dpc(["check"]).err;
    let shown = done.err.strip_suffix("\n1 error; `dpc explain CODE` tells why a rule exists\n").unwrap();
    assert!(shown.contains("error[syntax]") && check.contains(shown), "{shown}\n{check}");
    assert_eq!(repository.read("a.kdl"), UGLY);
    repository.write("dpc.kdl", "include \"missing.kdl\"\n");
    let done = repository.dpc(["fmt"]);
    assert!(done.code == 1 && done.err.contains("error[include-missing]"), "{done:?}");
}

#[test]
fn links_lead_only_inside() {
    let outside = Project::top(&[("a.kdl", UGLY)]);
    let repository = Project::top(&[("dpc.kdl", "include \"in.kdl\"\n"), ("real.kdl", UGLY)]);
    symlink("real.kdl", repository.root.join("in.kdl")).unwrap();
    symlink(outside.root.join("a.kdl"), repository.root.join("out.kdl")).unwrap();
    assert_eq!(repository.dpc(["fmt"]).out, "real.kdl\n");
    assert!(fs::symlink_metadata(repository.root.join("in.kdl")).unwrap().is_symlink());
    assert_eq!(repository.read("real.kdl"), NEAT);
    let done = repository.dpc(["fmt", "out.kdl"]);
    assert_eq!((done.code, outside.read("a.kdl").as_str()), (2, UGLY), "{done:?}");
    repository.write("dpc.kdl", "include \"out.kdl\"\n");
    repository.dpc(["fmt"]);
    assert_eq!(outside.read("a.kdl"), UGLY);
}

#[test]
fn what_is_no_file_is_told() {
    let repository = Project::top(&[("latin.kdl", "")]);
    fs::write(repository.root.join("latin.kdl"), b"a \"\xe9\"\n").unwrap();
    for (path, said) in [
        ("missing.kdl", "error: `missing.kdl` does not exist\n"),
        ("latin.kdl", "error: `latin.kdl` is not UTF-8 text: see line 1, column 4\n"),
        ("/dev/null", "error: `/dev/null` is not a regular file\n"),
    ] {
        let done = repository.dpc(["fmt", path]);
        assert_eq!((done.code, done.err.as_str()), (2, said), "{path}");
    }
    let done = repository.dpc(["fmt"]);
    assert!(
        done.code == 2 && done.err.starts_with("error: there is no `dpc.kdl` in this directory\n"),
        "{done:?}"
    );
}

#[test]
fn every_example_is_laid_out() {
    let mut seen = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "kdl") {
                let Ok(text) = fs::read_to_string(&path) else { continue };
                if let Ok(formatted) = dpc::tools::format::format(dpc::text::FileId(0), &text) {
                    assert_eq!(formatted, text, "{}: run `dpc fmt`", path.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 5);
}
