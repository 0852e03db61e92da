//! `cargo xtask browser`: generated crates for wasm32, called from a page in a real browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::cargo;
use crate::{Result, peers, root, workspace};

const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's cargo and rustc of the packages `cargo-web` and `rustc-web`.
const DEBIAN: [&str; 2] = ["/usr/bin/cargo", "/usr/bin/rustc"];

/// The standard library of Debian's package `rust-web-src`.
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// The compiler for browsers.
pub(crate) enum Toolchain {
    /// The compiler of this build, whose standard library for the target is installed.
    Own,
    /// Debian's, which has the standard library as source.
    Debian,
}

/// Builds, and opens the page. Fails without a compiler and a browser.
pub(crate) fn run() -> Result<()> {
    let toolchain = Toolchain::find()?;
    let chromium = peers::find("chromium").ok_or("there is no Chromium: state its path in CHROMIUM")?;
    workspace::run(&mut toolchain.build())?;
    open(&chromium)
}

impl Toolchain {
    /// The installed compiler, or why there is none.
    pub(crate) fn find() -> std::result::Result<Self, String> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let folder = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
        let folder = folder.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        if folder.is_ok_and(|folder| Path::new(&folder).is_dir()) {
            return Ok(Self::Own);
        }
        let [_, rustc] = DEBIAN;
        if !Path::new(SOURCES).is_file() || !peers::runs(Path::new("wasm-ld")) {
            return Err("its standard library is not installed: `rustup target add`, or Debian's packages \
                 cargo-web, rust-web-src and lld"
                .to_owned());
        }
        let oldest = env!("CARGO_PKG_RUST_VERSION");
        match version(rustc) {
            Some((version, text)) if Some(version) < pair(oldest) => {
                Err(format!("Debian's {text} is older than {oldest}"))
            }
            Some(_) => Ok(Self::Debian),
            None => Err(format!("{rustc} does not run")),
        }
    }

    fn cargo(&self) -> Command {
        match self {
            Self::Own => cargo(),
            Self::Debian => {
                let [program, rustc] = DEBIAN;
                let mut command = Command::new(program);
                command.current_dir(root()).env("RUSTC", rustc);
                // Stable compilers build the standard library only with this variable.
                command.env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTUP_TOOLCHAIN");
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                command
            }
        }
    }

    /// The command that builds the page, which uses the demo API's crate with all of its packages.
    pub(crate) fn build(&self) -> Command {
        let mut command = self.cargo();
        command.args(["build", "--quiet", "--locked", "-p", "browser-page", "--target", TARGET]);
        match self {
            Self::Own => {
                command.env("RUSTFLAGS", "-D warnings");
            }
            Self::Debian => {
                // Without backtraces, which take time to compile.
                command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="]);
                // Only of our own crates: the standard library may have warnings.
                command.args(["-Zwarnings", "--config", "build.warnings=\"deny\""]);
            }
        }
        command.arg("--target-dir").arg(target()).env("CARGO_PROFILE_DEV_DEBUG", "0");
        command
    }
}

/// Runs the test that opens the built page.
pub(crate) fn open(chromium: &Path) -> Result<()> {
    let page = target().join("page");
    let mut bindgen = cargo();
    bindgen.current_dir(root().join("testdata/bindgen")).args(["run", "--quiet", "--locked", "--"]);
    bindgen.arg(target().join(TARGET).join("debug/browser_page.wasm")).arg(&page);
    bindgen.env("CARGO_TARGET_DIR", target()).env("CARGO_PROFILE_DEV_DEBUG", "0");
    workspace::run(&mut bindgen)?;
    let mut test = cargo();
    test.args(["test", "--quiet", "-p", "golden-tests", "--test", "gateway", "browser", "--", "--ignored"]);
    workspace::run(test.env("PAGE", page).env("CHROMIUM", chromium))
}

/// Apart from the other builds, whose compiler is another one.
fn target() -> PathBuf {
    root().join("target/browser")
}

/// The version of a compiler, as numbers and as text.
fn version(rustc: &str) -> Option<((u32, u32), String)> {
    let output = Command::new(rustc).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Some((pair(text.split(' ').nth(1)?)?, text))
}

fn pair(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
