//! A PostgreSQL server of our own for tests: started once per test process from the installed server binaries, reachable
//! only through a socket in a temporary folder, gone with the process however that ends.
//!
//! Where the binaries are missing the test fails and says what to install. Start reading at [`database`].

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, PgConnection};

/// Starts the server and waits for the end of its standard input, which comes when the test process ends, in whatever
/// way. `fsync=off`: a test's server never has to survive a power cut.
const KEEPER: &str = r#"
bin="$1"
dir="$(mktemp -d /tmp/vigie-postgres.XXXXXX)" || exit 1
trap 'rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/cluster" -A trust -U vigie -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
"$bin/postgres" -D "$dir/cluster" -k "$dir" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c shared_buffers=32MB -c max_connections=200 -c autovacuum=off >>"$dir/log" 2>&1 </dev/null &
server=$!
until "$bin/pg_isready" -q -h "$dir"; do
    kill -0 $server 2>/dev/null || { cat "$dir/log"; exit 1; }
    sleep 0.02
done
echo "ready $dir"
read -r _
kill -INT $server
wait $server
"#;

struct Server {
    socket_dir: String,
    /// Its standard input is what keeps the server alive.
    _keeper: Child,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The address of a new, empty database.
pub async fn database() -> String {
    let server = SERVER.get_or_init(start);
    let address = |name: &str| format!("postgres://vigie@localhost/{name}?host={}", server.socket_dir);
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut conn = PgConnection::connect(&address("postgres")).await.expect("the test server answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut conn)
        .await
        .expect("the test server creates a database");
    conn.close().await.expect("the test server says goodbye");
    address(&name)
}

fn start() -> Server {
    let bin = binaries().unwrap_or_else(|| {
        panic!(
            "no PostgreSQL server found (initdb in /usr/lib/postgresql/*/bin or in PATH): `apt-get install postgresql`"
        )
    });
    let mut keeper = as_ordinary_user()
        .args(["sh", "-c", KEEPER, "keeper"])
        .arg(&bin)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell starts");
    let mut said = String::new();
    for line in BufReader::new(keeper.stdout.take().expect("piped")).lines() {
        let line = line.expect("the keeper speaks UTF-8");
        if let Some(socket_dir) = line.strip_prefix("ready ") {
            return Server { socket_dir: socket_dir.to_owned(), _keeper: keeper };
        }
        said.push_str(&line);
        said.push('\n');
    }
    panic!("the PostgreSQL test server did not start:\n{said}");
}

/// The newest installed server's folder.
fn binaries() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort_unstable();
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = found.into_iter().rev().map(|(_, bin)| bin).collect();
    folders.extend(std::env::split_paths(&in_path));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The server refuses to run as root: then it runs as another user.
fn as_ordinary_user() -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"));
    if !root {
        return Command::new("env");
    }
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(|user| Command::new("id").arg(user).output().is_ok_and(|out| out.status.success()))
        .expect("a user named postgres or nobody to run the server as");
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--"]);
    command.current_dir(Path::new("/"));
    command
}
