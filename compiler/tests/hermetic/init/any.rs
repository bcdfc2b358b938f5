//! The result for any Dockerfile compiles without warnings and is laid out.

use dpc::project::Memory;
use dpc::text::FileId;
use dpc::tools::init::dockerfile::read;
use dpc::tools::init::draft::{self, Draft, asked_path, built_port, is_root, placeholders, proposed_user};
use dpc::tools::init::prove::prove;
use dpc::tools::init::surroundings::{HostSurroundings, free_port};
use proptest::prelude::*;
use std::collections::BTreeMap;

const INSTRUCTIONS: &[&str] = &[
    "EXPOSE ",
    "VOLUME ",
    "USER ",
    "STOPSIGNAL ",
    "HEALTHCHECK CMD ",
    "HEALTHCHECK --interval=",
    "ENV PORT=",
    "ENV ",
    "WORKDIR ",
    "CMD ",
    "ENTRYPOINT ",
    "RUN useradd -u ",
    "ARG ",
    "FROM ",
    "ONBUILD ",
    "# ",
    "",
];

const PIECES: &[&str] = &[
    "80",
    "3000",
    "6379/tcp",
    "/udp",
    "40000",
    "-",
    "/data",
    "/etc",
    "/",
    " ",
    "[\"",
    "\", \"",
    "\"]",
    "\"",
    "'",
    "{{",
    "}}",
    "$A",
    "${",
    "}",
    "\\",
    "\n",
    "\t",
    "node",
    "root",
    "SIGTERM",
    "1000",
    ":",
    ",",
    "é",
    "\u{7}",
    "\u{202e}",
    "http://localhost:3000/",
    "curl ",
    "|| exit 1",
    "5s",
    " CMD x",
    "<<EOF",
    "=",
    "%",
    "#",
    "//",
    "/*",
    ";",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_it_says(
        lines in prop::collection::vec(
            (prop::sample::select(INSTRUCTIONS), prop::collection::vec(prop::sample::select(PIECES), 0..6)),
            0..8,
        )
    ) {
        let body: String = lines.iter().map(|(name, pieces)| format!("{name}{}\n", pieces.concat())).collect();
        let built = read(&format!("FROM a\n{body}")).unwrap();
        let user = proposed_user(built.as_ref());
        let unknown = HostSurroundings::unknown();
        let wanted = built_port(built.as_ref()).unwrap_or(8080);
        let draft = Draft {
            fleet: "shop".into(),
            hosts: placeholders(1, "host"),
            service: "api".into(),
            image: "shop/api:1".into(),
            port: free_port(wanted, [&unknown].into_iter(), is_root(user.as_deref())),
            health_path: built.as_ref().and_then(asked_path),
            user,
            built,
            ..Draft::default()
        };
        let pages = BTreeMap::from([("dpc.kdl".to_string(), draft::alone(&draft))]);
        let proven = prove(&Memory::default(), pages, &[None], &[]).unwrap();
        let proven = proven.map_err(|outcome| TestCaseError::fail(format!("{body:?}: {:?}", outcome.diagnostics)))?;
        let text = &proven.files["dpc.kdl"];
        let formatted = dpc::tools::format::format(FileId(0), text).map_err(|refused| TestCaseError::fail(format!("{refused:?}")))?;
        prop_assert_eq!(&formatted, text);
    }
}
