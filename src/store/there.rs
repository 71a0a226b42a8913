//! The file that is on disk now, as somebody has to know it who is about to replace it.

use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::confined;
use crate::formats::native;
use crate::text::hex;

/// What a save has to know of the file that it replaces. Not all of its bytes: those of a long one would lie in memory
/// beside the new ones.
pub(super) struct There {
    /// Of all its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Enough of its beginning to tell the version of a native file.
    pub head: Vec<u8>,
}

impl There {
    /// Looks at a file, if there is one.
    pub fn look(path: &Path) -> io::Result<Option<Self>> {
        let mut digest = Sha256::new();
        let mut head = Vec::new();
        let read = confined::read_in_pieces(path, &mut |piece| {
            digest.update(piece);
            let missing = native::HEAD_BYTES - head.len();
            head.extend_from_slice(piece.get(..missing.min(piece.len())).unwrap_or_default());
        });
        match read {
            Ok(()) => Ok(Some(Self { sha256: hex(&digest.finalize()), head })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether the file has other bytes than those with this SHA-256.
///
/// # Errors
/// Those of reading; [`io::ErrorKind::NotFound`] if it is gone.
pub fn change_on_disk(path: &Path, sha256: &str) -> io::Result<bool> {
    let there = There::look(path)?.ok_or(io::ErrorKind::NotFound)?;
    Ok(there.sha256 != sha256)
}
