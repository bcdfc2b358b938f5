//! Families for the tools beside the pipeline: imports, `init`, `fmt`, `graph`, and expressions.

use super::families::{Family, Files, entry, hold, repeated};

const FLEET: &str = "fleet \"shop\" { etcd \"http://10.0.0.1:2379\" }\nhost \"h\" address=\"10.0.0.11\"\n";

/// A compose file alone.
fn compose(text: String) -> Files {
    vec![("compose.yaml".into(), text)]
}

/// Services of a compose file that say more than their image.
fn services(many: usize, what: impl Fn(usize) -> String) -> String {
    let service = |n: usize| format!("  s{n}: {{image: 'a:1', {}}}\n", what(n));
    format!("services:\n{}", (0..many).map(service).collect::<String>())
}

/// Writes services that all repeat one list, `bytes` in all.
fn square(bytes: usize, key: &str, item: impl Fn(usize) -> String) -> String {
    let services_many = (bytes / 1000).clamp(10, 1000);
    let list: Vec<String> = (1..bytes / services_many / item(99).len()).map(item).collect();
    services(services_many, |_| format!("{key}: [{}]", list.join(",")))
}

/// Writes one service of a compose file with a list of this many bytes.
fn list(bytes: usize, key: &str, item: impl Fn(usize) -> String) -> String {
    services(1, |_| format!("{key}: [{}]", repeated(bytes.min(60_000), |n| format!("{},", item(n + 1)))))
}

/// A file beside the one that is imported.
fn beside(mut files: Files, path: &str, text: String) -> Files {
    files.push((path.into(), text));
    files
}

#[test]
fn compose_services() {
    let families: &[Family] = &[
        ("services that all need each other", |bytes| {
            let many = (bytes as f64 / 6.0).sqrt() as usize;
            compose(services(many, |n| {
                let others = (0..many).filter(|other| *other != n).map(|other| format!("s{other},"));
                format!("depends_on: [{}]", others.collect::<String>())
            }))
        }),
        ("variables of services", |bytes| compose(square(bytes, "environment", |n| format!("E{n}=x")))),
        ("labels of services", |bytes| compose(square(bytes, "labels", |n| format!("e{n}=x")))),
        ("ports that services share", |bytes| compose(square(bytes, "ports", |n| format!("'{n}:{n}'")))),
        ("ranges of ports", |bytes| compose(list(bytes, "ports", |_| "'1-65535:1-65535'".into()))),
        ("volumes that services share", |bytes| {
            compose(square(bytes, "volumes", |n| format!("'/srv/{n}:/v{n}'")))
        }),
        ("named volumes that services share", |bytes| {
            compose(square(bytes, "volumes", |n| format!("'v{n}:/v{n}'")))
        }),
        ("nested volumes", |bytes| {
            compose(list(bytes, "volumes", |n| format!("'{}/{n}:/v{n}'", "/a".repeat(n % 90))))
        }),
        ("names of services in values", |bytes| {
            compose(square(bytes, "command", |n| format!("'http://s{n}:80/'")))
        }),
        ("links", |bytes| compose(square(bytes, "links", |n| format!("s{n}:l{n}")))),
        ("networks", |bytes| compose(square(bytes, "networks", |n| format!("n{n}")))),
        ("keys that nobody knows", |bytes| {
            let keys = repeated(bytes / 100, |n| format!("k{n}: x, "));
            compose(services(100, |_| keys.clone()))
        }),
        ("profiles", |bytes| compose(square(bytes.min(500_000), "profiles", |n| format!("p{}", n % 49)))),
        ("a variable of many services", |bytes| {
            let file = compose(services((bytes / 100).min(1000), |_| "env_file: v.env".into()));
            beside(file, "v.env", repeated(bytes / 2, |n| format!("V{n}=http://a{n}:80\n")))
        }),
        ("a large env file of many services", |bytes| {
            let file = compose(services((bytes / 100).min(1000), |_| "env_file: v.env".into()));
            beside(file, "v.env", repeated(bytes / 2, |_| "# x\n".into()))
        }),
        ("an env file that is named again and again", |bytes| {
            let file = compose(list(bytes / 2, "env_file", |_| "v.env".into()));
            beside(file, "v.env", repeated(bytes / 2, |_| "# x\n".into()))
        }),
        ("a large .env and env files", |bytes| {
            let file = compose(services((bytes / 100).min(1000), |_| "env_file: v.env".into()));
            let file = beside(file, "v.env", "A=1\n".into());
            beside(file, ".env", repeated(bytes / 2, |n| format!("V{n}=1\n")))
        }),
        ("a large config", |bytes| {
            let content = "x".repeat(bytes / 2);
            let services = services((bytes / 100).min(1000), |_| "configs: [c]".into());
            compose(format!("{services}configs: {{c: {{content: '{content}'}}}}\n"))
        }),
        ("services that extend one", |bytes| {
            let variables = repeated(bytes / 2, |n| format!("E{n}: x, "));
            let services = services((bytes / 100).min(1000), |_| "extends: b".into());
            compose(format!("{services}  b: {{image: 'a:1', environment: {{{variables}}}}}\n"))
        }),
        ("a chain of extends", |bytes| compose(services(bytes / 50, |n| format!("extends: s{}", n + 1)))),
        ("a long name of a service", |bytes| {
            let labels: String = (0..bytes / 100).map(|n| format!("a{n}=b,")).collect();
            compose(format!(
                "services: {{{}: {{image: 'a:1', labels: [{labels}]}}}}\n",
                "s".repeat(bytes / 2)
            ))
        }),
        ("files for variables of an include", |bytes| {
            let names: String = (0..bytes / 500).map(|n| format!("e{n}.env,")).collect();
            let file = compose(format!("include: [{{path: b.yaml, env_file: [{names}]}}]\nservices: {{}}\n"));
            let mut files = beside(file, "b.yaml", "services: {b: {image: 'b:$V'}}\n".into());
            let variables = |n| repeated(400, |line| format!("V{n}_{line}=1\n"));
            files.extend((0..bytes / 500).map(|n| (format!("e{n}.env"), variables(n))));
            files
        }),
    ];
    hold(families, &[&["import", "compose", "compose.yaml"]]);
}

