use std::io::Write as _;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use molva_domain::{PostKind, Timestamp};
use tempfile::TempDir;

use super::{Corrections, ImportFormat, ImportPlan, ImportReader, fingerprint, inspect, inspect_as};
use crate::session::Item;

const NOW: Timestamp = Timestamp::from_secs(1_772_368_200);

fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    (folder, path)
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).expect("in memory");
    encoder.finish().expect("in memory")
}

fn read_all(reader: &mut ImportReader) -> Vec<Item> {
    let mut items = Vec::new();
    loop {
        let more = reader.next_items(3);
        if more.is_empty() {
            return items;
        }
        items.extend(more);
    }
}

/// `date handle: text`, or `place reason`.
fn shown(items: &[Item]) -> Vec<String> {
    items
        .iter()
        .map(|item| match item {
            Item::Post(post) => {
                let handle = post.author.handle.as_deref().or(post.author.name.as_deref()).unwrap_or("-");
                format!("{} {handle}: {}", &post.published_at.to_rfc3339()[..16], post.text)
            }
            Item::Rejected(rejection) => format!("{} {}", rejection.place, rejection.reason),
            Item::Deleted(urn) => urn.to_string(),
        })
        .collect()
}

fn urns(items: &[Item]) -> Vec<String> {
    items
        .iter()
        .filter_map(|item| if let Item::Post(post) = item { Some(post.urn.to_string()) } else { None })
        .collect()
}

/// Inspects and reads a file as a user would who corrects nothing.
fn check(name: &str, content: &[u8], expected: &[&str]) -> ImportPlan {
    let (_folder, path) = file(name, content);
    let inspection = inspect(&path, NOW).expect("a file that can be read");
    let mut reader = ImportReader::open(&path, &inspection.plan, 0, NOW).expect("a plan that fits");
    let items = read_all(&mut reader);
    assert_eq!(shown(&items), expected);
    assert_eq!(reader.records(), expected.len() as u64);
    assert_eq!(reader.progress().0, reader.progress().1);
    inspection.plan
}

fn refused(name: &str, content: &[u8], message: &str) {
    let (_folder, path) = file(name, content);
    let error = inspect(&path, NOW).expect_err("not a file of posts").to_string();
    assert!(error.contains(message), "{error}");
}

const TWEETS: &str = r#"{"id":"408907185205153792","published":1386326044,"text":"RT @bank: новость","brands":["x"]}
{"id":"408907186954575872","published":1386326045,"text":"копаюсь в тарифах","brands":[]}
{"id":"408907296950218752","published":1386326071,"text":"RT @news: лайфхак","brands":[]}
"#;
const READ: [&str; 3] = [
    "2013-12-06T10:34 -: RT @bank: новость",
    "2013-12-06T10:34 -: копаюсь в тарифах",
    "2013-12-06T10:34 -: RT @news: лайфхак",
];

#[test]
fn json_lines_are_read_whatever_the_name_plain_or_packed() {
    let plan = check("tweets.txt", TWEETS.as_bytes(), &READ);
    assert_eq!((plan.format, plan.gzip, plan.network.as_str()), (ImportFormat::Jsonl, false, "x"));
    let packed = check("tweets.csv", &gzip(TWEETS.as_bytes()), &READ);
    assert_eq!((packed.format, packed.gzip), (ImportFormat::Jsonl, true));
}

#[test]
fn reposts_of_microblogs_are_reposts() {
    let (_folder, path) = file("tweets", TWEETS.as_bytes());
    let mut plan = inspect(&path, NOW).expect("a file").plan;
    let kinds = |plan: &ImportPlan| -> Vec<PostKind> {
        let items = ImportReader::open(&path, plan, 0, NOW).expect("a plan").next_items(9);
        items.iter().filter_map(|item| if let Item::Post(post) = item { Some(post.kind) } else { None }).collect()
    };
    assert_eq!(kinds(&plan), [PostKind::Repost, PostKind::Post, PostKind::Repost]);
    plan.network = "vk".to_owned();
    assert_eq!(kinds(&plan), [PostKind::Post; 3]);
}

