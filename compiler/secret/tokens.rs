//! Text → tokens of well-known services, which are recognized by their prefixes.

use std::ops::Range;

/// Prefixes that nothing else has.
const CERTAIN: [&str; 40] = [
    "AGE-SECRET-KEY-",
    "CCIPAT_",
    "PMAK-",
    "dckr_pat_",
    "dckr_oat_",
    "doo_v1_",
    "dop_v1_",
    "dor_v1_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glrt-",
    "glptt-",
    "glft-",
    "glsoat-",
    "glcbt-",
    "glsa_",
    "lin_api_",
    "pscale_tkn_",
    "rk_live_",
    "rk_test_",
    "rubygems_",
    "shpat_",
    "shpca_",
    "shppa_",
    "shpss_",
    "sk-ant-",
    "sk-proj-",
    "sk_live_",
    "sk_test_",
    "tskey-",
    "whsec_",
    "xapp-",
    "xoxe.",
    "xoxe-",
];
/// Prefixes of other names too: a token has a digit behind them, and is long.
const PERHAPS: [&str; 15] = [
    "AIza", "AKIA", "ASIA", "SG.", "eyJ", "gsk_", "hf_", "hvb.", "hvs.", "npm_", "nfp_", "pypi-", "sk-",
    "xai-", "ya29.",
];
const LEAST: usize = 8;
const MUCH: usize = 14;
/// The shortest token: the shortest prefix that nothing else has, and the least behind it.
const SHORTEST: usize = "ghp_".len() + LEAST;

/// Returns the ranges of tokens. It goes through a text once.
pub(crate) fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for part in text.split_inclusive(|c: char| !is_token(c)) {
        let word = part.trim_end_matches(|c: char| !is_token(c));
        if word.len() >= SHORTEST && is_known(word) {
            found.push(start..start + word.len());
        }
        start += part.len();
    }
    found
}

fn is_known(word: &str) -> bool {
    let behind = |known: &[&str]| known.iter().find_map(|known| word.strip_prefix(known));
    let is_slack = word.starts_with("xox") && word.get(4..5) == Some("-") && word.len() >= 5 + LEAST;
    let is_long = |rest: &str| {
        rest.len() >= MUCH && rest.contains(|c: char| c.is_ascii_digit()) && !rest.contains("--")
    };
    is_slack
        || behind(&CERTAIN).is_some_and(|rest| rest.len() >= LEAST)
        || behind(&PERHAPS).is_some_and(is_long)
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.".contains(c)
}