#[test]
fn compose_texts() {
    hold(
        &[
            ("aliases of aliases", |bytes| {
                let levels: String = (1..bytes / 60)
                    .map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(",")))
                    .collect();
                compose(format!("services: {{}}\na0: &a0 [x,x]\n{levels}"))
            }),
            ("variables by an alias", |bytes| {
                let anchor = repeated(bytes / 100, |n| format!("E{n}: x, "));
                compose(format!(
                    "x: &e {{{anchor}}}\n{}",
                    services((bytes / 100).min(1000), |_| "environment: *e".into())
                ))
            }),
            ("a large text by aliases", |bytes| {
                let variables: String = (0..16).map(|n| format!("A{n}: *a, ")).collect();
                compose(format!(
                    "x: &a '{}'\nservices: {{a: {{image: b, environment: {{{variables}}}}}}}\n",
                    "http://db:80/,".repeat(bytes / 15)
                ))
            }),
            ("anchors", |bytes| compose(repeated(bytes, |n| format!("a{n}: &a{n} x\n")))),
            ("merge keys", |bytes| {
                let keys = repeated((bytes / 2).min(30_000), |n| format!("k{n}: x, "));
                let merges = vec!["*e"; (bytes / 8).min(40)].join(",");
                compose(format!("x: &e {{{keys}}}\ny: {{<<: [{merges}]}}\nservices: {{}}\n"))
            }),
            ("many keys", |bytes| compose(repeated(bytes, |n| format!("k{n}: x\n")))),
            ("a long flow list", |bytes| compose(format!("x: [{}]\n", "a,".repeat(bytes / 2)))),
            ("deep flow lists", |bytes| compose(format!("x: {}", "[".repeat(bytes)))),
            ("defaults in defaults", |bytes| {
                compose(list(bytes, "command", |_| format!("'{}x{}'", "${A:-".repeat(60), "}".repeat(60))))
            }),
            ("one text of many variables", |bytes| {
                let text = repeated(bytes / 2, |n| format!("${{V{n}}}"));
                compose(format!("services: {{a: {{image: b, environment: {{A: '{text}'}}}}}}\n"))
            }),
            ("a text that opens variables", |bytes| {
                compose(format!("services: {{a: {{image: 'b{}'}}}}\n", "${A:-".repeat(bytes / 5)))
            }),
            ("lines of .env that double", |bytes| {
                let lines = repeated(bytes, |n| format!("V{}=${{V{n}}}${{V{n}}}\n", n + 1));
                beside(compose("services: {a: {image: 'b:$V9'}}\n".into()), ".env", format!("V0=xx\n{lines}"))
            }),
            ("quotes of .env that nothing closes", |bytes| {
                let lines = "A=\"x\nB='\n".repeat(bytes / 10);
                beside(compose("services: {a: {image: 'b:$A'}}\n".into()), ".env", lines)
            }),
            ("a long command", |bytes| {
                compose(format!("services: {{a: {{image: b, command: \"{}\"}}}}\n", "a ".repeat(bytes / 2)))
            }),
            ("comments", |bytes| compose(repeated(bytes, |_| "# x\n".into()) + "services: {}\n")),
        ],
        &[&["import", "compose", "compose.yaml"]],
    );
}

