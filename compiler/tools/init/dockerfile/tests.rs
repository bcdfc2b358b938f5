use super::*;

fn image(text: &str) -> BuiltImage {
    read(text).unwrap().expect("no FROM")
}

#[test]
fn every_instruction_is_read() {
    let image = image(
        "# syntax=docker/dockerfile:1\nARG NODE=22\nFROM node:${NODE}-slim\nENV PORT=3000 DATA=\"/var/my data\"\n\
         ENV LONG a value\nARG EXTRA=4000\nEXPOSE $PORT ${EXTRA}/udp 5000-5002/tcp 0 x\nWORKDIR /srv\nWORKDIR app\n\
         VOLUME [\"/data\", \"$DATA\"]\nVOLUME /a /b\nUSER ${WHO:-node}:${WHO:-node}\nSTOPSIGNAL SIGQUIT\n\
         HEALTHCHECK --interval=10s --timeout=3s CMD curl -f http://localhost:3000/healthz || exit 1\n\
         ENTRYPOINT [\"node\", \"server.js\"]\nCMD [\"--verbose\"]\n",
    );
    assert_eq!(image.base, "node:22-slim");
    assert_eq!(
        image.ports,
        [(3000, 3000, "tcp".into()), (4000, 4000, "udp".into()), (5000, 5002, "tcp".into())]
    );
    assert_eq!(image.volumes, ["/data", "/var/my data", "/a", "/b"]);
    assert_eq!(image.user.as_deref(), Some("node:node"));
    assert_eq!(image.workdir.as_deref(), Some("/srv/app"));
    assert_eq!(image.stop_signal.as_deref(), Some("SIGQUIT"));
    assert_eq!(image.env["LONG"], "a value");
    let health = image.health.as_ref().unwrap();
    assert_eq!(health.command, "curl -f http://localhost:3000/healthz || exit 1");
    assert_eq!(health.options["interval"], "10s");
    assert_eq!(image.words(), Some(("CMD", ["node", "server.js", "--verbose"].map(String::from).to_vec())));
    assert_eq!(
        image.process().map(|(source, process)| (source, process.in_shell)),
        Some(("ENTRYPOINT", false))
    );
}

#[test]
fn lines_are_joined_and_comments_and_documents_passed_over() {
    let image = image(
        "from a\nRUN x && \\\n  # a comment\n\n  useradd -m \\\n -u 1001 app\nCOPY <<EOF /f\nEXPOSE 1\nUSER root\nEOF\n\
         RUN <<-\"END\" cat\n\tEXPOSE 2\n\tEND\n  expose \\\n 80 \\\n 81\nUSER app\nCMD node server.js\n",
    );
    assert_eq!(image.ports.iter().map(|port| port.0).collect::<Vec<_>>(), [80, 81]);
    assert_eq!(image.users["app"], 1001);
    assert_eq!(image.user.as_deref(), Some("app"));
    let words = ["node", "server.js"].map(String::from).to_vec();
    assert_eq!(image.command, Some(Process { words, in_shell: true }));
}

#[test]
fn the_last_stage_counts_and_goes_on_with_the_one_it_starts_from() {
    let image = image(
        "FROM a AS build\nEXPOSE 1\nUSER build\nFROM --platform=linux/amd64 b AS Base\nENV A=1\nEXPOSE 2\n\
         FROM base\nUSER run\nEXPOSE 3\n",
    );
    assert_eq!(image.base, "b");
    assert_eq!(image.ports.iter().map(|port| port.0).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((image.user.as_deref(), image.env["A"].as_str()), (Some("run"), "1"));
}

#[test]
fn odd_files_are_read_as_far_as_they_go() {
    assert_eq!(read(""), Ok(None));
    assert_eq!(read("EXPOSE 80\n"), Ok(None));
    assert_eq!(image("# escape=`\nFROM a\nRUN x `\n EXPOSE 1\nEXPOSE 2\n").ports.len(), 1);
    for text in [
        "FROM",
        "FROM a\nCOPY <<EOF /x\nno end",
        "FROM a\nENV\nENV A\nENV \\\n",
        "FROM a\nHEALTHCHECK --x\nUSER $",
        "FROM a\nHEALTHCHECK NONE\nCMD []\nEXPOSE ${\nARG é=$é\nVOLUME \"\nENV é\\é=\\",
        "\u{FEFF}FROM a \\",
    ] {
        assert!(read(text).unwrap().is_some(), "{text}");
    }
}
