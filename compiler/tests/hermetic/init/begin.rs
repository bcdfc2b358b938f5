//! A service in a repository of its own, and a fleet's repository.

use crate::project::Project;

const DOCKERFILE: &str = "\
FROM node:22-slim AS build
EXPOSE 1
FROM node:22-slim
ENV NODE_ENV=production HTTP_PORT=3000
WORKDIR /srv/app
EXPOSE 3000 9464 40000
VOLUME [\"/srv/app/uploads\", \"/etc\"]
USER node
STOPSIGNAL SIGINT
HEALTHCHECK --interval=10s --start-period=1m30s CMD curl -fsS http://localhost:3000/healthz || exit 1
CMD node server.js
";

#[test]
fn what_a_repository_says_is_taken_over() {
    let repository = Project::top(&[
        ("Dockerfile", DOCKERFILE),
        ("package.json", r#"{"name": "@shop/api", "version": "2.1.0"}"#),
        ("compose.yml", "services: {}\n"),
    ]);
    let ended = repository.dpc(["init", "--host", "web-1=10.0.0.11", "--etcd", "https://10.0.0.1:2379"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let wanted = include_str!("taken-over.kdl");
    assert_eq!(repository.read("dpc.kdl"), wanted, "\n{}", repository.read("dpc.kdl"));
    assert_eq!(
        ended.out,
        "wrote dpc.kdl\nshop-api-1 runs on web-1 (10.0.0.11), port 3000, 9464\n\
         next: write the name of your image in place of registry.example.com/…\nnext: dpc build\n"
    );
    assert_eq!(
        ended.err,
        "`compose.yml` is here: `dpc init --from-compose compose.yml` begins with all its services, \
         `dpc import compose compose.yml` makes KDL of all its services\n\
         left out `port \"port-40000\" 40000` of EXPOSE: port 40000 is one that outgoing connections may take\n\
         left out `volume \"/etc\"` of VOLUME: a volume must not be mounted over `/etc`\n"
    );
    repository.is_good("");
    assert_eq!(repository.dpc(["build"]).code, 0);
}

#[test]
fn an_empty_directory_is_enough_and_nobody_is_asked() {
    let repository = Project::top(&[]);
    let ended = repository.dpc_in("My.Service", &["init"], "no\nno\n");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("my-service-my-service-1 runs on host-1 (192.0.2.10)\n"), "{}", ended.out);
    assert!(ended.out.ends_with("next: dpc build\n"), "{}", ended.out);
    repository.is_good("My.Service");
    assert_eq!(repository.dpc_in("My.Service", &["init", "--quiet", "b"], "").out, "");
}

#[test]
fn every_flag_is_followed() {
    let repository = Project::top(&[]);
    let ended = repository.dpc([
        "init",
        "cart",
        "--image",
        "shop/cart:7",
        "--port",
        "9000",
        "--host",
        "a=10.0.0.1",
        "--host",
        "b=fd00::2",
        "--user",
        "33",
        "--health",
        "/up?a=b",
        "--fleet-name",
        "shop",
        "--yes",
        "--etcd",
        "http://10.0.0.1:2379",
        "--ci",
        "gitlab",
        "--gitignore",
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = repository.read("dpc.kdl");
    for line in [
        "fleet \"shop\"",
        "host \"a\" address=\"10.0.0.1\"",
        "host \"b\" address=\"fd00::2\"",
        "service \"cart\"",
        "image \"shop/cart:7\"",
        "on \"a\" \"b\"",
        "user \"33\"",
        "port \"http\" 9000",
        "register \"http\"",
        "health http=\"http\" path=\"/up?a=b\"",
        "etcd \"http://10.0.0.1:2379\"",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(repository.files(), [".gitignore", ".gitlab/dpc.yml", "dpc.kdl"]);
    assert_eq!(repository.read(".gitignore"), "/out/\n");
    assert!(repository.read(".gitlab/dpc.yml").contains("    - dpc build\n"));
    repository.is_good("");
    let bare = Project::top(&[]);
    let ended = bare.dpc(["init", "a", "--port", "none", "--user", "none", "--ci", "github"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(bare.read(".github/workflows/dpc.yml").contains("      - run: dpc build --check\n"));
    assert!(!bare.read("dpc.kdl").contains("\n    port \""));
    bare.is_good("");
}

#[test]
fn a_fleet_begins_with_hosts_an_environment_and_a_service() {
    let repository = Project::top(&[("Dockerfile", "FROM a:1\nEXPOSE 8080\n")]);
    let ended = repository.dpc(["init", "cart", "--fleet", "--fleet-name", "shop"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("shop-cart-1 runs on app-1 (192.0.2.10), port 8080\n"), "{}", ended.out);
    let files = ["Dockerfile", "dpc.kdl", "environments/staging.kdl", "hosts.kdl", "services/cart.kdl"];
    assert_eq!(repository.files(), files);
    repository.is_good("");
    assert_eq!(repository.dpc(["check", "--strict", "--env", "staging"]).code, 0);

    let ended = repository.dpc(["init", "pay"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(
        ended.out.starts_with("wrote services/pay.kdl\nshop-pay-1 runs on app-1 (192.0.2.10), port 8081\n")
    );
    repository.is_good("");
}

#[test]
fn any_dockerfile_makes_something_that_compiles() {
    for lines in [
        "EXPOSE 80",
        "EXPOSE 80\nUSER node",
        "EXPOSE 22",
        "EXPOSE 65535",
        "EXPOSE 53/udp 53/tcp",
        "EXPOSE 3000-3010 3005",
        "EXPOSE 8080 8080 8080",
        "EXPOSE 70000",
        "EXPOSE 9000/sctp 9001/quic",
        "VOLUME / /proc /var/run/docker.sock",
        "VOLUME /data /data /data/x data $UNSET \"/a b\" /a,b /a:b",
        "VOLUME [\"/\\u0007\", \"/é\", \"/{{ x }}\"]",
        "USER root",
        "USER 0:0",
        "USER app:app",
        "USER 4294967296",
        "USER \"a b\"",
        "USER {{ x }}",
        "USER 1000",
        "STOPSIGNAL 9",
        "STOPSIGNAL SIGRTMIN+3",
        "STOPSIGNAL nonsense",
        "STOPSIGNAL {{",
        "HEALTHCHECK NONE",
        "HEALTHCHECK CMD curl http://localhost:8080/{{x}}\nEXPOSE 8080",
        "HEALTHCHECK CMD [\"/bin/check\", \"it's\", \"\"]",
        "HEALTHCHECK --interval=1.5s --timeout=0s --retries=x --start-period=5 CMD true\nEXPOSE 8080",
        "HEALTHCHECK --retries=99999999999 CMD a\\\n b",
        "HEALTHCHECK CMD echo {{ host }} {% x %}",
        "HEALTHCHECK CMD wget -qO- http://localhost:9999/x || exit 1\nEXPOSE 8080",
        "ENV PORT=0",
        "ENV PORT=http",
        "ENV PORT=6379",
        "ENV 1X=5000 a.b=5000\nEXPOSE 5000",
        "WORKDIR \"\"\nWORKDIR ..\nWORKDIR /a b",
        "ENTRYPOINT [\"/sbin/tini\", \"--\"]",
        "CMD []",
    ] {
        let repository = Project::top(&[("Dockerfile", &format!("FROM scratch\n{lines}\n"))]);
        let ended = repository.dpc(["init", "x"]);
        assert_eq!(ended.code, 0, "{lines}: {ended:?}");
        assert!(!ended.err.contains("warning") && !ended.err.contains("error"), "{lines}: {ended:?}");
        repository.is_good("");
    }
}

#[test]
fn a_compose_file_begins_a_fleet_without_a_terminal() {
    let compose = "services:\n  web:\n    image: nginx:1.27\n    user: '101'\n    ports: ['80:80']\n";
    let files = [("compose.yaml", compose), ("package.json", r#"{"name": "@shop/api"}"#)];
    let repository = Project::top(&files);
    let ended =
        repository.dpc(["init", "--from-compose", "compose.yaml", "--host", "a=10.0.0.1", "--ci", "gitlab"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = repository.read("dpc.kdl");
    assert!(text.contains("fleet \"shop\"") && text.contains("host \"a\" address=\"10.0.0.1\""), "{text}");
    // The message names the line that does not compile.
    let line = 1 + text.lines().position(|line| line.contains("port \"http\" 80")).unwrap();
    assert!(ended.err.contains(&format!("privileged-port — `web` runs as user `101` and cannot bind port 80: listen on a port from 1024 up and let a proxy or load balancer have the low one; or let the kernel give low ports to everybody, and say so: `host \"…\" {{ unprivileged-ports 80 }}` (line {line} of the KDL)")), "{}", ended.err);
    assert!(ended.err.contains(&format!("--> dpc.kdl:{line}:")), "{}", ended.err);
    assert!(
        ended.out.starts_with("wrote .gitlab/dpc.yml\nwrote dpc.kdl\nnext: decide ")
            && ended.out.ends_with("next: dpc check\n"),
        "{}",
        ended.out
    );
    assert_eq!(repository.files(), [".gitlab/dpc.yml", "compose.yaml", "dpc.kdl", "package.json"]);
    let again = repository.dpc(["init", "--from-compose", "compose.yaml"]);
    assert_eq!((again.code, repository.read("dpc.kdl")), (2, text));
}

#[test]
fn a_compose_file_that_cannot_be_read_writes_nothing() {
    let repository = Project::top(&[("broken.yaml", "services: [\n"), ("empty.yaml", "services: {}\n")]);
    for (file, code) in [("broken.yaml", 1), ("empty.yaml", 1), ("missing.yaml", 2)] {
        let ended = repository.dpc(["init", "--from-compose", file]);
        assert_eq!(ended.code, code, "{ended:?}");
        assert!(ended.err.contains(file) && ended.err.contains("nothing was written"), "{}", ended.err);
    }
    let ended = repository.dpc(["init", "api", "--from-compose", "empty.yaml"]);
    assert!(ended.code == 2 && ended.err.contains("cannot be used with"), "{}", ended.err);
    repository.write("dpc.kdl", "fleet \"shop\"\nhost \"a\" address=\"10.0.0.1\"\n");
    let ended = repository.dpc_in("below", &["init", "--from-compose", "../empty.yaml"], "");
    assert!(ended.code == 2 && ended.err.contains("one is in `..` already"), "{}", ended.err);
}

#[test]
fn a_dockerfile_that_nobody_writes_is_not_read() {
    let lines = |line: &dyn Fn(usize) -> String| (0..9000).map(line).collect::<String>();
    let doubling = format!(
        "FROM a:1\nENV K0=aaaa\n{}",
        (0..1000).map(|n| format!("ENV K{}=$K{n}$K{n}\n", n + 1)).collect::<String>()
    );
    for text in [
        format!("FROM a:1\n{}", lines(&|number| format!("EXPOSE {}\n", 2000 + number))),
        format!("FROM a:1\n{}", lines(&|number| format!("VOLUME /v{number}\n"))),
        lines(&|number| format!("FROM s{number} AS s{}\n", number + 1)),
        lines(&|number| format!("from s{number} AS s{}\n", number + 1)).chars().take(60_000).collect(),
        format!("FROM a:1\nEXPOSE {}\n", (1..=201).map(|number| format!("{number} ")).collect::<String>()),
        doubling,
    ] {
        let repository = Project::top(&[("Dockerfile", &text)]);
        let ended = repository.dpc(["init", "--yes"]);
        assert_eq!(ended.code, 0, "{ended:?}");
        let said = "`Dockerfile` is not read: it has more than 64 KiB (256 with its variables), 200 stages, ports or volumes\n";
        assert_eq!(ended.err, said);
    }
}
