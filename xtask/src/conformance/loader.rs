//! Starts the runner, which needs a newer C library than some systems have. On those, the library is fetched from
//! Debian and used for this one program, with its own loader.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, peers};

/// The release of Debian that has the library, and its packages.
const SUITE: &str = "trixie";
const PACKAGES: [&str; 3] = ["libc6", "libstdc++6", "libgcc-s1"];
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

fn libraries() -> PathBuf {
    peers::folder().join(SUITE).join("root/usr/lib/x86_64-linux-gnu")
}

fn starts(command: &mut Command) -> bool {
    // The runner has no such option and prints its usage.
    command.arg("--help").output().is_ok_and(|output| {
        let text = [output.stdout, output.stderr].concat();
        text.windows(6).any(|word| word == b"Usage:")
    })
}

/// Makes sure that the runner starts.
pub(crate) fn prepare(runner: &Path) -> Result<()> {
    if starts(&mut command(runner)) {
        return Ok(());
    }
    unpack().map_err(|error| {
        format!("the runner does not start here, and no C library could be fetched: {error}")
    })?;
    if starts(&mut command(runner)) { Ok(()) } else { Err("the runner does not start here".into()) }
}

/// The runner's command, with the unpacked loader if there is one.
pub(crate) fn command(runner: &Path) -> Command {
    let loader = libraries().join("ld-linux-x86-64.so.2");
    if !loader.exists() {
        return Command::new(runner);
    }
    let mut command = Command::new(loader);
    command.arg("--library-path").arg(libraries()).arg(runner);
    command
}

/// Unpacks the packages below `target`. This apt has its own state and changes nothing in the system.
fn unpack() -> Result<()> {
    let folder = peers::folder().join(SUITE);
    for part in ["debs", "state/lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(folder.join(part))?;
    }
    fs::write(folder.join("status"), "")?;
    let source = format!("deb [arch=amd64 signed-by={KEYS}] http://deb.debian.org/debian {SUITE} main\n");
    fs::write(folder.join("sources.list"), source)?;
    let mut config = "APT::Architecture \"amd64\";\nDir::Etc::sourceparts \"-\";\n".to_owned();
    for (key, path) in [
        ("Dir::Etc::sourcelist", "sources.list"),
        ("Dir::State", "state"),
        ("Dir::State::status", "status"),
        ("Dir::Cache", "cache"),
    ] {
        writeln!(config, "{key} \"{}\";", folder.join(path).display())?;
    }
    fs::write(folder.join("apt.conf"), config)?;
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.current_dir(folder.join("debs")).arg("-q").arg("-c").arg(folder.join("apt.conf"));
        peers::output(command.args(arguments))
    };
    apt(&["update"])?;
    apt(&[&["download"][..], &PACKAGES].concat())?;
    for deb in fs::read_dir(folder.join("debs"))? {
        peers::output(Command::new("dpkg").arg("-x").arg(deb?.path()).arg(folder.join("root")))?;
    }
    Ok(())
}
