//! Flags about the process and its rights.

use crate::tools::import::found::Setting;

/// Returns the settings of a flag; none if it is of another family.
pub(crate) fn settings(flag: &str, value: &str) -> Option<Vec<Setting>> {
    let own = || value.to_string();
    let one = |setting| Some(vec![setting]);
    match flag {
        "entrypoint" if value.is_empty() => one(Setting::Entrypoint(Vec::new())),
        "entrypoint" => one(Setting::Entrypoint(vec![own()])),
        "user" => one(Setting::User(own())),
        "workdir" => one(Setting::Workdir(own())),
        "init" => one(Setting::Init(value == "true")),
        "read-only" => one(Setting::ReadOnly(value == "true")),
        "cap-add" => one(Setting::CapAdd(own())),
        "cap-drop" => one(Setting::CapDrop(own())),
        "stop-signal" => one(Setting::StopSignal(own())),
        "stop-timeout" => one(Setting::StopGrace(own())),
        "security-opt" => one(security(value)),
        "privileged" if value == "true" => Some(vec![
            Setting::Raw("--privileged".to_string()),
            Setting::Changed(
                "the container is root on the host: take the capabilities and devices that it needs instead"
                    .into(),
            ),
        ]),
        "privileged" => Some(Vec::new()),
        "restart" => one(Setting::Restart(own())),
        "label" => {
            let (name, value) = crate::tools::import::shorthand::pair(value);
            one(Setting::Label(name, value.unwrap_or_default()))
        }
        _ => None,
    }
}

fn relative_profile(text: &str) -> bool {
    text.strip_prefix("seccomp=")
        .is_some_and(|path| !path.starts_with('/') && (path.contains('/') || path.ends_with(".json")))
}

/// An option of `--security-opt`.
pub(crate) fn security(text: &str) -> Setting {
    match text.replace(':', "=").as_str() {
        "no-new-privileges" | "no-new-privileges=true" => Setting::NoNewPrivileges(true),
        "no-new-privileges=false" => Setting::NoNewPrivileges(false),
        other if relative_profile(other) => Setting::Decide(format!(
            "`{text}` names a file here: copy it to the host, and write its whole path in `security-opt seccomp=`"
        )),
        _ => Setting::Raw(format!("--security-opt={text}")),
    }
}
