//! The script of a container, from end to end with docker's real client and an engine that records the requests.

use crate::project::Project;
use crate::recording_docker::{Options, RecordingDocker};
use std::fs;
use std::io::Write;
use std::process::Command;

const VARIABLE: &str = "c4naRy-variable 'of $HOME \"two\" words";
const FILE: &str = "c4naRy-file";

/// Writes down its arguments, then is the client.
const CLIENT: &str = "#!/bin/sh\nprintf '%s\\n' \"$@\" >>\"$RECORD\"\nexec \"$CLIENT\" \"$@\"\n";

#[test]
fn a_script_hands_a_secret_to_docker_and_to_nobody_else() {
    let Some(client) = installed("docker") else { return };
    for shell in ["dash", "bash"].iter().filter_map(|name| installed(name)) {
        let place = project();
        let engine = RecordingDocker::with(Options { exit_status: Some(0), ..Options::default() });
        place.program("bin/docker", CLIENT);
        place.program("bin/systemctl", "#!/bin/sh\nexit 3\n");
        let output = Command::new(&shell)
            .arg(place.at("out/app-1/docker/shop-api-1.sh"))
            .env("PATH", format!("{}:/usr/bin:/bin", place.at("bin")))
            .envs([("CLIENT", &client), ("DOCKER_HOST", &engine.host()), ("RECORD", &place.at("arguments"))])
            .output()
            .unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let arguments = fs::read_to_string(place.at("arguments")).unwrap();
        assert!(
            arguments.contains("STRIPE_KEY\n") && said.contains("ended with status 0"),
            "{said}{arguments}"
        );
        assert!(!arguments.contains("c4naRy") && !said.contains("c4naRy"), "{said}{arguments}");

        let [(_, body)] = &engine.created()[..] else { panic!("{:?}", engine.created()) };
        // The variable is in the container's configuration, where root can see it; the file is mounted, and not read.
        let variable = format!("STRIPE_KEY={VARIABLE}");
        let found = body["Env"].as_array().unwrap().iter().filter(|value| **value == *variable).count();
        assert_eq!(found, 1, "{body}");
        assert!(!body.to_string().contains(FILE) && body.to_string().contains("host/file"));
        let elsewhere = body.to_string().matches("c4naRy").count();
        let other =
            engine.requests().iter().filter(|request| format!("{request:?}").contains("c4naRy")).count();
        assert!(elsewhere == 1 && other <= 1, "{body}");
        let line = format!(
            "secrets | in {} arguments of docker's client under {shell}, the output, {} requests | {}\n",
            arguments.lines().count(),
            engine.requests().len(),
            arguments.lines().count() + engine.requests().len() + 1
        );
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}

fn project() -> Project {
    let place = Project::empty();
    place.write("host/variable", format!("{VARIABLE}\n"));
    place.write("host/file", FILE);
    let kdl = format!(
        "fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {{\n    image \"a:1\"\n    on \"app-1\"\n    secret \"STRIPE_KEY\" from=\"{}\"\n    secret \"tls\" from=\"{}\" path=\"/run/tls\"\n}}\n",
        place.at("host/variable"),
        place.at("host/file")
    );
    place.write("dpc.kdl", &kdl);
    let (well, said) = place.said(&["build"]);
    assert!(well, "{said}");
    place
}

/// The program's path, or nothing and a line that tests cannot swallow.
fn installed(name: &str) -> Option<String> {
    let output = Command::new("sh").args(["-c", "command -v \"$1\"", "sh", name]).output().unwrap();
    if !output.status.success() {
        let line = format!("SKIPPED: `{name}` is not installed, so a script is not run\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return None;
    }
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}
