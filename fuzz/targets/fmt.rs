//! `dpc fmt`: what it lays out says the same, and stays as it is the second time.
#![no_main]

use dpc::kdl::whole;
use dpc::text::FileId;
use dpc::tools::format::{FormatError, format};
use dpc_fuzz::shape;

dpc_fuzz::target!(check);

fn check(text: &str) {
    let before = whole(FileId(0), text);
    match (format(FileId(0), text), before) {
        (Ok(formatted), Ok(before)) => {
            let after = whole(FileId(0), &formatted).expect("it is KDL");
            assert_eq!(
                shape::of(after.nodes()),
                shape::of(before.nodes()),
                "says something else:\n{formatted}"
            );
            let again = format(FileId(0), &formatted).ok();
            assert_eq!(again.as_ref(), Some(&formatted), "changes again");
        }
        (Err(FormatError::Syntax(errors)), Err(same)) => assert_eq!(errors, same),
        (made, _) => panic!("{made:?} of\n{text}"),
    }
}
