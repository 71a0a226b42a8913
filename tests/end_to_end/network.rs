//! Nothing leaves the machine: what the program asks the system for while somebody works in it, as strace sees it.
//!
//! Whatever talks to another machine needs a socket of a family that does; so it is enough to look at every socket that
//! is made and at every address that one is connected to. Rings of `io_uring` would get past strace, and another program
//! could do it instead: neither may be.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use crate::article;
use crate::display::{Program, Screen, apart, has};

const WATCHED: &str = "trace=execve,execveat,socket,socketpair,connect,bind,listen,sendto,io_uring_setup";

/// One call that strace saw: its name and the rest of the line.
struct Call {
    name: String,
    rest: String,
}

impl Call {
    /// Lines are `PID name(arguments) = result`; of a call that was interrupted the beginning counts.
    fn of(line: &str) -> Option<Self> {
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        let (name, rest) = line.split_once('(')?;
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        is_name.then(|| Self { name: name.to_owned(), rest: rest.to_owned() })
    }

    /// What is wrong with it, if something is; `places` are the sockets of the machine that it may connect to.
    fn complaint(&self, program: &str, places: &[String]) -> Option<String> {
        let is_fine = match self.name.as_str() {
            "socket" | "socketpair" => self.rest.starts_with("AF_UNIX,"),
            "connect" => places.iter().any(|place| self.rest.contains(place.as_str())),
            // Without an address: to whoever it is connected to.
            "sendto" => self.rest.contains("NULL, 0)") || self.rest.contains("<unfinished"),
            "execve" => self.rest.starts_with(&format!("\"{program}\"")),
            // Nobody may connect to us, and the name that the system gives an end of a pair is none.
            "bind" | "listen" | "io_uring_setup" | "execveat" => false,
            _ => true,
        };
        (!is_fine).then(|| format!("{}({}", self.name, self.rest))
    }
}

/// What strace has seen so far.
fn calls(log: &Path) -> Vec<Call> {
    fs::read_to_string(log).unwrap_or_default().lines().filter_map(Call::of).collect()
}

/// Where the program may connect to: the socket of its display, under its name in the file system and without one, the
/// one of a Wayland display in its place, and the bus of the desktop. The last is glibc's: Mesa's driver asks it for the
/// home of the user (`getpwuid`), to keep shaders there. It could also know names of machines, but what connects to one
/// makes a socket that is noticed.
fn places(display: &str, bus: &Path) -> [String; 5] {
    let number = display.trim_start_matches(':');
    let wayland = bus.with_file_name("wayland-0");
    [
        format!("sun_path=@\"/tmp/.X11-unix/X{number}\""),
        format!("sun_path=\"/tmp/.X11-unix/X{number}\""),
        format!("sun_path=\"{}\"", bus.display()),
        format!("sun_path=\"{}\"", wayland.display()),
        "sun_path=\"/var/run/nscd/socket\"".to_owned(),
    ]
}

fn path_of(program: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file());
    found.expect("it was just asked for its version").display().to_string()
}

#[test]
fn nothing_leaves_the_machine() {
    if !has(&["Xvfb", "xdotool", "strace"], "what the program asks the system for") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let article = article(folder.path());
    let log = folder.path().join("calls");
    // Somebody who takes calls in place of the desktop's bus, and hangs up.
    let bus = folder.path().join("bus");
    let listener = UnixListener::bind(&bus).expect("a socket");
    std::thread::spawn(move || listener.incoming().for_each(drop));

    let screen = Rc::new(Screen::start());
    let mut command = apart(&path_of("strace"), &screen, folder.path());
    command.args(["--follow-forks", "--seccomp-bpf", "--quiet=all", "-e", WATCHED, "-e", "signal=none", "-o"]);
    command.arg(&log).arg(env!("CARGO_BIN_EXE_manicule"));
    command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", bus.display()));
    // No program that shows dialogs, so that the bus is asked for one.
    command.env("PATH", folder.path());
    let mut program = Program::start(&screen, folder.path(), &article, command);
    program.wait_for_window();

    program.select("Armenia");
    program.change(&["c"]);
    // Suggestions: the next name that stands elsewhere.
    program.wait_for("a suggestion to accept", |program| {
        program.press(&["Tab", "Return"]);
        (program.changes() >= 2).then_some(())
    });
    program.press(&["Escape", "Escape", "ctrl+s"]);
    let saved = article.with_extension("ron");
    program.wait_for("a saved file", |_| saved.exists().then_some(()));
    // What an export would be is looked at.
    program.press(&["ctrl+e"]);
    program.press(&["Escape", "Escape", "Escape"]);
    // The dialog for files comes from the bus or is ours.
    let asked =
        |log: &Path| calls(log).iter().filter(|call| call.name == "connect" && call.rest.contains("/bus\"")).count();
    let before = asked(&log);
    program.wait_for("somebody who asks the bus for a dialog", |program| {
        // What is open closes first.
        program.press(&["Escape"]);
        program.press(&["ctrl+o"]);
        (asked(&log) > before).then_some(())
    });
    program.press(&["Escape", "Escape"]);
    let display = program.screen.display.clone();
    assert!(program.quit().success());

    let calls = calls(&log);
    let places = places(&display, &bus);
    let wrong: BTreeSet<String> =
        calls.iter().filter_map(|call| call.complaint(env!("CARGO_BIN_EXE_manicule"), &places)).collect();
    assert!(wrong.is_empty(), "the program asked for more than its display and the bus:\n{wrong:#?}");
    let count = |name: &str| calls.iter().filter(|call| call.name == name).count();
    assert!(count("socket") > 0 && count("connect") > 0 && count("execve") == 1, "strace saw too little");
    println!("{} sockets, {} connections, all on this machine", count("socket"), count("connect"));
}