#[test]
fn command_lines() {
    fn run(text: String) -> Files {
        vec![("run.sh".into(), text)]
    }
    fn flags(bytes: usize, flag: impl Fn(usize) -> String) -> Files {
        run(format!("docker run {} redis:7\n", repeated(bytes - 20, |n| flag(n) + " ")))
    }
    hold(
        &[
            ("flags for variables", |bytes| flags(bytes, |n| format!("-e A{n}=1"))),
            ("flags that nobody knows", |bytes| flags(bytes, |n| format!("--foo{n}=1"))),
            ("short flags in one word", |bytes| run(format!("docker run -{} a\n", "i".repeat(bytes - 20)))),
            ("one flag", |bytes| run(format!("docker run -e A={} a\n", "x".repeat(bytes - 30)))),
            ("quotes", |bytes| run(format!("docker run -e A={} a\n", "\"a\"'b'".repeat((bytes - 30) / 6)))),
            ("open substitutions", |bytes| run(format!("docker run \"{}", "$(".repeat((bytes - 30) / 2)))),
            ("substitutions in quotes in substitutions", |bytes| {
                let many = (bytes - 40) / 12;
                run(format!("docker run -e A=\"{}{}\" a\n", "$(echo \"".repeat(many), "\")".repeat(many)))
            }),
            ("backticks", |bytes| run(format!("docker run {} a\n", "`x`".repeat((bytes - 30) / 3)))),
            ("variables in one word", |bytes| {
                let text = repeated(bytes - 40, |n| format!("${{V{n}}}"));
                run(format!("docker run -e A={text} a\n"))
            }),
            ("a variable used again and again", |bytes| {
                let uses = "-e A=$V ".repeat((bytes / 4 / 8).min(1900));
                run(format!("V={}\ndocker run {uses} a\n", "x".repeat(bytes / 2)))
            }),
            ("lines that go on", |bytes| {
                run("docker run \\\n".to_string() + &"\\\n".repeat((bytes - 20) / 2))
            }),
            ("here-documents", |bytes| run(repeated(bytes - 20, |n| format!("cat <<E{n}\n")))),
            ("commands", |bytes| {
                let many = (bytes / 100).min(990);
                let line = |n: usize| format!("docker run --name c{n} --link c{}:d -p {n}:80 a\n", n + 1);
                run((0..many).map(line).collect())
            }),
            ("other commands", |bytes| {
                run(repeated(bytes - 30, |n| format!("echo {n}\n")) + "docker run a\n")
            }),
            ("an env file of many commands", |bytes| {
                let many = (bytes / 100).min(990);
                let file = run("docker run --env-file v.env a\n".repeat(many));
                beside(file, "v.env", repeated(bytes / 2, |n| format!("V{n}=http://a{n}:80\n")))
            }),
        ],
        &[&["import", "run", "run.sh"]],
    );
}

