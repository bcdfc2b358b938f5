//! Our verdict and tree compared with those of `kdl` and `neco-kdl`, on generated texts, whole and damaged. `PROPTEST_CASES`
//! sets their number; `.cargo/config.toml` has the default.

use super::{document, others};
use dpc::kdl::whole;
use dpc::text::FileId;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_documents_are_read_alike(text in document::valid()) {
        prop_assert!(whole(FileId(0), &text).is_ok(), "refused: {:#?}", whole(FileId(0), &text));
        prop_assert_eq!(others::unexplained(&text), None);
    }

    #[test]
    fn damaged_documents_are_read_alike(text in document::damaged()) {
        prop_assert_eq!(others::unexplained(&text), None);
    }

    #[test]
    fn pieces_are_read_alike(text in document::soup()) {
        prop_assert_eq!(others::unexplained(&text), None);
    }
}
