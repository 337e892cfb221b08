//! A PostgreSQL server of our own for tests: started from the installed server binaries by the first test process that
//! needs one, shared by those that run beside or soon after it, reachable only through a socket in the temporary folder.
//!
//! It cannot be left behind: every test process holds a shared file lock that the kernel frees however the process ends,
//! and the server's keeper stops it and deletes its files once nobody has held the lock for some seconds. Where the
//! binaries are missing the test fails and says what to install. Start reading at [`database`].

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Runs the server as long as somebody holds the lock. `fsync=off`: a test's server never has to survive a power cut.
const KEEPER: &str = r#"
bin="$1" dir="$2" lock="$3"
exec 9<"$lock" && mkdir "$dir" || exit 1
trap 'trap - EXIT; kill -INT $server 2>/dev/null; wait; rm -rf "$dir"; exit' EXIT INT TERM HUP
"$bin/initdb" -D "$dir/cluster" -A trust -U vigie -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 9<&- || { cat "$dir/log"; exit 1; }
"$bin/postgres" -D "$dir/cluster" -k "$dir" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c shared_buffers=32MB -c max_connections=500 -c autovacuum=off >>"$dir/log" 2>&1 </dev/null 9<&- &
server=$!
until "$bin/pg_isready" -q -h "$dir" 9<&-; do
    kill -0 $server 2>/dev/null || { cat "$dir/log"; exit 1; }
    sleep 0.02
done
echo ready
exec >/dev/null
idle=0
while kill -0 $server 2>/dev/null; do
    sleep 1 9<&-
    if flock -n -x 9; then
        idle=$((idle + 1))
        [ $idle -lt 5 ] || exit 0
        flock -u 9
    else
        idle=0
    fi
done
"#;

/// How long a starting process waits before it looks again whether another one has started the server.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

struct Server {
    folder: PathBuf,
    /// Held (shared) as long as this process lives.
    _in_use: File,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The address of a new, empty database. It is dropped by a later test, once this process has ended.
pub async fn database() -> String {
    let server = SERVER.get_or_init(find_or_start);
    let address = |name: &str| format!("postgres://vigie@localhost/{name}?host={}", server.folder.display());
    let mut conn = PgConnection::connect(&address("postgres")).await.expect("the test server answers");
    drop_abandoned(&mut conn).await;
    let name = format!("test_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&mut conn).await.expect("the test server creates a database");
    conn.close().await.expect("the test server says goodbye");
    address(&name)
}

/// Drops the databases of test processes that have ended.
async fn drop_abandoned(conn: &mut PgConnection) {
    let names: Vec<String> = sqlx::query_scalar("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
        .fetch_all(&mut *conn)
        .await
        .expect("the test server lists its databases");
    for name in names {
        let owner = name.split('_').nth(1).unwrap_or_default();
        let alive = owner == std::process::id().to_string() || Path::new("/proc").join(owner).exists();
        if !alive && owner.parse::<u32>().is_ok() {
            // Another test process may be dropping the same one: then there is nothing left to do.
            let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            let _ = sqlx::query(drop).execute(&mut *conn).await;
        }
    }
}

fn find_or_start() -> Server {
    let bin = binaries().unwrap_or_else(|| {
        panic!("no PostgreSQL server found (initdb in /usr/lib/postgresql/*/bin or PATH): `apt-get install postgresql`")
    });
    // One server per checkout and user.
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_MANIFEST_DIR"), user_id()).hash(&mut hasher);
    let folder = PathBuf::from(format!("/tmp/vigie-postgres-{:016x}", hasher.finish()));
    let lock_path = folder.with_extension("lock");
    let lock = File::options().create(true).append(true).open(&lock_path).expect("the lock file can be made");
    loop {
        lock.lock_shared().expect("the lock file can be locked");
        if UnixStream::connect(folder.join(".s.PGSQL.5432")).is_ok() {
            return Server { folder, _in_use: lock };
        }
        lock.unlock().expect("the lock file can be unlocked");
        if lock.try_lock().is_ok() {
            start(&bin, &folder, &lock_path);
        } else {
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// Starts the server; the caller holds the lock alone.
#[allow(clippy::zombie_processes)] // The keeper outlives this process on purpose.
fn start(bin: &Path, folder: &Path, lock_path: &Path) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).expect("the remains of a server that was killed can be deleted");
    }
    let mut keeper = as_ordinary_user()
        .args(["sh", "-c", KEEPER, "keeper"])
        .args([bin, folder, lock_path])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir("/")
        .process_group(0)
        .spawn()
        .expect("a shell starts");
    let mut said = String::new();
    for line in BufReader::new(keeper.stdout.take().expect("piped")).lines() {
        let line = line.expect("the keeper speaks UTF-8");
        if line == "ready" {
            return;
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

fn user_id() -> String {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    String::from_utf8_lossy(&id.stdout).trim().to_owned()
}

/// The server refuses to run as root: then it runs as another user.
fn as_ordinary_user() -> Command {
    if user_id() != "0" {
        return Command::new("env");
    }
    let exists = |user: &&str| Command::new("id").arg(user).output().is_ok_and(|out| out.status.success());
    let user = ["postgres", "nobody"].into_iter().find(exists).expect("a user postgres or nobody to run the server");
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--"]);
    command
}
