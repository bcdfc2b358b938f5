//! For any input an import ends with an error, with KDL that compiles, or with a report that names each line that a person must
//! finish.

use crate::import::corpus::unfinished;
use crate::import::examples::{options, root};
use dpc::project::Memory;
use dpc::tools::import::{self, ImportError, ImportReport};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Words that flags and keys are made from, the odd ones too.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9_./:=,@%$ {}'\"#é-]{0,12}",
        proptest::sample::select(vec![
            "80:80",
            "127.0.0.1:53:53/udp",
            "0",
            "65536",
            "-1",
            "1g",
            "512m",
            "db",
            "db:5432",
            "http://db/x",
            "/",
            "/data",
            "/etc",
            "/var/run/docker.sock",
            "./x:/y",
            "v:/v:ro",
            "${X:-${Y}}",
            "$$",
            "{{ x }}",
            "{{",
            "host",
            "none",
            "root",
            "1000:1000",
            "ALL",
            "nofile=1:2",
            "net.core.somaxconn=1",
            "no",
            "~",
            "30s",
            "1m30s",
            "redis:7.2.5",
            "A=b",
            "",
            "true",
            "unless-stopped",
            "json-file",
            "max-size=1m",
            "/dev/null",
            "host-gateway",
            "1:30",
            "0755",
        ])
        .prop_map(str::to_string),
    ]
}

fn flag() -> impl Strategy<Value = String> {
    let names = vec![
        "-p",
        "-v",
        "-e",
        "-u",
        "-w",
        "-m",
        "-h",
        "-l",
        "--name",
        "--network",
        "--mount",
        "--tmpfs",
        "--ulimit",
        "--cap-add",
        "--device",
        "--add-host",
        "--dns",
        "--dns-search",
        "--sysctl",
        "--shm-size",
        "--cpus",
        "--pids-limit",
        "--restart",
        "--log-driver",
        "--log-opt",
        "--link",
        "--entrypoint",
        "--stop-signal",
        "--stop-timeout",
        "--health-cmd",
        "--health-interval",
        "--health-retries",
        "--expose",
        "--security-opt",
        "--env-file",
        "--volumes-from",
        "--gpus",
    ];
    (proptest::sample::select(names), word(), any::<bool>()).prop_map(|(name, value, joined)| {
        let value = value.replace('\'', "'\\''");
        if joined { format!("{name}='{value}'") } else { format!("{name} '{value}'") }
    })
}

fn holds(made: Result<(String, ImportReport), ImportError>, source: &str) -> Result<(), TestCaseError> {
    if let Ok((kdl, report)) = made {
        let wrong = unfinished("any", &kdl, &report, &root().join("examples/import/run"));
        prop_assert!(wrong.is_empty(), "{}\n{}\n{}", source, kdl, wrong.join("\n"));
    }
    Ok(())
}

fn turned(found: Result<import::found::Found, ImportError>) -> Result<(String, ImportReport), ImportError> {
    Ok(import::convert(&found?, &options(), &Memory::default()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flags(lines in prop::collection::vec((prop::collection::vec(flag(), 0..8), word()), 1..4)) {
        let text: String =
            lines.iter().map(|(flags, word)| format!("docker run {} redis:7.2.5 {word}\n", flags.join(" "))).collect();
        holds(turned(import::run::text("run.sh", &text, &Memory::default())), &text)?;
    }

    #[test]
    fn text(text in "(docker run |-p |\\\\\n|'|\"|\\$\\(|\\$\\{|# |[ -~]|\n|é){0,40}") {
        holds(turned(import::run::text("run.sh", &text, &Memory::default())), &text)?;
    }

    #[test]
    fn keys(services in prop::collection::vec(prop::collection::vec((key(), word(), any::<bool>()), 0..8), 1..4)) {
        let mut text = "services:\n".to_string();
        for (index, keys) in services.iter().enumerate() {
            text.push_str(&format!("  {}:\n    image: redis:7.2.5\n", ["db", "web", "a_b"][index]));
            let mut seen = Vec::new();
            for (key, value, list) in keys.iter().filter(|(key, ..)| *key != "image") {
                if seen.contains(key) { continue; }
                seen.push(key);
                let value = value.replace('\'', "''");
                text.push_str(&if *list { format!("    {key}: ['{value}']\n") } else { format!("    {key}: '{value}'\n") });
            }
        }
        let mut project = Memory::default();
        project.insert("compose.yaml", text.as_str());
        let found = import::compose::files(&["compose.yaml".to_string()], &BTreeMap::new(), &project);
        holds(turned(found), &text)?;
    }

    #[test]
    fn units(lines in prop::collection::vec((proptest::sample::select(vec!["ExecStart", "After", "Restart", "RestartSec", "ExecStop", "Environment"]), word()), 0..6), flags in prop::collection::vec(flag(), 0..4)) {
        let mut text = format!("[Service]\nExecStart=/usr/bin/docker run {} redis:7.2.5\n", flags.join(" "));
        lines.iter().for_each(|(key, value)| text.push_str(&format!("{key}={value}\n")));
        holds(turned(import::unit::units(&[("a.service".to_string(), text.clone())], &Memory::default())), &text)?;
    }
}

fn key() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "command",
        "entrypoint",
        "environment",
        "env_file",
        "ports",
        "expose",
        "volumes",
        "tmpfs",
        "depends_on",
        "links",
        "networks",
        "network_mode",
        "hostname",
        "dns",
        "extra_hosts",
        "cap_add",
        "devices",
        "ulimits",
        "sysctls",
        "shm_size",
        "mem_limit",
        "cpus",
        "pids_limit",
        "user",
        "working_dir",
        "restart",
        "stop_signal",
        "stop_grace_period",
        "labels",
        "secrets",
        "configs",
        "logging",
        "deploy",
        "healthcheck",
        "profiles",
        "scale",
        "security_opt",
        "privileged",
    ])
}
