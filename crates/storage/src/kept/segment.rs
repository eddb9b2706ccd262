//! A segment: a file of blocks, one after another.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use molva_domain::WorkspaceId;

use super::block::Header;

const EXTENSION: &str = "kept";

/// The folder of a workspace's segments.
pub(super) fn folder(data_dir: &Path, workspace: WorkspaceId) -> PathBuf {
    data_dir.join("kept").join(workspace.to_string())
}

pub(super) fn path(folder: &Path, segment: i64) -> PathBuf {
    folder.join(format!("{segment}.{EXTENSION}"))
}

/// The segment a file belongs to; `None` for files that are none of ours.
pub(super) fn number(path: &Path) -> Option<i64> {
    (path.extension()? == EXTENSION).then(|| path.file_stem()?.to_str()?.parse().ok())?
}

/// Writes `blocks` at `length`, cuts off what an unfinished transaction left behind, and waits until it is on the disk.
/// `false` when the file is shorter than its committed length, so that nothing can be added to it.
pub(super) fn append(folder: &Path, segment: i64, length: u64, blocks: &[u8]) -> io::Result<bool> {
    let path = path(folder, segment);
    if length == 0 {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut file = match OpenOptions::new().append(true).create(length == 0).mode(0o600).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        other => other?,
    };
    let on_disk = file.metadata()?.len();
    if on_disk < length {
        return Ok(false);
    }
    if on_disk > length {
        file.set_len(length)?;
    }
    file.write_all(blocks)?;
    file.sync_data()?;
    if length == 0 {
        // A new file is found again after a power cut only when its folders are on the disk too.
        File::open(folder)?.sync_all()?;
        if let Some(parent) = folder.parent() {
            File::open(parent)?.sync_all()?;
        }
    }
    Ok(true)
}

/// Where a block's body lies.
pub(super) struct BlockAt {
    pub(super) header: Header,
    pub(super) offset: u64,
}

/// The committed part of a segment, opened for reading.
pub(super) struct Segment {
    file: File,
    length: u64,
}

impl Segment {
    pub(super) fn open(path: &Path, length: u64) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, length })
    }

    /// The blocks in the order of writing, and how many places could not be read. After a damaged header the search goes on
    /// at the next magic.
    pub(super) fn blocks(&self) -> io::Result<(Vec<BlockAt>, u64)> {
        let (mut blocks, mut damaged, mut at) = (Vec::new(), 0, 0);
        let length = self.length.min(self.file.metadata()?.len());
        if length < self.length {
            damaged += 1;
        }
        while at + Header::BYTES as u64 <= length {
            let mut bytes = [0; Header::BYTES];
            self.file.read_exact_at(&mut bytes, at)?;
            let body = at + Header::BYTES as u64;
            match Header::read(&bytes) {
                Some(header) if body + header.body_bytes() as u64 <= length => {
                    at = body + header.body_bytes() as u64;
                    blocks.push(BlockAt { header, offset: body });
                }
                _ => {
                    // A file cut short was counted already.
                    damaged += u64::from(length == self.length);
                    match self.next_magic(at + 1, length)? {
                        Some(next) => at = next,
                        None => break,
                    }
                }
            }
        }
        Ok((blocks, damaged))
    }

    pub(super) fn body(&self, block: &BlockAt) -> io::Result<Vec<u8>> {
        let mut body = vec![0; block.header.body_bytes()];
        self.file.read_exact_at(&mut body, block.offset)?;
        Ok(body)
    }

    fn next_magic(&self, from: u64, length: u64) -> io::Result<Option<u64>> {
        const WINDOW: usize = 1 << 20;
        let overlap = Header::MAGIC.len() - 1;
        let mut at = from;
        while at < length {
            let size = usize::try_from(length - at).unwrap_or(WINDOW).min(WINDOW);
            let mut window = vec![0; size];
            self.file.read_exact_at(&mut window, at)?;
            if let Some(found) = window.windows(Header::MAGIC.len()).position(|bytes| bytes == Header::MAGIC) {
                return Ok(Some(at + found as u64));
            }
            if size < WINDOW {
                break;
            }
            at += (size - overlap) as u64;
        }
        Ok(None)
    }
}

/// Segment files in a folder; empty when there is no folder yet.
pub(super) fn files(folder: &Path) -> io::Result<Vec<(i64, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if let Some(segment) = number(&path) {
            found.push((segment, path));
        }
    }
    Ok(found)
}
