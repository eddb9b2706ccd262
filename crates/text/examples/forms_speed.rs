//! How long a word's expansion takes: `cargo run --release -p molva-text --example forms_speed`.

#![expect(clippy::print_stdout, reason = "it measures, and prints what it measured")]

use std::time::Instant;

use molva_text::forms::lexemes;

fn main() {
    for (what, words) in [
        ("nouns", &["банк", "карта", "связь", "тариф", "интернета", "кредитом", "доставка", "приложению"][..]),
        ("verbs", &["подключить", "работает", "списали", "перезвонить"]),
        ("brands out of the dictionary", &["вайлдберриз", "райффайзенбанк", "тинькофф", "автокредит", "монобанком"]),
        ("Ukrainian", &["київстар", "картку", "зв'язок", "поповнення"]),
        ("English", &["bank", "payments", "delivery", "bought"]),
    ] {
        let rounds = 2_000;
        let start = Instant::now();
        let mut forms = 0;
        for _ in 0..rounds {
            forms += words
                .iter()
                .map(|word| lexemes(word).iter().map(|lexeme| lexeme.forms.len()).sum::<usize>())
                .sum::<usize>();
        }
        let expansions = rounds * words.len();
        let each = start.elapsed().as_secs_f64() * 1e6 / expansions as f64;
        println!("{what}: {each:.1} us a word, {} forms", forms / expansions);
    }
}
