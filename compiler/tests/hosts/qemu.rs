//! In: Debian 13's packages. Out: a machine of its own under qemu, with a kernel of its own and control groups of version 2 alone:
//! limits bind, and after a power cut everything comes back.
//!
//! The processor is emulated, so a boot takes minutes: `cargo test --features hosts --test hosts -- qemu`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use dpc::front::resolve::Request;

use crate::command::{answers, run};
use crate::compiled::compile_into;
use crate::image;

const SUITE: &str = "trixie";
const PACKAGES: &str = "systemd,systemd-sysv,dbus,udev,docker.io,docker-cli,iproute2,iptables,procps,busybox-static,\
                        linux-image-cloud-amd64,initramfs-tools";
const SETUP: &str = include_str!("vm/setup.sh");
/// What it runs at each boot.
const TEST: &str = include_str!("vm/run.sh");
/// The image of its services.
const IMAGE: &str = r#"
set -eu
mkdir -p "$2/bin" "$2/www" "$2/data" "$2/tmp"
cp -L "$1/bin/busybox" "$2/bin/"
for name in sh httpd sleep dd timeout; do ln -s busybox "$2/bin/$name"; done
echo ok >"$2/www/index.html"
"#;
/// Seconds for a boot and what the machine does then.
const PATIENCE: u64 = 1800;

/// Boots it twice; between the boots it loses its power.
pub fn run_machine(cache: &Path) -> Result<(), String> {
    for (program, arguments) in
        [("qemu-system-x86_64", "--version"), ("debootstrap", "--version"), ("mke2fs", "-V")]
    {
        if !answers(program, &[arguments]) {
            return Err(format!(
                "`{program}` is not installed (Debian packages qemu-system-x86, debootstrap, e2fsprogs)"
            ));
        }
    }
    let root = image::debian_of(cache, SUITE, PACKAGES, SETUP)?;
    let folder = cache.join("qemu");
    run("rm", &["-rf", text(&folder)?])?;
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    let machine = Machine { test: test_disk(&folder, &root)?, disk: disk(&folder, &root)?, root };
    println!("qemu: activated, and limits bind, {}", machine.boot("ACTIVATED")?);
    println!("qemu: after a power cut all came back, and limits bind, {}", machine.boot("BACK")?);
    run("rm", &["-rf", text(&folder)?]).map(drop)
}

struct Machine {
    root: PathBuf,
    disk: PathBuf,
    test: PathBuf,
}

/// Ends with the value, as by a power cut.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Machine {
    /// Boots it, waits for the word, and cuts the power. Returns what it said of itself, and how long it took.
    fn boot(&self, word: &str) -> Result<String, String> {
        let start = Instant::now();
        let (_running, lines) = self.start()?;
        let mut told = Vec::new();
        loop {
            let left = Duration::from_secs(PATIENCE).saturating_sub(start.elapsed());
            let line = lines.recv_timeout(left).map_err(|error| match error {
                RecvTimeoutError::Timeout => format!("the machine does not say {word} within {PATIENCE} s"),
                RecvTimeoutError::Disconnected => format!("the machine ended before it said {word}"),
            })?;
            told.push(line);
            let Some((_, said)) = told[told.len() - 1].split_once("dpc-test: ") else { continue };
            if said.trim() == word {
                return Ok(format!("{:.0} s after power on", start.elapsed().as_secs_f64()));
            }
            if said.starts_with("FAILED") {
                return Err(told[told.len().saturating_sub(80)..].join("\n"));
            }
        }
    }

    fn start(&self) -> Result<(Running, Receiver<String>), String> {
        let kernel = |name: &str| run("sh", &["-c", &format!("ls {}/boot/{name}-*", text(&self.root)?)]);
        let drive = |path: &Path, more: &str| {
            Ok::<_, String>(format!("file={},format=raw,if=virtio{more}", text(path)?))
        };
        let mut command = Command::new("qemu-system-x86_64");
        command.args([
            "-accel",
            "tcg,thread=multi",
            "-smp",
            "2",
            "-m",
            "2048",
            "-nographic",
            "-no-reboot",
            "-nic",
            "none",
        ]);
        command.args(["-kernel", &kernel("vmlinuz")?, "-initrd", &kernel("initrd.img")?]);
        command.args(["-append", "root=/dev/vda rw console=ttyS0 loglevel=3"]);
        command.args(["-drive", &drive(&self.disk, "")?, "-drive", &drive(&self.test, ",readonly=on")?]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("qemu does not start: {error}"))?;
        let console = child.stdout.take().ok_or("qemu has no console")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(console).split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                    return;
                }
            }
        });
        Ok((Running(child), lines))
    }
}

/// Makes the disk that it boots from.
fn disk(folder: &Path, root: &Path) -> Result<PathBuf, String> {
    let disk = folder.join("disk");
    run("mke2fs", &["-q", "-F", "-t", "ext4", "-d", text(root)?, text(&disk)?, "3G"])?;
    Ok(disk)
}

/// Makes the disk with the test: a bundle, an image and a script, as an archive.
fn test_disk(folder: &Path, root: &Path) -> Result<PathBuf, String> {
    let (test, disk) = (folder.join("test"), folder.join("test.tar"));
    compile_into(&test.join("out"), include_str!("fleet/vm.kdl").to_owned(), &Request::default())?;
    run("sh", &["-c", IMAGE, "sh", text(root)?, text(&test.join("image"))?])?;
    fs::write(test.join("run.sh"), TEST).map_err(|error| format!("cannot write the test: {error}"))?;
    run("tar", &["-C", text(&test)?, "-cf", text(&disk)?, "."])?;
    // Whole blocks.
    let blocks = fs::metadata(&disk).map_err(|error| error.to_string())?.len().next_multiple_of(1 << 20);
    let file = File::options().write(true).open(&disk).map_err(|error| error.to_string())?;
    file.set_len(blocks).map_err(|error| error.to_string())?;
    Ok(disk)
}

fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("the path `{}` is not UTF-8", path.display()))
}
