//! Our gateway and Envoy, each alone on one core, before the same server. The server and the load are on the other core.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Result, envoy, messages};

const ROUNDS: usize = 3;
const SECONDS: &str = "3";

/// A child process. Dropping it ends it.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Starts a program on one core and waits until it listens.
    fn start(core: &str, program: &str, arguments: &[&str], address: &str) -> Result<Self> {
        let mut command = Command::new("taskset");
        command.args(["-c", core, program]).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        let process = Self(command.spawn()?);
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(30) {
                return Err(format!("{program} does not listen").into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(process)
    }

    /// The time that its threads ran, in seconds. Linux counts in hundredths.
    fn cpu(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let (_, rest) = stat.rsplit_once(')').ok_or("no process state")?;
        let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<std::result::Result<f64, _>>()? / 100.0)
    }
}

pub fn run() -> Result<()> {
    let Some(envoy) = std::env::var_os("ENVOY") else {
        println!("skipped: Envoy (state its path in ENVOY)");
        return Ok(());
    };
    let envoy = envoy.to_str().ok_or("ENVOY is no text")?;
    let own = std::env::current_exe()?;
    let own = own.to_str().ok_or("the path is no text")?;
    let [backend, front, other] = addresses()?;
    let configuration = envoy::configuration(&other, &backend)?;
    let _server = Process::start("1", own, &["backend", &backend], &backend)?;
    let ours = Process::start("0", own, &["front", &front, &backend], &front)?;
    let configuration = configuration.to_str().ok_or("the path is no text")?;
    let options = ["-c", configuration, "--concurrency", "1", "--disable-hot-restart", "-l", "off"];
    let theirs = Process::start("0", envoy, &options, &other)?;

    println!("| message | gateway | requests/s | CPU a request, µs | requests a CPU second |");
    println!("|---|---|---|---|---|");
    for message in messages::all() {
        let mut medians = Vec::new();
        for (name, process, address) in [("ours", &ours, &front), ("Envoy", &theirs, &other)] {
            load(own, address, message.name, "1")?;
            let mut rows = Vec::new();
            for _ in 0..ROUNDS {
                let (start, before) = (Instant::now(), process.cpu()?);
                let count = load(own, address, message.name, SECONDS)?;
                rows.push((process.cpu()? - before, count / start.elapsed().as_secs_f64(), count));
            }
            rows.sort_by(|a, b| (a.0 / a.2).total_cmp(&(b.0 / b.2)));
            let (cpu, rate, count) = rows[ROUNDS / 2];
            println!(
                "| {} | {name} | {rate:.0} | {:.1} | {:.0} |",
                message.name,
                cpu / count * 1e6,
                count / cpu
            );
            medians.push(count / cpu);
        }
        println!("| {} | ours / Envoy | | | {:.2} |", message.name, medians[0] / medians[1]);
    }
    Ok(())
}

fn load(own: &str, address: &str, message: &str, seconds: &str) -> Result<f64> {
    let output =
        Command::new("taskset").args(["-c", "1", own, "load", address, message, seconds]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| String::from_utf8_lossy(&output.stderr).into())
}

/// Addresses that were free a moment ago.
fn addresses() -> Result<[String; 3]> {
    let listener = || TcpListener::bind("127.0.0.1:0");
    let listeners = [listener()?, listener()?, listener()?];
    let mut addresses = <[String; 3]>::default();
    for (address, listener) in addresses.iter_mut().zip(&listeners) {
        *address = listener.local_addr()?.to_string();
    }
    Ok(addresses)
}
