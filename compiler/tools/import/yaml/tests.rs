use super::*;

fn read(text: &str) -> Result<YamlNode, (u32, String)> {
    super::read(&Arc::from("compose.yaml"), text)
}

#[test]
fn scalars_are_the_text_that_stands_there() {
    for text in ["3.10", "yes", "0755", "1:30", "2024-01-01", "0x1F", "1e3", "off", ".inf", "1_000", "012"] {
        assert_eq!(read(&format!("a: {text}")).unwrap().get("a").unwrap().text(), Some(text));
    }
    assert_eq!(read("a: ~").unwrap().get("a").unwrap().kind, YamlKind::Null);
    assert_eq!(read("a: '~'").unwrap().get("a").unwrap().text(), Some("~"));
}

#[test]
fn anchors_and_merge_keys() {
    let node = read("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 9\n").unwrap();
    let z: Vec<_> = node.get("z").unwrap().entries().iter().map(|(k, v)| (&**k, v.text().unwrap())).collect();
    assert_eq!(z, [("a", "9"), ("b", "2"), ("c", "4")]);
}

#[test]
fn lines_are_those_of_the_file() {
    let node = read("\na:\n  - one\n  - two\n").unwrap();
    assert_eq!(node.get("a").unwrap().items().iter().map(|node| node.line).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn limits_end_what_grows() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_string();
    for level in 1..12 {
        let last = level - 1;
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{last}"); 10].join(","));
    }
    assert!(read(&bomb).unwrap_err().1.contains("more than 200000 values"));
    assert!(read(&format!("a: {}", "[".repeat(70))).unwrap_err().1.contains("nested more than 64 deep"));
    // The parser has a limit of its own, and ends there.
    assert!(read(&"[".repeat(100_000)).is_err() && read(&"- ".repeat(100_000)).is_err());
    assert!(read(&format!("a: {}", "x".repeat(LONGEST))).unwrap_err().1.contains("larger than 4 MiB"));
    let bomb = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 100].join(","));
    assert!(read(&bomb).unwrap_err().1.contains("more than 16 MiB of text"));
    let many = format!("a: [{}]\n", vec!["x"; 6000].join(","));
    assert!(read(&many).unwrap_err().1.contains("more than 5000 values"));
    let keys: String = (0..6000).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(read(&keys).unwrap_err(), (5001, "a list or map holds more than 5000 values".to_string()));
    assert_eq!(read("a: 1\na: 2\n").unwrap_err(), (2, "the key `a` is there twice".to_string()));
}
