//! Flags about the life of the container, its health and logs; and flags that are passed on as they are.

use crate::tools::import::found::{FoundHealth, Setting, Test};
use crate::tools::import::shorthand;

/// Returns the settings of a flag.
pub(crate) fn settings(flag: &str, value: &str) -> Vec<Setting> {
    let own = || Some(value.to_string());
    let health = |health| Setting::Health(health);
    let setting = match flag {
        "name" => Setting::Changed("the container is called after fleet, service and instance".into()),
        "detach" => Setting::Kept("the unit's script starts it detached and watches it".into()),
        "rm" => Setting::Kept("the unit's script removes it".into()),
        "pull" => Setting::Changed("`activate` pulls images, the unit never does".into()),
        "tty" | "interactive" | "attach" | "detach-keys" | "sig-proxy" => {
            Setting::Lost("no terminal is there under systemd".into())
        }
        "quiet" | "disable-content-trust" | "help" => {
            Setting::Kept("it is about the client's own output".into())
        }
        "cidfile" | "conmon-pidfile" => Setting::Lost("the container is found by its name".into()),
        "replace" => Setting::Kept("the unit's script removes what was left before".into()),
        "pod" | "sdnotify" | "systemd" | "no-hosts" | "rmi" => {
            Setting::Lost("docker has no such flag".into())
        }
        "log-driver" => Setting::LogDriver(value.to_string()),
        "log-opt" => {
            let (name, value) = shorthand::pair(value);
            Setting::LogOption(name, value.unwrap_or_default())
        }
        "health-cmd" => {
            health(FoundHealth { test: Some(Test::Shell(value.to_string())), ..FoundHealth::default() })
        }
        "health-interval" => health(FoundHealth { interval: own(), ..FoundHealth::default() }),
        "health-timeout" => health(FoundHealth { timeout: own(), ..FoundHealth::default() }),
        "health-retries" => health(FoundHealth { retries: own(), ..FoundHealth::default() }),
        "health-start-period" => health(FoundHealth { start_period: own(), ..FoundHealth::default() }),
        "health-start-interval" => Setting::Changed("dpc asks every second until it is ready".into()),
        "no-healthcheck" => health(FoundHealth { test: Some(Test::Disabled), ..FoundHealth::default() }),
        "volumes-from" => Setting::Decide(format!("mount the volumes of `{value}` here by their paths")),
        "ipc" | "pid" | "uts" if value.starts_with("container:") => {
            Setting::Lost(format!("containers of dpc share no namespace with `{value}`"))
        }
        "oom-kill-disable" | "use-api-socket" => Setting::Raw(format!("--{flag}")),
        _ => Setting::Raw(format!("--{flag}={value}")),
    };
    vec![setting]
}
