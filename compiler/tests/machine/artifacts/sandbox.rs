//! In: projects, and a script. Out: the output of the script, run as root on a machine of its own: mounts and a network that
//! end with it, and stand-ins for docker and systemd that accept everything.

use crate::project::Project;
use std::env;
use std::process::Command;

/// The built projects and the stand-ins.
pub struct Sandbox {
    folder: Project,
}

/// The start of every script. `activate PROJECT [ARGUMENT]` prints its output and its status.
const PREAMBLE: &str = r#"
set -eu
export PATH="$WORK/bin:$PATH"
mount --make-rprivate /
disk=$WORK/disk
mkdir "$disk"
mount -t tmpfs -o mode=755 none "$disk"
for place in /opt /srv /etc/systemd/system /etc/sysctl.d; do
    mkdir -p "$disk$place"
    mount --bind "$disk$place" "$place"
done
mount -t tmpfs -o mode=755 none /run
: >"$WORK/fstab"
mount --bind "$WORK/fstab" /etc/fstab
mkdir -m 1777 /run/lock
ip link set lo up
ip address add 10.0.0.1/32 dev lo
user="setpriv --reuid=1000 --regid=1000 --clear-groups"
activate() {
    project=$1
    shift
    status=0
    /bin/sh "$WORK/$project/out/a/activate" "$@" 2>&1 || status=$?
    echo "status $status"
}
# From now on a minute is a second.
hurry() {
    cat >"$WORK/bin/timeout" <<'END'
#!/bin/sh
[ "$1" != --foreground ] || shift
[ "$1" != --kill-after=5 ] || shift
case $1 in *[05]) limit=1 ;; *) limit=$1 ;; esac
shift
exec /usr/bin/timeout --foreground "$limit" "$@"
END
    chmod +x "$WORK/bin/timeout"
}
# What docker says once the fleet runs as its release says.
as_built() {
    sed -n "/^units='/,/^'/{/^$1-/p}" "/opt/dpc/$1/current/activate" | while read -r name kind hash _; do
        echo "$name running \"$hash\" \"$1\""
    done >"$WORK/ps"
}
"#;

/// A docker that fails at given points. Files hold its version, its running containers (number of the first process, id, name,
/// published ports) and what it is to run.
const DOCKER: &str = r#"#!/bin/sh
[ ! -e "$WORK/fail-docker-$1" ] || exit 1
[ ! -e "$WORK/hang-docker-$1" ] || exec sleep infinity
case $1:$* in
    version:*) cat "$WORK/docker-version" ;;
    info:*) cat "$WORK/docker-info" ;;
    ps:*State*) cat "$WORK/ps" ;;
    ps:*--quiet*) cut -d' ' -f2 "$WORK/containers" ;;
    image:*Id*)
        [ "$4" = '{{.Id}}' ] || { [ ! -e "$WORK/no-image" ] || exit 1; digest=' i@sha256:d'; }
        shift 4
        for image; do echo "$(cat "$WORK/image-${image%%@*}" 2>/dev/null || echo sha256:1)${digest:-}"; done
        ;;
    image:*Config.Volumes*)
        shift 4
        for image; do cat "$WORK/volumes-${image%%@*}" 2>/dev/null || echo; done
        ;;
    image:*Config.User*) cat "$WORK/image-user" ;;
    image:*) [ ! -e "$WORK/no-image" ] || exit 1 ;;
    create:*) echo c1 ;;
    cp:*) printf 'etc/passwd\0\0root:x:0:0::/:/bin/sh\ngrafana:x:472:0::/:/bin/sh\n\0' ;;
    pull:*) echo "$*" >>"$WORK/pulled" ;;
    inspect:*State.Pid*) cat "$WORK/containers" ;;
    inspect:*) exit 1 ;;
    rmi:*) echo "$*" >>"$WORK/removed" ;;
    rm:*)
        echo "No such container" >&2
        exit 1
        ;;
esac
case $1 in
    pull) [ ! -e "$WORK/fail-pull" ] ;;
    run) echo "docker $*" >>"$WORK/ran" ;;
esac
"#;

/// Every unit is active, and each command succeeds, except one that is named.
const SYSTEMCTL: &str = r#"#!/bin/sh
echo "$*" >>"$WORK/systemctl"
[ ! -e "$WORK/fail-$1" ] || exit 1
[ ! -e "$WORK/hang-$1" ] || exec sleep infinity
case $1 in
    is-active)
        shift 2
        for unit; do cat "$WORK/state-$unit" 2>/dev/null || echo active; done
        ;;
esac
"#;

impl Sandbox {
    /// Builds each project, of one host `a` with the address 10.0.0.1, by its name.
    pub fn new(projects: &[(&str, &str)]) -> Self {
        let folder = Project::empty();
        folder.program("bin/docker", DOCKER).program("bin/systemctl", SYSTEMCTL);
        folder
            .write("docker-version", "28.2.2\n")
            .write("containers", "")
            .write("ps", "")
            .write("image-user", "\n");
        folder.write("journald.conf", "[Journal]\nRateLimitBurst=0\n").write(
            "docker-info",
            "overlay2 true 2 systemd 2\nmemory:true swap:true pids:true cpus:true cpuset:true\n\n/opt\n",
        );
        let sandbox = Self { folder };
        projects.iter().for_each(|(name, kdl)| sandbox.build(name, kdl));
        sandbox
    }

    fn build(&self, name: &str, kdl: &str) {
        let entry = format!("{name}/dpc.kdl");
        let ended =
            self.folder.write(entry, format!("host \"a\" address=\"10.0.0.1\"\n{kdl}")).dpc(["build", name]);
        assert!(ended.code == 0, "{}", ended.err);
    }

    /// Runs a script to its end, under `/bin/sh` and by root. `$TEST` is this program.
    pub fn run(&self, script: &str) -> String {
        let script = format!("{PREAMBLE}\n{script}");
        let mut command = Command::new("unshare");
        command.args([
            "--mount",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "/bin/sh",
            "-c",
        ]);
        command.arg(script).env("WORK", &self.folder.root).env("TEST", env::current_exe().unwrap());
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(output.status.success(), "{said}");
        said
    }
}

/// The answer holds each of the words.
pub fn says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "`{word}` is not said:\n{said}");
    }
}

/// Counts how often the answer holds a line.
pub fn count(said: &str, line: &str) -> usize {
    said.lines().filter(|other| *other == line).count()
}
