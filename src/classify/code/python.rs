//! What Python's functions mean.
//!
//! From <https://docs.python.org/3/library/> and the documentation of the libraries named, 2026-11.

use super::meaning::{Meaning, Table, listed};
use super::value::Path;

/// Words of the language.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "global", "if", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "try", "while", "with", "yield", "match", "case", "True",
    "False", "None",
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "print", "len", "range", "str", "int", "float", "list", "dict", "set", "tuple", "sorted",
    "sum", "min", "max", "abs", "round", "enumerate", "zip", "map", "filter", "any", "all",
    "isinstance", "issubclass", "type", "repr", "bool", "bytes", "bytearray", "chr", "ord", "hex",
    "bin", "oct", "dir", "vars", "id", "hash", "help", "iter", "next", "reversed", "format",
    "input", "callable", "hasattr", "super", "object", "frozenset", "divmod", "pow", "slice",
    "memoryview", "complex", "exit", "quit", "ascii", "property", "staticmethod", "classmethod",
    "Path", "PosixPath", "BytesIO", "StringIO", "Counter", "Decimal", "defaultdict", "namedtuple",
    "deque", "OrderedDict", "datetime", "timedelta",
];

/// Modules of which every function is harmless.
#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "json", "math", "cmath", "re", "platform", "datetime", "collections", "itertools",
    "functools", "statistics", "random", "secrets", "string", "textwrap", "hashlib", "hmac",
    "base64", "uuid", "pprint", "decimal", "fractions", "struct", "binascii", "unicodedata",
    "locale", "inspect", "traceback", "warnings", "operator", "copy", "typing", "dataclasses",
    "enum", "calendar", "csv", "io", "difflib", "html", "ipaddress", "getpass", "keyword",
    "sysconfig", "site", "pkgutil", "pkg_resources", "tomllib", "toml", "glob", "fnmatch",
    "bisect", "heapq", "array", "numbers", "zoneinfo", "logging", "argparse", "contextlib", "abc",
    "codecs", "colorsys", "mimetypes", "stringprep", "sched", "numpy", "np", "pandas", "pd",
    "packaging", "dateutil", "pytz", "tabulate", "rich", "certifi", "idna", "chardet", "distro",
    "psutil", "torch", "tensorflow", "scipy", "sklearn", "matplotlib", "sympy", "networkx", "jwt",
    "bs4", "lxml", "dotenv", "zlib", "gzip", "bz2", "lzma", "tokenize", "ast", "dis", "gc",
    "weakref", "types", "resource", "pwd", "grp", "time", "filecmp", "linecache", "stat", "errno",
    "posixpath", "ntpath", "cryptography", "tiktoken", "transformers", "jsonschema", "pydantic",
    "orjson", "ujson", "simplejson", "requests_toolbelt", "cProfile", "pstats", "timeit",
];

/// Modules that do nothing when they are loaded, though their functions may.
#[rustfmt::skip]
const LOADED: &[&str] = &[
    "os", "sys", "subprocess", "shutil", "pathlib", "socket", "ssl", "http", "urllib", "urllib2",
    "urllib3", "requests", "httpx", "aiohttp", "asyncio", "threading", "multiprocessing",
    "concurrent", "queue", "select", "signal", "tempfile", "zipfile", "tarfile", "sqlite3",
    "psycopg2", "psycopg", "pymysql", "MySQLdb", "mysql", "sqlalchemy", "asyncpg", "pymongo",
    "redis", "boto3", "botocore", "aioboto3", "google", "azure", "googleapiclient", "kubernetes",
    "docker", "github", "paramiko", "fabric", "pexpect", "invoke", "sh", "pty", "ctypes",
    "importlib", "pickle", "shelve", "marshal", "builtins", "yaml", "configparser", "xml",
    "email", "smtplib", "ftplib", "imaplib", "poplib", "telnetlib", "xmlrpc", "webbrowser",
    "shlex", "getopt", "optparse", "readline", "cmd", "code", "django", "flask", "fastapi",
    "celery", "elasticsearch", "opensearchpy", "kafka", "confluent_kafka", "pika", "stripe",
    "slack_sdk", "openai", "anthropic", "commands", "popen2", "posix", "nt", "platformdirs",
    "pip", "setuptools", "pkg", "runpy", "vm", "atexit", "faulthandler", "tracemalloc",
    "encodings", "unittest", "doctest", "pytest", "this", "antigravity", "__future__", "fcntl",
    "mmap", "termios", "tty", "curses", "crypt", "syslog", "winreg", "msvcrt", "dbm", "bson",
    "pydoc", "click", "typer", "tqdm", "jinja2", "markdown", "PIL", "cv2", "peewee", "tortoise",
    "prisma", "neo4j", "cassandra", "snowflake", "hvac", "consul", "etcd3", "fsspec", "s3fs",
    "gcsfs", "wheel", "ansible", "send2trash",
];