#[test]
fn containers_and_units() {
    fn docker(config: String) -> Files {
        vec![("a.json".into(), format!("[{{\"Name\": \"/a\", \"HostConfig\": {{}}, {config}}}]"))]
    }
    fn listed(bytes: usize, item: impl Fn(usize) -> String) -> String {
        let all = repeated(bytes, |n| item(n) + ",");
        all.trim_end_matches(',').to_string()
    }
    let inspected: &[Family] = &[
        ("variables of a container", |bytes| {
            docker(format!("\"Config\": {{\"Env\": [{}]}}", listed(bytes, |n| format!("\"A{n}=1\""))))
        }),
        ("labels of a container", |bytes| {
            docker(format!(
                "\"Config\": {{\"Labels\": {{{}}}}}",
                listed(bytes, |n| format!("\"a{n}\": \"b\""))
            ))
        }),
        ("exposed ports", |bytes| {
            let ports = listed(bytes, |n| format!("\"{}/tcp\": {{}}", n % 65_535 + 1));
            docker(format!("\"Config\": {{\"ExposedPorts\": {{{ports}}}}}"))
        }),
        ("keys that docker does not have", |bytes| docker(listed(bytes, |n| format!("\"K{n}\": {n}")))),
        ("a deep document", |bytes| vec![("a.json".into(), "[".repeat(bytes))]),
        ("containers", |bytes| {
            let one = |n| format!("{{\"Name\": \"/a{n}\", \"HostConfig\": {{}}, \"Config\": {{}}}}");
            vec![("a.json".into(), format!("[{}]", listed(bytes, one)))]
        }),
    ];
    hold(inspected, &[&["import", "container", "a.json"]]);
    hold(
        &[
            ("paths that were written", |bytes| {
                beside(docker("\"Config\": {}".into()), "d", repeated(bytes, |n| format!("A /d{n}/x\n")))
            }),
            ("deep paths that were written", |bytes| {
                let deep = repeated(bytes, |n| format!("A {}\n", "/d".repeat(n % 2000)));
                beside(docker("\"Config\": {}".into()), "d", deep)
            }),
            ("paths where nothing can be mounted", |bytes| {
                let odd = repeated(bytes, |n| format!("A /d{n}\u{1}/x\n"));
                beside(docker("\"Config\": {}".into()), "d", odd)
            }),
            ("mounts and paths that were written", |bytes| {
                let mount =
                    |n| format!("{{\"Type\": \"bind\", \"Source\": \"/h\", \"Destination\": \"/c{n}\"}}");
                let mounts = listed((bytes / 2).min(80_000), mount);
                beside(
                    docker(format!("\"Mounts\": [{mounts}]")),
                    "d",
                    repeated(bytes / 2, |n| format!("A /e{}/x\n", n % 900)),
                )
            }),
        ],
        &[&["import", "container", "a.json", "--diff", "d"]],
    );
    fn unit(service: String) -> Files {
        vec![("a@1.service".into(), format!("[Service]\n{service}\n"))]
    }
    hold(
        &[
            ("variables of a unit, and their uses", |bytes| {
                let variables = repeated(bytes / 2, |n| format!("Environment=A{n}=1\n"));
                let uses = repeated(bytes / 2, |n| format!("-e B{n}=$A{n} "));
                unit(format!("{variables}ExecStart=/usr/bin/docker run {uses} a"))
            }),
            ("a large variable that is used again and again", |bytes| {
                let uses = "-e B=${A} ".repeat((bytes / 20).min(1900));
                unit(format!(
                    "Environment=A={}\nExecStart=/usr/bin/docker run {uses} a",
                    "x".repeat(bytes / 2)
                ))
            }),
            ("specifiers", |bytes| {
                unit(format!("ExecStart=/usr/bin/docker run -e A={} a", "%n".repeat(bytes / 2)))
            }),
            ("lines of a unit that go on", |bytes| {
                unit(format!("ExecStart=/usr/bin/docker run {}", "\\\n# x\n".repeat(bytes / 6)))
            }),
            ("what a unit runs before", |bytes| {
                let before = repeated(bytes, |n| format!("ExecStartPre=/usr/bin/docker pull a{n}\n"));
                unit(format!("{before}ExecStart=/usr/bin/docker run a"))
            }),
            ("keys of a unit that nobody knows", |bytes| {
                unit(repeated(bytes, |n| format!("K{n}=x\n")) + "ExecStart=/usr/bin/docker run a")
            }),
            ("units that a unit starts after", |bytes| {
                let after = repeated(bytes, |n| format!("After=a{n}.service\n"));
                unit(format!("[Unit]\n{after}[Service]\nExecStart=/usr/bin/docker run a"))
            }),
            ("commands for a shell", |bytes| {
                unit(format!("ExecStart=/bin/sh -c \"{}\"", "docker run a; ".repeat(bytes / 14)))
            }),
        ],
        &[&["import", "unit", "a@1.service"]],
    );
}

