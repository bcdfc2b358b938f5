//! Families of KDL, of one file or many, that are read, checked, built and shown.

use super::families::{Files, entry, hold, numbered, repeated, with_entry};

/// What answers about a project: where dpc is not optimised, the one that does most, and the one that stops early.
#[cfg(debug_assertions)]
const COMMANDS: &[&[&str]] = &[&["build", "-q", "-o", "out"], &["show", "api"]];
#[cfg(not(debug_assertions))]
const COMMANDS: &[&[&str]] = &[&["check"], &["build", "-q", "-o", "out"], &["show", "api"], &["graph"]];

const FLEET: &str = "fleet \"shop\" { etcd \"http://10.0.0.1:2379\" }\n";
const HOST: &str = "host \"h\" address=\"10.0.0.11\"\n";

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
        COMMANDS,
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
        COMMANDS,
    );
}

#[test]
fn layers() {
    hold(
        &[
            ("defaults and services", |bytes| {
                let defaults = repeated(bytes / 2, |n| format!("A{n} \"\"\n"));
                top(format!("fleet \"shop\" {{ defaults {{ env {{ {defaults} }} }} }}\n")
                    + &services(bytes / 2, ""))
                .clone()
            }),
            ("a base and services", |bytes| {
                let base = repeated(bytes / 2, |n| format!("label \"a{n}\" \"\"\n"));
                top(format!("base \"b\" {{ {base} }}\n")
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" extends=\"b\" {{ image \"a:1\"; on \"h\" }}\n")
                    }))
            }),
            ("a chain of bases", |bytes| {
                top(repeated(bytes, |n| {
                    format!("base \"b{n}\" extends=\"b{}\" {{ env {{ K{n} \"v\" }} }}\n", n + 1)
                }) + "service \"api\" extends=\"b0\" { image \"a:1\"; on \"h\" }\n")
            }),
            ("a chain of bases that ends, and services", |bytes| {
                let many = bytes / 2 / 40;
                let chain: String = (0..many)
                    .map(|n| format!("base \"b{n}\" extends=\"b{}\" {{ init #true }}\n", n + 1))
                    .collect();
                top(chain
                    + &format!("base \"b{many}\" {{ init #true }}\n")
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" extends=\"b0\" {{ image \"a:1\"; on \"h\" }}\n")
                    }))
            }),
            ("a ring of bases", |bytes| {
                let many = bytes / 40;
                top((0..many).map(|n| format!("base \"b{n}\" extends=\"b{}\"\n", (n + 1) % many)).collect())
            }),
            ("bases that extend themselves", |bytes| {
                top(repeated(bytes, |n| format!("base \"b{n}\" extends=\"b{n} b{n} b{n}\"\n")))
            }),
            ("bases that extend all before", |bytes| {
                let many = (bytes as f64 / 4.0).sqrt() as usize;
                let words = |n| (0..n).map(|n| format!("b{n}")).collect::<Vec<_>>().join(" ");
                top((0..many).map(|n| format!("base \"b{n}\" extends=\"{}\"\n", words(n))).collect())
            }),
            ("one long extends", |bytes| {
                let many = bytes / 25;
                let bases: String = (0..many).map(|n| format!("base \"b{n}\"\n")).collect();
                let words: String = (0..many).map(|n| format!("b{n} ")).collect();
                top(format!("{bases}service \"api\" extends=\"{words}\" {{ image \"a:1\"; on \"h\" }}\n"))
            }),
            ("unknown bases in one extends", |bytes| {
                let bases = repeated(bytes / 2, |n| format!("base \"b{n}\"\n"));
                top(format!(
                    "{bases}service \"api\" extends=\"{}\" {{ image \"a:1\"; on \"h\" }}\n",
                    repeated(bytes / 2, |n| format!("c{n} "))
                ))
            }),
            ("unknown bases", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "base \"b{n}\"\nservice \"s{n}\" extends=\"c{n}\" {{ image \"a:1\"; on \"h\" }}\n"
                    )
                }))
            }),
            ("environments", |bytes| {
                top(repeated(bytes, |n| {
                    format!("environment \"e{n}\" {{ host \"h\" address=\"10.0.0.1\" }}\n")
                }))
            }),
            ("removals that remove nothing", |bytes| {
                let labels = repeated(bytes / 2, |n| format!("label \"a{n}\" \"\"\n"));
                let removals = repeated(bytes / 2, |n| format!("remove \"label\" \"b{n}\"\n"));
                top(format!(
                    "base \"b\" {{ {labels} }}\nservice \"api\" extends=\"b\" {{ image \"a:1\"; on \"h\"\n{removals} }}\n"
                ))
            }),
            ("removals", |bytes| {
                let labels = repeated(bytes / 2, |n| format!("label \"a{n}\" \"\"\n"));
                let removals = repeated(bytes / 2, |n| format!("remove \"label\" \"a{n}\"\n"));
                top(format!(
                    "base \"b\" {{ {labels} }}\nservice \"api\" extends=\"b\" {{ image \"a:1\"; on \"h\"\n{removals} }}\n"
                ))
            }),
        ],
        COMMANDS,
    );
    let staging: &[&[&str]] = &[&["check", "--env", "e"], &["build", "-q", "-o", "out", "--env", "e"]];
    hold(
        &[
            ("an environment that takes services away", |bytes| {
                let removals = repeated(bytes / 2, |n| format!("remove \"service\" \"s{n}\"\n"));
                top(services(bytes / 2, "") + &format!("environment \"e\" {{ {removals} }}\n"))
            }),
            ("an environment that takes away what is not there", |bytes| {
                let removals = repeated(bytes / 2, |n| format!("remove \"service\" \"t{n}\"\n"));
                top(services(bytes / 2, "") + &format!("environment \"e\" {{ {removals} }}\n"))
            }),
            ("environments of one name", |bytes| {
                top(repeated(bytes, |n| {
                    format!("environment \"e\" {{ host \"g{n}\" address=\"10.0.0.1\" }}\n")
                }))
            }),
            ("an environment that takes hosts away", |bytes| {
                let hosts = repeated(bytes / 4, |n| {
                    format!("host \"h{n}\" address=\"10.0.{}.{}\"\n", n / 250, n % 250 + 1)
                });
                let removals = repeated(bytes / 4, |n| format!("remove \"host\" \"h{n}\"\n"));
                top(hosts
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" {{ image \"a:1\"; on \"h{n}\" }}\n")
                    })
                    + &format!("environment \"e\" {{ {removals} }}\n"))
            }),
        ],
        staging,
    );
}