/// Whether a module does nothing when it is loaded.
pub(super) fn known_module(name: &str) -> bool {
    let root = name.split('.').next().unwrap_or(name);
    HARMLESS.contains(&root) || LOADED.contains(&root)
}

/// Functions by their full names.
#[rustfmt::skip]
static CALLS: Table = &[
    (Meaning::Opens, &["open", "io.open", "codecs.open", "gzip.open", "bz2.open", "os.fdopen"]),
    (Meaning::Code(0), &["eval", "exec", "compile", "builtins.eval", "builtins.exec"]),
    (Meaning::Opaque("which function is meant is worked out when it runs"), &[
        "getattr", "setattr", "delattr", "globals", "locals", "__builtins__",
    ]),
    (Meaning::Shell, &[
        "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput",
        "popen2.popen2", "commands.getoutput", "commands.getstatusoutput",
        "asyncio.create_subprocess_shell", "pty.spawn", "pexpect.run", "pexpect.spawn",
        "subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call",
        "subprocess.check_output", "os.popen2", "os.popen3", "posix.system", "nt.system",
        "invoke.run", "fabric.run", "pexpect.runu", "os.startfile",
    ]),
    (Meaning::Words(0), &["asyncio.create_subprocess_exec", "django.core.management.call_command"]),
    (Meaning::Words(1), &["os.execl", "os.execlp"]),
    (Meaning::List(1), &[
        "os.execv", "os.execvp", "os.execve", "os.execvpe", "os.posix_spawn", "os.posix_spawnp",
    ]),
    (Meaning::Words(2), &["os.spawnl", "os.spawnlp"]),
    (Meaning::List(2), &["os.spawnv", "os.spawnvp"]),
    (Meaning::Removes, &[
        "shutil.rmtree", "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.truncate",
        "posix.unlink", "send2trash.send2trash",
    ]),
    (Meaning::Writes, &[
        "shutil.move", "shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree",
        "shutil.chown", "shutil.make_archive", "shutil.unpack_archive", "os.rename", "os.renames",
        "os.replace", "os.mkdir", "os.makedirs", "os.chmod", "os.chown", "os.lchown", "os.link",
        "os.symlink", "os.utime", "os.mkfifo", "os.mknod", "json.dump", "pickle.dump",
        "yaml.dump_all", "urllib.request.urlretrieve", "zipfile.ZipFile.extractall",
        "tarfile.open.extractall", "tempfile.mkstemp", "tempfile.mkdtemp",
        "tempfile.NamedTemporaryFile", "tempfile.TemporaryDirectory", "torch.save", "np.save",
        "numpy.save",
    ]),
    (Meaning::Changes("processes", "start it again"), &[
        "os.kill", "os.killpg", "psutil.Process.kill", "psutil.Process.terminate",
    ]),
    (Meaning::Opaque("a call of the system itself is not read"), &[
        "os.open", "os.write", "os.ftruncate", "os.chroot", "os.fork", "os.setuid",
    ]),
    (Meaning::Harmless, &[
        "os.environ.get", "os.getenv", "os.environ.items", "os.environ.keys", "os.environ.copy",
        "os.listdir", "os.environ.setdefault", "os.environ.update", "os.putenv", "os.walk",
        "os.scandir", "os.getcwd", "os.getpid", "os.getppid", "os.uname", "os.cpu_count", "os.stat",
        "os.lstat", "os.access", "os.getuid", "os.geteuid", "os.getgid", "os.getlogin",
        "os.getloadavg", "os.statvfs", "os.get_terminal_size", "os.readlink", "os.urandom",
        "os.sysconf", "os.chdir", "os.umask", "os.fsencode", "os.fsdecode", "os.fspath", "os.times",
        "os.sched_getaffinity", "os._exit", "os.getgroups", "os.cpu_affinity", "shutil.which",
        "shutil.disk_usage", "shutil.get_terminal_size", "socket.gethostname", "socket.getfqdn",
        "socket.gethostbyname", "socket.getaddrinfo", "socket.gethostbyname_ex",
        "socket.create_connection", "socket.socket", "socket.gethostbyaddr", "socket.inet_aton",
        "tempfile.gettempdir", "threading.Thread", "asyncio.run", "asyncio.sleep", "asyncio.gather",
        "asyncio.get_event_loop", "asyncio.new_event_loop", "shlex.split", "shlex.quote",
        "shlex.join", "yaml.safe_load", "yaml.safe_dump", "yaml.dump", "yaml.load",
        "yaml.safe_load_all", "configparser.ConfigParser", "sqlite3.connect", "psycopg2.connect",
        "psycopg.connect", "pymysql.connect", "MySQLdb.connect", "mysql.connector.connect",
        "sqlalchemy.create_engine", "asyncpg.connect", "pymongo.MongoClient", "redis.Redis",
        "redis.StrictRedis", "redis.from_url", "redis.Redis.from_url", "sqlalchemy.text",
        "redis.StrictRedis.from_url", "sqlalchemy.inspect", "django.setup", "django.get_version",
        "requests.Session", "requests.session", "httpx.Client", "requests.auth.HTTPBasicAuth",
        "ssl.create_default_context", "ssl.get_server_certificate", "email.message_from_string",
        "zipfile.ZipFile", "zipfile.is_zipfile", "zipfile.ZipFile.namelist", "tarfile.open",
        "tarfile.open.getnames", "importlib.util.find_spec", "signal.signal", "signal.alarm",
        "atexit.register", "multiprocessing.cpu_count", "concurrent.futures.ThreadPoolExecutor",
        "pymysql.install_as_MySQLdb", "urllib.request.build_opener", "webbrowser.get",
        "paramiko.SSHClient", "click.echo", "docker.from_env", "kubernetes.config.load_kube_config",
        "shutil.ignore_patterns", "elasticsearch.Elasticsearch", "tqdm.tqdm", "PIL.Image.open",
        "sqlalchemy.orm.sessionmaker", "sqlalchemy.MetaData", "ftplib.FTP", "kafka.KafkaConsumer",
        "multiprocessing.Pool", "http.client.HTTPSConnection", "http.client.HTTPConnection",
        "urllib3.PoolManager", "smtplib.SMTP", "smtplib.SMTP_SSL", "smtplib.SMTP.login",
        "smtplib.SMTP.starttls",
    ]),
    (Meaning::Http("GET"), &[
        "requests.get", "requests.head", "requests.options", "httpx.get", "httpx.head",
        "requests.Session.get", "requests.session.get", "httpx.Client.get", "requests.Session.head",
        "urllib.urlopen",
    ]),
    (Meaning::Http("DELETE"), &[
        "requests.delete", "httpx.delete", "requests.Session.delete", "requests.session.delete",
        "httpx.Client.delete",
    ]),
    (Meaning::Http("POST"), &[
        "requests.post", "requests.put", "requests.patch", "httpx.post", "httpx.put", "httpx.patch",
        "requests.Session.post", "requests.session.post", "requests.Session.put",
        "requests.Session.patch", "httpx.Client.post", "requests.session.put",
        "requests.session.patch", "httpx.Client.put", "httpx.Client.patch",
    ]),
    (Meaning::Request, &[
        "requests.request", "httpx.request", "urllib.request.urlopen", "urllib.request.Request",
        "urllib2.urlopen", "urllib2.Request", "http.client.HTTPSConnection.request",
        "http.client.HTTPConnection.request", "requests.Session.request",
        "urllib3.PoolManager.request", "urllib3.request",
    ]),
    (Meaning::Changes("mail", "a message cannot be called back, only corrected"), &[
        "smtplib.SMTP.sendmail", "smtplib.SMTP.send_message",
    ]),
    (Meaning::Opaque("what it unpacks may be code"), &[
        "pickle.load", "pickle.loads", "marshal.loads", "torch.load", "pandas.read_pickle",
        "pd.read_pickle",
    ]),
    (Meaning::Sql, &[
        "pandas.read_sql", "pd.read_sql", "pandas.read_sql_query", "pd.read_sql_query",
    ]),
    (Meaning::Opaque("what this runs is not given"), &[
        "runpy.run_path", "runpy.run_module", "execfile", "ctypes.CDLL", "pip.main",
        "code.interact",
    ]),
];

