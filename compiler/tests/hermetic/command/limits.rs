//! Input that is large, deep, endless or no text at all: an answer in little time and memory, whatever it is.
//!
//! Each case runs under a limit of the address space, so that memory without bound is a failure, and its time on the
//! processor is held against a bound. The table that is printed at the end is that of `docs/security.md`.

use crate::project::Project;
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

/// The address space of one case: 512 MiB, of which the program itself takes a part.
const MEMORY: &str = "536870912";

/// A service that compiles.
pub const API: &str = "service \"api\" {\n    image \"a:1\"\n    on \"app-1\"\n    port \"http\" 8080\n}\n";
pub const HOST: &str = "fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\n";

/// The dpc under test: `DPC_OPTIMISED`, the path of an optimised one, or that of the tests.
pub fn program() -> OsString {
    std::env::var_os("DPC_OPTIMISED").unwrap_or(env!("CARGO_BIN_EXE_dpc").into())
}

/// Chooses the limit of a dpc that is not optimised, or that of one that is.
pub fn either<T>(plain: T, optimised: T) -> T {
    if std::env::var_os("DPC_OPTIMISED").is_some() { optimised } else { plain }
}

/// The expected answer: nothing, because the input is good, or words of an error.
pub enum Answer {
    Good,
    Error(&'static str),
}
pub use Answer::{Error, Good};

/// Runs `dpc build` on files, and compares the answer with what is expected.
pub fn answers(name: &str, files: &[(&str, &str)], answer: Answer) {
    let project = Project::in_memory();
    for (path, text) in files {
        project.write(path, text);
    }
    in_project(name, &project, answer);
}

pub fn in_project(name: &str, project: &Project, answer: Answer) {
    let mut command = Command::new("prlimit");
    command.arg(format!("--as={MEMORY}")).arg("--core=0").arg(program()).args(["build", "-q", "-o", "out"]);
    command.current_dir(project.path("")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut said = Vec::new();
    child.stderr.take().unwrap().read_to_end(&mut said).unwrap();
    let seconds = used(child.id());
    let status = child.wait().unwrap();
    let said = String::from_utf8(said).unwrap();
    let head: String = said.chars().take(300).collect();
    assert!(status.signal().is_none() && status.code() != Some(101), "{name}: {status}, {head}");
    match answer {
        Good => assert!(status.success(), "{name}: {head}"),
        Error(words) => assert!(!status.success() && said.contains(words), "{name}: {head}"),
    }
    assert!(said.len() < 256 * 1024, "{name}: {} bytes are said", said.len());
    // A program that is not optimised is some ten times slower.
    assert!(seconds < either(10.0, 1.0), "{name} took {seconds} s on the processor");
    let line = format!("limits | {name} | {seconds:.2} s | {}\n", first(&said));
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn first(said: &str) -> String {
    said.lines().next().unwrap_or("compiles").chars().take(70).collect()
}

/// Seconds on the processor of a child that has closed its output: they stay in its record until it is waited for.
pub fn used(child: u32) -> f64 {
    loop {
        let record = fs::read_to_string(format!("/proc/{child}/stat")).unwrap();
        let fields: Vec<&str> = record.rsplit_once(')').unwrap().1.split_whitespace().collect();
        if fields[0] == "Z" {
            return (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// A project whose entry is this.
pub fn entry(name: &str, text: &str, answer: Answer) {
    answers(name, &[("dpc.kdl", text)], answer);
}

/// The service with something more in it.
pub fn with(node: &str) -> String {
    format!("{HOST}{}", API.replace("    port", &format!("    {node}\n    port")))
}

/// A project of some files beside an entry that includes the first of them.
fn included(name: &str, entry: &str, files: impl IntoIterator<Item = (String, String)>, answer: Answer) {
    let project = Project::in_memory().file("dpc.kdl", format!("{entry}{HOST}{API}"));
    for (path, text) in files {
        project.write(&path, text);
    }
    in_project(name, &project, answer);
}

#[test]
fn includes_of_any_number_and_shape() {
    let many = either(1_000, 10_000);
    let numbered = |text: &dyn Fn(usize) -> String| -> Vec<(String, String)> {
        (0..many).map(|n| (format!("i/{n}.kdl"), text(n))).collect()
    };
    let list: String = (0..many).map(|n| format!("include \"i/{n}.kdl\"\n")).collect();
    let var = |n: usize| format!("base \"b{n}\" {{ init #true }}\n");
    included("many includes", &list, numbered(&var), Good);
    included("a pattern that matches many files", "include \"i/*.kdl\"\n", numbered(&var), Good);
    let next = |n: usize| format!("include \"{}.kdl\"\n", n + 1);
    let last = [(format!("i/{many}.kdl"), String::new())];
    included(
        "a chain of many includes",
        "include \"i/0.kdl\"\n",
        numbered(&next).into_iter().chain(last),
        Good,
    );
    let ring = |n: usize| format!("include \"{}.kdl\"\n", (n + 1) % many);
    included(
        "a circle of many files",
        "include \"i/0.kdl\"\n",
        numbered(&ring),
        Error("files include each other"),
    );
    let all = (0..300).map(|n| (format!("i/{n}.kdl"), "include \"*.kdl\"\n".to_owned()));
    included(
        "300 files that include each other",
        "include \"i/*.kdl\"\n",
        all,
        Error("files include each other"),
    );
    let pair = |level: usize| format!("include \"{0}a.kdl\" \"{0}b.kdl\"\n", level + 1);
    let levels =
        (0..1000).flat_map(|level| ["a", "b"].map(|side| (format!("i/{level}{side}.kdl"), pair(level))));
    let leaves = ["a", "b"].map(|side| (format!("i/1000{side}.kdl"), String::new()));
    included("1,000 diamonds, 2^1000 ways", "include \"i/0a.kdl\"\n", levels.chain(leaves), Good);
    let twice = [("i/x.kdl".to_owned(), String::new())];
    included("one file included twice", "include \"i/x.kdl\" \"i/../i/x.kdl\"\n", twice, Good);
    let spelt = "\"incl\\u{75}de\" \"i/x.kdl\"\n";
    let unknown = [("i/x.kdl".to_owned(), "frobnicate\n".to_owned())];
    let marked = [("i/x.kdl".to_owned(), "\u{feff}var \"x\" \"1\"\r\n".to_owned())];
    included("an included file with a byte order mark", "include \"i/x.kdl\"\n", marked, Good);
    included("an include spelt with an escape", spelt, unknown, Error("there is no `frobnicate`"));
}

#[test]
fn patterns_that_could_match_for_ever() {
    included("60 alternatives in a pattern", &format!("include \"{}\"\n", "{a,b}".repeat(60)), [], Good);
    included(
        "3,000 times `**/` in a pattern",
        &format!("include \"{}x\"\n", "**/".repeat(3000)),
        [],
        Error("it has 9001 bytes"),
    );
    let nested = |count: usize| format!("include \"{}{}\"\n", "{a,".repeat(count), "}".repeat(count));
    included(
        "10,000 nested alternatives",
        &nested(10_000),
        [],
        Error("is not a pattern: it has 40000 bytes"),
    );
    let stars = format!("include \"i/{}x\"\n", "*a".repeat(1000));
    let long = [(format!("i/{}", "a".repeat(250)), String::new())];
    included("1,000 stars in a pattern", &stars, long, Good);
}

#[test]
fn nesting_of_any_depth() {
    let many = either(10_000, 100_000);
    let deep = "blocks are nested deeper than 256";
    entry("many nested blocks", &format!("{HOST}{}{}", "a {".repeat(many), "}".repeat(many)), Error(deep));
    entry("many blocks that are not closed", &format!("{HOST}{}", "a {".repeat(many)), Error(deep));
    entry("many blocks that are left out", &format!("{HOST}{}", "/-a {".repeat(many)), Error(deep));
    entry("many nested comments", &format!("{HOST}{}", "/*".repeat(many)), Error("comment is not closed"));
    let closed = format!("{HOST}{API}{}{}", "/*".repeat(many), "*/".repeat(many));
    entry("many nested comments, closed", &closed, Good);
}

#[test]
fn texts_of_megabytes() {
    let bytes = either(1_000_000, 10_000_000);
    let x = "x".repeat(bytes);
    entry(
        "a value of megabytes",
        &with(&format!("env {{ X \"{x}\" }}")),
        Error("000000 bytes cannot be given"),
    );
    entry("a name of megabytes", &format!("{HOST}{}", API.replace("api", &x)), Error("000000 characters"));
    entry("a node's name of megabytes", &format!("{HOST}{x}\n"), Error("there is no `xxx"));
    entry("a property's name of megabytes", &with(&format!("user {x}=1")), Error("xxx"));
    let raw = format!("{HOST}a {}\"x\"\n", "#".repeat(bytes));
    entry("a raw string of megabytes of `#`", &raw, Error("string is not closed"));
    let quotes = format!("{HOST}// \\ x{}\n{API}", "\" ".repeat(bytes / 2));
    entry("a comment of megabytes of quotes behind a backslash", &quotes, Good);
    let port = API.replace("8080", &"9".repeat(bytes));
    entry("a number of megabytes", &format!("{HOST}{port}"), Error("is not a port"));
    let escapes = "\\u{1b}".repeat(bytes / 7);
    entry(
        "megabytes of escapes",
        &with(&format!("env {{ X \"{escapes}\" }}")),
        Error(" bytes cannot be given"),
    );
    entry("a comment of megabytes", &format!("// {x}\n{HOST}{API}"), Good);
    entry("megabytes of empty lines", &format!("{HOST}{}{API}", "\n".repeat(bytes)), Good);
    let variable = format!("var \"big\" \"{x}\"\n{}", with("env { X \"{{ var.big }}{{ var.big }}\" }"));
    entry("a variable of megabytes", &variable, Error("grows beyond 1 MiB"));
}

#[test]
fn faults_without_number() {
    let many = either(10_000, 100_000);
    entry(
        "many unknown nodes",
        &format!("{HOST}{}", "frobnicate\n".repeat(many)),
        Error("at least 1000 errors"),
    );
    let line: String = (0..many).map(|n| format!(" k{n}=\"v\"")).collect();
    entry("many unknown properties on a line", &with(&format!("user{line}")), Error("and 1000 is the most"));
    let twice = format!("{HOST}{}", API.repeat(5_000));
    entry("5,000 services of one name", &twice, Error("error[duplicate]"));
    let controls = format!("{HOST}{}", "\u{1}\n".repeat(many));
    entry("many control characters", &controls, Error("may not stand in a KDL file"));
}

#[test]
fn bases_and_instances_without_number() {
    let bases: String = (0..2000)
        .map(|n| format!("base \"b{n}\" extends=\"b{}\" {{ env {{ K{} \"v\" }} }}\n", n + 1, n % 400))
        .collect();
    let chain = format!(
        "{HOST}{bases}base \"b2000\" {{ env {{ Z \"1\" }} }}\n{}",
        API.replace("\"api\"", "\"api\" extends=\"b0\"")
    );
    entry("a chain of 2,000 bases", &chain, Good);
    let pairs: String = (0..1000)
        .flat_map(|n| ["a", "b"].map(|side| (n, side)))
        .map(|(n, side)| {
            format!(
                "base \"{side}{n}\" extends=\"a{0} b{0}\" {{ env {{ X{side}{1} \"\" }} }}\n",
                n + 1,
                n % 400
            )
        })
        .collect();
    let ends = "base \"a1000\" { env { Z \"1\" } }\nbase \"b1000\" { env { Z \"1\" } }\n";
    let api = API.replace("\"api\"", "\"api\" extends=\"a0 b0\"");
    entry("1,000 diamonds of bases, 2^1000 ways", &format!("{HOST}{pairs}{ends}{api}"), Good);
    entry("4,000,000,000 instances", &with("instances 4000000000"), Error("is not between 1 and 1000"));
    let ports =
        |count: usize| -> String { (0..count).map(|n| format!("port \"p{n}\" {}\n", n + 9000)).collect() };
    entry("8,000 ports", &with(&ports(8000)), Error("`port` of service `api`: 8001, and 1000 is the most"));
    entry("999 ports", &with(&ports(999)), Good);
    entry("a range of a million ports", &with("port \"x\" \"1-1000000\""), Error("invalid-value"));
}

#[test]
fn files_that_are_no_texts() {
    for (name, link, words) in [
        ("a link to /dev/zero", "/dev/zero", "is outside the project"),
        ("a link to /etc/hostname", "/etc/hostname", "is outside the project"),
        ("a link to a directory", "folder", "is not a regular file"),
        ("a link to itself", "more.kdl", "cannot be read"),
        ("a link to nothing", "nowhere", "does not exist"),
        ("a link to the directory above", "..", "is outside the project"),
    ] {
        let project = Project::in_memory().file("dpc.kdl", format!("include \"more.kdl\"\n{HOST}{API}"));
        fs::create_dir(project.path("folder")).unwrap();
        symlink(link, project.path("more.kdl")).unwrap();
        in_project(name, &project, Error(words));
    }
    let text = |name: &str, bytes: &[u8], answer| {
        in_project(name, &Project::in_memory().file("dpc.kdl", bytes), answer);
    };
    let good = format!("{HOST}{API}");
    text("a byte order mark", format!("\u{feff}{good}").as_bytes(), Good);
    text("lines that end in CR LF", good.replace('\n', "\r\n").as_bytes(), Good);
    text("lines that end in CR", good.replace('\n', "\r").as_bytes(), Good);
    text("lines that end in U+2028", good.replace('\n', "\u{2028}").as_bytes(), Good);
    text(
        "a NUL character",
        good.replace("a:1", "a\0:1").as_bytes(),
        Error("U+0000 may not stand in a KDL file"),
    );
    text(
        "a bidirectional control",
        good.replace("a:1", "a\u{202e}:1").as_bytes(),
        Error("may not stand in a KDL file"),
    );
    text("Latin-1", &[good.as_bytes(), b"// \xe9\n"].concat(), Error("is not UTF-8 text"));
    let wide: Vec<u8> = [vec![0xff, 0xfe], good.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    text("UTF-16", &wide, Error("is not UTF-8 text"));
    text("an empty file", b"", Error("missing-fleet"));
    text("a surrogate in UTF-8", b"// \xed\xa0\x80\n", Error("is not UTF-8 text"));
}

/// A folder whose links lead to itself is not followed for ever.
#[test]
fn folders_that_hold_themselves() {
    let project = Project::in_memory().file("dpc.kdl", format!("include \"a/**/*.kdl\"\n{HOST}{API}"));
    project.write("a/x.kdl", "");
    symlink(".", project.path("a/again")).unwrap();
    in_project("a folder that holds itself", &project, Good);
    let deep = |depth: usize| format!("a/{}x.kdl", "b/".repeat(depth));
    project.write(deep(30), "");
    in_project("30 folders deep", &project, Good);
    project.write(deep(1500), "");
    in_project("1,500 folders deep", &project, Error("leads more than 40 folders deep"));
}

/// Two links to their own folder give a file 2^40 paths, and one file.
#[test]
fn files_that_links_give_many_paths() {
    for (name, entry, more, answer) in [
        (
            "a file by paths without end",
            "include \"s0/a.kdl\" \"s1/a.kdl\"\n",
            "include \"s0/a.kdl\" \"s1/a.kdl\"\n",
            Error("`a.kdl` includes itself"),
        ),
        (
            "two files by paths without end",
            "include \"s0/a.kdl\" \"s1/b.kdl\"\n",
            "include \"s0/s1/a.kdl\" \"s1/s0/b.kdl\"\n",
            Error("files include each other: `a.kdl` → `b.kdl` → `a.kdl`"),
        ),
        ("a pattern by links that matches its own file", "include \"s0/s1/*.kdl\"\n", "", Good),
        ("one file by two links", "include \"s0/a.kdl\" \"s1/a.kdl\" \"l.kdl\"\n", "var \"x\" \"1\"\n", Good),
    ] {
        let project = Project::in_memory().file("dpc.kdl", format!("{entry}{HOST}{API}")).file("a.kdl", more);
        project.write("b.kdl", if more.starts_with("inc") { more } else { "" });
        for (link, target) in [("s0", "."), ("s1", "."), ("l.kdl", "a.kdl")] {
            symlink(target, project.path(link)).unwrap();
        }
        in_project(name, &project, answer);
    }
}
