//! Parquet: columns typed, UTC timestamps in microseconds, texts by dictionary, nulls are nulls, compressed with zstd. What
//! the export is about stands in the metadata of the file, under `molva.*`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use crate::format::Output;
use crate::table::{Block, Cell, Kind, Table};

/// Rows of a row group at most. Readers take a group as a whole; so does this writer.
const ROWS_OF_A_GROUP: usize = 50_000;
/// Bytes of text of a row group at most.
const BYTES_OF_A_GROUP: usize = 16 << 20;

pub(crate) struct Parquet<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Gathered>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> Parquet<W> {
    pub(crate) fn open(table: Table, out: W) -> io::Result<Self> {
        let schema = parse_message_type(&schema(&table)).map_err(failed)?;
        let notes = table.notes.iter().map(|note| KeyValue::new(format!("molva.{}", note.id), note.text.clone()));
        let zone = KeyValue::new("molva.time_zone".to_owned(), table.zone.name().to_owned());
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).map_err(failed)?))
            .set_created_by(format!("molva version {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(notes.chain([zone]).collect()))
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        let columns = table.columns.iter().map(|column| Gathered::of(column.kind)).collect();
        Ok(Self { file, columns, rows: 0, bytes: 0 })
    }

    fn write_group(&mut self) -> Result<()> {
        if self.rows > 0 {
            let mut group = self.file.next_row_group()?;
            for gathered in &mut self.columns {
                if let Some(mut column) = group.next_column()? {
                    gathered.write(&mut column)?;
                    column.close()?;
                }
            }
            group.close()?;
        }
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl<W: Write + Send> Output for Parquet<W> {
    fn write(&mut self, rows: Block) -> io::Result<()> {
        let width = self.columns.len();
        for (index, cell) in rows.into_cells().enumerate() {
            self.bytes += cell.text_bytes();
            self.columns[index % width].push(cell);
            if (index + 1) % width == 0 {
                self.rows += 1;
                if self.rows >= ROWS_OF_A_GROUP || self.bytes >= BYTES_OF_A_GROUP {
                    self.write_group().map_err(failed)?;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.write_group().map_err(failed)?;
        let mut out = self.file.into_inner().map_err(failed)?;
        out.flush()
    }
}

/// The values of one column of the group that is being filled.
struct Gathered {
    values: Values,
    /// 1: there; 0: null. Of a list: 2 an element, 1 an empty list, 0 null.
    definition: Vec<i16>,
    /// Of a list: 0 begins a row, 1 goes on in it.
    repetition: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Lists(Vec<ByteArray>),
    Integers(Vec<i64>),
    Reals(Vec<f64>),
    Times(Vec<i64>),
    Flags(Vec<bool>),
}

impl Gathered {
    fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Texts(Vec::new()),
            Kind::Integer => Values::Integers(Vec::new()),
            Kind::Real => Values::Reals(Vec::new()),
            Kind::Time => Values::Times(Vec::new()),
            Kind::Flag => Values::Flags(Vec::new()),
            Kind::List => Values::Lists(Vec::new()),
        };
        Self { values, definition: Vec::new(), repetition: Vec::new() }
    }

    fn push(&mut self, cell: Cell) {
        match (&mut self.values, cell) {
            (Values::Texts(values), Cell::Text(text)) => values.push(text.into_bytes().into()),
            (Values::Integers(values), Cell::Integer(number)) => values.push(number),
            (Values::Reals(values), Cell::Real(number)) => values.push(number),
            (Values::Times(values), Cell::Time(at)) => values.push(at.as_micros()),
            (Values::Flags(values), Cell::Flag(flag)) => values.push(flag),
            (Values::Lists(values), Cell::List(texts)) => {
                self.definition.extend(if texts.is_empty() { vec![1] } else { vec![2; texts.len()] });
                self.repetition.extend((0..texts.len().max(1)).map(|index| i16::from(index > 0)));
                values.extend(texts.into_iter().map(|text| ByteArray::from(text.into_bytes())));
                return;
            }
            (values, _) => {
                if let Values::Lists(_) = values {
                    self.repetition.push(0);
                }
                self.definition.push(0);
                return;
            }
        }
        self.definition.push(1);
    }

    /// Writes what was gathered and forgets it.
    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let definition = mem::take(&mut self.definition);
        let repetition = mem::take(&mut self.repetition);
        let levels = Some(&definition[..]);
        match &mut self.values {
            Values::Texts(values) => {
                column.typed::<ByteArrayType>().write_batch(&mem::take(values), levels, None)?;
            }
            Values::Lists(values) => {
                column.typed::<ByteArrayType>().write_batch(&mem::take(values), levels, Some(&repetition))?;
            }
            Values::Integers(values) | Values::Times(values) => {
                column.typed::<Int64Type>().write_batch(&mem::take(values), levels, None)?;
            }
            Values::Reals(values) => {
                column.typed::<DoubleType>().write_batch(&mem::take(values), levels, None)?;
            }
            Values::Flags(values) => {
                column.typed::<BoolType>().write_batch(&mem::take(values), levels, None)?;
            }
        }
        Ok(())
    }
}

/// The schema in Parquet's own notation.
fn schema(table: &Table) -> String {
    let mut schema = format!("message {} {{", table.id);
    for column in &table.columns {
        let id = column.id;
        // Writing to a `String` cannot fail.
        let _ = match column.kind {
            Kind::Text => write!(schema, " optional binary {id} (STRING);"),
            Kind::Integer => write!(schema, " optional int64 {id};"),
            Kind::Real => write!(schema, " optional double {id};"),
            Kind::Time => write!(schema, " optional int64 {id} (TIMESTAMP(MICROS,true));"),
            Kind::Flag => write!(schema, " optional boolean {id};"),
            Kind::List => write!(
                schema,
                " optional group {id} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}"
            ),
        };
    }
    schema.push_str(" }");
    schema
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
