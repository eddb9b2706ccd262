//! Prints the forms of the words given: `cargo run -p molva-text --example forms -- билайн карта`.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    for word in std::env::args().skip(1) {
        for lexeme in molva_text::forms::lexemes(&word) {
            println!(
                "{word}: {} {:?} {:?}: {}",
                lexeme.lemma,
                lexeme.language.map(|l| l.to_string()),
                lexeme.origin,
                lexeme.forms.join(" ")
            );
        }
    }
}