#[test]
fn beginnings() {
    fn dockerfile(text: String) -> Files {
        vec![("Dockerfile".into(), format!("FROM a:1\n{text}"))]
    }
    /// A Dockerfile that is as large as one may be.
    fn most(bytes: usize) -> usize {
        bytes.min(64_000)
    }
    hold(
        &[
            ("EXPOSE", |bytes| dockerfile(repeated(most(bytes), |n| format!("EXPOSE {n}\n")))),
            ("ports of one EXPOSE", |bytes| {
                dockerfile(format!("EXPOSE {}\n", repeated(most(bytes), |n| format!("{n} "))))
            }),
            ("EXPOSE of all ports", |bytes| dockerfile(repeated(most(bytes), |_| "EXPOSE 1-65535\n".into()))),
            ("VOLUME", |bytes| dockerfile(repeated(most(bytes), |n| format!("VOLUME /v{n}\n")))),
            ("long volumes", |bytes| {
                let volumes = repeated(most(bytes) / 2, |n| format!("VOLUME /x{n}/$K\n"));
                dockerfile(format!("ENV K={}\n{volumes}", "/a".repeat(most(bytes) / 8)))
            }),
            ("ENV", |bytes| dockerfile(repeated(most(bytes), |n| format!("ENV A{n}=1\n")))),
            ("variables that double", |bytes| {
                dockerfile(
                    "ENV K0=aaaa\n".to_string()
                        + &repeated(most(bytes), |n| format!("ENV K{}=$K{n}$K{n}\n", n + 1)),
                )
            }),
            ("stages", |bytes| dockerfile(repeated(most(bytes), |n| format!("FROM s{n} AS s{}\n", n + 1)))),
            ("lines that go on without end", |bytes| dockerfile("RUN x \\\n".repeat(most(bytes) / 8))),
            ("documents in a Dockerfile", |bytes| {
                dockerfile(format!("RUN {}", repeated(most(bytes), |n| format!("<<E{n} "))))
            }),
            ("a Dockerfile", |bytes| dockerfile(repeated(bytes, |n| format!("VOLUME /v{n}\n")))),
            ("package.json", |bytes| {
                let needs = repeated(bytes, |n| format!("\"d{n}\": \"1\","));
                vec![(
                    "package.json".into(),
                    format!("{{\"name\": \"a\", \"dependencies\": {{{needs}\"x\": \"1\"}}}}"),
                )]
            }),
            ("a long name", |bytes| {
                vec![("package.json".into(), format!("{{\"name\": \"{}\"}}", "a".repeat(bytes)))]
            }),
            ("tables of Cargo.toml", |bytes| {
                vec![("Cargo.toml".into(), repeated(bytes, |_| "[package]\n".into()))]
            }),
        ],
        &[&["init", "--yes"]],
    );
}

#[test]
fn layouts() {
    hold(
        &[
            ("nested nodes", |bytes| entry(repeated(bytes, |_| "a {".repeat(90) + &"}".repeat(90) + "\n"))),
            ("nodes that open", |bytes| entry("a {".repeat(bytes / 3))),
            ("arguments", |bytes| entry(format!("a {}", "b ".repeat(bytes / 2)))),
            ("comments behind nodes", |bytes| entry(repeated(bytes, |n| "a".repeat(n % 300) + " // x\n"))),
            ("comments in comments", |bytes| entry("/*".repeat(bytes / 4) + &"*/".repeat(bytes / 4))),
            ("what is commented out", |bytes| entry("/- a { ".repeat(bytes / 7))),
            ("escapes", |bytes| entry(format!("a \"{}\"", "\\n".repeat(bytes / 2)))),
            ("signs of raw texts", |bytes| entry(format!("a {}", "##\"x\"#".repeat(bytes / 6)))),
            ("long texts of lines", |bytes| entry(repeated(bytes, |_| "a \"\"\"\n  x\n  \"\"\"\n".into()))),
            ("lines that are joined", |bytes| entry("a \\\n".repeat(bytes / 4))),
            ("faults", |bytes| entry("a=;".repeat(bytes / 3))),
            ("a long number", |bytes| entry(format!("a {}", "1".repeat(bytes)))),
        ],
        &[&["fmt", "--check", "dpc.kdl"]],
    );
    hold(
        &[("files of a project", |bytes| {
            let files = (0..bytes / 100).map(|n| (format!("a/{n}.kdl"), "x  1\n".to_string()));
            files.chain(entry("include \"a/*.kdl\"\n".into())).collect()
        })],
        &[&["fmt", "--check"]],
    );
}

#[test]
fn templates() {
    /// Services, and a template of the project's own for each of their scripts.
    fn each(bytes: usize, template: String) -> Files {
        let service = |n: usize| format!("service \"s{n}\" {{ image \"a:1\"; on \"h\" }}\n");
        let entry = entry(FLEET.to_string() + &repeated(bytes, service));
        beside(entry, "templates/container.sh.j2", format!("#!/bin/sh\n{template}"))
    }
    hold(
        &[
            ("a large template of many services", |bytes| each(bytes / 2, "# x\n".repeat(bytes / 8))),
            ("a template that prints much", |bytes| {
                each(bytes, format!("{{% for i in range(999) %}}{}{{% endfor %}}", "# x".repeat(99)))
            }),
            ("a template of many steps", |bytes| {
                each(
                    bytes,
                    "{% for i in range(99) %}{% for j in range(300) %}{% endfor %}{% endfor %}".into(),
                )
            }),
        ],
        &[&["build", "-q", "-o", "out"], &["check"]],
    );
}