#[test]
fn names() {
    hold(
        &[
            ("unknown needs", |bytes| {
                top(services(bytes / 2, "") + &of_api(repeated(bytes / 2, |n| format!("needs \"t{n}\"\n"))))
            }),
            ("needs of services that are not there", |bytes| {
                top(repeated(bytes, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; needs \"t{n}\" }}\n")
                }))
            }),
            ("unknown hosts", |bytes| {
                top(hosts(bytes / 2)
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" {{ image \"a:1\"; on \"g{n}\" }}\n")
                    }))
            }),
            ("unknown hosts of one service", |bytes| {
                top(hosts(bytes / 2)
                    + &of_api(format!("on {}", repeated(bytes / 2, |n| format!("\"g{n}\" ")))))
            }),
            ("labels that no host carries", |bytes| {
                top(repeated(bytes / 2, |n| {
                    format!(
                        "host \"h{n}\" address=\"10.0.{}.{}\" {{ labels a=\"v{n}\" }}\n",
                        n / 250,
                        n % 250 + 1
                    )
                }) + &repeated(bytes / 2, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on a=\"w{n}\" }}\n")
                }))
            }),
            ("one host of many labels, and services", |bytes| {
                let labels = repeated(bytes / 2, |n| format!(" a{n}=\"v\""));
                top(format!("host \"g\" address=\"10.0.0.9\" {{ labels{labels} }}\n")
                    + &repeated(bytes / 2, |n| {
                        format!(
                            "service \"s{n}\" {{ image \"a:1\"; on \"g\"; env {{ A \"{{{{ host.name }}}}\" }} }}\n"
                        )
                    }))
            }),
            ("unknown ports in health", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "service \"s{n}\" {{ image \"a:1\"; on \"h\"; port \"a\" 80; health tcp=\"b\" }}\n"
                    )
                }))
            }),
            ("unknown ports in registrations", |bytes| {
                api(repeated(bytes / 2, |n| format!("port \"a{n}\" {}\n", 1024 + n % 30000))
                    + &repeated(bytes / 2, |n| format!("register \"b{n}\"\n")))
            }),
            ("ports of needs that are not there", |bytes| {
                top(of_api(repeated(bytes / 2, |n| format!("port \"a{n}\" {}\n", 1024 + n % 30000)))
                    + &repeated(bytes / 2, |n| {
                        format!(
                            "service \"s{n}\" {{ image \"a:1\"; on \"h\"; needs \"api\" port=\"b{n}\" }}\n"
                        )
                    }))
            }),
            ("services without an image", |bytes| {
                top(repeated(bytes, |n| format!("service \"s{n}\" {{ on \"h\" }}\n")))
            }),
            ("undefined variables", |bytes| {
                top(variables(bytes / 2)
                    + &of_api(format!(
                        "env {{ {} }}",
                        repeated(bytes / 2, |n| format!("A{n} \"{{{{ var.w{n} }}}}\"\n"))
                    )))
            }),
            ("undefined variables of services", |bytes| {
                top(variables(bytes / 2)
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" {{ image \"a:{{{{ var.w{n} }}}}\"; on \"h\" }}\n")
                    }))
            }),
            ("variables and services", |bytes| {
                top(variables(bytes / 2)
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" {{ image \"a:{{{{ var.v{n} }}}}\"; on \"h\" }}\n")
                    }))
            }),
            ("many variables in one text", |bytes| {
                top("var \"v\" \"1\"\n".to_owned()
                    + &of_api(format!("env {{ A \"{}\" }}", "{{ var.v }}".repeat(bytes / 11))))
            }),
            ("many undefined in one text", |bytes| {
                api(format!("env {{ A \"{}\" }}", "{{ var.v }}".repeat(bytes / 11)))
            }),
            ("expressions", |bytes| {
                api(format!(
                    "env {{ {} }}",
                    repeated(bytes, |n| format!("A{n} \"{{{{ host.name }}}}{{{{ 1 + {n} }}}}\"\n"))
                ))
            }),
            ("expressions that fail", |bytes| {
                api(format!("env {{ {} }}", repeated(bytes, |n| format!("A{n} \"{{{{ {n} / 0 }}}}\"\n"))))
            }),
            ("services whose names are other units'", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "service \"a{n}\" {{ image \"a:1\"; on \"h\" }}\nservice \"a{n}-1\" {{ image \"a:1\"; on \"h\" }}\n"
                    )
                }))
            }),
        ],
        COMMANDS,
    );
}

