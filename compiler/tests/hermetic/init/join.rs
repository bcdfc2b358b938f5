//! A service in a repository that has a fleet already.

use crate::project::Project;

const FLEET: &str = "\
fleet \"shop\" {
    etcd \"http://10.0.0.1:2379\"
}

host \"app-1\" address=\"10.0.0.11\" {
    reserve 8081
}

host \"app-2\" address=\"10.0.0.12\"

base \"node\" {
    user \"1000:1000\"
    tmpfs \"/cache\"
}

service \"front\" {
    image \"shop/front:1\"
    on \"*\"
    port \"http\" 8080
}
";

#[test]
fn it_gets_a_host_and_a_free_port_of_the_fleet() {
    let dockerfile = ("services/api/Dockerfile", "FROM a:1\nEXPOSE 8080\n");
    let repository = Project::top(&[("dpc.kdl", FLEET), dockerfile]);
    let ended = repository.dpc_in("services/api", &["init"], "");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
    assert_eq!(
        ended.out,
        "wrote dpc.kdl\nshop-api-1 runs on app-1 (10.0.0.11), port 8082\n\
         next: write the name of your image in place of registry.example.com/…\n\
         next: add `include \"services/api/dpc.kdl\"` to ../../dpc.kdl\nnext: dpc build ../..\n"
    );
    let text = repository.read("services/api/dpc.kdl");
    assert!(text.starts_with("service \"api\" { ") && text.contains("register \"http\""), "{text}");
    assert_eq!(repository.read("dpc.kdl"), FLEET, "what is there is not touched");
    repository.write("dpc.kdl", format!("include \"services/api/dpc.kdl\"\n\n{FLEET}"));
    repository.is_good("");
    assert!(repository.dpc(["show", "api"]).out.contains("8082"));
}

#[test]
fn hosts_and_bases_are_chosen() {
    let include = "include \"services/*/dpc.kdl\"\n\n";
    let entry = include.to_string() + FLEET;
    let dockerfile = ("services/api/Dockerfile", "FROM a:1\nEXPOSE 8080\n");
    let repository = Project::top(&[("dpc.kdl", &entry), ("services/x/dpc.kdl", ""), dockerfile]);
    let ended = repository.dpc_in("services/api", &["init", "--host", "app-2", "--extends", "node"], "");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.out.contains("shop-api-1 runs on app-2 (10.0.0.12), port 8081\n")
            && !ended.out.contains("add `include")
    );
    let text = repository.read("services/api/dpc.kdl");
    assert!(text.starts_with("service \"api\" extends=\"node\" { ") && !text.contains("user"), "{text}");
    repository.is_good("");
}

#[test]
fn what_the_fleet_does_not_have_is_refused() {
    let repository = Project::top(&[("dpc.kdl", FLEET)]);
    for (arguments, said) in [
        (&["--host", "app-3"][..], "error: the fleet has no host `app-3`: did you mean `app-1`?\n"),
        (&["--extends", "nod"], "error: the fleet has no base `nod`: did you mean `node`?\n"),
        (&["--port", "8081"], "error: port 8081 is taken there: 8082 is free\n"),
        (&["front"], "error: `front` is in the fleet already: choose another name\n"),
        (
            &["--etcd", "http://10.0.0.1:2379"],
            "error: `--etcd` is the fleet's to say\n  help: write it into its `fleet` node\n",
        ),
    ] {
        let ended = repository.dpc_in("api", &[&["init"], arguments].concat(), "");
        assert_eq!((ended.code, ended.err.as_str()), (2, said), "{arguments:?}");
    }
    assert_eq!(repository.files(), ["dpc.kdl"]);
}

#[test]
fn what_would_not_compile_there_is_shown_and_not_written() {
    let pinned = FLEET
        .replace("    etcd", "    pin \"digest\"\n    etcd")
        .replace("front:1", &format!("front@sha256:{}", "a".repeat(64)));
    let repository = Project::top(&[("dpc.kdl", &pinned)]);
    let ended = repository.dpc_in("api", &["init"], "");
    assert_eq!(ended.code, 1);
    assert!(
        ended.err.contains("error[unpinned-image]") && ended.err.contains("api/dpc.kdl:"),
        "{}",
        ended.err
    );
    repository.write("dpc.kdl", "fleet \"shop\" {\n    nonsense\n}\n");
    let ended = repository.dpc_in("api", &["init"], "");
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("error[unknown-node]"), "{}", ended.err);
    assert!(ended.err.ends_with("the fleet in `..` does not compile, so that no service can join it\n"));
    assert_eq!(repository.files(), ["dpc.kdl"]);
}

#[test]
fn a_fleet_beyond_the_repository_is_another() {
    let repository = Project::top(&[("dpc.kdl", FLEET), ("inner/.git/HEAD", "")]);
    let ended = repository.dpc_in("inner/api", &["init"], "");
    assert!(ended.out.contains("api-api-1 runs on host-1"), "{ended:?}");
}

#[test]
fn warnings_of_the_fleet_are_its_own() {
    let repository = Project::top(&[("dpc.kdl", &FLEET.replace("front:1", "front:latest"))]);
    let ended = repository.dpc_in("api", &["init"], "");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
}
