//! Pieces of source lines.

use adit_expr::{LineScanner, PieceKind};

/// Each line's pieces that are not plain, as `k`eyword, `s`tring, `n`umber, `c`omment with their text.
fn pieces(source: &str) -> Vec<Vec<String>> {
    let mut scanner = LineScanner::new();
    let mut line = |text: &str| {
        let mut found = Vec::new();
        for piece in scanner.line(text) {
            let kind = match piece.kind {
                PieceKind::Keyword => 'k',
                PieceKind::String => 's',
                PieceKind::Number => 'n',
                PieceKind::Comment => 'c',
                PieceKind::Other => continue,
            };
            found.push(format!("{kind}:{}", &text[piece.range]));
        }
        found
    };
    source.lines().map(&mut line).collect()
}

#[test]
fn one_line() {
    let table: [(&str, &[&str]); 9] = [
        ("for i := 0; i < 10; i++ { // loop", &["k:for", "n:0", "n:10", "c:// loop"]),
        ("x := \"a // \\\" b\" + `c`", &["s:\"a // \\\" b\"", "s:`c`"]),
        ("c := '\\'' + 'x'", &["s:'\\''", "s:'x'"]),
        ("a /* b */ c /* d */", &["c:/* b */", "c:/* d */"]),
        (
            "0x1p-3 + 1e+5 - .5i + 1_000 + 0b1 - 2",
            &["n:0x1p-3", "n:1e+5", "n:.5i", "n:1_000", "n:0b1", "n:2"],
        ),
        ("0xe+1", &["n:0xe", "n:1"]),
        ("forward format1 a.b for_", &[]),
        ("größe := map[string]int{}", &["k:map"]),
        ("\"open", &["s:\"open"]),
    ];
    for (text, expected) in table {
        assert_eq!(pieces(text), [expected], "{text}");
    }
}

#[test]
fn comments_and_raw_strings_go_on_over_lines() {
    let source = "a /* b\nfor\nc */ for /* d */\nx := `a\n// \"\n` + 1 // `\nif";
    let expected: [&[&str]; 7] = [
        &["c:/* b"],
        &["c:for"],
        &["c:c */", "k:for", "c:/* d */"],
        &["s:`a"],
        &["s:// \""],
        &["s:`", "n:1", "c:// `"],
        &["k:if"],
    ];
    assert_eq!(pieces(source), expected);
}

#[test]
fn every_byte_is_in_a_piece() {
    let text = "\tfoo(bar, `x` ) // é";
    let joined: String = LineScanner::new().line(text).into_iter().map(|piece| &text[piece.range]).collect();
    assert_eq!(joined, text);
}
