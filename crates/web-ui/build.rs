//! Lists the files of the built web app for embedding. Never calls npm: who works on Rust only gets a stub page.
//!
//! A table of `include_bytes!` does all that is needed here; it always embeds, so a binary never depends on where it was built.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const STUB: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Molva</title></head><body>\n\
<p>The web app is not built. Run <code>npm ci</code> and <code>npm run build</code> in <code>web</code>, then build Molva again.</p>\n\
<p>The API works: <a href=\"/api/docs\">/api/docs</a></p></body></html>\n";

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let built = manifest.join("../../web/dist");
    // A missing folder would make every build start over; an empty one is watched until the web app is built into it.
    let _ = fs::create_dir_all(&built);
    println!("cargo::rerun-if-changed={}", built.display());
    println!("cargo::rerun-if-changed=build.rs");

    let mut files = Vec::new();
    if built.join("index.html").is_file() {
        collect(&built, &built.canonicalize()?, &mut files)?;
    } else if env::var("PROFILE")? == "release" {
        println!("cargo::error=`web/dist/index.html` is missing; run `npm ci` and `npm run build` in `web` first");
        return Ok(());
    } else {
        println!(
            "cargo::warning=the web app is not built, a stub page stands in; run `npm ci` and `npm run build` in `web`"
        );
        let stub = out.join("index.html");
        fs::write(&stub, STUB)?;
        files.push(("index.html".to_owned(), stub));
    }
    files.sort();

    let mut table = String::from("pub(crate) static FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in &files {
        writeln!(table, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    table.push_str("];\n");
    fs::write(out.join("files.rs"), table)?;
    Ok(())
}

/// Every file under `folder`, by its path from the root with `/` between.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    let root = root.canonicalize()?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&root, &path, files)?;
        } else {
            let name = path.strip_prefix(&root)?.to_str().ok_or("a file name is not UTF-8")?.replace('\\', "/");
            files.push((name, path));
        }
    }
    Ok(())
}
