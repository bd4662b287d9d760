//! The Debian root with the tools, and how programs are started in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cached;
use super::rows::{Python, Row, Unpacked};
use crate::interpreters::{Cache, is_root, need, run_quietly};

/// A Debian root with rustc, linkers and emulators.
#[derive(Debug)]
pub struct Root {
    /// Of all platforms.
    pub cache: PathBuf,
    pub folder: PathBuf,
}

/// Enters a root in a mount namespace, so that nothing stays mounted. Folders of the machine that
/// are no part of a system, such as the checkout's, have the same paths within.
const ENTER: &str = r#"root=$1; shift
mount --make-rprivate /
for folder in /*; do
    case $folder in
    /bin | /boot | /etc | /lib* | /lost+found | /sbin | /usr | /var) continue ;;
    esac
    if [ -d "$folder" ] && ! [ -L "$folder" ]; then
        mkdir -p "$root$folder"
        mount --rbind "$folder" "$root$folder"
    fi
done
exec chroot "$root" sh -c 'cd "$0" && exec "$@"' "$PWD" "$@""#;

/// What is installed in any case.
const TOOLS: [&str; 6] = [
    "rustc",
    "cargo",
    "rust-src",
    "gcc",
    "llvm",
    "ca-certificates",
];

impl Root {
    /// The root, made once.
    ///
    /// # Errors
    /// If it is not there and cannot be made.
    pub fn open(cache: &Cache, provide: bool) -> Result<Root> {
        if !is_root() {
            bail!("entering a Debian root needs root's rights");
        }
        let root = Root {
            cache: cache.path().to_path_buf(),
            folder: cache.path().join("sid"),
        };
        if !cached(&root.folder, provide)? {
            eprintln!("Providing a Debian root for other systems: some minutes.");
            need("debootstrap")?;
            cache.once("sid", |attempt| {
                run_quietly(
                    Command::new("debootstrap")
                        .args(["--variant=minbase", "sid"])
                        .arg(attempt),
                )
                .map(drop)
            })?;
            let options = "Acquire::Check-Valid-Until \"false\";\n\
                           APT::Install-Recommends \"false\";\nAPT::Sandbox::User \"root\";\n";
            let file = root.folder.join("etc/apt/apt.conf.d/99-hpy");
            std::fs::write(&file, options)
                .with_context(|| format!("cannot write {}", file.display()))?;
            // The standard library's sources are 37,000 files. dpkg waits for the disk at each.
            let file = root.folder.join("etc/dpkg/dpkg.cfg.d/99-hpy");
            std::fs::write(&file, "force-unsafe-io\n")
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        if !root.has("usr/bin/rustc") {
            cached(&root.folder.join("usr/bin/rustc"), provide)?;
            root.install(&TOOLS)?;
        }
        root.trust_as_host()?;
        // rustc strips files for macOS by it, and Debian has it under LLVM's own name only.
        let strip = root.folder.join("usr/local/bin/rust-objcopy");
        if strip.symlink_metadata().is_err() {
            #[cfg(unix)]
            std::os::unix::fs::symlink("/usr/bin/llvm-objcopy", &strip)
                .with_context(|| format!("cannot make {}", strip.display()))?;
        }
        Ok(root)
    }

    /// What builds for a row and runs it.
    ///
    /// # Errors
    /// If it is not there and cannot be installed.
    pub fn provide_tools(&self, row: &Row, provide: bool) -> Result<()> {
        let (needed, architecture, packages): (Vec<String>, _, Vec<String>) = match row.python {
            Python::Unpacked(source) => {
                let gnu = source.processor.gnu;
                (
                    vec![
                        format!("usr/bin/{gnu}-gcc"),
                        format!("usr/bin/qemu-{}", source.processor.emulator),
                        format!("usr/lib/rustlib/{}", row.triple),
                    ],
                    Some(source.architecture),
                    vec![
                        format!("gcc-{gnu}"),
                        "qemu-user".to_owned(),
                        format!("libstd-rust-dev:{}", source.architecture),
                        format!("libc6-dev:{}", source.architecture),
                    ],
                )
            }
            Python::Jar(_) => (
                ["x86_64-w64-mingw32-gcc", "wine64"]
                    .map(|name| format!("usr/bin/{name}"))
                    .into(),
                None,
                [
                    "gcc-mingw-w64-x86-64",
                    "binutils-mingw-w64-x86-64",
                    "wine64",
                ]
                .map(str::to_owned)
                .into(),
            ),
        };
        let missing = needed.iter().find(|path| !self.has(path));
        let Some(missing) = missing else {
            return Ok(());
        };
        cached(&self.folder.join(missing), provide)?;
        if let Some(architecture) = architecture {
            let add = ["--add-architecture", architecture];
            run_quietly(self.command("dpkg").args(add))?;
        }
        let packages: Vec<_> = packages.iter().map(String::as_str).collect();
        self.install(&packages)
    }

    /// What loads programs with musl.
    ///
    /// # Errors
    /// If it is not there and cannot be installed.
    pub fn provide_musl(&self, provide: bool) -> Result<()> {
        const LOADER: &str = "lib/ld-musl-x86_64.so.1";
        if self.has(LOADER) || cached(&self.folder.join(LOADER), provide)? {
            return Ok(());
        }
        self.install(&["musl"])
    }

    fn has(&self, path: &str) -> bool {
        // Some are links to absolute paths within.
        self.folder.join(path).symlink_metadata().is_ok()
    }

    /// The root trusts whom its host does: where a company's proxy reads along, cargo would fetch
    /// nothing.
    fn trust_as_host(&self) -> Result<()> {
        const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";
        let of_host = Path::new("/").join(CERTIFICATES);
        if of_host.exists() {
            let own = self.folder.join(CERTIFICATES);
            std::fs::copy(&of_host, &own)
                .with_context(|| format!("cannot write {}", own.display()))?;
        }
        Ok(())
    }

    fn install(&self, packages: &[&str]) -> Result<()> {
        eprintln!("Installing {} for other systems.", packages.join(", "));
        // The root knows the network as its host does.
        if Path::new("/etc/resolv.conf").exists() {
            let resolv = self.folder.join("etc/resolv.conf");
            std::fs::copy("/etc/resolv.conf", &resolv)
                .with_context(|| format!("cannot write {}", resolv.display()))?;
        }
        run_quietly(self.command("apt-get").args(["update", "-q"]))?;
        run_quietly(
            self.command("apt-get")
                .args(["install", "-y", "-q", "--no-install-recommends"])
                .args(packages),
        )
        .map(drop)
    }

    /// A command in the root, with nothing of the environment.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("unshare");
        command
            .args(["-m", "sh", "-c", ENTER, "sh"])
            .arg(&self.folder)
            .arg(program)
            .env_clear()
            .envs([
                ("HOME", "/root"),
                ("LANG", "C.UTF-8"),
                ("DEBIAN_FRONTEND", "noninteractive"),
                ("PATH", PATH),
            ]);
        command
    }

    /// A script that starts an unpacked Python. Programs that it starts are recognized by Linux, in
    /// a namespace of their own, so that the machine's settings stay as they are.
    pub fn qemu_script(&self, source: Unpacked, folder: &Path) -> String {
        let Unpacked {
            processor, program, ..
        } = source;
        let (magic, mask) = recognize(processor.elf);
        let emulator = self
            .folder
            .join("usr/bin")
            .join(format!("qemu-{}", processor.emulator));
        let within = format!(
            "mount --make-rprivate /\n\
             mount -t binfmt_misc none /proc/sys/fs/binfmt_misc || exit 125\n\
             printf \"%s\" \":hpy:M::{magic}:{mask}:$1:F\" >/proc/sys/fs/binfmt_misc/register || \
             exit 125\n\
             shift\n\
             exec \"$@\""
        );
        format!(
            "#!/bin/sh\n\
             # Made by cargo xtask: starts Python for {}.\n\
             export QEMU_LD_PREFIX={}\n\
             exec unshare -U -r -m sh -c {} sh {} {} \"$@\"\n",
            source.architecture,
            quoted(&folder.display().to_string()),
            quoted(&within),
            quoted(&emulator.display().to_string()),
            quoted(&folder.join("usr/bin").join(program).display().to_string()),
        )
    }

    /// A script that starts a Python for Windows by Wine, in the root.
    pub fn wine_script(&self, folder: &Path) -> String {
        let prefix = self.cache.join("wineprefix").display().to_string();
        format!(
            "#!/bin/sh\n\
             # Made by cargo xtask: starts Python for Windows.\n\
             export WINEPREFIX={} WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' \
             XDG_RUNTIME_DIR=/tmp PYTHONUTF8=1\n\
             exec unshare -m sh -c {} sh {} /usr/bin/wine64 {} \"$@\"\n",
            quoted(&prefix),
            quoted(ENTER),
            quoted(&self.folder.display().to_string()),
            quoted(&folder.join("python.exe").display().to_string()),
        )
    }
}

/// The first bytes of programs and libraries for a processor, and which bits of them count, as
/// Linux is told them.
fn recognize([class, order, number]: [u8; 3]) -> (String, String) {
    let is_big_endian = order == 2;
    let words = match is_big_endian {
        true => [0, 2, 0, number],
        false => [2, 0, number, 0],
    };
    let kind_of_file = match is_big_endian {
        true => [0xff, 0xfe],
        false => [0xfe, 0xff],
    };
    let magic = [
        &[0x7f, b'E', b'L', b'F', class, order, 1][..],
        &[0; 9],
        &words,
    ]
    .concat();
    // The system that the file names does not count.
    let mask = [&[0xff; 7][..], &[0], &[0xff; 8], &kind_of_file, &[0xff; 2]].concat();
    let text = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    (text(magic), text(mask))
}

/// Where a root's programs are.
pub const PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/// Writes `bin/NAME`.
///
/// # Errors
/// If it cannot be written.
pub fn write_script(cache: &Cache, name: &str, script: &str) -> Result<PathBuf> {
    let path = cache.program(&name.replace('/', "-"));
    crate::interpreters::write_program(&path, script)?;
    Ok(path)
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_recognized_by_their_first_bytes() {
        let (magic, mask) = recognize([2, 1, 0xb7]);
        assert!(magic.starts_with("\\x7f\\x45\\x4c\\x46\\x02\\x01\\x01\\x00"));
        assert!(magic.ends_with("\\x02\\x00\\xb7\\x00"), "{magic}");
        assert!(mask.ends_with("\\xff\\xfe\\xff\\xff\\xff"), "{mask}");
        let (magic, mask) = recognize([2, 2, 0x16]);
        assert!(magic.ends_with("\\x00\\x02\\x00\\x16"), "{magic}");
        assert!(mask.ends_with("\\xff\\xff\\xfe\\xff\\xff"), "{mask}");
        assert_eq!((magic.len(), mask.len()), (80, 80));
    }

    #[test]
    fn words_of_scripts_are_quoted() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