/// What a function means, by its full name.
pub(super) fn of(name: &str, path: &Path, step: usize) -> Option<Meaning> {
    if BUILTINS.contains(&name) {
        return Some(Meaning::Harmless);
    }
    if through(path, step) {
        return Some(Meaning::Opaque("a module reached through another"));
    }
    if let Some(known) = listed(CALLS, name) {
        return Some(known);
    }
    let module = || super::meaning::module_argument(path, step);
    Some(match name {
        "__import__" | "importlib.import_module" => match module() {
            Some(module) if known_module(&module) => Meaning::Harmless,
            _ => Meaning::Opaque("which module this loads is not known"),
        },
        _ if name.starts_with("os.path.")
            || name.starts_with("sys.")
            || name.starts_with("urllib.parse.")
            || name.starts_with("importlib.metadata.")
            || name.starts_with("xml.")
            || name.starts_with("os.environ.[]")
            || name.starts_with("threading.")
            || name.starts_with("queue.")
            || name.starts_with("importlib.resources") =>
        {
            Meaning::Harmless
        }
        _ if writing(name) => Meaning::Writes,
        _ if name.contains('.')
            && HARMLESS.contains(&name.split('.').next().unwrap_or_default()) =>
        {
            let last = name.rsplit('.').next().unwrap_or_default();
            if matches!(last, "system" | "Popen" | "call" | "modules")
                || name.contains(".os.")
                || (name.contains("__")
                    && !matches!(
                        last,
                        "__version__" | "__file__" | "__name__" | "__doc__" | "__path__"
                    ))
            {
                return Some(Meaning::Opaque("a module reached through another"));
            }
            Meaning::Harmless
        }
        _ => return constructed(name),
    })
}

