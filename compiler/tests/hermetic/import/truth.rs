//! What an import must not get wrong in silence: each source with the lines that its KDL has, and words that it must not hold.

use crate::import::corpus::unfinished;
use crate::import::examples::{options, root};
use dpc::diagnostic::Severity;
use dpc::front::resolve::Request;
use dpc::pipeline::analyse;
use dpc::project::Memory;
use dpc::tools::import::{self, Handling, ImportReport, Options};
use std::collections::BTreeMap;

/// Imports `compose.yaml` of a project.
fn compose(files: &[(&str, &str)], options: &Options) -> (String, ImportReport) {
    let mut project = Memory::default();
    files.iter().for_each(|(path, text)| project.insert(*path, *text));
    let found = import::compose::files(&["compose.yaml".to_string()], &BTreeMap::new(), &project).unwrap();
    import::convert(&found, options, &project)
}

fn run(text: &str) -> (String, ImportReport) {
    let project = Memory::default();
    import::convert(&import::run::text("run.sh", text, &project).unwrap(), &options(), &project)
}

fn units(files: &[(&str, &str)]) -> (String, ImportReport) {
    let project = Memory::default();
    let files: Vec<(String, String)> =
        files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    import::convert(&import::unit::units(&files, &project).unwrap(), &options(), &project)
}

/// Asserts that each line stands in the KDL, and that the report names all that is left.
fn has(made: &(String, ImportReport), lines: &[&str]) {
    let (kdl, report) = made;
    for line in lines {
        assert!(kdl.lines().any(|found| found.trim() == *line), "no line `{line}` in\n{kdl}");
    }
    assert!(!kdl.contains(['\u{e000}', '\u{e001}']), "a placeholder in\n{kdl}");
    assert!(!report.text(true).contains(['\u{e000}', '\u{e001}']), "a placeholder in\n{}", report.text(true));
    let wrong = unfinished("truth", kdl, report, &root().join("examples/import/run"));
    assert!(wrong.is_empty(), "{kdl}\n{}", wrong.join("\n"));
}

fn says(made: &(String, ImportReport), fate: Handling, words: &str) {
    let text = made.1.text(true);
    assert!(made.1.of(fate).any(|entry| entry.words.contains(words)), "no {fate:?} `{words}` in\n{text}");
}

fn one(service: &str) -> (String, ImportReport) {
    compose(&[("compose.yaml", &format!("services:\n  a: {service}\n"))], &options())
}

