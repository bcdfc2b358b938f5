//! Families of defaults, bases, environments and names.

use super::families::{hold, repeated};
use super::projects::{api, commands, hosts, of_api, services, top, variables};

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
        commands(),
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
        commands(),
    );
}
