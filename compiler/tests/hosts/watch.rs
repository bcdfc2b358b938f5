//! In: a prefix of keys in etcd. Out: each state of them, as soon as etcd tells it, as a client of a registry sees it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin};
use std::thread;

use crate::host::Host;

/// A watch that ends when this is dropped.
pub struct Watch {
    client: Child,
    /// While it is open the watch goes on.
    input: Option<ChildStdin>,
}

impl Watch {
    /// Tells every state from the first that etcd knows.
    pub fn start(
        through: Host,
        prefix: &str,
        mut tell: impl FnMut(&BTreeMap<String, String>) + Send + 'static,
    ) -> Result<Watch, String> {
        // The end of its stdin is all that the shell in the host learns of the end of the client here.
        let script = format!("etcdctl watch --prefix --rev=1 {prefix} & read -r _; kill $!");
        let mut client = through.spawn(&script)?;
        let (input, output) = (client.stdin.take(), client.stdout.take().ok_or("the watch has no output")?);
        thread::spawn(move || {
            let mut lines = BufReader::new(output).lines().map_while(Result::ok);
            let mut found = BTreeMap::new();
            while let (Some(event), Some(key), Some(value)) = (lines.next(), lines.next(), lines.next()) {
                if event == "PUT" {
                    found.insert(key, value);
                } else {
                    found.remove(&key);
                }
                tell(&found);
            }
        });
        Ok(Watch { client, input })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.input.take());
        // Its end is all that is waited for.
        let _ = self.client.wait();
    }
}