#[test]
fn products() {
    hold(
        &[
            ("instances", |bytes| {
                top(repeated(bytes, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; instances 1000 }}\n")
                }))
            }),
            ("instances and hosts", |bytes| {
                top(hosts(bytes / 2)
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" {{ image \"a:1\"; on \"*\"; instances 1000 }}\n")
                    }))
            }),
            ("services on all hosts", |bytes| {
                top(hosts(bytes / 2) + &services(bytes / 2, "").replace("\"h\"", "\"*\""))
            }),
            ("services on labelled hosts", |bytes| {
                top(repeated(bytes / 2, |n| {
                    format!(
                        "host \"h{n}\" address=\"10.0.{}.{}\" {{ labels a=\"v\" b=\"x{n}\" }}\n",
                        n / 250,
                        n % 250 + 1
                    )
                }) + &repeated(bytes / 2, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on a=\"v\" b=\"x{n}\" }}\n")
                }))
            }),
            ("hosts", |bytes| top(hosts(bytes))),
            ("hosts with a service each", |bytes| top(hosts(bytes) + &of_api("on \"*\"\n".into()))),
            ("services on one host", |bytes| top(services(bytes, ""))),
            ("tasks", |bytes| {
                top(repeated(bytes, |n| {
                    format!("task \"t{n}\" {{ image \"a:1\"; on \"h\"; schedule \"*-*-* 03:00:00\" }}\n")
                }))
            }),
            ("externals", |bytes| {
                top(repeated(bytes, |n| format!("external \"x{n}\" {{ endpoint \"a:1\" }}\n")))
            }),
            ("an env file and services", |bytes| {
                let variables = repeated(bytes / 2, |n| format!("A{n}=\n"));
                with_entry(
                    top(services(bytes / 2, "env-file \"a.env\";"))[0].1.clone(),
                    vec![("a.env".into(), variables)],
                )
            }),
            ("env files of one service", |bytes| {
                let files = numbered(bytes / 2, |n| (format!("e/{n}.env"), format!("A{n}=1\n")));
                with_entry(
                    api(repeated(bytes / 2, |n| format!("env-file \"e/{n}.env\"\n")))[0].1.clone(),
                    files,
                )
            }),
            ("env files that are not there", |bytes| {
                let files = numbered(bytes / 2, |n| (format!("e/{n}.env"), format!("A{n}=1\n")));
                with_entry(
                    api(repeated(bytes / 2, |n| format!("env-file \"e/{n}.enw\"\n")))[0].1.clone(),
                    files,
                )
            }),
            ("broken env files", |bytes| {
                with_entry(
                    api("env-file \"a.env\"\n".into())[0].1.clone(),
                    vec![("a.env".into(), repeated(bytes, |_| "export A\n".into()))],
                )
            }),
            ("a config file and services", |bytes| {
                with_entry(
                    top(services(bytes / 2, "file \"/a\" source=\"a\";"))[0].1.clone(),
                    vec![("a".into(), "x".repeat(bytes / 2))],
                )
            }),
            ("a template and services", |bytes| {
                with_entry(
                    top(services(bytes / 2, "file \"/a\" source=\"a\" template=#true;"))[0].1.clone(),
                    vec![("a".into(), "{{ host.name }}\n".repeat(bytes / 32))],
                )
            }),
            ("config files of one service", |bytes| {
                api(repeated(bytes, |n| format!("file \"/a/{n}\" content=\"\"\n")))
            }),
            ("instances and settings", |bytes| {
                api(repeated(bytes, |n| format!("label \"a{n}\" \"\"\n")) + "instances 1000\n")
            }),
            ("instances and a long text", |bytes| {
                api(format!(
                    "instances 1000\nenv {{ A \"{}\"; B \"{}\" }}",
                    "x".repeat(bytes.min(100_000)),
                    "x".repeat(bytes.min(100_000))
                ))
            }),
            ("instances and ports", |bytes| {
                api(repeated(bytes, |n| format!("port \"a{n}\" {}\n", 1024 + n % 60000)) + "instances 1000\n")
            }),
            ("instances and a file", |bytes| {
                api(format!("instances 1000\nfile \"/a\" content=\"{}\"\n", "x".repeat(bytes)))
            }),
            ("ranges and instances", |bytes| {
                api(repeated(bytes, |n| format!("port \"a{n}\" \"{}-65000\"\n", 1024 + n % 60000))
                    + "instances 10\n")
            }),
            ("health of many ports", |bytes| {
                api(repeated(bytes, |n| format!("port \"a{n}\" {}\n", 1024 + n)))
            }),
            ("services of many ports", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "service \"s{n}\" {{ image \"a:1\"; on \"h\"\n{} }}\n",
                        (0..100)
                            .map(|p| format!("port \"a{p}\" {}\n", 1024 + (n * 100 + p) % 60000))
                            .collect::<String>()
                    )
                }))
            }),
        ],
        COMMANDS,
    );
}

