//! Families of files and texts that are read.

use super::families::{entry, hold, numbered, repeated, with_entry};
use super::projects::{FLEET, HOST, api, commands, top};

#[test]
fn includes() {
    hold(
        &[
            ("patterns and folders", |bytes| {
                let patterns = repeated(bytes / 2, |n| format!("\"**/*{n}.kdl\" "));
                let folders = numbered(bytes / 2, |n| (format!("d/{n}/x{n}.kdl"), String::new()));
                with_entry(format!("include {patterns}\n{FLEET}"), folders)
            }),
            ("files that each include a pattern", |bytes| {
                let includes =
                    numbered(bytes / 2, |n| (format!("a/{n}.kdl"), "include \"../b/*.kdl\"".into()));
                let included = numbered(bytes / 2, |n| (format!("b/{n}.kdl"), String::new()));
                with_entry(format!("include \"a/*.kdl\"\n{FLEET}"), [includes, included].concat())
            }),
            ("files that include each other", |bytes| {
                let all = numbered(bytes, |n| (format!("a/{n}.kdl"), "include \"*.kdl\"".into()));
                with_entry(format!("include \"a/*.kdl\"\n{FLEET}"), all)
            }),
            ("one file, included again and again", |bytes| {
                let again = repeated(bytes, |_| "include \"x.kdl\"\n".into());
                with_entry(again + FLEET, vec![("x.kdl".into(), HOST.into())])
            }),
            ("includes of files that are not there", |bytes| {
                let wanted = repeated(bytes / 2, |n| format!("include \"a/{n}x.kdl\"\n"));
                with_entry(wanted + FLEET, numbered(bytes / 2, |n| (format!("a/{n}.kdl"), String::new())))
            }),
            ("a chain of includes", |bytes| {
                let chain =
                    numbered(bytes, |n| (format!("a/{n}.kdl"), format!("include \"{}.kdl\"\n", n + 1)));
                with_entry(format!("include \"a/0.kdl\"\n{FLEET}"), chain)
            }),
            ("a ring of includes", |bytes| {
                let many = bytes / 40;
                let files = (0..many)
                    .map(|n| (format!("a/{n}.kdl"), format!("include \"{}.kdl\"\n", (n + 1) % many)));
                with_entry(format!("include \"a/0.kdl\"\n{FLEET}"), files.collect())
            }),
            ("stars in a pattern", |bytes| {
                let patterns = repeated(bytes / 2, |_| format!("include \"a/{}x\"\n", "*a".repeat(1000)));
                let long = "a".repeat(220);
                with_entry(patterns + FLEET, numbered(bytes / 2, |n| (format!("a/{long}{n}"), String::new())))
            }),
            ("patterns of many alternatives", |bytes| {
                entry(repeated(bytes, |n| format!("include \"{}{n}\"\n", "{a,b}".repeat(600))) + FLEET)
            }),
            ("deep folders", |bytes| {
                let deep = numbered(bytes, |n| {
                    (format!("{}x{n}.kdl", format!("a{}/", n % 50).repeat(n % 90)), String::new())
                });
                with_entry(format!("include \"**/*.kdl\" \"**/**/*.kdl\"\n{FLEET}"), deep)
            }),
        ],
        commands(),
    );
}

#[test]
fn words() {
    hold(
        &[
            ("unknown nodes", |bytes| top(repeated(bytes, |n| format!("servise{n} \"x\"\n")))),
            ("unknown settings", |bytes| api(repeated(bytes, |n| format!("imag{n} \"x\"\n")))),
            ("unknown properties", |bytes| {
                api(format!("volume \"/x\"{}", repeated(bytes, |n| format!(" frm{n}=\"x\""))))
            }),
            ("many errors on one line", |bytes| top(repeated(bytes, |n| format!("x{n};")))),
            ("broken syntax", |bytes| top(repeated(bytes, |_| "a {]\n".into()))),
            ("a run of quotes", |bytes| entry("\"".repeat(bytes.min(16_000)))),
            ("runs of quotes", |bytes| entry(("\"".repeat(15_000) + "\n").repeat(bytes / 15_000 + 1))),
            ("broken syntax on one line", |bytes| top(repeated(bytes, |_| "a=;".into()))),
            ("long names", |bytes| {
                top(repeated(bytes, |_| {
                    format!("service \"{}\" {{ on \"{}\" }}\n", "é".repeat(2000), "x".repeat(4000))
                }))
            }),
            ("one long name", |bytes| {
                top(format!("service \"{}\" {{ image \"a:1\"; on \"h\" }}", "é".repeat(bytes / 2)))
            }),
            ("deep nesting", |bytes| top(repeated(bytes, |_| "a {".repeat(200) + &"}".repeat(200) + "\n"))),
            ("services of one name", |bytes| {
                top(repeated(bytes, |_| "service \"a\" { image \"a:1\"; on \"h\" }\n".into()))
            }),
            ("long images", |bytes| api(format!("image \"a:{}\"", "x".repeat(bytes)))),
            ("long commands", |bytes| api(format!("command {}", repeated(bytes, |n| format!("\"{n}\" "))))),
            ("secrets in errors", |bytes| {
                api(format!(
                    "volume \"/x\"{}",
                    repeated(bytes, |n| format!(" password{n}=\"token=hunter2\""))
                ))
            }),
            ("comments", |bytes| top(repeated(bytes, |_| "/* x */ /- a 1\n".into()))),
            ("escapes", |bytes| {
                api(format!("env {{ {} }}", repeated(bytes, |n| format!("A{n} \"\\u{{41}}\\n\\t\"\n"))))
            }),
        ],
        commands(),
    );
}
