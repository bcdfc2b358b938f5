//! JSON against readers of other makes: Go's, as docker's client has it (CoreDNS and etcd's resolvers are of the same make),
//! Python's, and serde's.

use std::fs;
use std::process::Command;

use dpc::encode::json::{Member, object, string};
use proptest::prelude::*;

use crate::project::Project;
use crate::readers::docker::Clients;
use crate::readers::{texts, tool};

#[test]
fn strings_are_read_as_they_were() {
    let python = tool::find("python3");
    let directory = Project::empty();
    texts::batches("JSON strings (serde, Python)", texts::text(), |batch, tally| {
        let array = format!("[{}]", batch.iter().map(|text| string(text)).collect::<Vec<_>>().join(","));
        prop_assert!(!array.contains(char::is_control));
        prop_assert_eq!(&serde_json::from_str::<Vec<String>>(&array).unwrap(), &batch);
        if let Some(python) = &python {
            let file = directory.root.join("array.json");
            fs::write(&file, &array).unwrap();
            let code = "import json,sys\nfor text in json.load(open(sys.argv[1],encoding='utf-8')): sys.stdout.buffer.write(text.encode('utf-8')+b'\\0\\0')";
            let output = tool::run(Command::new(python).args(["-c", code]).arg(file));
            let expected: String = batch.iter().map(|text| format!("{text}\0\0")).collect();
            prop_assert!(output.stdout == expected.as_bytes(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        tally.count(batch.len(), batch.len());
        Ok(())
    });
}

/// The client's configuration is JSON: its proxies become variables of the container.
#[test]
fn strings_are_read_by_go() {
    let clients = Clients::new();
    let Some(program) = clients.programs().first() else { return };
    let directory = Project::empty();
    let names = ["httpProxy", "httpsProxy", "ftpProxy", "noProxy"];
    let all = texts::all_characters(5_000);
    let texts = texts::sample(800).into_iter().chain(all).map(|text| format!("x{}", text.replace('\0', "")));
    for some in texts.collect::<Vec<String>>().chunks(names.len()) {
        let members: Vec<_> =
            names.into_iter().zip(some).map(|(name, text)| (name, Member::Text(text))).collect();
        let config = format!("{{\"proxies\":{{\"default\":{}}}}}", object(&members));
        fs::write(directory.root.join("config.json"), config).unwrap();
        let created = clients.create_configured(program, &directory.root).unwrap();
        let arrived = created["Env"].as_array().unwrap();
        for text in some {
            let is_there =
                |value: &serde_json::Value| value.as_str().unwrap_or_default().ends_with(&format!("={text}"));
            assert!(arrived.iter().any(is_there), "{text:?}");
        }
    }
}