#[test]
fn needs() {
    hold(
        &[
            ("one needed by all", |bytes| {
                top(of_api("port \"a\" 80\n".into()) + &services(bytes, "needs \"api\";"))
            }),
            ("one needs all", |bytes| {
                top(services(bytes / 2, "") + &of_api(repeated(bytes / 2, |n| format!("needs \"s{n}\"\n"))))
            }),
            ("a chain of needs", |bytes| {
                top(repeated(bytes, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; needs \"s{}\" }}\n", n + 1)
                }))
            }),
            ("a ring of needs", |bytes| {
                let many = bytes / 60;
                top((0..many)
                    .map(|n| {
                        format!(
                            "service \"s{n}\" {{ image \"a:1\"; on \"h\"; needs \"s{}\" }}\n",
                            (n + 1) % many
                        )
                    })
                    .collect())
            }),
            ("many small rings", |bytes| {
                top(repeated(bytes, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; needs \"s{}\" }}\n", n ^ 1)
                }))
            }),
            ("all need all", |bytes| {
                let many = (bytes as f64 / 13.0).sqrt() as usize;
                let needs: String = (0..many).map(|n| format!("needs \"s{n}\"\n")).collect();
                top((0..many)
                    .map(|n| format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"\n{needs} }}\n"))
                    .collect())
            }),
            ("all need all before", |bytes| {
                let many = (bytes as f64 / 6.5).sqrt() as usize;
                let needs = |n| (0..n).map(|n| format!("needs \"s{n}\"\n")).collect::<String>();
                top((0..many)
                    .map(|n| format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"\n{} }}\n", needs(n)))
                    .collect())
            }),
            ("needs and instances", |bytes| {
                top("service \"a\" { image \"a:1\"; on \"h\"; instances 1000 }\n".to_owned()
                    + &services(bytes, "needs \"a\"; env { X \"{{ needs.a.name }}\" };"))
            }),
            ("needs that list instances", |bytes| {
                top("service \"a\" { image \"a:1\"; on \"h\"; instances 1000 }\n".to_owned()
                    + &services(bytes, "needs \"a\"; env { X \"{{ needs.a.instances }}\" };"))
            }),
            ("needs and hosts", |bytes| {
                top(hosts(bytes / 4)
                    + "service \"a\" { image \"a:1\"; on \"*\"; port \"p\" 80; register \"p\" }
" + &services(bytes * 3 / 4, "needs \"a\";"))
            }),
            ("needs of all hosts", |bytes| {
                top(hosts(bytes * 9 / 10)
                    + "service \"a\" { image \"a:1\"; on \"*\"; port \"p\" 80; register \"p\" }\nservice \"b\" { image \"a:1\"; on \"*\"; needs \"a\"; env { X \"{{ needs.a.address }}\" } }\n")
            }),
            ("needs across hosts", |bytes| {
                top(hosts(bytes * 9 / 10)
                    + "service \"a\" { image \"a:1\"; on \"h\"; port \"p\" 80; instances 1000; register \"p\" }\nservice \"b\" { image \"a:1\"; on \"*\"; needs \"a\"; env { X \"{{ needs.a.host }}\" } }\n")
            }),
            ("needs of a service of many ports", |bytes| {
                top("service \"a\" { image \"a:1\"; on \"h\"\n".to_owned()
                    + &repeated(bytes / 2, |n| format!("port \"a{n}\" {}\n", 1024 + n % 60000))
                    + "}\n"
                    + &services(bytes / 2, "needs \"a\"; env { X \"{{ needs.a.ports.a1 }}\" };"))
            }),
            ("bridged services that need one of many instances", |bytes| {
                top("service \"a\" { image \"a:1\"; on \"h\"; port \"p\" 2000; instances 1000 }\n".to_owned()
                    + &services(bytes, "network \"bridge\"; needs \"a\";"))
            }),
            ("needs by host", |bytes| {
                top(hosts(bytes / 2)
                    + "service \"a\" { image \"a:1\"; on \"*\"; port \"p\" 80 }\n"
                    + &repeated(bytes / 2, |n| {
                        format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; needs \"a\" host=\"h0\" }}\n")
                    }))
            }),
        ],
        COMMANDS,
    );
}

