//! Families of products: instances, hosts, needs.

use super::families::{hold, numbered, repeated, with_entry};
use super::projects::{api, commands, hosts, of_api, services, top};

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
        commands(),
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
        commands(),
    );
}
