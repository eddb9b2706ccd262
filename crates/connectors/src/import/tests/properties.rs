//! What holds of any file.

use proptest::prelude::*;

use super::*;

fn plan(format: ImportFormat) -> ImportPlan {
    ImportPlan {
        format,
        gzip: false,
        encoding: "utf-8".to_owned(),
        delimiter: b',',
        header: false,
        sheet: None,
        columns: if format == ImportFormat::Csv { [("text", "1")] } else { [("text", "text")] }
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into(),
        network: "import".to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_048), magic in 0..4) {
        let magic: &[u8] = [&b""[..], b"PK\x03\x04", b"\x1f\x8b\x08\0\0\0\0\0", b"\xff\xfe"][usize::try_from(magic).unwrap_or(0)];
        let (_folder, path) = file("a", &[magic, &bytes].concat());
        if let Ok(inspection) = inspect(&path, NOW) {
            let mut reader = ImportReader::open(&path, &inspection.plan, 0, NOW).expect("a plan of our own fits");
            let items = read_all(&mut reader);
            prop_assert_eq!(reader.records(), items.len() as u64);
        }
    }

    #[test]
    fn each_line_of_json_ends_in_one_item(lines in proptest::collection::vec("[ -~а-я\"{}\\\\]{0,60}", 0..40)) {
        let (_folder, path) = file("a.jsonl", lines.join("\n").as_bytes());
        let items = read_all(&mut ImportReader::open(&path, &plan(ImportFormat::Jsonl), 0, NOW).expect("a plan"));
        prop_assert_eq!(items.len(), lines.iter().filter(|line| !line.trim().is_empty()).count());
    }

    #[test]
    fn rows_written_by_the_rules_come_back_as_they_were(texts in proptest::collection::vec("[ a-zа-я\",;\n]{1,40}", 1..30)) {
        let wanted: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
        let content: String = texts.iter().map(|text| format!("\"x{}\"\n", text.replace('"', "\"\""))).collect();
        let (_folder, path) = file("a.csv", content.as_bytes());
        let items = read_all(&mut ImportReader::open(&path, &plan(ImportFormat::Csv), 0, NOW).expect("a plan"));
        let found: Vec<String> = items
            .iter()
            .filter_map(|item| if let Item::Post(post) = item { Some(post.text[1..].trim().to_owned()) } else { None })
            .collect();
        prop_assert_eq!(found, wanted);
    }
}