#[test]
fn clashes() {
    hold(
        &[
            ("ports that conflict", |bytes| {
                top(repeated(bytes, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; port \"a\" 80 }}\n")
                }))
            }),
            ("ports of one service that conflict", |bytes| {
                api(repeated(bytes, |n| format!("port \"a{n}\" 80\n")))
            }),
            ("ranges that overlap", |bytes| {
                api(repeated(bytes, |n| format!("port \"a{n}\" \"{}-65000\"\n", 1024 + n % 60000)))
            }),
            ("one port of many addresses", |bytes| {
                api(repeated(bytes, |n| {
                    format!("port \"a{n}\" 80 address=\"127.{}.{}.1\"\n", n / 250, n % 250)
                }))
            }),
            ("ranges of many addresses", |bytes| {
                api(repeated(bytes, |n| {
                    format!("port \"a{n}\" \"80-60000\" address=\"127.{}.{}.1\"\n", n / 250, n % 250)
                }))
            }),
            ("ranges of two protocols", |bytes| {
                api(repeated(bytes, |n| {
                    format!(
                        "port \"a{n}\" \"{}-65000\" protocol=\"{}\"\n",
                        1024 + n % 60000,
                        ["tcp", "udp", "sctp"][n % 3]
                    )
                }))
            }),
            ("reserved ports", |bytes| {
                let reserved = repeated(bytes / 2, |n| format!(" \"{}-60000\"", 1024 + n % 50000));
                top(format!("host \"g\" address=\"10.0.0.9\" {{ reserve{reserved} }}\n")
                    + &of_api(
                        "on \"g\"\n".to_owned()
                            + &repeated(bytes / 2, |n| format!("port \"a{n}\" {}\n", 1024 + n % 60000)),
                    ))
            }),
            ("reserved ports that nobody takes", |bytes| {
                let reserved = repeated(bytes / 2, |n| format!(" {}", 1024 + n % 20000));
                top(format!("host \"g\" address=\"10.0.0.9\" {{ reserve{reserved} }}\n")
                    + &of_api(
                        "on \"g\"\n".to_owned()
                            + &repeated(bytes / 2, |n| format!("port \"a{n}\" {}\n", 22000 + n % 10000)),
                    ))
            }),
            ("ports of other hosts' addresses", |bytes| {
                top(hosts(bytes / 2)
                    + &of_api(repeated(bytes / 2, |n| {
                        format!("port \"a{n}\" 80 address=\"10.9.{}.{}\"\n", n / 250, n % 250)
                    })))
            }),
            ("ephemeral ports", |bytes| {
                api(repeated(bytes, |n| format!("port \"a{n}\" {}\n", 32768 + n % 20000)))
            }),
            ("hosts of one address", |bytes| {
                top(repeated(bytes, |n| format!("host \"h{n}\" address=\"10.0.0.1\"\n")))
            }),
            ("volumes that are shared", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "service \"s{n}\" {{ image \"a:1\"; on \"h\"; volume \"/d\" from=\"/srv/d\" shared=#true }}\n"
                    )
                }))
            }),
            ("volumes that clash", |bytes| {
                top(repeated(bytes, |n| {
                    format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; volume \"/d\" from=\"/srv/d\" }}\n")
                }))
            }),
            ("volumes within volumes", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "service \"s{n}\" {{ image \"a:1\"; on \"h\"; volume \"/d\" from=\"/srv{}\" shared=#true }}\n",
                        "/a".repeat(n % 1000)
                    )
                }))
            }),
            ("volumes of one service", |bytes| api(repeated(bytes, |n| format!("volume \"/d{n}\"\n")))),
            ("volumes within volumes of one service", |bytes| {
                api(repeated(bytes, |n| {
                    format!("volume \"/d{}\"\n", format!("/a{}", n / 1000).repeat(n % 1000))
                }))
            }),
            ("volumes of one source", |bytes| {
                api(repeated(bytes, |n| format!("volume \"/d{n}\" from=\"/srv/x\"\n")))
            }),
            ("tmpfs", |bytes| api(repeated(bytes, |n| format!("tmpfs \"/d{n}\"\n")))),
            ("writes and volumes", |bytes| {
                api(repeated(bytes / 2, |n| format!("volume \"/d{n}\"\n"))
                    + &format!("writes {}", repeated(bytes / 2, |n| format!("\"/d{n}/x\" "))))
            }),
            ("writes that nothing covers", |bytes| {
                api(format!("writes {}", repeated(bytes, |n| format!("\"/d{n}/x\" "))))
            }),
            ("files that differ in case", |bytes| {
                api(repeated(bytes, |n| {
                    format!("file \"/a{n}\" content=\"\"\nfile \"/A{n}\" content=\"\"\n")
                }))
            }),
            ("files in deep folders", |bytes| {
                api(repeated(bytes, |n| format!("file \"{}/{n}\" content=\"\"\n", "/a".repeat(1000))))
            }),
            ("memory", |bytes| {
                top("host \"g\" address=\"10.0.0.9\" { memory \"1g\" }\n".to_owned()
                    + &repeated(bytes, |n| {
                        format!("service \"s{n}\" {{ image \"a:1\"; on \"g\"; resources memory=\"1g\" }}\n")
                    }))
            }),
            ("registrations of one key", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "service \"s{n}\" {{ image \"a:1\"; on \"h\"; port \"p\" {}; register \"p\" {{ json key=\"/x\" }} }}\n",
                        1024 + n
                    )
                }))
            }),
            ("keys of many parts", |bytes| {
                let key = "/a".repeat(500);
                top(repeated(bytes, |n| {
                    format!(
                        "service \"s{n}\" {{ image \"a:1\"; on \"h\"; port \"p\" {}; register \"p\" {{ json key=\"{key}/{n}\" }} }}\n",
                        1024 + n
                    )
                }))
            }),
            ("one key of many parts", |bytes| {
                api(format!("port \"p\" 80\nregister \"p\" {{ json key=\"{}\" }}\n", "/a".repeat(bytes / 2)))
            }),
            ("registrations", |bytes| {
                api(repeated(bytes, |n| format!("port \"a{n}\" {}\nregister \"a{n}\"\n", 1024 + n)))
            }),
            ("a router of many middlewares", |bytes| {
                api(format!(
                    "port \"p\" 80\nregister \"p\" {{ traefik rule=\"Host(`x`)\" middlewares=\"{}\" }}\n",
                    repeated(bytes, |n| format!("m{n} "))
                ))
            }),
            ("names in DNS", |bytes| {
                api("port \"p\" 80\n".to_owned()
                    + &repeated(bytes, |n| {
                        format!(
                            "port \"a{n}\" {}\nregister \"a{n}\" {{ coredns \"a.b.c{n}.internal\"; grpc \"x/{n}\" }}\n",
                            1024 + n
                        )
                    }))
            }),
        ],
        COMMANDS,
    );
}