#[test]
fn a_variable_without_a_value_stays_one_wherever_it_stands() {
    let made = one(
        r#"{image: "x/a:${TAG}", command: "run ${EXTRA}", working_dir: "/w/${W}", volumes: ["/srv/${APP}/d:/d", "${DATA}/e:/e"], labels: ["r.${R}=1"], tmpfs: ["/t/${T}"], devices: ["/dev/${DEV}"]}"#,
    );
    has(
        &made,
        &[
            r#"image "x/a:{{ var.tag }}""#,
            r#"command "run" "{{ var.extra }}""#,
            r#"workdir "/w/{{ var.w }}""#,
            r#"volume "/d" from="/srv/{{ var.app }}/d""#,
            r#"volume "/e" from="{{ var.data }}/e""#,
            r#"label "r.{{ var.r }}" "1""#,
            r#"tmpfs "/t/{{ var.t }}""#,
            r#"device "/dev/{{ var.dev }}""#,
            r#"var "extra""#,
        ],
    );
    assert_eq!(made.1.of(Handling::Decide).count(), 1, "{}", made.1.text(false));
    let made = run("docker run --name a -v /srv/$APP/data:/d -w /w/$W --tmpfs /t/$T -e $KEY=v x/a:1");
    has(&made, &[r#"volume "/d" from="/srv/{{ var.app }}/data""#, r#"tmpfs "/t/{{ var.t }}""#]);
    says(&made, Handling::Lost, "the name of the variable is not known");
    let made = units(&[(
        "web.service",
        "[Service]\nExecStart=/usr/bin/docker run --label a.${X}=1 -v /s/${X}:/d x/a:1",
    )]);
    has(&made, &[r#"label "a.{{ var.x }}" "1""#, r#"volume "/d" from="/s/{{ var.x }}""#]);
}

#[test]
fn a_long_variable_gets_a_name_that_dpc_takes() {
    let made = one(
        r#"{image: "x/a:1", environment: {A: "${APPLICATION_SETTINGS_PRIMARY_DATABASE_CONNECTION_A}", B: "${APPLICATION_SETTINGS_PRIMARY_DATABASE_CONNECTION_B}"}}"#,
    );
    has(
        &made,
        &[
            r#"A "{{ var.application_settings_primary_database_co }}""#,
            r#"B "{{ var.application_settings_primary_datab_2 }}""#,
        ],
    );
}

#[test]
fn published_run_lines_keep_their_flags() {
    let lines = [r#"image "x/app:1.2""#, r#"port "http" 8080"#, r#"volume "/config" from="/srv/app""#];
    let made = run(
        "docker run -d \\\n  --name=app \\\n  -e EXTRA=x `#optional` \\\n  -p 8080:8080 `# the page` \\\n  -v /srv/app:/config \\\n  x/app:1.2\n",
    );
    has(&made, &lines);
    has(&made, &[r#"EXTRA "x""#]);
    let made = run(
        "PS C:\\Users\\a> docker run -d `\r\n  --name app `\r\n  -p 8080:8080 `\r\n  -v /srv/app:/config `\r\n  x/app:1.2\r\n",
    );
    has(&made, &lines);
    let made = run(
        "```powershell\ndocker run -d `\n  -p 8080:8080 `\n  -v ${pwd}:/x -v %cd%/y:/y `\n  -v /srv/app:/config `\n  x/app:1.2\n```\n",
    );
    has(&made, &lines);
    has(&made, &[r#"volume "/y""#]);
    let made = run("docker run -d ^\r\n  -p 8080:8080 ^\r\n  -v /srv/app:/config ^\r\n  x/app:1.2\r\n");
    has(&made, &lines);
}

#[test]
fn two_substitutions_stay_two() {
    let made = run(
        "docker run -e A=\"$(docker inspect --format '{{ .NetworkSettings.IPAddress }}' one)\" -e B=\"$(docker inspect --format '{{ .NetworkSettings.IPAddress }}' two)\" x/a:1",
    );
    has(
        &made,
        &[
            r#"A "{{ var.docker_inspect_format_networksettings_ip }}""#,
            r#"B "{{ var.docker_inspect_format_networksetti_2 }}""#,
        ],
    );
    let exported = "[Service]\nExecStart=/bin/bash -c 'export ADDR=https://a.example/x; docker run -e \"ADDR=$ADDR\" x/a:1'";
    has(&units(&[("web@.service", exported)]), &[r#"ADDR "https://a.example/x""#]);
}

#[test]
fn a_sidekick_registers_whatever_it_runs() {
    let made = units(&[
        ("web@.service", "[Service]\nExecStart=/usr/bin/docker run --rm --name %p-%i -p 8080:8080 x/web:1"),
        (
            "web-sidekick@.service",
            "[Unit]\nBindsTo=web@%i.service\n[Service]\nExecStart=/bin/sh -c \"PORT=`echo $(docker port X 8080)`; etcdctl set /s/web/%i http://%H:$PORT\"",
        ),
    ]);
    has(&made, &[r#"register "http""#]);
}

#[test]
fn every_name_of_the_network_is_resolved() {
    let site = "server { listen 80; location / { proxy_pass http://api:3000; } }";
    let text = "services:\n  api: {image: 'x/api:1', container_name: shop-api, networks: {default: {aliases: [backend]}}}\n  my_db: {image: 'mariadb:11.8'}\n  web: {image: 'x/web:1', ports: ['80:80'], volumes: ['./site.conf:/etc/site.conf:ro'], environment: {H: shop_my_db_1, MYSQL_HOST: shop-my_db-1}}\n";
    let folder = Options { folder: Some("Shop".into()), ..options() };
    let made = compose(&[("compose.yaml", text), ("site.conf", site)], &folder);
    for line in [
        r#"extra-host "api" "127.0.0.1""#,
        r#"extra-host "shop-api" "127.0.0.1""#,
        r#"extra-host "backend" "127.0.0.1""#,
        r#"docker-args "--add-host=my_db:127.0.0.1" "--add-host=shop-my_db-1:127.0.0.1" "--add-host=shop_my_db_1:127.0.0.1""#,
        r#"port "http" 3000 address="127.0.0.1""#,
        r#"MYSQL_HOST "{{ needs.my_db.address }}""#,
    ] {
        assert!(made.0.lines().any(|found| found.trim() == line), "no line `{line}` in\n{}", made.0);
    }
}

#[test]
fn who_goes_on_naming_an_old_port_is_asked_about() {
    let text = "services:\n  db: {image: 'postgres:16', ports: ['5433:5432']}\n  web: {image: 'x/web:1', environment: {PGHOST: db}}\n  api: {image: 'x/api:1', environment: {DB: 'postgres://db:5432/x'}}\n  proxy: {image: 'x/p:1', labels: ['tcp=db:5432']}\n";
    let made = compose(&[("compose.yaml", text)], &options());
    has(
        &made,
        &[
            r#"command "postgres" "-c" "port=5433""#,
            r#"DB "postgres://{{ needs.db.address }}:{{ needs.db.ports.postgres }}/x""#,
        ],
    );
    says(&made, Handling::Decide, "`db` 5432 → 5433 for `web`, `db` 5432 → 5433 for `proxy`");
}

#[test]
fn a_port_that_nothing_published_stays_closed() {
    let made = compose(
        &[(
            "compose.yaml",
            "services:\n  cache: {image: 'redis:7.4'}\n  api: {image: 'x/api:1', expose: ['3000']}\n  web: {image: 'x/web:1', command: 'serve --bind 0.0.0.0:8000', environment: {R: 'redis://cache:6379', A: 'http://api:3000', HOST: 0.0.0.0}, ports: ['127.0.0.1:8000:8000']}\n",
        )],
        &options(),
    );
    has(
        &made,
        &[
            r#"command "redis-server" "--bind" "127.0.0.1""#,
            r#"port "redis" 6379 address="127.0.0.1""#,
            r#"port "http" 3000 address="127.0.0.1""#,
            r#"command "serve" "--bind" "127.0.0.1:8000""#,
            r#"HOST "127.0.0.1""#,
        ],
    );
    says(&made, Handling::Decide, "let the process bind the address that stands there");
    says(&made, Handling::Decide, "`api` 3000");
    let made = one("{image: 'redis:7.4', ports: ['6379:6379']}");
    has(
        &made,
        &[r#"command "redis-server" "--bind" "127.0.0.1""#, r#"port "redis" 6379 address="127.0.0.1""#],
    );
    says(&made, Handling::Decide, "without a password");
    let made = one("{image: 'redis:7.4', command: 'redis-server --requirepass x', ports: ['6379:6379']}");
    has(&made, &[r#"port "redis" 6379"#]);
    let made =
        one("{image: 'bitnami/redis:7.2', environment: [ALLOW_EMPTY_PASSWORD=yes], ports: ['6379:6379']}");
    has(&made, &[r#"port "redis" 6379 address="127.0.0.1""#]);
    has(&run("docker run -P --expose 9000 x/a:1"), &[r#"port "http" 9000"#]);
    // Before, the host's network was its own already.
    has(&one("{image: 'x/a:1', network_mode: host, expose: ['3000']}"), &[r#"port "http" 3000"#]);
}

#[test]
fn readiness_is_as_it_was() {
    for (service, line) in [
        ("{image: 'x/m:1', ports: ['8096:8096', '8920:8920']}", r#"health tcp="p8096" start-period="300s""#),
        (
            "{image: 'x/q:1', healthcheck: {test: rabbitmq-diagnostics -q ping}}",
            r#"health command="rabbitmq-diagnostics -q ping" interval="30s" timeout="30s""#,
        ),
        (
            "{image: 'x/q:1', ports: ['80:80'], healthcheck: {test: curl http://localhost/x, interval: 5s}}",
            r#"health http="http" path="/x" status="100-599" interval="5s" timeout="30s""#,
        ),
        (
            "{image: 'x/q:1', ports: ['80:80'], healthcheck: {test: curl -fsS http://localhost/x || exit 1}}",
            r#"health http="http" path="/x" interval="30s" timeout="30s""#,
        ),
        (
            "{image: 'x/q:1', ports: ['80:80'], healthcheck: {test: curl -f http://localhost/x && test -f /y}}",
            r#"health command="curl -f http://localhost/x && test -f /y" interval="30s" timeout="30s""#,
        ),
        (
            "{image: 'x/q:1', ports: ['8080:80'], environment: {PORT: 80}, healthcheck: {test: ask localhost:80/}}",
            r#"health command="ask localhost:{{ ports.http }}/" interval="30s" timeout="30s""#,
        ),
        ("{image: 'x/q:1', healthcheck: {test: [CMD, ask, \"it's\"]}}", r#"command "ask" "it's""#),
    ] {
        has(&one(service), &[line]);
    }
    assert!(!one("{image: 'x/bot:1'}").0.contains("health"));
}

#[test]
fn what_ends_is_a_task_and_what_has_no_network_gets_none() {
    let made =
        one("{image: 'minio/mc:1', entrypoint: '/bin/sh -c \"mc alias set m http://minio; exit 0;\"'}");
    has(&made, &[r#"task "a" {"#]);
    let made = one("{image: 'redis:7', network_mode: none}");
    has(&made, &[r#"network "none""#]);
    assert!(!made.0.contains("port"), "{}", made.0);
    let made = one("{image: 'x/sip:1', ports: ['10000-10010:10000-10010']}");
    has(&made, &[r#"health command="true""#]);
}

#[test]
fn ports_in_the_network_of_another_are_those_of_who_listens() {
    let made = compose(
        &[(
            "compose.yaml",
            "services:\n  vpn: {image: 'x/vpn:1', ports: ['8080:8080']}\n  app: {image: 'x/app:1', network_mode: 'service:vpn', depends_on: [vpn]}\n",
        )],
        &options(),
    );
    has(&made, &[r#"health tcp="http" start-period="300s""#]);
    let vpn = made.0.split("service \"app\"").next().unwrap();
    assert!(!vpn.contains("port"), "{}", made.0);
}

#[test]
fn volumes_get_the_owner_of_the_image() {
    let text = |image: &str, path: &str| {
        format!("services:\n  a: {{image: '{image}', volumes: ['d:{path}']}}\nvolumes: {{d: }}\n")
    };
    for (image, path, line) in [
        ("grafana/grafana:12.1.1", "/var/lib/grafana", r#"volume "/var/lib/grafana" owner="472:0""#),
        (
            "postgres:16-alpine",
            "/var/lib/postgresql/data",
            r#"volume "/var/lib/postgresql/data" owner="70:70""#,
        ),
        (
            "bitnami/redis:7.4",
            "/bitnami/redis/data",
            r#"volume "/bitnami/redis/data" owner="0:0" mode="0775""#,
        ),
        ("lscr.io/linuxserver/sonarr:4.0", "/config", r#"volume "/config""#),
    ] {
        has(&compose(&[("compose.yaml", &text(image, path))], &options()), &[line]);
    }
    let made = compose(&[("compose.yaml", &text("x/unknown:1", "/data"))], &options());
    says(&made, Handling::Decide, "`a` /data");
}

#[test]
fn what_is_for_working_on_the_code_goes() {
    let made = compose(
        &[
            (
                "compose.yaml",
                "services:\n  web: {build: ., volumes: ['.:/code', '/code/node_modules', './data:/code/data', './src:/code/src']}\n  worker: {build: {context: ./}, command: work}\n  other: {build: ./other}\n",
            ),
            ("src/main.py", "print()"),
        ],
        &options(),
    );
    has(&made, &[r#"volume "/code/data""#, r#"image "web:1.0.0""#, r#"image "other:1.0.0""#]);
    assert_eq!(made.0.matches("volume").count(), 1, "{}", made.0);
    assert_eq!(made.0.matches(r#"image "web:1.0.0""#).count(), 2, "{}", made.0);
    says(&made, Handling::Decide, "`web:1.0.0`, `other:1.0.0`");
}

#[test]
fn what_the_shell_does_not_set_is_left_out() {
    let made = one("{image: 'x/a:1', environment: {ONE: , TWO: }}");
    assert!(!made.0.contains("ONE") && made.1.of(Handling::Decide).next().is_none(), "{}", made.0);
    says(&made, Handling::Changed, "`ONE` comes from the shell");
}

#[test]
fn docker_compose_and_dpc_read_the_same() {
    for (service, lines) in [
        ("{image: 'x/a:1', command: [\n    \"start\",\n    \"--x\"\n  ]}", &[r#"command "start" "--x""#][..]),
        ("{image: 'x/a:1', dns_search: corp.example}", &[r#"docker-args "--dns-search=corp.example""#]),
        (
            "{image: 'x/a:1', environment: {UMASK: 022, T: '022', H: 0x1F}}",
            &[r#"UMASK "18""#, r#"T "022""#, r#"H "31""#],
        ),
        (
            "{image: 'x/a:1', ports: [{target: 53, published: 53, protocol: UDP}]}",
            &[r#"port "dns-udp" 53 protocol="udp""#],
        ),
        ("{image: 'x/a:1', ports: ['${WEB}:80']}", &[r#"port "http" 80"#]),
        ("{image: 'x/a:1', depends_on: {gone: {condition: service_started, required: false}}}", &[]),
        ("{image: 'x/a:1', env_file: [{path: gone.env, required: false}]}", &[]),
        ("{image: 'x/a:1', tmpfs: ['/x:size=10%']}", &[r#"docker-args "--tmpfs=/x:size=10%""#]),
        ("{image: 'x/a:1', restart: on-failure, command: [app, migrate]}", &[r#"task "a" {"#]),
    ] {
        let made = one(service);
        has(&made, lines);
        assert_eq!(made.1.of(Handling::Decide).count(), 0, "{service}\n{}", made.1.text(false));
    }
    let made = one("{image: 'x/a:1', extra_hosts: {b: ['1.1.1.1', '2.2.2.2']}}");
    has(&made, &[r#"extra-host "b" "1.1.1.1""#, r#"docker-args "--add-host=b:2.2.2.2""#]);
}

#[test]
fn a_bracket_at_the_column_of_its_key_closes_a_list() {
    let text = "services:\n  a:\n    image: x/a:1\n    command: [\n      \"start\",\n      \"--x\"\n    ]\n    labels: {\n      a: b\n    }\n    tty: false\n";
    has(&compose(&[("compose.yaml", text)], &options()), &[r#"command "start" "--x""#, r#"label "a" "b""#]);
}

#[test]
fn files_of_one_project_are_read_as_docker_reads_them() {
    let base = "services:\n  a: {image: 'x/a:1', dns: 1.1.1.1, tmpfs: /a}\n  b: {image: 'x/b:1', profiles: [full]}\n---\nservices:\n  c: {image: 'x/c:1'}\n";
    let over = "services:\n  a: {environment: {A: over}, dns: [2.2.2.2], tmpfs: [/b]}\n";
    let env = "COMPOSE_PROFILES=full\nCOMPOSE_PROJECT_NAME=zed\n";
    let files = [("compose.yaml", base), ("compose.override.yaml", over), (".env", env)];
    let made = compose(&files, &Options { fleet: None, ..options() });
    has(
        &made,
        &[
            r#"fleet "zed" {"#,
            r#"A "over""#,
            r#"service "b" {"#,
            r#"service "c" {"#,
            r#"dns "1.1.1.1" "2.2.2.2""#,
            r#"tmpfs "/a""#,
            r#"tmpfs "/b""#,
        ],
    );
    assert!(!made.0.contains("environment"), "{}", made.0);
    let files =
        [("compose.yaml", base), ("more.yaml", over), (".env", "COMPOSE_FILE=compose.yaml:more.yaml\n")];
    has(&compose(&files, &options()), &[r#"A "over""#]);
    let mut project = Memory::default();
    project.insert("compose.yml", base);
    let found = import::compose::files(&[], &BTreeMap::new(), &project).unwrap();
    assert!(import::convert(&found, &options(), &project).0.contains(r#"service "c""#));
}

#[test]
fn a_timer_says_when_its_task_runs() {
    let service = "[Unit]\nOnFailure=notify@%n.service page.service\n[Service]\nType=oneshot\nTimeoutStartSec=2h\nExecStart=/usr/bin/docker run --rm x/b:2";
    let page = "[Service]\nType=oneshot\nExecStart=/usr/bin/docker run --rm x/page:2";
    let timer = "[Timer]\nOnCalendar=*-*-* 03:00\nOnCalendar=*-*-* 15:00\nPersistent=false\nRandomizedDelaySec=30min\nOnBootSec=10min\nAccuracySec=1s\n";
    let made = units(&[("b.service", service), ("b.timer", timer), ("page.service", page)]);
    has(
        &made,
        &[
            r#"schedule "*-*-* 03:00" "*-*-* 15:00" persistent=#false random-delay="1800s""#,
            r#"timeout "7200s""#,
            r#"on-failure "page""#,
        ],
    );
    says(&made, Handling::Lost, "a task of dpc runs by a calendar, or some time after its last run");
    says(&made, Handling::Lost, "write a task that tells somebody");
    let every = "[Timer]\nOnBootSec=5min\nOnUnitActiveSec=15min\n";
    let made = units(&[("page.service", page), ("page.timer", every)]);
    has(&made, &[r#"schedule every="900s""#]);
    let kept =
        units(&[("page.service", page), ("page.timer", "[Timer]\nOnCalendar=daily\nPersistent=true\n")]);
    has(&kept, &[r#"schedule "daily""#]);
}

#[test]
fn a_quadlet_is_a_container() {
    let made = units(&[
        (
            "web.container",
            "[Unit]\nAfter=db.service\n[Container]\nImage=docker.io/x/web:1\nPublishPort=8080:8080\nVolume=web.volume:/data\nVolume=/srv/x:/x:ro\nEnvironment=A=1 \"B=two words\"\nNetwork=app.network\nAddCapability=NET_ADMIN SYS_TIME\nExec=serve --now\nUser=101\nGroup=102\nSecret=tok,type=env,target=TOKEN\n[Service]\nRestart=always\n[Install]\nWantedBy=default.target\n",
        ),
        (
            "db.container",
            "[Container]\nImage=postgres:16\nNetwork=app.network\nVolume=db.volume:/var/lib/postgresql/data\n",
        ),
        ("web.volume", "[Volume]\n"),
    ]);
    has(
        &made,
        &[
            r#"image "docker.io/x/web:1""#,
            r#"port "http" 8080"#,
            r#"volume "/x" from="/srv/x" read-only=#true"#,
            r#"B "two words""#,
            r#"command "serve" "--now""#,
            r#"user "101:102""#,
            r#"add "NET_ADMIN" "SYS_TIME""#,
            r#"secret "TOKEN" from="/etc/shop/TOKEN""#,
            r#"needs "db""#,
            r#"extra-host "db" "127.0.0.1""#,
            r#"port "postgres" 5432 address="127.0.0.1""#,
        ],
    );
}

#[test]
fn what_is_ready_builds_without_a_decision() {
    let text = "services:\n  a: {image: 'x/a:${TAG}', command: 'run ${X}', user: '1000', ports: ['80:80'], env_file: gone.env, volumes: ['${DATA}/d:/d'], secrets: [s]}\n  b: {build: ., network_mode: 'service:a'}\n  c: {image: 'x/c:1', user: '1000', ports: ['81:81']}\nsecrets: {s: {external: true}}\n";
    let made = compose(&[("compose.yaml", text)], &Options { ready: true, ..options() });
    assert_eq!(made.1.of(Handling::Decide).count(), 0, "{}", made.1.text(false));
    assert!(!made.0.contains("decide"), "{}", made.0);
    assert_eq!(dpc::tools::format::format(dpc::text::FileId(0), &made.0).unwrap(), made.0);
    let mut project = Memory::default();
    project.insert("dpc.kdl", made.0.as_str());
    let outcome = analyse(&project, &Request::default()).unwrap();
    let errors: Vec<_> =
        outcome.diagnostics.iter().filter(|one| one.fault.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{}\n{errors:?}", made.0);
    says(&made, Handling::Lost, "left out, since it does not compile");
}

#[test]
fn a_quadlet_is_told_of_by_its_own_keys() {
    let text = "[Container]\nImage=docker.io/x/web:1.2\nPublishPort=8080:80\nHealthCmd=ask\nIP=10.88.0.7\n";
    let report = units(&[("web.container", text)]).1.text(true);
    for (key, flag) in [("PublishPort", "--publish"), ("HealthCmd", "--health-cmd"), ("IP", "--ip")] {
        assert!(report.contains(key) && !report.contains(flag), "{key}\n{report}");
    }
}

#[test]
fn capabilities_of_a_gpu_are_not_dropped_in_silence() {
    let said = "the capabilities compute, utility of the GPU";
    let devices = "[{driver: nvidia, count: 1, capabilities: [gpu, compute, utility]}]";
    let service =
        format!("{{image: 'x/q:1', deploy: {{resources: {{reservations: {{devices: {devices}}}}}}}}}");
    says(&one(&service), Handling::Changed, said);
    says(&run("docker run --gpus 'all,\"capabilities=compute,utility\"' x/q:1"), Handling::Changed, said);
    assert!(!one("{image: 'x/q:1', gpus: all}").1.text(true).contains("capabilities"));
}
