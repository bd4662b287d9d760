//! Links the libpython of the interpreter in `HPY_PYTHON`, as `hpy` itself does, or of `python3`.

use std::env;
use std::process::Command;

const QUESTION: &str = "\
import sys, sysconfig
config = sysconfig.get_config_var
print(config('LIBDIR'), config('LDVERSION'), sys.base_prefix, sep='\\n')
";

fn main() {
    println!("cargo::rerun-if-env-changed=HPY_PYTHON");
    let python = env::var_os("HPY_PYTHON").unwrap_or_else(|| "python3".into());
    let answer = Command::new(&python).args(["-c", QUESTION]).output();
    let answer = match answer {
        Ok(answer) if answer.status.success() => {
            String::from_utf8_lossy(&answer.stdout).into_owned()
        }
        _ => {
            println!("cargo::error={} is no Python that runs", python.display());
            return;
        }
    };
    let mut lines = answer.lines();
    let (Some(folder), Some(version), Some(prefix)) = (lines.next(), lines.next(), lines.next())
    else {
        println!(
            "cargo::error={} does not say where its library is",
            python.display()
        );
        return;
    };
    println!("cargo::rustc-link-search=native={folder}");
    println!("cargo::rustc-link-lib=dylib=python{version}");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
    // An embedded Python looks for its standard library there.
    println!("cargo::rustc-env=PYTHON_PREFIX={prefix}");
}
