//! A text in several lines and the indentation of its node before and after → the text moved along with its node.

/// The piece with each CRLF and CR, which KDL takes for the end of a line, as LF.
pub fn ends(piece: &str) -> String {
    piece.replace("\r\n", "\n").replace('\r', "\n")
}

/// The piece as it stands behind the new indentation. Where its lines do not all begin with the indentation of the node,
/// or a backslash at the end of a line makes it a question which do, it stays where it is.
pub fn moved(piece: &str, before: &str, after: usize) -> String {
    let piece = ends(piece);
    let Some((opening, body)) = piece.split_once('\n').filter(|(opening, _)| opening.ends_with("\"\"\""))
    else {
        return piece;
    };
    if body.lines().any(|line| line.trim_end().ends_with('\\')) {
        return piece;
    }
    let mut moved = opening.to_string();
    for line in body.split('\n') {
        moved.push('\n');
        match line.strip_prefix(before) {
            _ if line.trim().is_empty() => {}
            Some(rest) => moved.extend([" ".repeat(after).as_str(), rest]),
            None => return piece,
        }
    }
    moved
}