/// Whether a chain reaches a module through another: `platform.os.system`, `sys.modules["os"]`.
fn through(path: &Path, step: usize) -> bool {
    let Some(root) = path.steps.first() else { return false };
    let known = HARMLESS.contains(&root.name.as_str())
        || matches!(
            root.name.as_str(),
            "os" | "sys" | "shutil" | "urllib" | "pathlib" | "threading"
        );
    let modules = ["codecs", "io", "types", "linecache", "modules", "inspect"];
    let inner =
        path.steps.iter().take(step + 1).skip(1).map(|step| step.name.trim_start_matches('_'));
    known
        && inner.into_iter().any(|name| {
            name != root.name
                && name != "request"
                && name != "http"
                && name != "resource"
                && (LOADED.contains(&name) || modules.contains(&name))
        })
}

fn writing(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let root = name.split('.').next().unwrap_or_default();
    matches!(root, "pandas" | "pd" | "matplotlib" | "plt" | "numpy" | "np")
        && (last.starts_with("to_")
            && !matches!(last, "to_string" | "to_dict" | "to_datetime" | "to_numeric" | "to_list")
            || matches!(last, "savefig" | "save" | "savetxt" | "savez"))
}

/// Methods of things that a known constructor gives.
fn constructed(name: &str) -> Option<Meaning> {
    let (head, last) = name.rsplit_once('.')?;
    let path = matches!(head, "pathlib.Path" | "Path" | "PosixPath" | "pathlib.Path.[]")
        || head.starts_with("pathlib.Path.");
    if head == "pathlib" {
        return Some(Meaning::Harmless);
    }
    if path {
        return Some(match last {
            "unlink" | "rmdir" => Meaning::Removes,
            "write_text" | "write_bytes" | "touch" | "mkdir" | "rename" | "replace"
            | "symlink_to" | "chmod" | "hardlink_to" | "link_to" => Meaning::Writes,
            "open" => Meaning::Opaque("how the file is opened is not read"),
            _ => Meaning::Harmless,
        });
    }
    if head.starts_with("subprocess.")
        && matches!(
            last,
            "communicate" | "wait" | "poll" | "stdout" | "check_returncode" | "terminate" | "kill"
        )
    {
        return Some(Meaning::Harmless);
    }
    if head.starts_with("redis.") {
        return Some(redis(last));
    }
    if head.starts_with("pymongo.")
        && matches!(last, "drop_database" | "drop" | "delete_many" | "delete_one")
    {
        return Some(Meaning::Destroys("mongodb", "what it holds is gone"));
    }
    if head.starts_with("paramiko.") && last == "exec_command" {
        return Some(Meaning::Shell);
    }
    if head.starts_with("paramiko.") || head.starts_with("tempfile.") {
        return Some(Meaning::Harmless);
    }
    None
}

/// A command of Redis, by its method.
pub(super) fn redis(method: &str) -> Meaning {
    match method.to_ascii_lowercase().as_str() {
        "flushall" | "flushdb" => Meaning::Destroys("redis", "every key is gone"),
        "set" | "setex" | "hset" | "incr" | "expire" | "lpush" | "rpush" | "sadd" | "zadd"
        | "publish" | "delete" | "del" | "unlink" | "hdel" | "persist" | "decr" | "setnx"
        | "xadd" | "lpop" | "rpop" | "srem" | "zrem" => {
            Meaning::Changes("redis", "set the key again")
        }
        "eval" | "evalsha" | "execute_command" | "call" | "sendcommand" | "script_flush"
        | "config_set" | "shutdown" => Meaning::Opaque("which command runs is not read"),
        _ => Meaning::Harmless,
    }
}
