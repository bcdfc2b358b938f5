//! Families of projects with clashes on a host or in etcd.

use super::families::{hold, repeated};
use super::projects::{api, commands, hosts, of_api, services, top};

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
            ("mounts below a volume that is shared", |bytes| {
                let mounts = "volume \"/d\" from=\"/srv/d\" shared=#true; tmpfs \"/d/t\"; tmpfs \"/d/u\"";
                top(services(bytes, mounts))
            }),
            ("deep mounts below a volume", |bytes| {
                api("volume \"/d\"\n".to_owned()
                    + &repeated(bytes, |n| format!("tmpfs \"/d/{n}{}\"\n", "/a".repeat(1000))))
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
        commands(),
    );
}
