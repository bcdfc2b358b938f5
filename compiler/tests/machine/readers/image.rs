//! References to images compared with docker's clients: they accept what dpc accepts, and it arrives as it was written.

use std::io::Write;
use std::process::Command;

use dpc::value::image::Image;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use crate::readers::docker::Clients;
use crate::readers::tool;

/// A client is started for each, so they are fewer than of texts for encoders.
const TEXTS: usize = 400;

#[test]
fn references_that_pass_are_references_to_docker() {
    let clients = Clients::new();
    let mut runner = TestRunner::new(Config::default());
    let (mut passed, mut refused) = (0, 0);
    while passed < TEXTS {
        let text = reference().new_tree(&mut runner).unwrap().current();
        if Image::parse(&text).is_err() {
            refused += 1;
            continue;
        }
        passed += 1;
        for program in clients.programs() {
            clients.engine().forget();
            let mut command = Command::new(program);
            command.env("DOCKER_HOST", clients.engine().host()).args(["create", &text]);
            let output = tool::run(&mut command);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let [(_, body)] = &clients.engine().created()[..] else { panic!("{text:?}: {said}") };
            assert_eq!(body["Image"], *text, "{program:?}");
        }
    }
    let row =
        format!("values | references to images (docker) | {} | {refused} | {passed}\n", refused + passed);
    drop(std::io::stderr().write_all(row.as_bytes()));
}

/// Texts that look like a reference: some have a part too many, a capital letter, a sign at an end.
fn reference() -> impl Strategy<Value = String> {
    let registry =
        "([a-z]{1,5}[.][a-z]{2,3}|localhost|[A-Z][a-z]{2}|10[.]0[.]0[.]1|\\[::1\\])(:[0-9]{0,5})?/";
    let path = "[a-z0-9]{1,6}([._-]{1,2}[a-z0-9]{1,4}){0,2}(/[a-z0-9A-Z_.-]{1,6}){0,2}";
    let tag = "(:[A-Za-z0-9_.-]{0,8}|:[a-z]{126,129})?";
    let digest =
        "(@sha256:[0-9a-f]{64}|@sha256:[0-9a-fA-F]{60,66}|@sha512:[0-9a-f]{128}|@[a-z]{3}:[0-9a-f]{32})?";
    let wrong = "[-:/@. ]?";
    let right = (prop_oneof![registry, Just(String::new())], path, tag, digest);
    (right, wrong)
        .prop_map(|((registry, path, tag, digest), wrong)| format!("{registry}{path}{tag}{digest}{wrong}"))
}
