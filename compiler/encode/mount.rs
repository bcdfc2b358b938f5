//! Text into the flags of `docker run` that are little languages: `--mount`, `--tmpfs`, `--env`, `--label`.
//!
//! Rule: `--mount` is one record of CSV as Go reads it: a field with a comma, a quote or a line break stands between
//! double quotes, and a double quote in it is doubled. `--tmpfs` ends its path at the first `:`; `--env` and `--label`
//! end the name at the first `=` and take the rest as it is. Sources: Docker's reference, "docker container run"; RFC 4180
//! and the documentation of Go's encoding/csv; what they leave open was tried with the CLIs 20.10.24 and 28.2.2.
//!
//! The results are arguments: they still need [`shell::word`](super::shell::word) in a script.

use super::{Refused, terminal};

/// The value of `--mount` from its fields in order: `("source", Some("/srv/x"))`, or `("readonly", None)` for a word alone.
pub fn mount(fields: &[(&str, Option<&str>)]) -> Result<String, Refused> {
    let written: Result<Vec<_>, _> = fields.iter().map(|&(key, value)| field(key, value)).collect();
    Ok(written?.join(","))
}

/// The value of `--tmpfs` from a path and options such as `size=64m`.
pub fn tmpfs(path: &str, options: &[&str]) -> Result<String, Refused> {
    check_nul(path, "`--tmpfs`")?;
    if !path.starts_with('/') {
        return Err(Refused::new(format!(
            "`{}` is not an absolute path: it must start with `/`",
            terminal::line(path)
        )));
    }
    if path.contains(':') {
        return Err(Refused::character(':', "the path of a tmpfs"));
    }
    for option in options {
        check_nul(option, "an option of a tmpfs")?;
        if option.is_empty() || option.contains(',') {
            let words = format!(
                "`{}` is not an option of a tmpfs: it must be one like `size=64m`",
                terminal::line(option)
            );
            return Err(Refused::new(words));
        }
    }
    Ok(if options.is_empty() { path.to_owned() } else { format!("{path}:{}", options.join(",")) })
}

/// The value of `--env`: a name and its value. A name alone, which would copy from the client's environment, cannot be
/// said.
pub fn env(name: &str, value: &str) -> Result<String, Refused> {
    assignment(name, value, "the name of an environment variable")
}

/// The value of `--label`: a name without white space, and any text.
pub fn label(name: &str, value: &str) -> Result<String, Refused> {
    if let Some(c) = name.chars().find(|c| c.is_whitespace()) {
        return Err(Refused::character(c, "the name of a label"));
    }
    assignment(name, value, "the name of a label")
}

fn assignment(name: &str, value: &str, place: &str) -> Result<String, Refused> {
    if name.is_empty() {
        return Err(Refused::new(format!("{place} cannot be empty")));
    }
    if let Some(c) = name.chars().find(|c| matches!(c, '=' | '\0')) {
        return Err(Refused::character(c, place));
    }
    check_nul(value, "an argument of docker")?;
    Ok(format!("{name}={value}"))
}

fn field(key: &str, value: Option<&str>) -> Result<String, Refused> {
    let Some(value) = value else { return Ok(key.to_owned()) };
    check_nul(value, "`--mount`")?;
    if value.contains("\r\n") {
        return Err(Refused::new(
            "a carriage return before a newline cannot be written in `--mount`: docker drops it",
        ));
    }
    // docker's clients put their working directory before it: 20.10 before `.` and `./a`, 28 before whatever starts so.
    if matches!(key, "source" | "src") && value.starts_with('.') {
        let words = format!(
            "`{}` cannot be mounted: docker would look for it from where the script is run",
            terminal::line(value)
        );
        return Err(Refused::new(words));
    }
    Ok(csv(&format!("{key}={value}")))
}

fn csv(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn check_nul(text: &str, place: &str) -> Result<(), Refused> {
    if text.contains('\0') { Err(Refused::character('\0', place)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind(source: &str, target: &str) -> Result<String, Refused> {
        mount(&[
            ("type", Some("bind")),
            ("source", Some(source)),
            ("target", Some(target)),
            ("readonly", None),
        ])
    }

    #[test]
    fn a_mount_reads_as_written_by_hand() {
        assert_eq!(bind("/srv/x", "/data").unwrap(), "type=bind,source=/srv/x,target=/data,readonly");
    }

    #[test]
    fn a_mount_quotes_the_fields_that_need_it() {
        assert_eq!(
            bind("/a,b", "/c \"d\"=\n").unwrap(),
            "type=bind,\"source=/a,b\",\"target=/c \"\"d\"\"=\n\",readonly"
        );
    }

    #[test]
    fn a_mount_that_docker_would_change_is_refused() {
        for source in [".", "./a", "..", "../a", ".hidden", "/a\r\nb", "/a\0"] {
            assert!(bind(source, "/b").is_err(), "{source:?}");
        }
    }

    #[test]
    fn a_tmpfs_has_one_colon() {
        assert_eq!(tmpfs("/tmp", &[]).unwrap(), "/tmp");
        assert_eq!(tmpfs("/tmp", &["size=64m", "mode=1777"]).unwrap(), "/tmp:size=64m,mode=1777");
        for (path, options) in
            [("/a:b", vec![]), ("tmp", vec![]), ("/a", vec![""]), ("/a", vec!["a,b"]), ("/\0", vec![])]
        {
            assert!(tmpfs(path, &options).is_err(), "{path:?} {options:?}");
        }
    }

    #[test]
    fn names_end_at_the_first_equals_sign() {
        assert_eq!(env("URL", "a=b c\n").unwrap(), "URL=a=b c\n");
        assert_eq!(env("EMPTY", "").unwrap(), "EMPTY=");
        assert_eq!(label("dpc.from", "api.kdl:3").unwrap(), "dpc.from=api.kdl:3");
        for name in ["", "A=B", "A\0"] {
            assert!(env(name, "x").is_err() && label(name, "x").is_err(), "{name:?}");
        }
        assert!(env("A", "\0").is_err() && label("a b", "").is_err());
    }
}