#[test]
fn the_command_line_makes_no_socket_at_all() {
    if !has(&["strace"], "what the command line asks the system for") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (article, log, out) = (article(folder.path()), folder.path().join("calls"), folder.path().join("out.json"));
    let mut command = Command::new("strace");
    command.args(["--follow-forks", "--seccomp-bpf", "--quiet=all", "-e", WATCHED, "-e", "signal=none", "-o"]);
    command.arg(&log).arg(env!("CARGO_BIN_EXE_manicule")).arg("convert").arg(&article).args(["--to", "json", "-o"]);
    let status = command.arg(&out).env("MANICULE_DATA_DIR", folder.path().join("data")).status().expect("it runs");
    assert!(status.success() && out.is_file());
    let calls = calls(&log);
    let wrong: Vec<String> =
        calls.iter().filter(|call| call.name != "execve").map(|call| format!("{}({}", call.name, call.rest)).collect();
    assert!(wrong.is_empty() && calls.len() == 1, "{wrong:?}");
}

/// Programs of others that speak with other machines; none of them may come along with what we use.
const SPEAKERS: &[&str] = &[
    "actix-web",
    "async-net",
    "async-std",
    "attohttpc",
    "awc",
    "axum",
    "curl",
    "curl-sys",
    "ehttp",
    "h2",
    "hickory-proto",
    "hickory-resolver",
    "http",
    "http-body",
    "httparse",
    "hyper",
    "hyper-util",
    "isahc",
    "mio",
    "minreq",
    "native-tls",
    "openssl",
    "openssl-sys",
    "quinn",
    "reqwest",
    "rustls",
    "sentry",
    "smol",
    "socket2",
    "surf",
    "tiny_http",
    "tonic",
    "trust-dns-resolver",
    "tungstenite",
    "ureq",
    "websocket",
];

#[test]
fn no_library_is_for_the_network() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).expect("the lock file");
    let names: BTreeSet<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(names.contains("eframe"), "the lock file is not as it was");
    let speakers: Vec<&&str> = SPEAKERS.iter().filter(|name| names.contains(**name)).collect();
    assert!(speakers.is_empty(), "{speakers:?} came along; cargo tree --invert tells with what");
}

#[test]
fn our_own_code_makes_no_sockets() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for path in fs::read_dir(folder).expect("the source is there").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                look(&path, found);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap_or_default();
            let words = ["std::net", "TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "UnixStream"];
            let used = words.iter().filter(|word| source.contains(**word));
            found.extend(used.map(|word| format!("{}: {word}", path.display())));
        }
    }
    let mut found = Vec::new();
    look(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_would_leave_the_machine_is_noticed() {
    let places = places(":7", Path::new("/run/bus"));
    let complains = |line: &str| Call::of(line).expect("a call").complaint("/bin/manicule", &places).is_some();
    for line in [
        "12 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 5",
        "12 socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 5",
        "12 socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT) = 5",
        "12 connect(5, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr(\"1.1.1.1\")}, 16) = 0",
        "12 connect(5, {sa_family=AF_UNIX, sun_path=\"/run/systemd/resolve/io.systemd.Resolve\"}, 110) = 0",
        "12 connect(5, {sa_family=AF_UNIX, sun_path=@\"/tmp/.X11-unix/X71\"}, 20) = 0",
        "12 sendto(5, \"x\", 1, 0, {sa_family=AF_INET, sin_port=htons(53)}, 16) = 1",
        "12 execve(\"/usr/bin/curl\", [\"curl\"], 0x7ffd /* 9 vars */) = 0",
        "12 io_uring_setup(8, {flags=0}) = 5",
        "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = -1 EPERM (Operation not permitted)",
    ] {
        assert!(complains(line), "{line}");
    }
    for line in [
        "12 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 5",
        "12 connect(5, {sa_family=AF_UNIX, sun_path=@\"/tmp/.X11-unix/X7\"}, 20) = 0",
        "12 connect(5, {sa_family=AF_UNIX, sun_path=\"/run/bus\"}, 110) = 0",
        "12 sendto(5, \"\\0\", 1, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) = 1",
        "12 execve(\"/bin/manicule\", [\"manicule\"], 0x7ffd /* 9 vars */) = 0",
    ] {
        assert!(!complains(line), "{line}");
    }
    assert!(Call::of("12 +++ exited with 0 +++").is_none());
}