#[test]
fn settings() {
    hold(
        &[
            ("variables of a container", |bytes| {
                api(format!("env {{ {} }}", repeated(bytes, |n| format!("A{n} \"\"\n"))))
            }),
            ("labels of a container", |bytes| api(repeated(bytes, |n| format!("label \"a{n}\" \"\"\n")))),
            ("sysctls", |bytes| api(repeated(bytes, |n| format!("sysctl \"kernel.a{n}\" \"1\"\n")))),
            ("sysctls of the network", |bytes| {
                api(repeated(bytes, |n| format!("sysctl \"net.ipv4.a{n}\" \"1\"\n")))
            }),
            ("ulimits", |bytes| api(repeated(bytes, |n| format!("ulimit \"nofile{n}\" 1\n")))),
            ("devices", |bytes| api(repeated(bytes, |n| format!("device \"/dev/a{n}\"\n")))),
            ("extra hosts", |bytes| api(repeated(bytes, |n| format!("extra-host \"a{n}\" \"10.0.0.1\"\n")))),
            ("name servers", |bytes| {
                api(format!(
                    "dns {}",
                    repeated(bytes, |n| format!("\"10.0.{}.{}\" ", n / 250 % 250, n % 250))
                ))
            }),
            ("secrets", |bytes| api(repeated(bytes, |n| format!("secret \"A{n}\" from=\"/etc/a\"\n")))),
            ("secret files", |bytes| {
                api(repeated(bytes, |n| format!("secret \"A{n}\" from=\"/etc/a\" path=\"/run/{n}\"\n")))
            }),
            ("secrets that are variables", |bytes| {
                api(format!("env {{ {} }}\n", repeated(bytes / 2, |n| format!("A{n} \"\"\n")))
                    + &repeated(bytes / 2, |n| format!("secret \"A{n}\" from=\"/etc/a\"\n")))
            }),
            ("capabilities", |bytes| {
                api(format!("capabilities {{ add {} }}", repeated(bytes, |_| "\"CHOWN\" ".into())))
            }),
            ("unknown capabilities", |bytes| {
                api(format!("capabilities {{ add {} }}", repeated(bytes, |n| format!("\"CHOW{n}\" "))))
            }),
            ("docker's arguments", |bytes| {
                api(format!("docker-args {}", repeated(bytes, |n| format!("\"--a{n}=x\" "))))
            }),
            ("docker's arguments that do not go", |bytes| {
                api(format!("docker-args {}", repeated(bytes, |_| "\"--name\" ".into())))
            }),
            ("docker's sockets", |bytes| {
                api(format!("docker-args {}", repeated(bytes, |_| "\"-v=/run/docker.sock:/x\" ".into())))
            }),
            ("one argument of docker of many parts", |bytes| {
                api(format!("docker-args \"--x={}\"", "sock,".repeat(bytes.min(130_000) / 5)))
            }),
            ("an entrypoint", |bytes| {
                api(format!("entrypoint {}", repeated(bytes, |n| format!("\"{n}\" "))))
            }),
            ("a long health command", |bytes| {
                api(format!("health command=\"{}\"", "x ".repeat(bytes.min(130_000) / 2)))
            }),
            ("healths", |bytes| top(services(bytes, "health command=\"x\";"))),
            ("a long schedule", |bytes| {
                top(format!(
                    "task \"api\" {{ image \"a:1\"; on \"h\"; schedule \"{}1\" }}\n",
                    "*-*-*,1".repeat(bytes / 7)
                ))
            }),
            ("schedules", |bytes| {
                top(repeated(bytes, |n| {
                    format!(
                        "task \"t{n}\" {{ image \"a:1\"; on \"h\"; schedule \"*-*-{} 0{}:0/5:00\" }}\n",
                        n % 28 + 1,
                        n % 10
                    )
                }))
            }),
            ("a long list of days", |bytes| {
                top(format!(
                    "task \"api\" {{ image \"a:1\"; on \"h\"; schedule \"*-*-{}\" }}\n",
                    repeated(bytes, |n| format!("{},", n % 28 + 1))
                ))
            }),
            ("arguments of etcd", |bytes| {
                entry(format!(
                    "fleet \"shop\" {{ etcd {} }}\n{HOST}{}",
                    repeated(bytes, |n| format!("\"http://10.0.0.1:{}\" ", n % 60000 + 1)),
                    of_api("port \"p\" 80\nregister \"p\"\n".into())
                ))
            }),
            ("values that are wrong", |bytes| api(repeated(bytes, |n| format!("tmpfs \"d{n}\"\n")))),
            ("warnings", |bytes| {
                top(repeated(bytes, |n| {
                    format!("service \"s{n}\" {{ image \"a\"; on \"h\"; read-only #false }}\n")
                }))
            }),
        ],
        COMMANDS,
    );
}

