//! `dpc init` on a terminal of script(1), which runs a program behind a pseudo-terminal, types its input there, and prints what
//! appears.

use crate::project::Project;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

struct Walk {
    child: Child,
    keyboard: ChildStdin,
    screen: Receiver<Vec<u8>>,
    seen: String,
    at: usize,
}

impl Walk {
    fn new(repository: &Project, folder: &str, arguments: &str) -> Self {
        std::fs::create_dir_all(repository.root.join(folder)).unwrap();
        // A job in the background of a shell ignores interrupts, and so would dpc.
        let mut child = Command::new("env")
            .args(["--default-signal=INT", "--default-signal=QUIT", "script"])
            .args(["-qefc", &format!("'{}' init {arguments}", env!("CARGO_BIN_EXE_dpc")), "/dev/null"])
            .current_dir(repository.root.join(folder))
            .env("TERM", "dumb")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, screen) = channel();
        let mut out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keyboard = child.stdin.take().unwrap();
        Self { child, keyboard, screen, seen: String::new(), at: 0 }
    }

    /// Waits until this text appears behind the earlier ones.
    #[track_caller]
    fn sees(&mut self, wanted: &str) -> &mut Self {
        loop {
            if let Some(found) = self.seen[self.at..].find(wanted) {
                self.at += found + wanted.len();
                return self;
            }
            match self.screen.recv_timeout(Duration::from_secs(20)) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes).replace('\r', "")),
                Err(_) => panic!("`{wanted}` does not appear behind\n{}", &self.seen),
            }
        }
    }

    fn types(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// The exit code once the program has ended.
    fn ends(mut self) -> i32 {
        let code = self.child.wait().unwrap().code().unwrap();
        drop(self.keyboard);
        code
    }
}

