//! The name of a setting in other tools → how to write it here.

/// Translates a word of compose, docker or systemd into dpc's; `None` if none of them has the word, or nothing here says how.
pub(crate) fn translated(name: &str) -> Option<&'static str> {
    let spelt = name.to_ascii_lowercase().replace('_', "-");
    WORDS.iter().find(|(word, _)| *word == spelt).map(|(_, instead)| *instead)
}

/// Sources: the compose specification, `docker run --help`, systemd.service(5).
const WORDS: &[(&str, &str)] = &[
    ("after", "`needs \"…\"`: it orders and waits until the other one is ready"),
    ("build", "`image \"name:tag\"`: dpc builds no images"),
    ("cap-add", "`capabilities { add \"…\" }`"),
    ("cap-drop", "`capabilities { drop \"…\" }`"),
    ("cmd", "`command \"…\" \"…\"`, a word an argument"),
    ("configs", "`file \"/path\" source=\"…\"`"),
    ("container-name", "nothing: a container is called `<fleet>-<service>-<instance>`"),
    ("cpus", "`resources cpus=1.5`"),
    ("depends-on", "`needs \"…\"`"),
    ("deploy", "`instances 2` and `resources memory=\"1g\"`"),
    ("description", "nothing: a unit is described by its fleet and service"),
    ("devices", "`device \"/dev/…\"`"),
    ("environment", "`env { NAME \"…\" }`"),
    ("environment-file", "`env-file \"…\"`"),
    ("exec-start", "`command \"…\" \"…\"`, a word an argument"),
    ("execstart", "`command \"…\" \"…\"`, a word an argument"),
    ("expose", "`port \"http\" 8080`"),
    ("extends", "it as a property of the service: `service \"…\" extends=\"base\"`"),
    ("extra-hosts", "`extra-host \"name\" \"address\"`"),
    (
        "healthcheck",
        "`health http=\"port\" path=\"/healthz\"`, `health tcp=\"port\"` or `health command=\"…\"`",
    ),
    ("hosts", "`on \"host\"`"),
    ("labels", "`label \"name\" \"value\"`"),
    ("links", "`needs \"…\"`, and `{{ needs.….address }}` where the address is used"),
    ("log-driver", "`logs driver=\"…\"`"),
    ("logging", "`logs driver=\"…\"`"),
    ("mem-limit", "`resources memory=\"1g\"`"),
    ("mounts", "`volume \"/path\"`"),
    ("net", "`network \"…\"`; host networking is the default"),
    ("network-mode", "`network \"…\"`; host networking is the default"),
    ("networks", "`network \"…\"`; host networking is the default"),
    ("pids-limit", "`resources pids=256`"),
    ("ports", "`port \"http\" 8080`"),
    ("privileged", "`docker-args \"--privileged\"`, if nothing less will do"),
    ("publish", "`port \"http\" 8080`: with host networking nothing is published"),
    ("replicas", "`instances 2`"),
    ("requires", "`needs \"…\"`"),
    ("scale", "`instances 2`"),
    ("secrets", "`secret \"NAME\" from=\"/path/on/the/host\"`"),
    ("security-opt", "`docker-args \"--security-opt\" \"…\"`"),
    ("stop-grace-period", "`stop grace=\"30s\"`"),
    ("stop-signal", "`stop signal=\"SIGTERM\"`"),
    ("timer", "`schedule \"*-*-* 03:00:00\"` in a task"),
    ("ulimits", "`ulimit \"nofile\" 65536`"),
    ("volumes", "`volume \"/path\"`"),
    ("wants", "`needs \"…\"`"),
    ("working-dir", "`workdir \"/path\"`"),
];
