//! A text in several lines and the indentation of its node before and after → the text moved along with its node.

/// The characters that end a line in KDL 2.0.0, "Newline", beside CRLF.
pub(crate) const ENDS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The piece with LF at the end of each line, which means the same.
pub(crate) fn ends(piece: &str) -> String {
    piece.replace("\r\n", "\n").replace(ENDS, "\n")
}

/// Returns the piece behind the new indentation. It stays where it is if some lines do not begin with the node's indentation,
/// or if a backslash at the end of a line makes that unclear.
pub(crate) fn moved(piece: &str, before: &str, after: usize) -> String {
    let piece = ends(piece);
    let Some((opening, body)) = piece.split_once('\n').filter(|(opening, _)| opening.ends_with("\"\"\""))
    else {
        return piece;
    };
    if body.lines().any(|line| line.trim_end().ends_with('\\')) {
        return piece;
    }
    let is_blank = |line: &str| line.trim().is_empty();
    let stays = !body.lines().all(|line| is_blank(line) || line.starts_with(before));
    let (before, after) = if stays { ("", 0) } else { (before, after) };
    let mut moved = opening.to_string();
    for line in body.split('\n') {
        moved.push('\n');
        if !is_blank(line) {
            moved.extend([" ".repeat(after).as_str(), &line[before.len()..]]);
        }
    }
    moved
}