#[test]
fn broken_lines_are_told_by_number_and_the_rest_stands() {
    let text = "{\"id\":\"a1\",\"text\":\"я\",\"date\":\"01.03.2026 12:30\"}\n\n\
                {\"id\":\"a2\",\"text\":\"обрыв посреди слов\n\
                {\"id\":\"a3\",\"text\":\" \",\"date\":1}\n\
                {\"id\":\"a4\",\"text\":\"без даты\"}\n\
                {\"id\":\"a5\",\"text\":\"да\\u0000та\",\"date\":\"2199-01-01\"}\n\
                {\"id\":\"a6\",\"text\":{},\"date\":1386326044}\n\
                [1]\n";
    let mut bytes = text.as_bytes().to_vec();
    bytes.extend_from_slice(b"{\"id\":\"a8\",\"text\":\"\xff\xfe\",\"date\":1386326044}");
    check(
        "posts.jsonl",
        &bytes,
        &[
            "2026-03-01T12:30 -: я",
            "line 3 malformed",
            "line 4 empty_text",
            "line 5 invalid_date",
            "2199-01-01T00:00 -: дата",
            "line 7 invalid_field",
            "line 8 malformed",
            "line 9 invalid_encoding",
        ],
    );
}

#[test]
fn a_record_too_long_costs_itself_only() {
    let long = format!("{{\"text\":\"first\"}}\n{{\"text\":\"{}\"}}\n{{\"text\":\"short\"}}\n", "я".repeat(3 << 20));
    check(
        "posts.jsonl",
        long.as_bytes(),
        &["2026-03-01T12:30 -: first", "line 2 too_large", "2026-03-01T12:30 -: short"],
    );
    let rows = format!("id,text\n1,{}\n2,short\n", "я".repeat(3 << 20));
    check("posts.csv", rows.as_bytes(), &["line 2 too_large", "2026-03-01T12:30 -: short"]);
}

#[test]
fn a_gzip_cut_in_the_middle_gives_what_was_read_and_one_rejection() {
    let text: String =
        (0..5_000).map(|n| format!("{{\"id\":\"p{n}\",\"text\":\"{}\"}}\n", n * 7_919 % 10_007)).collect();
    let packed = gzip(text.as_bytes());
    let (_folder, path) = file("posts.gz", &packed[..packed.len() / 2]);
    let plan = inspect(&path, NOW).expect("a head").plan;
    let items = read_all(&mut ImportReader::open(&path, &plan, 0, NOW).expect("a plan"));
    let (last, before) = items.split_last().expect("items");
    assert!(before.len() > 1_000 && before.iter().all(|item| matches!(item, Item::Post(_))));
    assert!(matches!(last, Item::Rejected(rejection) if rejection.message.contains("breaks off here")));
}

#[test]
fn tables_are_read_in_any_encoding_and_delimiter() {
    let text = "Дата публикации;Автор;Текст сообщения;Лайки\r\n\
                06.12.2013 10:34;Анна;\"Связь пропала; третий час\nбез интернета\";12\r\n\
                07.12.2013;Олег;Всё работает;\r\n";
    let expected =
        ["2013-12-06T10:34 Анна: Связь пропала; третий час\nбез интернета", "2013-12-07T00:00 Олег: Всё работает"];
    let utf8 = check("a.csv", text.as_bytes(), &expected);
    assert_eq!((utf8.encoding.as_str(), utf8.delimiter, utf8.header), ("utf-8", b';', true));
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    assert_eq!(check("b.csv", &cyrillic, &expected).encoding, "windows-1251");
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(check("c.csv", &wide, &expected).encoding, "utf-16le");
    assert_eq!(check("d.csv", &wide[2..], &expected).encoding, "utf-16le");
    let tabs = text.replace("; ", "\u{1}").replace(';', "\t").replace('\u{1}', "; ");
    assert_eq!(check("e.tsv", tabs.as_bytes(), &expected).delimiter, b'\t');
    assert_eq!(check("f.csv", &gzip(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), &expected).encoding, "utf-8");
}

