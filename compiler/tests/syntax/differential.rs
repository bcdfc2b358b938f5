//! Our verdict and tree against those of `kdl` and `neco-kdl`, on the same texts.

use super::{document, other, shape};
use dpc::source::FileId;
use dpc::syntax::read;
use proptest::prelude::*;

fn ours(text: &str) -> Option<String> {
    read(FileId(0), text).ok().map(|document| shape::of(&document.nodes))
}
#[test]
fn explore() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let n: usize = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let mut runner = TestRunner::default();
    std::panic::set_hook(Box::new(|_| {}));
    let strategies: [BoxedStrategy<String>; 3] =
        [document::valid().boxed(), document::damaged().boxed(), document::soup().boxed()];
    let mut seen = std::collections::BTreeMap::new();
    let (mut ok, mut total) = (0, 0);
    for strategy in &strategies {
        for _ in 0..n {
            let text = strategy.new_tree(&mut runner).unwrap().current();
            let us = ours(&text);
            total += 1;
            if us.is_some() {
                ok += 1;
            }
            for (name, them) in [("neco", other::neco(&text)), ("kdl", other::kdl(&text))] {
                if us != them {
                    let kind = match (&us, &them) {
                        (Some(_), Some(_)) => "DIFFER",
                        (Some(_), None) => "they reject",
                        _ => "they accept",
                    };
                    let e: &mut Vec<_> = seen.entry((name, kind)).or_default();
                    e.push((text.len(), text.clone(), us.clone(), them));
                }
            }
        }
        println!("{ok} of {total}");
    }
    for ((name, kind), mut list) in seen {
        list.sort();
        println!("==== {name} {kind}: {}", list.len());
        for (_, t, u, v) in list.iter().take(25) {
            println!("{t:?}");
            if kind == "DIFFER" {
                println!("   {u:?}\n   {v:?}")
            } else if kind == "they accept" {
                println!("   {}", read(FileId(0), t).unwrap_err()[0].message)
            }
        }
    }
}
