//! A script such as dpc writes, from end to end: the real client, the recording engine, each shell.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::readers::tool;
use crate::recording_docker::{Failure, Options, RecordingDocker};

/// Removes leftovers, starts, watches, and exits with the container's status.
const SCRIPT: &str = r#"set -eu
docker rm --force shop-api-1 >/dev/null 2>&1 || :
docker run --detach --name shop-api-1 --network host --read-only \
    --env 'GREETING=it'\''s
two lines' --mount type=bind,source=/srv/x,target=/data --memory 64m redis:7.2.5 serve --port 8080 >/dev/null
[ "$(docker inspect --format '{{.State.Running}}' shop-api-1)" = true ]
echo started
status=$(docker wait shop-api-1)
docker rm shop-api-1 >/dev/null
exit "$status"
"#;

#[test]
fn a_script_runs_from_end_to_end() {
    each(|shell, docker| {
        let engine = RecordingDocker::start();
        let child = start(shell, docker, &engine, SCRIPT);
        wait_for(|| engine.requests().iter().any(|request| request.path == "/containers/shop-api-1/wait"));
        assert!(engine.end("shop-api-1", 7));
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, b"started\n");

        let [(name, body)] = &engine.created()[..] else { panic!("{:?}", engine.created()) };
        assert_eq!(name, "shop-api-1");
        assert_eq!(body["Image"], "redis:7.2.5");
        assert_eq!(body["Cmd"], json!(["serve", "--port", "8080"]));
        assert_eq!(body["Env"], json!(["GREETING=it's\ntwo lines"]));
        assert_eq!(body["HostConfig"]["NetworkMode"], "host");
        assert_eq!(body["HostConfig"]["Memory"], 64 << 20);
        let calls: Vec<_> = engine
            .requests()
            .iter()
            .map(|request| request.call())
            .filter(|call| call != "GET /info")
            .collect();
        let id = format!("{:08x}", 1).repeat(8);
        assert_eq!(
            calls,
            [
                "DELETE /containers/shop-api-1",
                "POST /containers/create",
                // The client waits for the exit before it starts, also when it detaches.
                &format!("POST /containers/{id}/wait"),
                &format!("POST /containers/{id}/start"),
                "GET /containers/shop-api-1/json",
                "POST /containers/shop-api-1/wait",
                "DELETE /containers/shop-api-1",
            ]
        );
    });
}

#[test]
fn a_stop_ends_the_wait() {
    each(|shell, docker| {
        let engine = RecordingDocker::start();
        let child = start(shell, docker, &engine, SCRIPT);
        wait_for(|| engine.requests().iter().any(|request| request.path == "/containers/shop-api-1/wait"));
        let stop =
            start(shell, docker, &engine, "docker stop --time 1 shop-api-1\n").wait_with_output().unwrap();
        assert!(stop.status.success(), "{}", String::from_utf8_lossy(&stop.stderr));
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(143));
    });
}

#[test]
fn a_name_in_use_is_freed_first() {
    each(|shell, docker| {
        let engine = RecordingDocker::with(Options { exit_status: Some(0), ..Options::default() });
        let create = start(shell, docker, &engine, "docker create --name shop-api-1 old\n");
        assert!(create.wait_with_output().unwrap().status.success());
        let again = start(shell, docker, &engine, "docker create --name shop-api-1 old\n")
            .wait_with_output()
            .unwrap();
        assert!(String::from_utf8_lossy(&again.stderr).contains("Conflict."));
        let script = SCRIPT.replace("\n[ ", "\n: [ ");
        assert_eq!(start(shell, docker, &engine, &script).wait_with_output().unwrap().status.code(), Some(0));
        assert_eq!(engine.created().len(), 2);
    });
}

#[test]
fn failures_reach_the_script() {
    each(|shell, docker| {
        let engine =
            RecordingDocker::with(Options { images: Some(vec!["there".to_owned()]), ..Options::default() });
        let missing =
            start(shell, docker, &engine, "docker image inspect gone\n").wait_with_output().unwrap();
        assert_eq!(missing.status.code(), Some(1));
        let run = "docker run --detach --pull never --name x gone\n";
        assert_eq!(start(shell, docker, &engine, run).wait_with_output().unwrap().status.code(), Some(125));
        engine.fail(Failure {
            method: "POST",
            path_end: "/start",
            status: 500,
            message: "port is taken",
            times: 1,
        });
        let run = "docker image inspect there >/dev/null && docker run --detach --name x there\n";
        let failed = start(shell, docker, &engine, run).wait_with_output().unwrap();
        assert_eq!(failed.status.code(), Some(125));
        assert!(String::from_utf8_lossy(&failed.stderr).contains("port is taken"));
        let again = "docker rm --force x && docker run --detach --name x there && docker exec x true && docker logs x\n";
        let output = start(shell, docker, &engine, again).wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    });
}

#[test]
fn a_container_in_the_foreground_gives_its_status() {
    each(|shell, docker| {
        let engine = RecordingDocker::with(Options { exit_status: Some(3), ..Options::default() });
        let run =
            start(shell, docker, &engine, "docker run --rm --name task image\n").wait_with_output().unwrap();
        assert_eq!(run.status.code(), Some(3), "{}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(
            start(shell, docker, &engine, "docker container inspect task\n")
                .wait_with_output()
                .unwrap()
                .status
                .code(),
            Some(1)
        );
    });
}

/// Each shell with each client.
fn each(test: impl Fn(&Path, &Path)) {
    tool::find("docker");
    for shell in [tool::find("dash"), tool::find("bash")].into_iter().flatten() {
        for docker in tool::find_all("docker") {
            test(&shell, &docker);
        }
    }
}

fn start(shell: &Path, docker: &Path, engine: &RecordingDocker, script: &str) -> Child {
    let directory = docker.parent().unwrap_or(Path::new("/usr/bin")).display();
    Command::new(shell)
        .args(["-c", script])
        .env("PATH", format!("{directory}:/usr/bin:/bin"))
        .env("DOCKER_HOST", engine.host())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(20), "nothing happened");
        sleep(Duration::from_millis(5));
    }
}