#[test]
fn a_table_without_names_is_read_by_what_its_columns_hold() {
    let plan = check(
        "posts.csv",
        "7341,2013-12-06 10:34:04,\"Третий час без интернета, что происходит\"\n\
         7342,2013-12-06 10:35:04,Снова оборвалась связь на Ленинской\n"
            .as_bytes(),
        &[
            "2013-12-06T10:34 -: Третий час без интернета, что происходит",
            "2013-12-06T10:35 -: Снова оборвалась связь на Ленинской",
        ],
    );
    assert!(!plan.header);
    assert_eq!(plan.columns.get("text").map(String::as_str), Some("3"));
}

#[test]
fn a_plan_can_be_corrected() {
    let (_folder, path) = file("posts.csv", b"note,remark,when\nfirst,second,2026-03-01\n");
    let mut plan = inspect(&path, NOW).expect("a file").plan;
    plan.columns = [("text", "REMARK"), ("published", "when")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    let items = ImportReader::open(&path, &plan, 0, NOW).expect("a plan").next_items(9);
    assert_eq!(shown(&items), ["2026-03-01T00:00 -: second"]);
    plan.columns.insert("text".to_owned(), "nothing".to_owned());
    let error = ImportReader::open(&path, &plan, 0, NOW).expect_err("no such column").to_string();
    assert!(error.contains("has no column `nothing`; it has `note`, `remark`, `when`"), "{error}");
    plan.columns = [("colour".to_owned(), "note".to_owned())].into();
    assert!(ImportReader::open(&path, &plan, 0, NOW).is_err_and(|error| error.0.contains("no field `colour`")));
}

#[test]
fn what_a_person_knows_better_changes_what_is_found() {
    let (_folder, path) = file("posts.csv", "a|b\n2026-03-01|один, два; три\n2026-03-02|четыре\n".as_bytes());
    let corrections = Corrections {
        delimiter: Some(b'|'),
        header: Some(true),
        columns: [("text".to_owned(), "b".to_owned())].into(),
        network: Some("vk".to_owned()),
        ..Corrections::default()
    };
    let inspection = inspect_as(&path, &corrections, NOW).expect("a file");
    assert_eq!(inspection.found, ["a", "b"]);
    assert_eq!(shown(&inspection.sample), ["2026-03-01T00:00 -: один, два; три", "2026-03-02T00:00 -: четыре"]);
    assert_eq!(inspection.plan.network, "vk");
    let unknown = Corrections { encoding: Some("cp9999".to_owned()), ..Corrections::default() };
    assert!(inspect_as(&path, &unknown, NOW).is_err_and(|error| error.0.contains("`cp9999` is no encoding")));
}

#[test]
fn an_import_goes_on_where_it_was_cut_off() {
    for (name, content) in [
        ("a.jsonl", "{\"text\":\"a\"}\nbroken\n\n{\"text\":\"c\"}\n{\"text\":\"d\"}\n"),
        ("b.csv", "text,id\na,x1\nb,\"x\n\nc,x3\nd,x4\n"),
    ] {
        let (_folder, path) = file(name, content.as_bytes());
        let plan = inspect(&path, NOW).expect("a file").plan;
        let whole = shown(&read_all(&mut ImportReader::open(&path, &plan, 0, NOW).expect("a plan")));
        assert_eq!(whole.len(), 4, "{whole:?}");
        for skip in 0..=6 {
            let mut reader = ImportReader::open(&path, &plan, skip, NOW).expect("a plan");
            let rest = shown(&read_all(&mut reader));
            assert_eq!(rest, whole[4.min(usize::try_from(skip).expect("small"))..]);
            assert_eq!(reader.records(), 4);
        }
    }
}

#[test]
fn posts_without_ids_are_named_by_what_they_say() {
    let named = |content: &str| {
        let (_folder, path) = file("posts.csv", content.as_bytes());
        let plan = inspect(&path, NOW).expect("a file").plan;
        urns(&read_all(&mut ImportReader::open(&path, &plan, 0, NOW).expect("a plan")))
    };
    let first = named("date,author,text\n2026-03-01,a,same\n2026-03-01,b,same\n2026-03-01,a,same\n");
    assert_eq!((first.len(), first[0] == first[1], first[0] == first[2]), (3, false, true));
    assert_eq!(named("author,text,date\na,same,2026-03-01\n"), first[..1]);
    // Row numbers of two files are not the same posts; ids of a network are.
    assert_ne!(named("id,text\n1,one\n"), named("id,text\n1,other\n"));
    assert_eq!(named("id,text,network\n77,one,VK\n"), ["urn:smm:vk:post:77"]);
    assert_eq!(named("id,text\nhttps://f.example/1,one\n"), ["urn:smm:import:post:https%3A//f.example/1"]);
}

#[test]
fn what_is_not_a_file_of_posts_is_refused_with_a_way_out() {
    refused("a", b"", "is empty");
    refused("a.gz", &gzip(b" \n \n"), "nothing but blanks");
    refused("a.json", b" [ {\"text\":\"a\"} ]", "jq -c '.[]'");
    refused("a.xls", b"\xd0\xcf\x11\xe0rest", "an old XLS workbook");
    refused("a.xlsx", b"PK\x03\x04rest", "save it again, or save it as CSV");
    refused("a.gz", b"\x1f\x8b\x08\x00broken", "cannot be unpacked");
    let folder = TempDir::new().expect("a folder");
    assert!(inspect(folder.path(), NOW).is_err_and(|error| error.0.contains("is a folder")));
    assert!(inspect(&folder.path().join("none"), NOW).is_err_and(|error| error.0.contains("cannot read")));
}

#[test]
fn a_fingerprint_tells_files_apart() {
    let of = |content: &[u8]| {
        let (_folder, path) = file("a", content);
        fingerprint(&path).expect("a file")
    };
    let mut long = vec![7; 1 << 20];
    let before = of(&long);
    *long.last_mut().expect("not empty") = 8;
    assert_ne!(before, of(&long));
    assert_eq!(of(b"a"), of(b"a"));
    assert_eq!(of(b"").len(), 64);
}

/// A workbook of one sheet, written by hand: `rows` is the XML of its rows.
fn workbook(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Override PartName=\"/xl/workbook.xml\" \
                 ContentType=\"{kind}.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" \
                 ContentType=\"{kind}.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"Лист1\" sheetId=\"1\" \
                 r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" \
                 Type=\"{relation}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("in memory");
        archive.write_all(content.as_bytes()).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}

const SHEET: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Дата</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Текст</t></is></c>\
     <c r=\"C1\" t=\"inlineStr\"><is><t>id</t></is></c></row>\
     <row r=\"2\"><c r=\"A2\" s=\"1\"><v>41614.440324074072</v></c><c r=\"B2\" t=\"inlineStr\"><is><t>Первый</t></is></c><c r=\"C2\"><v>408907</v></c></row>\
     <row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t>06.12.2013 11:00</t></is></c><c r=\"B5\" t=\"inlineStr\"><is><t>Второй</t></is></c></row>\
     <row r=\"6\"><c r=\"A6\" s=\"1\"><v>41614.5</v></c></row>";

#[test]
fn workbooks_are_read_row_by_row() {
    let expected = ["2013-12-06T10:34 -: Первый", "2013-12-06T11:00 -: Второй", "row 6 empty_text"];
    let plan = check("posts.xlsx", &workbook(SHEET), &expected);
    assert_eq!((plan.format, plan.gzip), (ImportFormat::Xlsx, false));
    check("posts.xlsx.gz", &gzip(&workbook(SHEET)), &expected);
}

#[test]
fn a_sheet_that_breaks_off_gives_what_was_read() {
    let broken = format!("{SHEET}<row r=\"7\"><c r=\"A7\"><v>1</c></row>");
    let (_folder, path) = file("posts.xlsx", &workbook(&broken));
    let plan = inspect(&path, NOW).expect("a head").plan;
    let items = shown(&read_all(&mut ImportReader::open(&path, &plan, 0, NOW).expect("a plan")));
    assert_eq!(items[..2], ["2013-12-06T10:34 -: Первый", "2013-12-06T11:00 -: Второй"]);
    assert_eq!(items.last().map(String::as_str), Some("end of the sheet malformed"));
}

mod properties;