#[test]
fn a_walk_from_question_to_file() {
    let repository = Project::top(&[("Dockerfile", "FROM node:22\nEXPOSE 3000\nUSER node\n")]);
    let mut walk = Walk::new(&repository, "", "");
    walk.sees("Enter takes what stands in brackets").sees("name of the service [").types("My API\n");
    walk.sees("the name `My API` holds").sees("name of the service [").types("api\n");
    walk.sees("name of the fleet [api]: ").types("shop\n");
    walk.sees("image, with its tag [registry.example.com/shop/api:1.0.0]: ").types("shop/api:latest\n");
    walk.sees("write a tag other than `latest`").sees("image").types("shop/api:2\n");
    walk.sees("hosts, as NAME=ADDRESS [host-1=192.0.2.10]: ").types("web-1=10.0.0.11, web-2=10.0.0.12\n");
    walk.sees("user, or none for the image's [1000:1000]: ").types("\n");
    walk.sees("port that it listens on, or none [3000]: ").types("40000\n");
    walk.sees("port 40000 is taken there: 3000 is free").sees("[3000]: ").types("\n");
    walk.sees("path of its health check by HTTP, or none [none]: ").types("/healthz\n");
    walk.sees("--- dpc.kdl").sees("service \"api\" {").sees("write this? [Y/n]: ");
    assert!(!repository.has("dpc.kdl"), "written before anybody agreed");
    walk.types("what\n").sees("answer `y` or `n`").sees("[Y/n]: ").types("y\n");
    walk.sees("wrote dpc.kdl\n").sees("next: dpc build\n");
    assert_eq!(walk.ends(), 0);
    let text = repository.read("dpc.kdl");
    for line in ["on \"web-1\" \"web-2\"", "path=\"/healthz\"", "port \"http\" 3000", "image \"shop/api:2\""]
    {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    repository.is_good("");
}

#[test]
fn in_a_fleet_its_hosts_and_bases_are_offered() {
    let fleet = "fleet \"shop\"\n\nhost \"a\" address=\"10.0.0.1\"\n\nhost \"b\" address=\"10.0.0.2\"\n\nbase \"node\" {\n    user \"5:5\"\n}\n";
    let repository = Project::top(&[("dpc.kdl", fleet)]);
    let mut walk = Walk::new(&repository, "api", "--image shop/api:1 --health none");
    walk.sees("name of the service [api]: ").types("\n");
    walk.sees("hosts to run on (of a, b) [a]: ").types("b\n");
    walk.sees("base to extend (of node) [none]: ").types("node\n");
    walk.sees("user, or none for the image's [none]: ").types("\n");
    walk.sees("port that it listens on, or none [none]: ").types("8080\n");
    walk.sees("write this? [Y/n]: ").types("\n").sees("next: dpc build ..\n");
    assert_eq!(walk.ends(), 0);
    assert!(repository.read("api/dpc.kdl").contains("service \"api\" extends=\"node\""));
}

#[test]
fn no_and_the_end_of_input_and_an_interrupt_write_nothing() {
    let repository = Project::top(&[]);
    let mut no =
        Walk::new(&repository, "", "a --image a:1 --port none --host h=10.0.0.1 --user none --fleet-name f");
    no.sees("write this? [Y/n]: ").types("n\n").sees("nothing was written\n");
    assert_eq!(no.ends(), 2);
    for (keys, code, said) in [("\u{4}", 2, "nothing was written\n"), ("\u{3}", 130, "")] {
        let mut walk = Walk::new(&repository, "", "--ci github");
        walk.sees("name of the service [")
            .types("a\n")
            .sees("name of the fleet [a]: ")
            .types(keys)
            .sees(said);
        assert_eq!(walk.ends(), code, "{keys:?}");
    }
    assert!(repository.files().is_empty(), "{:?}", repository.files());
}

const COMPOSE: &str = "name: shop\nservices:\n  db:\n    image: postgres:16.3\n  web:\n    image: registry.example.com/web:1.0\n    depends_on: [db]\n    environment: {DB: 'db:5432'}\n    ports: ['3000:3000']\n";

#[test]
fn a_compose_file_is_offered_and_taken() {
    let repository = Project::top(&[
        ("compose.yaml", COMPOSE),
        ("compose.override.yaml", "services: {web: {environment: {MODE: a}}}\n"),
    ]);
    let mut walk = Walk::new(&repository, "", "");
    walk.sees("Enter takes what stands in brackets")
        .sees("`compose.yaml compose.override.yaml` is here: begin with all its services? [Y/n]: ")
        .types("maybe\n")
        .sees("answer `y` or `n`")
        .sees("[Y/n]: ")
        .types("\n");
    walk.sees("name of the fleet [shop]: ").types("\n");
    walk.sees("hosts, as NAME=ADDRESS [host-1=192.0.2.10]: ").types("web-1=10.0.0.11\n");
    walk.sees("--- dpc.kdl").sees("service \"web\"").sees("needs \"db\"").sees("write this? [Y/n]: ");
    assert!(!repository.has("dpc.kdl"), "written before anybody agreed");
    walk.types("y\n").sees("wrote dpc.kdl\n").sees("carried over").sees("next: dpc build\n");
    assert_eq!(walk.ends(), 0);
    assert!(repository.read("dpc.kdl").contains("MODE \"a\""));
    repository.is_good("");
}

#[test]
fn a_compose_file_that_is_not_wanted_is_named() {
    let repository = Project::top(&[("compose.yaml", COMPOSE)]);
    let mut walk = Walk::new(&repository, "", "");
    walk.sees("begin with all its services? [Y/n]: ").types("n\n");
    walk.sees("`dpc init --from-compose compose.yaml` begins with all its services, `dpc import compose compose.yaml` makes KDL")
        .sees("name of the service [")
        .types("\u{4}");
    walk.sees("nothing was written");
    assert_eq!(walk.ends(), 2);
    assert_eq!(repository.files(), ["compose.yaml"]);
    // The name and image of the one service decide: the compose file is not asked about.
    let mut walk = Walk::new(&repository, "", "api --image shop/api:1");
    walk.sees("`dpc import compose compose.yaml` makes KDL").sees("name of the fleet").types("\u{4}");
    assert_eq!(walk.ends(), 2);
}

#[test]
fn yes_answers_everything() {
    let repository = Project::top(&[]);
    let mut walk = Walk::new(&repository, "x", "--yes");
    walk.sees("wrote dpc.kdl\n").sees("next: dpc build\n");
    assert!(!walk.seen.contains('?') && !walk.seen.contains("["), "{}", walk.seen);
    assert_eq!(walk.ends(), 0);
}