#[test]
fn crowds() {
    hold(
        &[
            ("unknown settings, a thousand each", |bytes| crowded(bytes, |n| format!("imag{n} \"x\"\n"))),
            ("config files of one service, a thousand each", |bytes| {
                crowded(bytes, |n| format!("file \"/a/{n}\" content=\"\"\n"))
            }),
            ("health of many ports, a thousand each", |bytes| {
                crowded(bytes, |n| format!("port \"a{n}\" {}\n", 1024 + n))
            }),
            ("ports of one service that conflict, a thousand each", |bytes| {
                crowded(bytes, |n| format!("port \"a{n}\" 80\n"))
            }),
            ("ranges that overlap, a thousand each", |bytes| {
                crowded(bytes, |n| format!("port \"a{n}\" \"{}-65000\"\n", 1024 + n % 60000))
            }),
            ("one port of many addresses, a thousand each", |bytes| {
                crowded(bytes, |n| format!("port \"a{n}\" 80 address=\"127.{}.{}.1\"\n", n / 250, n % 250))
            }),
            ("ranges of many addresses, a thousand each", |bytes| {
                crowded(bytes, |n| {
                    format!("port \"a{n}\" \"80-60000\" address=\"127.{}.{}.1\"\n", n / 250, n % 250)
                })
            }),
            ("ranges of two protocols, a thousand each", |bytes| {
                crowded(bytes, |n| {
                    format!(
                        "port \"a{n}\" \"{}-65000\" protocol=\"{}\"\n",
                        1024 + n % 60000,
                        ["tcp", "udp", "sctp"][n % 3]
                    )
                })
            }),
            ("ephemeral ports, a thousand each", |bytes| {
                crowded(bytes, |n| format!("port \"a{n}\" {}\n", 32768 + n % 20000))
            }),
            ("volumes of one service, a thousand each", |bytes| {
                crowded(bytes, |n| format!("volume \"/d{n}\"\n"))
            }),
            ("volumes of one source, a thousand each", |bytes| {
                crowded(bytes, |n| format!("volume \"/d{n}\" from=\"/srv/x\"\n"))
            }),
            ("tmpfs, a thousand each", |bytes| crowded(bytes, |n| format!("tmpfs \"/d{n}\"\n"))),
            ("files that differ in case, a thousand each", |bytes| {
                crowded(bytes, |n| format!("file \"/a{n}\" content=\"\"\nfile \"/A{n}\" content=\"\"\n"))
            }),
            ("registrations, a thousand each", |bytes| {
                crowded(bytes, |n| format!("port \"a{n}\" {}\nregister \"a{n}\"\n", 1024 + n))
            }),
            ("labels of a container, a thousand each", |bytes| {
                crowded(bytes, |n| format!("label \"a{n}\" \"\"\n"))
            }),
            ("sysctls, a thousand each", |bytes| {
                crowded(bytes, |n| format!("sysctl \"kernel.a{n}\" \"1\"\n"))
            }),
            ("sysctls of the network, a thousand each", |bytes| {
                crowded(bytes, |n| format!("sysctl \"net.ipv4.a{n}\" \"1\"\n"))
            }),
            ("ulimits, a thousand each", |bytes| crowded(bytes, |n| format!("ulimit \"nofile{n}\" 1\n"))),
            ("devices, a thousand each", |bytes| crowded(bytes, |n| format!("device \"/dev/a{n}\"\n"))),
            ("extra hosts, a thousand each", |bytes| {
                crowded(bytes, |n| format!("extra-host \"a{n}\" \"10.0.0.1\"\n"))
            }),
            ("secrets, a thousand each", |bytes| {
                crowded(bytes, |n| format!("secret \"A{n}\" from=\"/etc/a\"\n"))
            }),
            ("secret files, a thousand each", |bytes| {
                crowded(bytes, |n| format!("secret \"A{n}\" from=\"/etc/a\" path=\"/run/{n}\"\n"))
            }),
            ("values that are wrong, a thousand each", |bytes| {
                crowded(bytes, |n| format!("tmpfs \"d{n}\"\n"))
            }),
            ("escapes, a thousand each", |bytes| {
                crowded(bytes, |n| format!("env {{ A{n} \"\\u{{41}}\\n\\t\" }}\n"))
            }),
            ("expressions, a thousand each", |bytes| {
                crowded(bytes, |n| format!("env {{ A{n} \"{{{{ host.name }}}}{{{{ 1 + {n} }}}}\" }}\n"))
            }),
            ("expressions that fail, a thousand each", |bytes| {
                crowded(bytes, |n| format!("env {{ A{n} \"{{{{ {n} / 0 }}}}\" }}\n"))
            }),
            ("variables of a container, a thousand each", |bytes| {
                crowded(bytes, |n| format!("env {{ A{n} \"\" }}\n"))
            }),
        ],
        COMMANDS,
    );
}

