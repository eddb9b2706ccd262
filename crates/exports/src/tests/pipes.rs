use std::io::{self, Write as _};
use std::time::Duration;

use futures_util::StreamExt as _;

use super::{row, table};
use crate::chunks::chunks_with;
use crate::{Block, Failure, Format, chunks, rows, write};

fn block(rows: u64) -> Block {
    let mut block = Block::default();
    (0..rows).for_each(|index| block.push(row("id", "some text of a post", Some(index), &[])));
    block
}

/// Everything a reader sees, and how it ended.
async fn drained(mut reader: crate::ChunkReader) -> (Vec<u8>, Option<io::ErrorKind>) {
    let mut bytes = Vec::new();
    while let Some(piece) = reader.next().await {
        match piece {
            Ok(piece) => bytes.extend(piece),
            Err(error) => return (bytes, Some(error.kind())),
        }
    }
    (bytes, None)
}

#[tokio::test]
async fn rows_flow_from_a_task_to_a_reader() {
    let (writer, reader) = chunks();
    let ending = writer.ending();
    let (sender, receiver) = rows();
    tokio::spawn(async move {
        for _ in 0..20 {
            sender.put(block(500)).await.expect("a reader");
        }
        sender.end(Ok(())).await;
    });
    let writing = tokio::spawn(async move {
        let written = write(Format::Csv, table(), receiver, writer, std::env::temp_dir()).await.expect("a whole file");
        ending.whole().await;
        written
    });
    let (bytes, error) = drained(reader).await;
    assert_eq!((writing.await.expect("no panic"), error), (10_000, None));
    assert_eq!(String::from_utf8(bytes).expect("UTF-8").lines().count(), 10_001);
}

#[tokio::test]
async fn rows_that_break_off_never_look_like_a_whole_file() {
    for format in Format::ALL {
        let (writer, reader) = chunks();
        let (sender, receiver) = rows();
        sender.put(block(3)).await.expect("a reader");
        drop(sender);
        let failure =
            write(format, table(), receiver, writer, std::env::temp_dir()).await.expect_err("rows are missing");
        assert!(matches!(failure, Failure::BrokenOff), "{failure:?}");
        assert_eq!(drained(reader).await.1, Some(io::ErrorKind::UnexpectedEof), "{format:?}");
    }
}

#[tokio::test]
async fn a_failure_of_the_rows_is_told_and_cuts_the_stream() {
    let (writer, reader) = chunks();
    let (sender, receiver) = rows();
    sender.put(block(3)).await.expect("a reader");
    sender.end(Err(Failure::Write(io::Error::other("the disk is full")))).await;
    let failure = write(Format::Jsonl, table(), receiver, writer, std::env::temp_dir()).await.expect_err("a failure");
    assert!(matches!(&failure, Failure::Write(error) if error.to_string() == "the disk is full"), "{failure:?}");
    assert_eq!(drained(reader).await.1, Some(io::ErrorKind::UnexpectedEof));
}

#[tokio::test]
async fn a_reader_that_leaves_stops_the_rows() {
    let (writer, mut reader) = chunks();
    let (sender, receiver) = rows();
    let reading = tokio::spawn(async move {
        let mut blocks = 0;
        while sender.put(block(1_000)).await.is_ok() {
            blocks += 1;
        }
        blocks
    });
    let writing = tokio::spawn(write(Format::Csv, table(), receiver, writer, std::env::temp_dir()));
    reader.next().await.expect("a piece").expect("no error");
    drop(reader);
    let failure = writing.await.expect("no panic").expect_err("nobody reads");
    assert!(failure.is_reader_gone(), "{failure:?}");
    // About half a megabyte lies in the pipe, and a few blocks in front of it.
    let blocks = reading.await.expect("no panic");
    assert!(blocks < 30, "{blocks} blocks were read for nobody");
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_given_up() {
    let (mut writer, reader) = chunks_with(Duration::from_millis(50));
    let writing = tokio::task::spawn_blocking(move || {
        loop {
            if let Err(error) = writer.write_all(&[b'x'; 10_000]) {
                return error.kind();
            }
        }
    });
    assert_eq!(writing.await.expect("no panic"), io::ErrorKind::BrokenPipe);
    assert_eq!(drained(reader).await.1, Some(io::ErrorKind::UnexpectedEof));
}