#[test]
fn graphs() {
    let commands: &[&[&str]] =
        &[&["graph"], &["graph", "--format", "mermaid"], &["graph", "--format", "json"]];
    hold(
        &[
            ("edges", |bytes| {
                let service = |n: usize| {
                    let needs = (n.saturating_sub(30)..n).map(|other| format!("needs \"s{other}\"; "));
                    let needs: String = needs.collect();
                    format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; {needs}}}\n")
                };
                entry(FLEET.to_string() + &repeated(bytes, service))
            }),
            ("a chain", |bytes| {
                let service = |n: usize| {
                    format!("service \"s{}\" {{ image \"a:1\"; on \"h\"; needs \"s{n}\" }}\n", n + 1)
                };
                let first = "service \"s0\" { image \"a:1\"; on \"h\" }\n";
                entry(format!("{FLEET}{first}{}", repeated(bytes, service)))
            }),
        ],
        commands,
    );
}

#[test]
fn expressions() {
    /// Services that each have a variable of this value.
    fn each(bytes: usize, value: impl Fn(usize) -> String) -> Files {
        let service = |n: usize| {
            let value = value(n);
            format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; env {{ A \"{value}\" }} }}\n")
        };
        entry(FLEET.to_string() + &repeated(bytes, service))
    }
    hold(
        &[
            ("expressions that differ", |bytes| each(bytes, |n| format!("{{{{ {n} + instance }}}}"))),
            ("long expressions", |bytes| each(bytes, |n| format!("{{{{ {n}{} }}}}", "+1".repeat(200)))),
            ("expressions of many steps", |bytes| {
                each(bytes, |n| format!("{{{{ range({}) | list | string | length }}}}", 9000 + n % 999))
            }),
            ("long texts of short expressions", |bytes| each(bytes, |_| "{{ 'x' * 9999 }}".into())),
            ("filters that are not there", |bytes| each(bytes, |n| format!("{{{{ 1 | f{n} }}}}"))),
            ("expressions that are none", |bytes| each(bytes, |_| "{{ ( }}".into())),
            ("expressions that nothing closes", |bytes| each(bytes, |_| "{{ 'a' ".into())),
            ("what is not defined", |bytes| each(bytes, |n| format!("{{{{ var.x{n} }}}}"))),
            ("a large variable, changed", |bytes| {
                let mut files = each(bytes / 2, |_| "{{ var.b | replace('x', '') | length }}".into());
                files[0].1 += &format!("var \"b\" \"{}\"\n", "xy".repeat(bytes / 4));
                files
            }),
            ("expressions of one text", |bytes| {
                let text = "{{ instance }}".repeat(bytes / 14);
                entry(format!("{FLEET}service \"a\" {{ image \"a:1\"; on \"h\"; env {{ A \"{text}\" }} }}\n"))
            }),
            ("braces that open", |bytes| {
                let text = "{{ ' ".repeat(bytes / 5);
                entry(format!("{FLEET}service \"a\" {{ image \"a:1\"; on \"h\"; env {{ A \"{text}\" }} }}\n"))
            }),
            ("instances of a need", |bytes| {
                let hosts: String = (0..bytes / 400)
                    .map(|n| {
                        format!(
                            "host \"h{n}\" address=\"10.1.{}.{}\" {{ labels r=\"x\" }}\n",
                            n / 250,
                            n % 250 + 1
                        )
                    })
                    .collect();
                let value = "{{ needs.a.instances | map(attribute='address') | join(',') }}";
                let mut files = entry(
                    FLEET.to_string()
                        + &repeated(bytes / 2, |n| {
                            format!(
                                "service \"s{n}\" {{ image \"a:1\"; on \"h\"; needs \"a\"; env {{ A \"{value}\" }} }}\n"
                            )
                        }),
                );
                files[0].1 += &hosts;
                files[0].1 += "service \"a\" { image \"a:1\"; on r=\"x\"; port \"p\" 80 }\n";
                files
            }),
        ],
        &[&["check"]],
    );
}