/// An entry with the fleet and a host, and this.
fn top(text: String) -> Files {
    let fleet = if text.starts_with("fleet") { "" } else { FLEET };
    entry(format!("{fleet}{HOST}{text}"))
}

/// A project of one service that holds these settings.
fn api(settings: String) -> Files {
    top(of_api(settings))
}

fn of_api(settings: String) -> String {
    let image = if settings.contains("image ") { "" } else { "image \"a:1\"\n" };
    let on = if settings.starts_with("on ") { "" } else { "on \"h\"\n" };
    format!("service \"api\" {{\n{image}{on}{settings}\n}}\n")
}

fn services(bytes: usize, settings: &str) -> String {
    repeated(bytes, |n| format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; {settings} }}\n"))
}

/// Hosts, as many as a fleet may have.
fn hosts(bytes: usize) -> String {
    labelled_hosts(bytes, "")
}

fn labelled_hosts(bytes: usize, label: &str) -> String {
    limited(4_900, bytes, |n| {
        let label = label.replace('#', &n.to_string());
        format!("host \"h{n}\" address=\"10.9.{}.{}\" {label}\n", n / 250, n % 250 + 1)
    })
}

/// Variables of the project, as many as there may be.
fn variables(bytes: usize) -> String {
    limited(1_000, bytes, |n| format!("var \"v{n}\" \"1\"\n"))
}

/// No more than so many of them.
fn limited(most: usize, bytes: usize, text: impl Fn(usize) -> String) -> String {
    repeated(bytes, |n| if n < most { text(n) } else { "// \n".to_owned() })
}

/// Services with a thousand settings each, as many as there may be.
fn crowded(bytes: usize, setting: impl Fn(usize) -> String) -> Files {
    let service = |n| {
        let settings: String = (0..1000).map(|index| setting(n * 1000 + index)).collect();
        format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"\n{settings} }}\n")
    };
    top(repeated(bytes.saturating_sub(service(0).len()), service))
}
