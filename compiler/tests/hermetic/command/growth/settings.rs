//! Families of services with many settings.

use super::families::{entry, hold, repeated};
use super::projects::{HOST, api, commands, crowded, of_api, services, top};

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
        commands(),
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
        commands(),
    );
}
